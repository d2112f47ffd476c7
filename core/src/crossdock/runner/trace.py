"""What plugins are asked, and what comes of it: every call of a verb with plugin, duration and outcome.

Nothing of an order but its numbers is kept, so that a trace can be shown to anybody.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Generator, Sequence, Sized
from dataclasses import dataclass, field
from typing import Any

from crossdock.clock import Clock
from crossdock.contract import Page, Receipt

Method = Callable[..., Any]


@dataclass(slots=True)
class Call:
    """One verb that one plugin was asked.

    Attributes:
        at: seconds since the trace began.
        verb: its name; in brackets for a wrapper around it.
        asked: the connection or extension, as the config names it.
        about: number of the order, SKU or number of the product; empty for a call about many.
        seconds: until its answer, or until its last page.
        outcome: what came of it, in a few words.
        ok: False when it raised.
    """

    at: float
    verb: str
    asked: str
    about: str
    seconds: float = 0.0
    outcome: str = "not finished"
    ok: bool = True


@dataclass
class Trace:
    """The calls, in the order in which they began.

    Attributes:
        clock: measures them.
        calls: all so far.
    """

    clock: Clock
    calls: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._began = self.clock.monotonic()

    def observe(self, asked: str, verb: str, method: Method) -> Method:
        """Stand before `method`: given to `crossdock.contract.scope`."""
        if inspect.isasyncgenfunction(method):
            return self._pages(asked, verb, method)
        if inspect.isgeneratorfunction(method):
            return self._wrapper(asked, verb, method)
        return (
            self._answer(asked, verb, method)
            if inspect.iscoroutinefunction(method)
            else self._plain(asked, verb, method)
        )

    def _answer(self, asked: str, verb: str, method: Method) -> Method:
        async def ask(*args: Any) -> Any:
            call = self._begin(asked, verb, args)
            try:
                answer = await method(*args)
            except BaseException as error:
                self._end(call, error)
                raise
            self._end(call, answer, args)
            return answer

        return ask

    def _plain(self, asked: str, verb: str, method: Method) -> Method:
        """A verb that is no coroutine answers a value, or an iterator of pages made by somebody else."""

        def ask(*args: Any) -> Any:
            call = self._begin(asked, verb, args)
            try:
                answer = method(*args)
            except BaseException as error:
                self._end(call, error)
                raise
            if hasattr(answer, "__aiter__"):
                return self._counted(call, answer)
            self._end(call, answer, args)
            return answer

        return ask

    def _pages(self, asked: str, verb: str, method: Method) -> Method:
        def ask(*args: Any) -> AsyncIterator[Page[Any]]:
            return self._counted(self._begin(asked, verb, args), method(*args))

        return ask

    def _wrapper(self, asked: str, verb: str, method: Method) -> Method:
        def wrap(*args: Any) -> Generator[None, Any, Any]:
            call = self._begin(asked, f"({verb})", args)
            try:
                answer = yield from method(*args)
            except BaseException as error:
                self._end(call, error)
                raise
            self._end(call, answer, args)
            return answer

        return wrap

    async def _counted(self, call: Call, pages: AsyncIterator[Page[Any]]) -> AsyncIterator[Page[Any]]:
        count = items = 0
        try:
            async for page in pages:
                count, items = count + 1, items + len(page.items)
                self._end(call, f"{count} pages, {items} items")
                yield page
        except Exception as error:
            self._end(call, error)
            raise
        self._end(call, f"{count} pages, {items} items")

    def _begin(self, asked: str, verb: str, args: Sequence[Any]) -> Call:
        call = Call(self.clock.monotonic() - self._began, verb, asked, next(filter(None, map(_about, args)), ""))
        self.calls.append(call)
        return call

    def _end(self, call: Call, answer: object, args: Sequence[Any] = ()) -> None:
        call.seconds = self.clock.monotonic() - self._began - call.at
        call.ok = not isinstance(answer, BaseException)
        call.outcome = answer if isinstance(answer, str) else _outcome(answer, args)


def _about(argument: object) -> str:
    """The number of what a verb is asked about."""
    if isinstance(argument, str):
        return argument
    if isinstance(argument, Sequence):
        return ", ".join(_about(one) for one in argument) if len(argument) <= 3 else f"{len(argument)} items"
    inner = getattr(argument, "order", argument)
    for name in ("id", "sku"):
        if isinstance(number := getattr(inner, name, None), str) and number:
            return number
    return ""


def _outcome(answer: object, args: Sequence[Any]) -> str:
    if isinstance(answer, BaseException):
        return f"{type(answer).__name__}: {answer}"
    if answer is None:
        return "no answer"
    if isinstance(answer, Receipt):
        return " ".join(filter(None, ["already there" if answer.already else "done", answer.id]))
    if isinstance(answer, Sized) and not isinstance(answer, str | bytes):
        return f"{len(answer)} items"
    if any(type(one) is type(answer) for one in args):
        return "unchanged" if any(one == answer for one in args) else "changed"
    number = _about(answer)
    return " ".join(filter(None, [type(answer).__name__, number]))
