"""Categories, their attributes, and brands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SINGLE_CHOICE, SINGLE_OR_OWN, FREE_TEXT, MANY_CHOICES, MANY_OR_OWN = 1, 2, 3, 4, 5
OWN_VALUES = frozenset({SINGLE_OR_OWN, FREE_TEXT, MANY_OR_OWN})


@dataclass
class Category:
    """One node of the tree; `parent_id` 0 is the root. A retired one takes no new items."""

    id: int
    parent_id: int
    name: str
    retired: bool = False


@dataclass(frozen=True)
class Attribute:
    """What sellers say about items of a category.

    Attributes:
        input_type: 1 one of the values, 2 one or an own text, 3 own text, 4 some of the values, 5 some or own texts.
        values: id and name of each.
        units: if not empty, a value has one of them.
    """

    id: int
    name: str
    mandatory: bool
    input_type: int
    values: tuple[tuple[int, str], ...] = ()
    units: tuple[str, ...] = ()

    @property
    def most_values(self) -> int:
        """How many values an item may have."""
        return 5 if self.input_type in (MANY_CHOICES, MANY_OR_OWN) else 1

    def body(self) -> dict[str, Any]:
        """As get_attribute_tree shows it."""
        rows = [
            {"value_id": number, "name": name, "value_unit": "", "child_attribute_list": [], "multi_lang": []}
            for number, name in self.values
        ]
        return {
            "attribute_id": self.id,
            "mandatory": self.mandatory,
            "name": self.name,
            "attribute_value_list": rows,
            "attribute_info": {
                "input_type": self.input_type,
                "input_validation_type": 2,
                "format_type": 2 if self.units else 1,
                "date_format_type": 0,
                "attribute_unit_list": list(self.units),
                "max_value_count": self.most_values,
            },
            "multi_lang": [],
        }


@dataclass
class Brand:
    """A brand; nobody may use one that waits for approval."""

    id: int
    name: str
    category_ids: frozenset[int]
    approved: bool = True


_MATERIAL = Attribute(4990, "Material", True, SINGLE_CHOICE, ((101, "Cotton"), (102, "Polyester")))
_FABRIC_WEIGHT = Attribute(4991, "Fabric weight", False, FREE_TEXT, units=("g", "kg"))
_CARE = Attribute(4992, "Care", False, MANY_OR_OWN, ((111, "Machine wash"), (112, "Hand wash")))


def _categories() -> dict[int, Category]:
    rows = (
        (100001, 0, "Fashion"),
        (100011, 100001, "Tops"),
        (100200, 100011, "T-Shirts"),
        (100201, 100001, "Hats"),
        (100002, 0, "Home"),
        (100300, 100002, "Mugs"),
        (100301, 100002, "Plates"),
    )
    return {number: Category(number, parent, name) for number, parent, name in rows}


def _brands() -> dict[int, Brand]:
    everywhere = frozenset({100200, 100201, 100300, 100301})
    return {1001: Brand(1001, "Northwind", everywhere), 1002: Brand(1002, "Contoso", frozenset({100200}))}


@dataclass
class Taxonomy:
    """The market's tree, the same for every shop of a sandbox."""

    categories: dict[int, Category] = field(default_factory=_categories)
    brands: dict[int, Brand] = field(default_factory=_brands)
    attributes: dict[int, tuple[Attribute, ...]] = field(
        default_factory=lambda: {100200: (_MATERIAL, _FABRIC_WEIGHT, _CARE), 100201: (_CARE,)}
    )

    def has_children(self, category_id: int) -> bool:
        """Whether there are categories below this one."""
        return any(each.parent_id == category_id and not each.retired for each in self.categories.values())

    def open_leaf(self, category_id: int) -> bool:
        """Whether items can be put there."""
        found = self.categories.get(category_id)
        return found is not None and not found.retired and not self.has_children(category_id)
