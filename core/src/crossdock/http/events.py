"""What a call leaves in the log: never an address with its query, a header or a body.

Every call is an event at debug. Of failures, the first of a verb is a warning and its end is an information; the
hundred in between stay at debug.
"""

import logging

from crossdock.clock import Clock
from crossdock.errors import CrossdockError, RemoteError
from crossdock.http.message import Request, Response
from crossdock.log import get_logger

__all__ = ["CallEvents"]


class CallEvents:
    """Writes the events of one connection.

    Made after `crossdock.log.configure`, since it keeps to the level that is set then.

    Args:
        connection: its name in the config.
        clock: measures how long a failure lasted.
    """

    def __init__(self, connection: str, clock: Clock) -> None:
        self._log = get_logger().bind(logger="crossdock.http", connection=connection)
        self._clock = clock
        self._failing: dict[str, tuple[int, float]] = {}
        self.detailed: bool = self._log.is_enabled_for(logging.DEBUG)

    def answered(self, request: Request, response: Response, request_id: str | None) -> None:
        """Write what came back; asked for only when `detailed`."""
        self._log.debug(
            "http.call",
            verb=request.verb,
            status=response.status,
            duration_ms=round(response.elapsed * 1000, 1),
            request_id=request_id,
        )

    def failed(self, request: Request, error: Exception) -> None:
        """Write the first failure of a verb aloud."""
        count, since = self._failing.get(request.verb, (0, self._clock.monotonic()))
        self._failing[request.verb] = (count + 1, since)
        write = self._log.debug if count else self._log.warning
        remote = error if isinstance(error, RemoteError) else None
        write(
            "http.failed",
            verb=request.verb,
            status=remote.status if remote else None,
            request_id=remote.request_id if remote else None,
            error=type(error).__name__,
            reason=error.message if isinstance(error, CrossdockError) else None,
        )

    def succeeded(self, request: Request) -> None:
        """Write that a verb works again, if it had failed."""
        if self._failing:
            count, since = self._failing.pop(request.verb, (0, 0.0))
            if count:
                seconds = round(self._clock.monotonic() - since, 1)
                self._log.info("http.recovered", verb=request.verb, failures=count, seconds=seconds)
