import warnings

import pytest

from crossdock import contract
from crossdock.contract import CONTRACT, VERBS, ContractDeprecationWarning, hookimpl, scope
from crossdock.contract import check as loading
from crossdock.contract.deprecation import DEPRECATED_NAMES, DEPRECATED_VERBS, Deprecation, Step, former
from crossdock.errors import PluginError

OLD = Deprecation("push_probe", "1.3", "write probe")
NOW = Deprecation("probe", CONTRACT, "write look")


class Shop:
    @hookimpl
    async def probe(self): ...


@pytest.mark.parametrize(
    ("version", "step"),
    [
        ("1.2", "current"),
        ("1.3", "warning"),
        ("1.4", "error"),
        ("1.5", "removed"),
        ("1.10", "removed"),
        ("2.0", "removed"),
    ],
)
def test_each_step_lasts_one_minor_version(version, step):
    assert OLD.step(version) is Step(step)


def test_the_sentence_names_every_version_in_which_something_changes():
    assert OLD.sentence() == "push_probe is deprecated since contract 1.3, refused from 1.4 on and gone in 1.5"
    assert OLD.hint == 'write probe, and say contract=">=1.3,<2"'


@pytest.fixture
def deprecated(monkeypatch):
    """Rows of the table, for one test."""

    def put(name, deprecation):
        monkeypatch.setitem(DEPRECATED_VERBS, name, deprecation)

    return put


def test_a_plugin_that_answers_a_deprecated_verb_works_and_is_warned(deprecated):
    deprecated("probe", NOW)
    with pytest.warns(ContractDeprecationWarning, match="plugin acme: probe is deprecated since .*; write look"):
        scope({"acme": Shop()})


def test_one_minor_later_it_is_refused_with_what_to_write_instead(deprecated):
    deprecated("probe", Deprecation("probe", "0.9", "write look") if CONTRACT == "1.0" else before(CONTRACT, 1))
    with pytest.raises(PluginError, match="plugin acme: probe is deprecated since contract") as refusal:
        scope({"acme": Shop()})
    assert "write look" in refusal.value.hint


def before(version, minors):
    major, minor = version.split(".")
    return Deprecation("probe", f"{major}.{int(minor) - minors}", "write look")


def test_what_is_gone_is_still_explained_to_those_who_ask_for_it(deprecated):
    class Late:
        @hookimpl
        async def push_probe(self): ...

    deprecated("push_probe", Deprecation("push_probe", "0.1", "write probe"))
    with pytest.raises(PluginError, match=r"no verb any more: push_probe is deprecated since contract 0\.1"):
        loading.check("acme", Late)


def test_a_former_name_of_the_contract_is_found_with_a_warning_then_refused_with_its_successor():
    names = {"OldReceipt": (Deprecation("OldReceipt", "1.3", "import Receipt"), "Receipt")}
    with pytest.warns(ContractDeprecationWarning, match="crossdock.contract.OldReceipt: OldReceipt is deprecated"):
        assert former("crossdock.contract", names, vars(contract), "1.3")("OldReceipt") is contract.Receipt
    for version in ("1.4", "1.5", "2.0"):
        with pytest.raises(ImportError, match=r"gone in 1\.5; import Receipt"):
            former("crossdock.contract", names, vars(contract), version)("OldReceipt")


def test_a_name_that_never_was_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"):
        _ = contract.Nonsense
    with pytest.raises(ImportError, match="cannot import name"):
        from crossdock.contract import Nonsense  # noqa: F401


def test_the_contract_holds_what_its_table_of_deprecations_says():
    for name, deprecation in DEPRECATED_VERBS.items():
        assert (name in VERBS) == (deprecation.step(CONTRACT) is not Step.REMOVED), deprecation.sentence()
    for name, (deprecation, present) in DEPRECATED_NAMES.items():
        assert deprecation.step(CONTRACT) is not Step.CURRENT, deprecation.sentence()
        assert (name not in contract.__all__, present in contract.__all__) == (True, True)


def test_loading_a_plugin_of_today_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scope({"acme": Shop()})
