import pytest

from crossdock.sandbox import Fault, FaultKind, FaultSchedule


@pytest.mark.parametrize(
    ("rule", "action", "meets"),
    [
        ("OmniWrapper", "", True),
        ("OmniWrapper", "urn:x:CustomerOrderCreateV6", True),
        ("CustomerOrderCreate", "urn:x:CustomerOrderCreateV6", True),
        ("CustomerOrderCreate", "urn:x:CustomerOrderCancel", False),
        ("CustomerOrderCreate", "", False),
        ("OmniWrapper$", "", True),
    ],
)
def test_a_rule_is_searched_in_the_path_and_in_the_soap_action(rule, action, meets):
    schedule = FaultSchedule([Fault(kind=FaultKind.SLOW, path=rule)])
    assert (schedule.draw("/WS/Codeunit/OmniWrapper", action) is not None) is meets
