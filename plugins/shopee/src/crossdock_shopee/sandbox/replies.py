"""How an endpoint answers: with members of the envelope, with a file, or with an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Reply = Mapping[str, object]


class ApiError(Exception):
    """The request is refused.

    Args:
        code: goes out as ``error``.
        message: goes out as ``message``.
        body: further members of the envelope, such as a ``response`` with the failed rows.
    """

    def __init__(self, code: str, message: str, body: Reply | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.body = body or {}


class GatewayError(ApiError):
    """The request is refused before any endpoint sees it.

    Args:
        code: goes out as ``error``.
        message: goes out as ``message``.
        hint: what Shopee would not say; goes out as the header ``X-Sandbox-Hint``.
    """

    def __init__(self, code: str, message: str, *, hint: str = "") -> None:
        super().__init__(code, message)
        self.hint = hint


@dataclass(frozen=True)
class File:
    """An answer that is not JSON."""

    content: bytes
    content_type: str


def wrapped(response: object) -> Reply:
    """The usual success: everything in ``response``."""
    return {"response": response}


def wrong_parameter(detail: str) -> ApiError:
    """The order and logistics modules' word for a parameter that cannot be used."""
    return ApiError("error_param", f"Wrong parameters, detail: {detail}")
