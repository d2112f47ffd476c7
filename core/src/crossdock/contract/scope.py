"""A scope: several plugins joined into one thing that can be asked every verb.

pluggy registers, orders and validates; it does not await. The asking is ours.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import pluggy

from crossdock.contract.check import check
from crossdock.contract.marks import PROJECT
from crossdock.contract.verbs import VERBS, Verbs
from crossdock.errors import PluginError

Asked = Callable[..., Any]
_SPECIFICATION = type("Specification", (), dict(VERBS))
"""What pluggy reads: `Verbs` without its forty bases, through which it would look for each name, for each route."""

Observe = Callable[[str, str, Asked], Asked]
"""Name in the scope, verb and method to what is called instead; it must answer as the method does."""


def scope(plugins: Mapping[str, object], observe: Observe | None = None) -> Verbs:
    """Join `plugins` into one thing that can be asked every verb; first named, first asked.

    Args:
        plugins: the name under which each appears in messages, to the connection or extension.
        observe: stands between the asker and each method, to watch; costs nothing where it is not given.

    Raises:
        PluginError: a plugin breaks the contract: a misspelt verb, a forgotten ``@hookimpl``, a wrong colour.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(_SPECIFICATION)
    for name, plugin in reversed(list(plugins.items())):  # pluggy asks the last registered first
        check(name, plugin)
        try:
            manager.register(plugin, name)
        except (ValueError, pluggy.PluginValidationError) as error:
            raise PluginError(str(error), plugin=name) from error
    if observe is not None:
        _place(observe, manager)
    return cast(Verbs, SimpleNamespace(**{verb: _asker(VERBS[verb], getattr(manager.hook, verb)) for verb in VERBS}))


def _place(observe: Observe, manager: pluggy.PluginManager) -> None:
    for verb in VERBS:
        for impl in getattr(manager.hook, verb).get_hookimpls():
            impl.function = observe(impl.plugin_name, verb, impl.function)


def _asker(spec: Asked, hook: pluggy.HookCaller) -> Asked:
    turn = hook.get_hookimpls()[::-1]
    names = _names(spec)
    wrappers, impls = [impl for impl in turn if impl.wrapper], [impl for impl in turn if not impl.wrapper]
    bind = _binder(spec)
    if not inspect.iscoroutinefunction(spec):
        return _first(hook.name, bind, impls, iterates="AsyncIterator" in str(spec.__annotations__.get("return")))
    if hook.spec is not None and hook.spec.opts["firstresult"]:
        return (
            _ask_alone(bind, names, impls[0]) if len(turn) == len(impls) == 1 else _await_first(bind, impls, wrappers)
        )
    if not turn:
        return _unchanged(bind, len(names))
    return _await_chain(hook.name, bind, impls, wrappers)


@cache
def _binder(spec: Asked) -> Callable[..., dict[str, Any]]:
    """A wrong call fails here, at the caller, not somewhere inside a plugin; one for all scopes."""
    signature, names = inspect.signature(spec), _names(spec)

    def bind(*args: Any, **kwargs: Any) -> dict[str, Any]:
        if not kwargs and len(args) == len(names):
            return dict(zip(names, args, strict=True))
        return dict(list(signature.bind(None, *args, **kwargs).arguments.items())[1:])

    return bind


@cache
def _names(spec: Asked) -> tuple[str, ...]:
    return tuple(inspect.signature(spec).parameters)[1:]  # without self


def _run(impl: pluggy.HookImpl, given: Mapping[str, Any]) -> Any:
    return impl.function(*(given[name] for name in impl.argnames))


def _ask_alone(bind: Callable[..., dict[str, Any]], names: tuple[str, ...], impl: pluggy.HookImpl) -> Asked:
    """Ask a single plugin, whose coroutine is the answer: every call for an order passes here."""
    wanted, function = tuple(impl.argnames), impl.function
    count = len(names) if wanted == names else -1

    def ask(*args: Any, **kwargs: Any) -> Any:
        if len(args) == count and not kwargs:
            return function(*args)
        given = bind(*args, **kwargs)
        return function(*[given[name] for name in wanted])

    return ask


def _first(
    verb: str, bind: Callable[..., dict[str, Any]], impls: Sequence[pluggy.HookImpl], *, iterates: bool
) -> Asked:
    """Ask a verb that is no coroutine: what it returns (pages to come, or a plain value) is handed on."""

    def ask(*args: Any, **kwargs: Any) -> Any:
        given = bind(*args, **kwargs)
        for impl in impls:
            answer = _run(impl, given)
            if answer is not None:
                return answer
        if impls and not iterates:
            return None
        raise PluginError(f"nobody in this scope answers {verb}")

    return ask


def _await_first(
    bind: Callable[..., dict[str, Any]], impls: Sequence[pluggy.HookImpl], wrappers: Sequence[pluggy.HookImpl]
) -> Asked:
    def ask(*args: Any, **kwargs: Any) -> Awaitable[Any]:
        given = bind(*args, **kwargs)

        async def inner() -> Any:
            for impl in impls:
                answer = await _run(impl, given)
                if answer is not None:
                    return answer
            return None

        return _around(wrappers, given, inner) if wrappers else inner()

    return ask


def _unchanged(bind: Callable[..., dict[str, Any]], count: int) -> Asked:
    """Ask a chain of nobody: every order passes here, and most routes have no extension."""

    async def ask(*args: Any, **kwargs: Any) -> Any:
        if len(args) == count and not kwargs:
            return args[0]
        return next(iter(bind(*args, **kwargs).values()))

    return ask


def _await_chain(
    verb: str,
    bind: Callable[..., dict[str, Any]],
    impls: Sequence[pluggy.HookImpl],
    wrappers: Sequence[pluggy.HookImpl],
) -> Asked:
    def ask(*args: Any, **kwargs: Any) -> Awaitable[Any]:
        given = bind(*args, **kwargs)
        subject = next(iter(given))

        async def inner() -> Any:
            for impl in impls:
                given[subject] = await _run(impl, given)
                if given[subject] is None:
                    raise PluginError(f"{verb} returned None; return what came in", plugin=impl.plugin_name)
            return given[subject]

        return _around(wrappers, given, inner) if wrappers else inner()

    return ask


async def _around(
    wrappers: Sequence[pluggy.HookImpl], given: Mapping[str, Any], inner: Callable[[], Awaitable[Any]]
) -> Any:
    """Pluggy's own wrappers (one bare ``yield``), yet around the *awaited* answer."""
    if not wrappers:
        return await inner()
    wrapper = _run(wrappers[0], given)
    try:
        next(wrapper)
    except StopIteration:
        raise _odd(wrappers[0]) from None
    try:
        try:
            answer = await _around(wrappers[1:], given, inner)
        except BaseException as error:  # noqa: BLE001 - the wrapper decides, cancellation included
            wrapper.throw(error)
        else:
            wrapper.send(answer)
    except StopIteration as done:
        return done.value
    raise _odd(wrappers[0])


def _odd(wrapper: pluggy.HookImpl) -> PluginError:
    return PluginError("a wrapper yields exactly once", plugin=wrapper.plugin_name)
