import inspect
import re
from dataclasses import dataclass

import pytest

from crossdock.contract import VERBS, PullsOrders, PushesOrders, Route, Side, Verbs, hookimpl, scope, verbs_of
from crossdock.contract.check import check
from crossdock.errors import PluginError


def plugin(body):
    names = {"hookimpl": hookimpl}
    exec(f"class Bad:\n    {body}", names)
    return names["Bad"]()


@pytest.mark.parametrize(
    ("body", "words", "hint"),
    [
        ("async def push_order(self, order): ...", "push_order is a verb but lacks @hookimpl", None),
        ("push_order = None", "push_order is a verb but lacks @hookimpl", None),
        ("push_order = property(lambda self: 1 / 0)", "push_order is a verb but lacks @hookimpl", None),
        (
            "@hookimpl\n    async def psuh_order(self, order): ...",
            "psuh_order is marked @hookimpl but is no verb of the contract",
            "did you mean push_order?",
        ),
        ("@hookimpl\n    async def xyzzy(self): ...", "xyzzy is marked @hookimpl but is no verb", "the verbs are "),
        ("@hookimpl\n    def push_order(self, order): ...", "push_order must be `async def`, as in the contract", None),
        ("@hookimpl\n    async def pull_orders(self, window): ...", "pull_orders must not be `async def`", None),
        ("@hookimpl\n    async def read_push(self, message): ...", "read_push must not be `async def`", None),
        (
            "@hookimpl\n    async def push_order(self, order, rout): ...",
            "push_order asks for 'rout', which no caller hands over",
            "did you mean route? the contract's are order, route",
        ),
        (
            "@hookimpl\n    async def probe(self, colour): ...",
            "asks for 'colour'",
            "the contract's verb has no arguments",
        ),
        (
            "@hookimpl\n    async def push_order(self, order, *, route): ...",
            "push_order: route is none of",
            "order, route",
        ),
        ("@hookimpl\n    async def push_order(self, *args): ...", "push_order: *args is none of", None),
        ("@hookimpl\n    async def push_order(self, order, **more): ...", "push_order: **more is none of", None),
        ("@hookimpl(wrapper=True)\n    def push_order(self, colour): yield", "asks for 'colour'", None),
        (
            "@hookimpl\n    async def push_order(self, order, route=None): ...",
            "push_order gives 'route' a default, which would be taken instead of the caller's value",
            "write route without a default",
        ),
        (
            "@hookimpl(wrapper=True)\n    def pull_orders(self): yield",
            "pull_orders cannot be wrapped: only `async def` verbs can",
            None,
        ),
        (
            "@hookimpl(wrapper=True)\n    def push_order(self): return 1",
            "push_order: a wrapper is a plain generator with one bare yield",
            None,
        ),
        (
            "@hookimpl(wrapper=True)\n    async def push_order(self): yield",
            "push_order: a wrapper is a plain generator with one bare yield",
            None,
        ),
        ("def __eq__(self, other): return True", "it defines ==, by which two connections", "@dataclass(eq=False)"),
        *(
            (
                f"@hookimpl({option})\n    async def push_order(self): ...",
                "push_order: the only option of @hookimpl is wrapper=True",
                None,
            )
            for option in ("tryfirst=True", "trylast=True", "specname='push_order'", "optionalhook=True")
        ),
        (
            "@hookimpl(hookwrapper=True)\n    def push_order(self): yield",
            "push_order: the only option of @hookimpl is wrapper=True",
            None,
        ),
    ],
)
def test_a_plugin_that_breaks_the_contract_is_refused_when_it_is_loaded(body, words, hint):
    with pytest.raises(PluginError) as refusal:
        scope({"acme": plugin(body)})
    assert str(refusal.value).startswith("plugin acme: ")
    assert words in str(refusal.value)
    assert hint is None or hint in (refusal.value.hint or "")


def test_a_verb_may_take_its_arguments_in_any_order():
    class Shop:
        @hookimpl
        async def push_order(self, route, order): ...

    check("acme", Shop)


def test_two_connections_that_are_one_object_are_refused():
    class Shop:
        @hookimpl
        async def probe(self): ...

    shop = Shop()
    with pytest.raises(PluginError, match="plugin a:"):
        scope({"a": shop, "b": shop})


def test_the_class_is_refused_like_its_instance():
    class Bad:
        async def push_order(self, order): ...

    with pytest.raises(PluginError, match="lacks @hookimpl"):
        check("bad", Bad)


def test_a_property_is_never_evaluated_while_loading():
    class Opens:
        @property
        def socket(self):
            raise AssertionError("opened while loading")

        @hookimpl
        async def probe(self): ...

    assert verbs_of(Opens()) == {"probe"}
    scope({"opens": Opens()})


def test_a_dataclass_without_equality_is_welcome():
    @dataclass(eq=False)
    class Shop:
        name: str

        @hookimpl
        async def probe(self): ...

    scope({"a": Shop("x"), "b": Shop("x")})


def test_naming_a_protocol_as_base_obliges_to_its_verb():
    class Half(PushesOrders, PullsOrders):
        @hookimpl
        async def push_order(self, order, route): ...

    with pytest.raises(TypeError, match="pull_orders"):
        Half()


def test_the_verbs_of_a_plugin_are_those_it_answers_itself():
    class Extension:
        @hookimpl
        async def rewrite_order(self, order): ...

        @hookimpl(wrapper=True)
        def push_order(self):
            return (yield)

        async def something_else(self): ...

    assert verbs_of(Extension()) == verbs_of(Extension) == {"rewrite_order"}
    assert verbs_of(object()) == frozenset()


def test_a_side_says_what_it_can_and_a_route_names_its_sides():
    class Shop:
        @hookimpl
        async def probe(self): ...

    shop = scope({"shop": Shop()})
    channel, backend = Side("shop", shop, verbs_of(Shop)), Side("central", scope({}))
    route = Route("r", channel, backend, shop)
    assert channel.can("probe")
    assert not backend.can("probe")
    assert route.side("channel") is channel
    assert route.side("backend") is backend


def test_every_verb_is_part_of_the_type_of_a_scope():
    assert set(vars(scope({}))) == set(VERBS)
    assert all(hasattr(Verbs, verb) for verb in VERBS)
    assert len(VERBS) >= 29


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_tells_in_its_docstring_what_its_author_must_know(name):
    text = inspect.getdoc(VERBS[name]) or ""
    first = text.splitlines()[0]
    assert first.endswith((".", ":")), f"{name}: the summary is one sentence"
    assert len(text) > len(name) + 40, f"{name}: says more than its name"


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_says_when_it_is_called(name):
    text = inspect.getdoc(VERBS[name]) or ""
    assert any(word in text for word in ("Called", "called", "the rules of", "engine never")), name


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_says_how_often_and_what_overlaps(name):
    text = " ".join((inspect.getdoc(VERBS[name]) or "").split())
    assert re.search(r"\b(once|every|each|again|whenever)\b|the rules of", text), f"{name}: how often"
    assert re.search(r"overlap|at once|one call at a time|the rules of", text), f"{name}: what overlaps"


@pytest.mark.parametrize("name", [name for name in VERBS if name.startswith(("push_", "pull_", "read_", "find_"))])
def test_every_verb_that_asks_a_system_says_which_error_leads_to_what(name):
    text = inspect.getdoc(VERBS[name]) or ""
    silent = {"read_relayed_push"}  # does no I/O and answers None for what it cannot use
    assert "Raises:" in text or "the rules of" in text or "utcome" in text or name in silent, name


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_about_a_route_takes_its_subject_first_and_the_route_last(name):
    parameters = list(inspect.signature(VERBS[name]).parameters)[1:]
    assert "route" not in parameters or parameters[-1] == "route"
    assert all(
        parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and parameter.default is inspect.Parameter.empty
        for parameter in inspect.signature(VERBS[name]).parameters.values()
    )
