"""The HTTP client of one connection: its turn, one call, what the answer means, and a second try where that is safe."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from crossdock.clock import Clock, SystemClock
from crossdock.errors import Refused, RemoteError, TryLater, Unclear
from crossdock.http import record
from crossdock.http.classify import classify_status
from crossdock.http.events import CallEvents
from crossdock.http.gate import Gate, Limits
from crossdock.http.lease import Quota
from crossdock.http.message import Classify, Request, Response
from crossdock.http.retry import RetryPolicy
from crossdock.http.stats import HttpStats
from crossdock.http.transport import Transport
from crossdock.spans import span

__all__ = ["ClientSettings", "HttpClient", "request_id_header"]

_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-correlation-id", "ms-correlation-x")


def request_id_header(response: Response) -> str | None:
    """Return their name for this call from the headers that most systems use."""
    return next((response.headers[name] for name in _REQUEST_ID_HEADERS if name in response.headers), None)


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """How one connection calls.

    Attributes:
        limits: requests in flight, rates and priorities.
        retry: when to try again.
        classify: which error an answer is; a plugin's own table ends with `classify_status` for the rest.
        sign: returns the request as it is sent, called for each try after every wait, so that a timestamp is fresh.
        request_id: their name for a call, read only when it is logged or an error names it.
    """

    limits: Limits = field(default_factory=Limits)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    classify: Classify = classify_status
    sign: Callable[[Request], Request] | None = None
    request_id: Callable[[Response], str | None] = request_id_header


class HttpClient:
    """Sends the requests of one connection; shared by all its tasks.

    Args:
        connection: its name in the config, for logs and errors.
        transport: what carries the bytes; the client closes it.
        settings: how to call.
        clock: tells the time and waits.
        random: where jitter comes from.
        quota: where rates are shared with other processes.
    """

    def __init__(
        self,
        connection: str,
        transport: Transport,
        settings: ClientSettings | None = None,
        *,
        clock: Clock | None = None,
        random: Random | None = None,
        quota: Quota | None = None,
    ) -> None:
        self.connection = connection
        self.stats = HttpStats()
        self._transport = transport
        self._settings = settings or ClientSettings()
        self._clock = clock or SystemClock()
        self._random = random or Random()  # noqa: S311 - jitter, not a secret
        self._gate = Gate(self._settings.limits, self._clock, quota, connection)
        self._events = CallEvents(connection, self._clock)

    async def send(self, request: Request) -> Response:
        """Send, and try again where nothing was carried out or repeating is harmless.

        Raises:
            TryLater: it may be sent again later; `after` tells when, if they said so.
            Unclear: it has an effect and was sent, and nobody knows whether it was carried out.
            Exception: whatever else the connection's `classify` made of the answer.
        """
        try:
            return await self._send_once(request)
        except TryLater as error:
            return await self._send_again(request, error)

    async def aclose(self) -> None:
        """Close the connections."""
        self._gate.close()
        await self._transport.aclose()

    async def _send_again(self, request: Request, error: TryLater) -> Response:
        """Wait and repeat until it works, fails otherwise, or the policy gives up."""
        started = self._clock.monotonic()
        tries = 1
        while True:
            wait = self._settings.retry.wait(error, tries, self._clock.monotonic() - started, self._random)
            if wait is None:
                raise error
            await self._clock.sleep(wait)
            self.stats.wait_seconds += wait
            self.stats.retries += 1
            tries += 1
            try:
                return await self._send_once(request)
            except TryLater as again:
                error = again

    async def _send_once(self, request: Request) -> Response:
        """Take a turn, call, and judge the answer."""
        if not self._gate.try_enter(request.group):
            await self._wait_for_turn(request)
        try:
            with span("http", connection=self.connection, verb=request.verb):
                response = await self._call(request)
        except RemoteError as error:
            raise self._failed(request, None, error) from error.__cause__
        finally:
            self._gate.leave()
        problem = (request.classify or self._settings.classify)(request, response)
        if problem is not None:
            raise self._failed(request, response, problem)
        self._events.succeeded(request)
        return response

    async def _wait_for_turn(self, request: Request) -> None:
        began = self._clock.monotonic()
        try:
            await self._gate.enter(request.group, background=request.gives_way)
        except TryLater as error:
            raise error.at(connection=self.connection, verb=request.verb) from None
        finally:
            self.stats.wait_seconds += self._clock.monotonic() - began

    async def _call(self, request: Request) -> Response:
        """Carry one request, measured, counted and recorded."""
        sign, stats = self._settings.sign, self.stats
        signed = sign(request) if sign else request
        recorder = record.current.get()
        began = self._clock.monotonic()
        stats.calls += 1
        try:
            response = await self._transport.send(signed)
        except RemoteError:
            if recorder is not None:
                recorder.add(signed, None)
            raise
        response.elapsed = self._clock.monotonic() - began
        stats.call_seconds += response.elapsed
        stats.statuses[response.status // 100] += 1
        if recorder is not None:
            recorder.add(signed, response)
        if self._events.detailed:
            self._events.answered(request, response, self._settings.request_id(response))
        return response

    def _failed(self, request: Request, response: Response | None, problem: Exception) -> Exception:
        """Count, name and log a failure, and return the error that it is for this request."""
        error = problem
        if response is None and isinstance(problem, Unclear) and not request.effect:
            error = TryLater(problem.message)
        if isinstance(error, RemoteError):
            status = response.status if response else None
            request_id = self._settings.request_id(response) if response else None
            error.at(connection=self.connection, verb=request.verb or None, status=status, request_id=request_id)
        if isinstance(error, TryLater) and error.throttled:
            self._gate.slow_down(request.group, error.after)
        self.stats.failures[type(error).__name__] += 1
        if not isinstance(error, Refused):
            self._events.failed(request, error)
        return error
