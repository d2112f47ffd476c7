"""get_category, get_attribute_tree, get_brand_list, register_brand, get_item_limit."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from crossdock_shopee.sandbox.endpoint import MERCHANT, Call, Endpoint
from crossdock_shopee.sandbox.products.refusals import refused
from crossdock_shopee.sandbox.products.rules import LIMITS
from crossdock_shopee.sandbox.products.taxonomy import Brand, Category
from crossdock_shopee.sandbox.replies import Reply, wrapped
from crossdock_shopee.sandbox.requests import Listed, Request

MAX_CATEGORIES = 20


class LanguageRequest(Request):
    """Parameters of product.get_category."""

    language: str = ""


class AttributeRequest(Request):
    """Parameters of product.get_attribute_tree."""

    category_id_list: Annotated[list[int], Listed]


class BrandListRequest(Request):
    """Parameters of product.get_brand_list; status 1 is approved, 2 is waiting."""

    offset: int = Field(ge=0)
    page_size: int = Field(ge=1, le=100)
    category_id: int
    status: int = Field(ge=1, le=2)


class BrandImages(Request):
    """Pictures of a product of the brand."""

    image_id_list: list[str] = Field(max_length=9)


class RegisterBrandRequest(Request):
    """Parameters of product.register_brand."""

    original_brand_name: str = Field(max_length=254)
    category_list: list[int] = Field(min_length=1, max_length=50)
    product_image: BrandImages
    brand_region: str


class LimitRequest(Request):
    """Parameters of product.get_item_limit."""

    category_id: int | None = None


def get_category(call: Call, _ask: LanguageRequest) -> Reply:
    """The whole tree."""
    open_ones = [each for each in call.state.taxonomy.categories.values() if not each.retired]
    return wrapped({"category_list": [_category(call, each) for each in open_ones]})


def get_attribute_tree(call: Call, ask: AttributeRequest) -> Reply:
    """What sellers say about items of up to twenty leaf categories."""
    if not 1 <= len(ask.category_id_list) <= MAX_CATEGORIES:
        raise refused("error_param", f"invalid field CategoryIdList: length must be between 1 and {MAX_CATEGORIES}")
    taxonomy = call.state.taxonomy
    for number in ask.category_id_list:
        if not taxonomy.open_leaf(number):
            raise refused("error_invalid_category", f"Invalid category ID {number}")
    rows = [
        {"category_id": number, "attribute_tree": [each.body() for each in taxonomy.attributes.get(number, ())]}
        for number in ask.category_id_list
    ]
    return wrapped({"list": rows})


def get_brand_list(call: Call, ask: BrandListRequest) -> Reply:
    """Brands of a category; "no brand" is the id 0 and always there."""
    approved = ask.status == 1
    found = [
        {"brand_id": each.id, "original_brand_name": each.name, "display_brand_name": each.name}
        for each in call.state.taxonomy.brands.values()
        if ask.category_id in each.category_ids and each.approved is approved
    ]
    if approved:
        found.insert(0, {"brand_id": 0, "original_brand_name": "NoBrand", "display_brand_name": "NoBrand"})
    page = found[ask.offset : ask.offset + ask.page_size]
    more = ask.offset + len(page) < len(found)
    offset = {"next_offset": ask.offset + len(page)} if more else {"next_offset": 0}
    tail = {"has_next_page": more, **offset, "is_mandatory": False, "input_type": "DROP_DOWN"}
    return wrapped({"brand_list": page, **tail})


def register_brand(call: Call, ask: RegisterBrandRequest) -> Reply:
    """Ask for a new brand; until it is approved nobody can use it."""
    taxonomy = call.state.taxonomy
    if not ask.product_image.image_id_list:
        raise refused("error_param", "brand image is required")
    for number in ask.category_list:
        if not taxonomy.open_leaf(number):
            raise refused("error_invalid_category", f"Invalid category ID {number}")
    for brand in taxonomy.brands.values():
        if brand.name.lower() == ask.original_brand_name.lower():
            raise _taken(brand)
    brand = Brand(2000 + len(taxonomy.brands), ask.original_brand_name, frozenset(ask.category_list), approved=False)
    taxonomy.brands[brand.id] = brand
    call.state.world.oracle.record("register_brand", str(brand.id), name=brand.name)
    return wrapped({"brand_id": brand.id, "original_brand_name": brand.name})


def get_item_limit(call: Call, _ask: LimitRequest) -> Reply:
    """What an item may and must have."""
    smallest = call.shop.region.smallest
    limits: dict[str, Any] = {
        name: dict(zip(("min_limit", "max_limit"), bounds, strict=True)) for name, bounds in LIMITS.items()
    }
    limits["price_limit"] = {"min_limit": smallest, "max_limit": limits["price_limit"]["max_limit"]}
    days = limits.pop("days_to_ship_limit")
    return {
        **wrapped(
            {
                **limits,
                "item_count_limit": {"max_limit": 10_000},
                "dts_limit": {
                    "days_to_ship_limit": days,
                    "non_pre_order_days_to_ship": call.state.settings.days_to_ship,
                },
                "weight_limit": {"weight_mandatory": True},
                "dimension_limit": {"dimension_mandatory": False},
                "size_chart_limit": {
                    "size_chart_mandatory": False,
                    "support_image_size_chart": True,
                    "support_template_size_chart": False,
                },
            }
        ),
        "gtin_limit": {"gtin_validation_rule": "Optional"},
    }


def _taken(brand: Brand) -> Exception:
    if brand.approved:
        message = (
            "Brand already exists. If you want to add available category for this brand, you can change the category."
        )
        return refused("error_busi_duplicated", message)
    return refused("error_busi_pending_qc", "The brand you registered is in the inspection process.")


def _category(call: Call, category: Category) -> dict[str, Any]:
    return {
        "category_id": category.id,
        "parent_category_id": category.parent_id,
        "original_category_name": category.name,
        "display_category_name": category.name,
        "has_children": call.state.taxonomy.has_children(category.id),
    }


_BOTH = (
    ("get_category", LanguageRequest, get_category),
    ("get_attribute_tree", AttributeRequest, get_attribute_tree),
    ("get_brand_list", BrandListRequest, get_brand_list),
)
ENDPOINTS: tuple[Endpoint, ...] = (
    *(Endpoint("GET", f"product/{name}", ask, run) for name, ask, run in _BOTH),
    *(Endpoint("GET", f"global_product/{name}", ask, run, MERCHANT) for name, ask, run in _BOTH),
    Endpoint("POST", "product/register_brand", RegisterBrandRequest, register_brand),
    Endpoint("GET", "product/get_item_limit", LimitRequest, get_item_limit),
)
