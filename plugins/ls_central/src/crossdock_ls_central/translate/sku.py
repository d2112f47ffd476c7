"""A SKU is an item number, or an item number and a variant code with a delimiter between. Pure."""

from __future__ import annotations

from collections.abc import Container

__all__ = ["candidates", "join_sku", "split_sku"]


def candidates(sku: str, delimiter: str) -> tuple[str, ...]:
    """The item numbers that `sku` may name, the longest first: item numbers may contain the delimiter themselves."""
    if not delimiter or delimiter not in sku:
        return (sku.upper(),)
    return sku.upper(), sku.rpartition(delimiter)[0].upper()


def split_sku(sku: str, delimiter: str, items: Container[str] | None = None) -> tuple[str, str]:
    """Item number and variant code of `sku`; the variant is empty for an item without variants.

    Args:
        sku: as the channel has it; codes of Business Central are upper-case.
        delimiter: the last one counts; empty never splits.
        items: known item numbers; a SKU that is one of them is not split. None when they are not known.
    """
    upper = sku.upper()
    if not delimiter or delimiter not in sku or (items is not None and upper in items):
        return upper, ""
    number, _, variant = upper.rpartition(delimiter.upper())
    return number, variant


def join_sku(number: str, variant: str, delimiter: str) -> str:
    """The SKU of a variant, or of an item without variants."""
    return f"{number}{delimiter}{variant}" if variant else number
