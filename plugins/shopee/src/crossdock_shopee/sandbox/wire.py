"""JSON exactly as Shopee puts it on the wire: money as plain numbers in major units, never through a binary float."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")


def dump(body: object) -> bytes:
    """The JSON text of `body`; every Decimal becomes the number that it is."""
    return _encoder.encode(body)


def parse(text: bytes) -> Any:
    """What the JSON text says; a number with a point or an exponent becomes a Decimal.

    Raises:
        ValueError: the text is not JSON.
    """
    return json.loads(text, parse_float=Decimal)


def number(amount: Decimal) -> Decimal | int:
    """`amount` without trailing zeros: 30.00 is written 30, and 31.990 is written 31.99."""
    whole = int(amount)
    return whole if whole == amount else amount.normalize()
