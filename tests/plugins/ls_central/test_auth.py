"""Signing in: tokens are kept, renewed early and by one task at a time."""

import asyncio
import base64
import json
from urllib.parse import parse_qs

import httpx
import pytest

from crossdock.clock import FakeClock
from crossdock.errors import SignInAgain, TryLater
from crossdock.http import TransportSettings
from crossdock.http.over_httpx import HttpxTransport
from crossdock_ls_central.auth import BasicKey, ClientCredentials, sign_in_for
from crossdock_ls_central.config import LsSettings
from crossdock_ls_central.judge import correlation_id, judge
from tests.plugins.ls_central.central import basic, opener


class Endpoint:
    """A token endpoint that counts."""

    def __init__(self, status=200, lifetime=3600, body=None):
        self.forms = []
        self.urls = []
        self.status, self.lifetime, self.body = status, lifetime, body

    def __call__(self, request):
        self.forms.append(parse_qs(request.content.decode()))
        self.urls.append(str(request.url))
        token = {"access_token": f"token-{len(self.forms)}", "expires_in": self.lifetime}
        return httpx.Response(self.status, json=token if self.body is None else self.body)


def credentials(endpoint, clock):
    settings = LsSettings(tenant="t1", company="C", store="S1", client_id="id", client_secret="a-made-up-secret")
    carrier = lambda: HttpxTransport(TransportSettings(), httpx.MockTransport(endpoint))  # noqa: E731
    http = opener(carrier, clock, [])(classify=judge, request_id=correlation_id)
    return ClientCredentials(settings, http, clock)


async def test_a_token_is_fetched_with_the_client_credentials_of_the_tenant():
    endpoint = Endpoint()
    assert await credentials(endpoint, FakeClock()).header() == "Bearer token-1"
    assert endpoint.urls == ["https://login.microsoftonline.com/t1/oauth2/v2.0/token"]
    assert endpoint.forms[0] == {
        "grant_type": ["client_credentials"],
        "client_id": ["id"],
        "client_secret": ["a-made-up-secret"],
        "scope": ["https://api.businesscentral.dynamics.com/.default"],
    }


async def test_a_token_is_used_until_300_seconds_before_it_expires():
    clock, endpoint = FakeClock(), Endpoint()
    sign_in = credentials(endpoint, clock)
    await sign_in.header()
    await clock.advance(3299)
    assert await sign_in.header() == "Bearer token-1"
    await clock.advance(1)
    assert await sign_in.header() == "Bearer token-2"


async def test_a_token_that_lives_for_less_than_the_margin_is_still_used_for_half_its_life():
    clock, endpoint = FakeClock(), Endpoint(lifetime=200)
    sign_in = credentials(endpoint, clock)
    await sign_in.header()
    await clock.advance(99)
    assert await sign_in.header() == "Bearer token-1"


async def test_many_tasks_that_need_a_token_fetch_it_once():
    endpoint = Endpoint()
    sign_in = credentials(endpoint, FakeClock())
    headers = await asyncio.gather(*(sign_in.header() for _ in range(20)))
    assert set(headers) == {"Bearer token-1"}
    assert len(endpoint.forms) == 1


async def test_only_the_token_that_was_refused_is_forgotten():
    sign_in = credentials(Endpoint(), FakeClock())
    old = await sign_in.header()
    assert sign_in.forget(old)
    assert await sign_in.header() == "Bearer token-2"
    assert sign_in.forget(old)
    assert await sign_in.header() == "Bearer token-2"


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (
            401,
            {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret."},
            "AADSTS7000215",
        ),
        (400, {"error": "unauthorized_client"}, "unauthorized_client"),
        (400, [], "no reason given"),
    ],
)
async def test_refused_credentials_ask_a_person_and_never_show_the_secret(status, body, said):
    with pytest.raises(SignInAgain, match=said) as caught:
        await credentials(Endpoint(status, body=body), FakeClock()).header()
    assert "made-up" not in str(caught.value)


@pytest.mark.parametrize("body", [{}, [], {"access_token": ""}])
async def test_an_answer_without_a_token_is_tried_again_later(body):
    with pytest.raises(TryLater, match="without a token"):
        await credentials(Endpoint(body=body), FakeClock()).header()


async def test_an_answer_that_is_no_json_is_tried_again_later():
    with pytest.raises(TryLater, match="without a token"):
        await credentials(lambda _: httpx.Response(200, text="<html/>"), FakeClock()).header()


async def test_a_token_endpoint_that_is_down_is_tried_again_later():
    with pytest.raises(TryLater):
        await credentials(Endpoint(503), FakeClock()).header()


async def test_a_lifetime_that_is_no_number_counts_as_an_hour():
    clock, endpoint = FakeClock(), Endpoint(lifetime="soon")
    sign_in = credentials(endpoint, clock)
    await sign_in.header()
    await clock.advance(3299)
    assert await sign_in.header() == "Bearer token-1"


async def test_a_web_service_key_is_sent_as_it_is_and_cannot_be_renewed():
    sign_in = sign_in_for(basic(), None, FakeClock())
    assert isinstance(sign_in, BasicKey)
    header = await sign_in.header()
    assert base64.b64decode(header.removeprefix("Basic ")) == b"CROSSDOCK:not-a-real-key"
    assert not sign_in.forget(header)


async def test_a_key_too_short_to_be_masked_still_signs_in():
    assert await sign_in_for(basic(key="abc"), None, FakeClock()).header() == "Basic Q1JPU1NET0NLOmFiYw=="


def test_settings_never_show_their_secrets():
    assert "not-a-real-key" not in repr(basic())
    assert "not-a-real-key" not in json.dumps(basic().model_dump(mode="json"))
