"""Every rule for every verb of a plugin, each on a stage of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from traceback import extract_tb
from types import TracebackType
from typing import Self

from crossdock import discovery
from crossdock.contract import Plugin, verbs_of
from crossdock.errors import CrossdockError, PluginError
from crossdock.testing.listener import listening
from crossdock.testing.nursery import Nursery
from crossdock.testing.quality import Quality
from crossdock.testing.rehearsal import Rehearsal
from crossdock.testing.rehearsing import RehearsalScene, extension_of
from crossdock.testing.rule import Broken, Rule
from crossdock.testing.rules import RULES
from crossdock.testing.scene import Effort, Means, Scene, proxied
from crossdock.testing.stage import Kit, NotStaged, Stage
from crossdock.testing.toolbox import Held, connected
from crossdock.testing.verbs import AT, EXTENSION, SYSTEMS
from crossdock.testing.verdict import Case, Outcome, Verdict

__all__ = ["Subject", "Suite", "tested"]


@dataclass(frozen=True)
class Subject:
    """A plugin with all that is needed to test it.

    Attributes:
        plugin: what is tested.
        kit: how.
        quality: what it claims.
        target: ``module:attribute`` of the plugin, for processes of their own.
        distribution: what was installed, with its version.
    """

    plugin: Plugin
    kit: Kit
    quality: Quality
    target: str
    distribution: str

    @property
    def name(self) -> str:
        """For messages."""
        return f"{self.plugin.name} ({self.distribution})"

    def claims(self, rule: Rule) -> bool:
        """Whether the plugin says that it keeps `rule`, by name or by tier."""
        tier = self.quality.tier
        return rule.id in self.quality.rules or (tier is not None and rule.tier <= tier)

    def cases(self) -> Iterator[Case]:
        """Every rule for every verb that it is tried for, end by end."""
        declared = verbs_of(self.plugin.connection) if self.plugin.connection else frozenset()
        for end in self.kit.stages:
            yield from _cases(end, declared)
        if self.kit.rehearsal is not None:
            yield from _cases(EXTENSION, verbs_of(extension_of(self.plugin, self.kit.rehearsal)))


def _cases(end: str, declared: frozenset[str]) -> Iterator[Case]:
    for rule in RULES:
        if end in rule.ends:
            verbs = sorted(rule.verbs & declared & AT[end]) if rule.verbs else [""]
            yield from (Case(rule, end, verb) for verb in verbs)


def tested(name: str) -> Subject:
    """Find an installed plugin with its kit and its claims.

    Raises:
        PluginError: it is not installed, names no kit, or its kit cannot be imported.
        ConfigError: its ``quality.toml`` says something that is not allowed.
    """
    plugin = discovery.find(name)
    found = next(one for one in discovery.installed() if one.name == name)

    def refuse(message: str, hint: str) -> PluginError:
        return PluginError(message, plugin=name, distribution=found.distribution, hint=hint)

    if plugin.kit is None:
        raise refuse(
            "it names no conformance kit", 'Plugin(kit="package.conformance:kit"), see docs/reference/plugin-kit'
        )
    path, _, attribute = plugin.kit.partition(":")
    try:
        module = import_module(path)
        kit: object = getattr(module, attribute)
    except (ImportError, AttributeError) as error:
        raise refuse(
            f"its kit {plugin.kit} cannot be imported: {error}", "mend the path, or what it imports"
        ) from error
    if not isinstance(kit, Kit) or not kit.stages.keys() <= SYSTEMS:
        raise refuse(f"{plugin.kit} is no crossdock.testing.Kit of stages for channel and backend", "see its docstring")
    quality = Quality.read(Path(str(module.__file__)).with_name("quality.toml"))
    return Subject(plugin, kit, quality, found.target, found.distribution)


class Suite:
    """Runs cases, in one event loop.

    Args:
        subject: what is tested.
        effort: how much is tried.
    """

    def __init__(self, subject: Subject, effort: Effort | None = None) -> None:
        self._subject = subject
        self._effort = effort or Effort()
        self._nursery = Nursery(subject.target)
        self._calls: dict[tuple[str, str], int] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop the processes that were started."""
        await self._nursery.close()

    async def run(self, case: Case) -> Verdict:
        """Try one rule for one verb, unless the plugin is exempt from it."""
        exemption = self._subject.quality.exemption(case.rule.id, case.end, case.verb)
        if exemption is not None:
            return Verdict(case, Outcome.EXEMPT, exemption)
        began = perf_counter()
        with listening("critical"):
            verdict = await self._tried(case)
        return replace(verdict, seconds=perf_counter() - began)

    async def _tried(self, case: Case) -> Verdict:
        if case.end == EXTENSION:
            return await self._attempt(case, self._rehearsed(case))
        async with self._scene(case) as scene:
            return await self._attempt(case, scene)

    def _rehearsed(self, case: Case) -> RehearsalScene:
        """A fresh extension for each case."""
        plugin, rehearsal = self._subject.plugin, self._subject.kit.rehearsal or Rehearsal({}, ())
        return RehearsalScene(plugin, case.verb, rehearsal, extension_of(plugin, rehearsal))

    async def _attempt(self, case: Case, scene: Scene | RehearsalScene) -> Verdict:
        try:
            await case.rule.attempt(scene)
        except NotStaged as lack:
            return Verdict(case, Outcome.UNPROVEN, f"its stage does not offer {lack}")
        except Broken as broken:
            return Verdict(case, Outcome.BROKEN, str(broken))
        except CrossdockError as error:
            return Verdict(case, Outcome.BROKEN, f"{type(error).__name__} where nothing was wrong: {error}")
        except Exception as error:  # noqa: BLE001 - a stage is not ours either, and the other cases go on
            return Verdict(case, Outcome.UNPROVEN, f"its stage failed {_where(error)}: {error}")
        return Verdict(case, Outcome.PASSED)

    @asynccontextmanager
    async def _scene(self, case: Case) -> AsyncIterator[Scene]:
        """A stage of its own for each case, so that none sees what another left behind."""
        plugin, opener = self._subject.plugin, self._subject.kit.stages[case.end]
        async with AsyncExitStack() as stack:
            stage: Stage = await stack.enter_async_context(opener())
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="crossdock-kit-")))
            proxy = await stack.enter_async_context(proxied(stage))
            given = (stage.settings(stage.url), stage.route_options())
            desk = await stack.enter_async_context(connected(plugin, case.end, given, stage.clock, folder))
            means = Means(folder, self._nursery, opener, proxy, Held(), self._effort, self._calls)
            yield Scene(plugin, case.end, case.verb, stage, desk, means)


def _where(error: BaseException) -> str:
    last = extract_tb(error.__traceback__)[-1]
    return f"with {type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
