"""What an endpoint asks for. Queries are read leniently as text; JSON bodies must have the very types."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from multidict import MultiMapping
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from crossdock_shopee.sandbox.replies import ApiError, wrong_parameter

RequestT = TypeVar("RequestT", bound="Request")


class Request(BaseModel):
    """Parameters of one endpoint. What Shopee does not know, it ignores."""

    model_config = ConfigDict(extra="ignore")


class Nothing(Request):
    """No parameters."""


def _listed(value: object) -> object:
    """All the ways in which clients write lists in a query: repeated, with commas, in brackets."""
    if not isinstance(value, str | list):
        return value
    parts = [value] if isinstance(value, str) else value
    if not all(isinstance(part, str) for part in parts):
        return value
    bare = (piece.strip().strip('"') for part in parts for piece in part.strip().strip("[]").split(","))
    return [piece for piece in bare if piece]


def _exact(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _unquoted(value: object) -> object:
    """Shopee's own samples send the first cursor as two quotation marks."""
    return "" if value == '""' else value


Listed = BeforeValidator(_listed)
Money = Annotated[Decimal, BeforeValidator(_exact)]
Cursor = Annotated[str, BeforeValidator(_unquoted)]
Timestamp = Annotated[int, Field(ge=0, le=4294967295)]


def read_query(model: type[RequestT], query: MultiMapping[str], path: str) -> RequestT:
    """The parameters of a GET request.

    Raises:
        ApiError: one is missing or unusable.
    """
    found: dict[str, object] = {}
    for name in query:
        values = query.getall(name)
        found[name] = values[0] if len(values) == 1 else values
    return _read(model, found, path, strict=False)


def read_body(model: type[RequestT], body: object, path: str) -> RequestT:
    """The parameters of a POST request.

    Raises:
        ApiError: the body is no JSON object, or a parameter is missing or unusable.
    """
    if not isinstance(body, Mapping):
        raise ApiError("error_param", "The request body is not a valid json format")
    return _read(model, body, path, strict=True)


def _read(model: type[RequestT], found: Mapping[Any, object], path: str, *, strict: bool) -> RequestT:
    try:
        return model.model_validate(found, strict=strict)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise (_product_error(first) if "product/" in path else wrong_parameter(_complaint(first))) from None


def _complaint(error: ErrorDetails) -> str:
    """The order, logistics and payment modules' sentence."""
    name = ".".join(str(part) for part in error["loc"])
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"{name} is a required field."
        case "less_than_equal":
            return f"{name} must be {context['le']} or less."
        case "greater_than_equal":
            return f"{name} must be {context['ge']} or greater."
        case "too_long" | "string_too_long":
            return f"{name} must be a maximum of {context['max_length']} in length."
        case "too_short" | "string_too_short":
            return f"{name} must contain at least {context['min_length']}."
        case "literal_error":
            return f"{name} must be one of [{context['expected']}]."
        case _:
            return f"field {name} type error."


def _product_error(error: ErrorDetails) -> ApiError:
    """The product modules' sentence, with the field's name as their code has it."""
    name = "".join(part.capitalize() for part in str(error["loc"][-1]).split("_"))
    context = error.get("ctx", {})
    value = error.get("input")
    match error["type"]:
        case "missing":
            complaint = "value must  Not Null"
        case "less_than_equal":
            complaint = f"value '{value}' must be less than '{int(context['le']) + 1}'"
        case "greater_than_equal":
            complaint = f"value '{value}' must be greater than '{int(context['ge']) - 1}'"
        case _:
            complaint = f"value is not acceptable ({error['msg']})"
    return ApiError("product.error_param", f"invalid field {name}: {complaint}")
