"""Whatever a system answers, a verb answers as the contract says or raises one of its errors, and comes to an end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossdock.contract import Unreadable
from crossdock.errors import CrossdockError
from tests.fuzz.mangle import Replay, spoilt
from tests.fuzz.subjects import Subject, ls_subject, oms_subject, shopee_subject

pytestmark = pytest.mark.no_cover  # it would take twice as long, and others show the same lines

SUBJECTS = {"shopee": shopee_subject, "ls_central": ls_subject, "anchanto_oms": oms_subject}


@pytest.fixture(scope="module", params=SUBJECTS)
def subject(request: pytest.FixtureRequest) -> Subject:
    """Everything that a plugin's sandbox answers to its verbs."""
    return asyncio.run(SUBJECTS[request.param]())


@pytest.fixture(autouse=True)
def _quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


async def tried(subject: Subject, name: str, replay: Replay) -> Any:
    try:
        async with subject.connected(replay) as connection:
            return await subject.verbs[name](connection)
    except CrossdockError as error:
        return error


def test_unspoilt_answers_are_understood(subject):
    for name in subject.verbs:
        answer = asyncio.run(tried(subject, name, subject.tape.replayed({})))
        assert not isinstance(answer, Exception), f"{name}: {answer!r}"
        assert not any(isinstance(item, Unreadable) for item in (answer if isinstance(answer, list) else []))


@settings(suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_spoilt_answer_leads_to_an_error_of_the_contract_or_to_an_answer(subject, data):
    name = data.draw(st.sampled_from(sorted(subject.verbs)))
    asyncio.run(tried(subject, name, subject.tape.replayed(data.draw(spoilt(subject.tape)))))
