"""Brands, as get_brand_list and register_brand send them. Pure."""

from __future__ import annotations

import msgspec

__all__ = ["BrandList", "BrandRow", "RegisteredBrand"]


class BrandRow(msgspec.Struct, gc=False):
    """One brand of a category."""

    brand_id: int
    original_brand_name: str = ""


class BrandList(msgspec.Struct):
    """A page of the brands of a category."""

    brand_list: list[BrandRow] | None = None
    has_next_page: bool = False
    next_offset: int | None = None


class RegisteredBrand(msgspec.Struct):
    """The number of a brand that waits for approval."""

    brand_id: int
