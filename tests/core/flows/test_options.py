from datetime import timedelta

import pytest
from pydantic import ValidationError

from crossdock.flows.options import FLOWS, OrdersOptions, ProductsOptions, StockOptions


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("5m", 300), ("2h", 7_200), ("1d", 86_400)])
def test_a_duration_is_a_whole_number_and_a_unit(text, seconds):
    assert OrdersOptions(every=text).every == timedelta(seconds=seconds)
    assert OrdersOptions(every=timedelta(seconds=seconds)).every == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["5", "5 m", "1.5h", "m", "", "-5m", 300, None])
def test_anything_else_is_refused_with_what_is_allowed(text):
    with pytest.raises(ValidationError, match="a whole number and a unit: 90s, 5m, 2h or 1d"):
        OrdersOptions(every=text)


def test_a_duration_is_written_as_it_is_read():
    assert OrdersOptions(every="5m").model_dump(mode="json")["every"] == "300s"
    assert OrdersOptions.model_json_schema()["properties"]["every"]["pattern"] == r"^\d+[smhd]$"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"cron": "0 3 * *"}, "five fields are needed"),
        ({"cron": "0 25 * * *"}, "bad hour"),
        ({"cron": "0 0 30 2 *"}, "bad day-of-month"),
        ({"cron": "0 3 * * *", "time_zone": "Asia/Singapur"}, "no time zone"),
        ({"cron": "0 3 * * *", "every": "5m"}, "leave one out"),
        ({"time_zone": "Asia/Singapore"}, "there is no cron"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(said, words):
    with pytest.raises(ValidationError, match=words):
        StockOptions(**said)


@pytest.mark.parametrize("flow", FLOWS)
def test_every_option_is_explained(flow):
    properties = FLOWS[flow].model_json_schema()["properties"]
    assert [name for name, schema in properties.items() if not schema.get("description")] == []


def test_limits_hold():
    with pytest.raises(ValidationError):
        OrdersOptions(in_flight=0)
    with pytest.raises(ValidationError):
        StockOptions(buffer=-1)
    with pytest.raises(ValidationError, match="Extra inputs"):
        ProductsOptions(allow_deletion=True)
