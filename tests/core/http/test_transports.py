import asyncio
import gzip
import socket
import sys
from collections.abc import AsyncIterator

import httpx
import pytest

from crossdock.errors import ConfigError, Refused, TryLater, Unclear
from crossdock.http import Request, Transport, TransportSettings, reading_at_most, transport
from crossdock.http.over_httpx import HttpxTransport
from tests.core.http.far_side import Wire, answer, cut, silent, truncated

NAMES = ["aiohttp", "httpx", "pyreqwest"]


@pytest.fixture(params=NAMES)
async def carrier(request) -> AsyncIterator[Transport]:
    made = transport(request.param, TransportSettings(connect_seconds=2.0))
    yield made
    await made.aclose()


async def test_a_request_arrives_as_it_was_made(carrier, far_side: Wire):
    far_side.answers = [answer(201, b'{"a": 1}', Content_Type="application/json")]
    request = Request(
        "POST",
        f"{far_side.url}/orders/%2F42",
        params=[("sign", "a+b/c="), ("sku", "Größe 1")],
        headers={"Authorization": "Bearer x", "Content-Type": "application/json"},
        body=b'{"b": 2}',
    )
    response = await carrier.send(request)
    assert (response.status, response.body) == (201, b'{"a": 1}')
    assert response.headers["content-TYPE"] == "application/json"
    head, body = far_side.requests[0].split(b"\r\n\r\n")
    assert head.startswith(b"POST /orders/%2F42?sign=a%2Bb%2Fc%3D&sku=Gr%C3%B6%C3%9Fe+1 HTTP/1.1")
    assert b"authorization: bearer x" in head.lower()
    assert b"user-agent: crossdock\r\n" in head.lower()
    assert head.lower().count(b"content-type: application/json") == 1
    assert body == b'{"b": 2}'


async def test_a_connection_is_kept_for_the_next_request(carrier, far_side: Wire):
    far_side.answers = [answer(200)]
    for _ in range(3):
        await carrier.send(Request("GET", far_side.url))
    assert (len(far_side.requests), far_side.connections) == (3, 1)


async def test_a_compressed_answer_is_unpacked(carrier, far_side: Wire):
    far_side.answers = [answer(200, gzip.compress(b"[1]"), Content_Encoding="gzip")]
    assert (await carrier.send(Request("GET", far_side.url))).body == b"[1]"


@pytest.mark.parametrize("name", NAMES)
async def test_an_answer_that_unpacks_to_more_than_anybody_sends_is_given_up(name, far_side: Wire):
    careful = transport(name, TransportSettings(answer_bytes=100_000))
    fits, bomb = gzip.compress(bytes(100_000)), gzip.compress(bytes(30_000_000))
    assert len(bomb) < 100_000
    far_side.answers = [answer(200, packed, Content_Encoding="gzip") for packed in (fits, bomb, fits, fits, fits)]
    assert len((await careful.send(Request("GET", far_side.url))).body) == 100_000
    with pytest.raises(Unclear, match="longer than 100000 bytes"):
        await careful.send(Request("GET", far_side.url))
    assert len((await careful.send(Request("GET", far_side.url))).body) == 100_000
    with reading_at_most(99_999, hint="print it yourself"):
        with pytest.raises(Refused, match="longer than 99999 bytes") as refused:
            await careful.send(Request("GET", far_side.url))
        with pytest.raises(Unclear, match="longer than 99999 bytes"):
            await careful.send(Request("POST", far_side.url, effect=True))
    assert (refused.value.code, refused.value.hint) == ("too_long", "print it yourself")
    await careful.aclose()


async def test_a_redirect_is_an_answer_and_is_not_followed(carrier, far_side: Wire):
    far_side.answers = [answer(302, b"", Location="/elsewhere")]
    assert (await carrier.send(Request("GET", far_side.url))).status == 302
    assert len(far_side.requests) == 1


async def test_a_cookie_is_not_kept(carrier, far_side: Wire):
    far_side.answers = [answer(200, b"", Set_Cookie="session=1; Path=/")]
    for _ in range(2):
        await carrier.send(Request("GET", far_side.url))
    assert b"session=1" not in far_side.requests[1]


async def test_a_refused_connection_means_that_nothing_was_sent(carrier):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(TryLater, match="nothing was sent"):
            await carrier.send(Request("POST", url, body=b"{}", effect=True))


async def test_an_unknown_host_means_that_nothing_was_sent(carrier):
    with pytest.raises(TryLater, match="nothing was sent"):
        await carrier.send(Request("GET", "http://nowhere.invalid/"))


async def test_a_far_side_without_tls_means_that_nothing_was_sent(carrier):
    async def speaks_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(speaks_plainly, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(TryLater, match="nothing was sent"):
            await carrier.send(Request("GET", f"https://127.0.0.1:{port}"))


@pytest.mark.parametrize("name", NAMES)
async def test_no_connection_in_time_means_that_nothing_was_sent(name, far_side: Wire):
    impatient = transport(name, TransportSettings(connect_seconds=0.05))
    with pytest.raises(TryLater, match="nothing was sent"):  # it never answers the TLS greeting
        await impatient.send(Request("POST", far_side.url.replace("http:", "https:"), effect=True))
    await impatient.aclose()


@pytest.mark.parametrize("fault", [cut, truncated])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_a_lost_answer_is_unclear_and_nothing_is_sent_twice(carrier, far_side: Wire, fault, method):
    far_side.answers = [answer(200), fault]
    await carrier.send(Request("GET", far_side.url))  # so that the next one uses a kept connection
    with pytest.raises(Unclear):
        await carrier.send(Request(method, far_side.url))
    assert len(far_side.requests) == 2


async def test_an_answer_that_takes_too_long_is_unclear(carrier, far_side: Wire):
    far_side.answers = [silent]
    with pytest.raises(Unclear):
        await carrier.send(Request("POST", far_side.url, body=b"{}", timeout=0.1))


async def test_an_answer_that_is_not_http_is_unclear(carrier, far_side: Wire):
    far_side.answers = [b"SSH-2.0-OpenSSH\r\n\r\n"]
    with pytest.raises(Unclear):
        await carrier.send(Request("GET", far_side.url))


@pytest.mark.parametrize("url", ["ftp://example.invalid/", "http://"])
async def test_an_impossible_address_is_a_setting_to_mend_and_is_shown_without_its_query(carrier, url):
    with pytest.raises(ConfigError, match="is not an address") as caught:
        await carrier.send(Request("GET", url, params=[("token", "abc123")]))
    assert "abc123" not in str(caught.value)
    assert caught.value.__suppress_context__


async def test_a_plugin_test_may_answer_with_a_function():
    mocked = HttpxTransport(TransportSettings(), httpx.MockTransport(lambda request: httpx.Response(418)))
    assert (await mocked.send(Request("GET", "http://far.invalid/"))).status == 418
    await mocked.aclose()


def test_an_unknown_transport_is_refused_with_what_is_allowed():
    with pytest.raises(ConfigError, match="aiohttp, httpx, pyreqwest"):
        transport("curl")  # type: ignore[arg-type]


async def test_requests_in_flight_do_not_wait_for_each_other(carrier, far_side: Wire):
    arrived = asyncio.Barrier(5)

    async def when_all_are_here(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await arrived.wait()
        writer.write(answer(200, b"[]"))
        await writer.drain()

    far_side.answers = [when_all_are_here]
    answers = await asyncio.gather(*(carrier.send(Request("GET", far_side.url, timeout=5)) for _ in range(5)))
    assert [one.body for one in answers] == [b"[]"] * 5


def test_a_transport_that_is_not_installed_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyreqwest", None)
    with pytest.raises(ConfigError, match="pyreqwest is not installed") as caught:
        transport("pyreqwest")
    assert caught.value.hint == "pip install 'crossdock[fast]'"
