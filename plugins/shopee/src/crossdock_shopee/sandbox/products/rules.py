"""What an item must be like; each rule refuses with the documented error."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crossdock_shopee.sandbox.endpoint import Call
from crossdock_shopee.sandbox.logistics.channels import CHANNELS
from crossdock_shopee.sandbox.products.refusals import refused
from crossdock_shopee.sandbox.products.requests import AttributeRow, BrandRow, LogisticRow, PreOrder, SellerStock
from crossdock_shopee.sandbox.products.taxonomy import OWN_VALUES, Attribute
from crossdock_shopee.sandbox.regions import Region

LIMITS: dict[str, tuple[int, int]] = {
    "price_limit": (0, 1_000_000_000),
    "wholesale_price_threshold_percentage": (50, 100),
    "stock_limit": (0, 999_999),
    "item_name_length_limit": (5, 255),
    "item_image_count_limit": (1, 9),
    "item_description_length_limit": (20, 5000),
    "tier_variation_name_length_limit": (1, 20),
    "tier_variation_option_length_limit": (1, 30),
    "days_to_ship_limit": (5, 30),
}


def check_name(name: str) -> None:
    """The name's length."""
    low, high = LIMITS["item_name_length_limit"]
    if not name.strip():
        raise refused("error_item_name_empty", "Item name could not be empty.")
    if len(name) < low:
        raise refused("error_item_name_is_too_short", "Item_name length is less than min limit.")
    if len(name) > high:
        raise refused("error_title_exceeds_max_length", "The length of item_name is bigger than max limit.")


def check_description(description: str) -> None:
    """The description's length."""
    low, high = LIMITS["item_description_length_limit"]
    if len(description) < low:
        raise refused("error_desc_length_min_limit", "Description length is less than the min limit.")
    if len(description) > high:
        raise refused("error_param", f"Parameter is not match the constraints, description is longer than {high}.")


def check_price(region: Region, price: Decimal) -> None:
    """Above zero, not astronomic, and with no more decimals than the market's currency has."""
    if price != region.round(price):
        raise refused("error_invalid_price", "Invalid price, please use the correct format")
    if price <= 0:
        raise refused("error_price_exceed_min_limitt", "Original_price is less than min price limit.")
    if price > LIMITS["price_limit"][1]:
        raise refused("error_price_exceed_max_limitt", "Original_price is bigger than max price limit.")


def check_price_ratio(region: Region, prices: Sequence[Decimal]) -> None:
    """The dearest variation may cost only so many times the cheapest one."""
    if prices and max(prices) > min(prices) * region.price_ratio:
        raise refused("error_price_out_of_range", "Price is out of range.")


def check_weight(weight: Decimal) -> None:
    """Kilograms, above zero."""
    if weight <= 0:
        raise refused("error_param", "Invalid Weight.")


def check_category(call: Call, category_id: int) -> None:
    """A leaf that still takes items."""
    if not call.state.taxonomy.open_leaf(category_id):
        raise refused("error_invalid_category", f"Invalid category ID {category_id}")


def check_images(call: Call, image_ids: Sequence[str]) -> None:
    """Uploaded before, at least one, at most nine."""
    low, high = LIMITS["item_image_count_limit"]
    if not low <= len(image_ids) <= high:
        raise refused("error_image_num_min", f"The number of images must be between {low} and {high}.")
    if any(image_id not in call.state.images for image_id in image_ids):
        raise refused("error_param", "Image not exist.")


def check_logistics(rows: Sequence[LogisticRow]) -> None:
    """Known channels, at least one of them enabled."""
    unknown = [row.logistic_id for row in rows if row.logistic_id not in CHANNELS]
    if unknown:
        raise refused("error_invalid_logistic_info", f"invalid logistic info , unknown logistic_id {unknown[0]}")
    if not any(row.enabled for row in rows):
        raise refused("error_invalid_logistic_info", "invalid logistic info , no channel is enabled")


def check_brand(call: Call, brand: BrandRow | None, category_id: int) -> None:
    """None, or an approved one of the category."""
    if brand is None or brand.brand_id == 0:
        return
    found = call.state.taxonomy.brands.get(brand.brand_id)
    if found is None or not found.approved or category_id not in found.category_ids:
        raise refused("error_invalid_brand", "Invalid brand")


def check_pre_order(call: Call, pre_order: PreOrder | None) -> None:
    """Pre-orders take some days; without one it is the market's usual number."""
    if pre_order is None:
        return
    low, high = LIMITS["days_to_ship_limit"]
    days = pre_order.days_to_ship
    usual = days in (None, call.state.settings.days_to_ship)
    allowed = low <= (days or 0) <= high if pre_order.is_pre_order else usual
    if not allowed:
        raise refused("error_invalid_days_to_ship", "Invalid days_to_ship.")


def check_attributes(call: Call, rows: Sequence[AttributeRow], category_id: int) -> None:
    """All mandatory attributes of the category, no others, and values that it knows."""
    known = {each.id: each for each in call.state.taxonomy.attributes.get(category_id, ())}
    for row in rows:
        if row.attribute_id not in known:
            raise refused("error_invalid_category_attribute", "Category and attribute not match.")
        _check_values(known[row.attribute_id], row)
    given = {row.attribute_id for row in rows if row.attribute_value_list}
    if any(each.mandatory and each.id not in given for each in known.values()):
        raise refused("error_invalid_attribute", "Mandatory attribute information required")


def _check_values(attribute: Attribute, row: AttributeRow) -> None:
    values = dict(attribute.values)
    if len(row.attribute_value_list) > attribute.most_values:
        raise refused("error_invalid_attribute_value", "Invalid attribute value.")
    for value in row.attribute_value_list:
        if value.value_id == 0 and not value.original_value_name:
            raise refused("error_value_name_required", "Value_name is required.")
        own = value.value_id == 0 and attribute.input_type in OWN_VALUES
        unit_fits = value.value_unit in (attribute.units or ("",))
        if not (own or value.value_id in values) or (own and not unit_fits):
            raise refused("error_invalid_attribute_value", "Invalid attribute value.")


def stock_by_location(locations: Sequence[str], rows: Sequence[SellerStock]) -> dict[str, int]:
    """Units by location, as a shop that keeps stock at `locations` has them.

    Raises:
        ApiError: a shop with many warehouses must name one, a shop with one must not; or the number is too large.
    """
    low, high = LIMITS["stock_limit"]
    if any(not low <= row.stock <= high for row in rows):
        raise refused("error_param", "Parameter is not match the constraints, stock is out of range.")
    if len(locations) == 1:
        if len(rows) > 1 or any(row.location_id for row in rows):
            message = "You do not have right to use seller location_id, please only fill seller_stock filed."
            raise refused("error_auth", message)
        return {locations[0]: rows[0].stock} if rows else {locations[0]: 0}
    if any(not row.location_id for row in rows):
        raise refused("error_busi", "The merchant/shop has multi warehouse, please input location id")
    if any(row.location_id not in locations for row in rows) or len({row.location_id for row in rows}) < len(rows):
        message = "The location_id input is not matched the shop's location_id(more/wrong). Please double check."
        raise refused("error_auth", message)
    return {row.location_id: row.stock for row in rows}
