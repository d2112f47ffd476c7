"""The envelope around every answer, and how a record that cannot be read is told. Pure.

Source: Shopee Open Platform v2, "API call flow"; some samples lack `error`, write ``-`` or a blank, or say `msg`.
"""

from __future__ import annotations

import re
from typing import Generic, TypeVar

import msgspec

from crossdock.errors import CannotTranslate

__all__ = ["BROKEN", "Envelope", "Response", "cannot_read", "envelope_of"]

T = TypeVar("T")

_SUCCESS = frozenset({"", "-"})
_AT = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)


class Envelope(msgspec.Struct, gc=False):
    """What is common to all answers."""

    error: str | None = ""
    message: str | None = ""
    msg: str | None = ""
    request_id: str | None = ""

    @property
    def code(self) -> str:
        """Their error code; empty for a success."""
        code = (self.error or "").strip()
        return "" if code in _SUCCESS else code

    @property
    def text(self) -> str:
        """Their sentence."""
        return (self.message or self.msg or "").strip()


class Response(msgspec.Struct, Generic[T]):
    """An answer whose matter stands under `response`."""

    response: T


_ENVELOPE = msgspec.json.Decoder(Envelope)
BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding raises: it is no JSON, of another shape, with bytes that are no text, or nested without end."""


def envelope_of(body: bytes) -> Envelope | None:
    """Read the envelope; None when the body is no JSON object."""
    try:
        return _ENVELOPE.decode(body)
    except BROKEN:
        return None


def cannot_read(error: Exception, inside: str = "") -> CannotTranslate:
    """Tell where a record breaks its shape, without the value, which may be personal.

    Args:
        error: what msgspec says, such as ``Expected `int`, got `str` - at `$.item_list[0].item_id` ``.
        inside: path of the record itself.
    """
    found = _AT.match(str(error))
    what, path = (found["what"], found["path"] or "$") if found else (str(error), "$")
    where = ".".join(part for part in (inside, path.removeprefix("$").lstrip(".")) if part)
    return CannotTranslate(where or "the answer", f"as documented ({what})")
