import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from crossdock import log
from crossdock.redaction import forget_secrets, register_secret

PLANTED = "s3cr3t-value-42"


@pytest.fixture(autouse=True)
def _fresh_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    forget_secrets()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(level)


def configured(**settings) -> io.StringIO:
    stream = io.StringIO()
    log.configure(stream=stream, **settings)
    return stream


def test_an_event_is_one_json_object_with_time_level_and_what_was_bound():
    stream = configured(json=True)
    log.get_logger(connection="shop-sg").info("order.created", order="42", status=201)
    event = json.loads(stream.getvalue())
    assert event.pop("timestamp").endswith("Z")
    assert event == {"event": "order.created", "level": "info", "connection": "shop-sg", "order": "42", "status": 201}


def test_a_person_gets_columns_without_colours_outside_a_terminal():
    stream = configured()
    log.get_logger().warning("http.failed", verb="push_order")
    assert "http.failed" in stream.getvalue()
    assert "verb=push_order" in stream.getvalue()
    assert "\x1b[" not in stream.getvalue()


def test_what_is_below_the_level_is_not_written():
    stream = configured(level="warning")
    log.get_logger().info("order.created")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("as_json", [True, False])
def test_private_keys_are_masked_at_any_depth(as_json):
    stream = configured(json=as_json)
    log.get_logger().info("x.y", access_token=PLANTED, order={"recipient_address": {"town": PLANTED}, "sn": "kept-sn"})
    assert PLANTED not in stream.getvalue()
    assert "kept-sn" in stream.getvalue()


@pytest.mark.parametrize("as_json", [True, False])
def test_a_registered_secret_is_masked_wherever_it_turns_up(as_json):
    stream = configured(json=as_json)
    register_secret(PLANTED)
    logger = log.get_logger()
    logger.info(f"url is /?sign={PLANTED}", lines=[f"a {PLANTED} b"])
    try:
        raise ValueError(f"bad {PLANTED}")
    except ValueError:
        logger.exception("it.failed")
    assert PLANTED not in stream.getvalue()
    assert "ValueError: bad [redacted]" in stream.getvalue()


def test_what_libraries_log_takes_the_same_way_and_their_access_lines_are_dropped():
    stream = configured(json=True)
    register_secret(PLANTED)
    logging.getLogger("some.library").warning("token is %s", PLANTED)
    logging.getLogger("uvicorn.access").info("GET /?sign=%s", PLANTED)
    event = json.loads(stream.getvalue())
    assert (event["event"], event["level"]) == ("token is [redacted]", "warning")


def test_the_standard_error_stream_is_the_default(capsys):
    log.configure(json=True)
    log.get_logger().info("a.b")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "a.b" in captured.err
