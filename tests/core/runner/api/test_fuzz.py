"""Schemathesis asks the API everything that its document allows, and much that it does not."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth

from tests.core.runner.api.conftest import opened

FEW = 5


@contextmanager
def served(folder):
    """The API in a thread of its own; yields its address and the token of an admin."""
    ready, told, ended = threading.Event(), {}, {}

    async def serve():
        async with opened(folder) as api:
            stop = asyncio.Event()
            ended.update(loop=asyncio.get_running_loop(), stop=stop)
            told.update(url=f"http://127.0.0.1:{api.client.port}", token=api.tokens["admin"])
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(60)
        yield told["url"], told["token"]
    finally:
        ended["loop"].call_soon_threadsafe(ended["stop"].set)
        thread.join()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_whatever_is_asked_is_answered_as_the_document_says(tmp_path):
    with served(tmp_path) as (url, token):
        schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")
        asked, statuses = set(), set()
        for result in schema.get_all_operations():
            operation = result.ok()
            asked.add((operation.method, operation.path))
            strategies = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

            @hypothesis.given(case=strategies[0] | strategies[1])
            @hypothesis.settings(
                max_examples=FEW,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            def ask(case):
                answer = case.call_and_validate(
                    headers={"Authorization": f"Bearer {token}"},
                    excluded_checks=[ignored_auth],  # it guesses tokens until nobody is let in any more
                )
                statuses.add(answer.status_code)

            ask()
        assert len(asked) == 10
        assert {200, 404, 422} <= statuses
        assert not statuses & {429, 500, 503}
