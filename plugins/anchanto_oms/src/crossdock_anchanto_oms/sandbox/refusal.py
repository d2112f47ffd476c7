"""How this OMS says no."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError


class Refusal(Exception):
    """A request that is understood and not carried out; nothing has changed."""

    def __init__(self, status: int, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.details = details

    def error(self) -> dict[str, Any]:
        """The ``error`` object of the answer."""
        return {"code": self.code, "message": str(self), "details": self.details}


def invalid(path: str, problem: str) -> Refusal:
    """One field is wrong."""
    return invalid_fields([{"path": path, "problem": problem}])


def invalid_fields(fields: list[dict[str, str]]) -> Refusal:
    """Some fields are wrong."""
    first = f"{fields[0]['path']}: {fields[0]['problem']}"
    return Refusal(422, "validation_failed", f"the request is not valid: {first}", fields=fields)


def unreadable(error: ValidationError) -> Refusal:
    """A body that is no JSON, or not the JSON that was asked for."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if any(each["type"] == "json_invalid" for each in found):
        return Refusal(400, "malformed_json", "the body is not JSON")
    fields = [{"path": ".".join(map(str, each["loc"])) or "body", "problem": each["msg"]} for each in found]
    return invalid_fields(fields)


def unknown(kind: str, key: str) -> Refusal:
    """There is no such thing; `kind` is one word such as ``order``."""
    return Refusal(404, f"unknown_{kind}", f"there is no {kind} {key!r}", key=key)


def unprocessable(code: str, message: str, **details: Any) -> Refusal:
    """The request is readable, but cannot be done as things stand."""
    return Refusal(422, code, message, **details)


def duplicate(message: str, **details: Any) -> Refusal:
    """The reference was used before; `details` say by what."""
    return Refusal(409, "duplicate_reference", message, **details)
