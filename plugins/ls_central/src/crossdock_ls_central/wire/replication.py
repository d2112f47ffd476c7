"""Answers of the replication actions: tables and data sets, joined by field index. Pure.

Source: LS Commerce Service and LS eCommerce for Magento, which read both shapes. All values are text; a row may lack a
field; a name may occur twice, and then the first counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crossdock_ls_central.wire.markup import Unparsable

__all__ = ["ReplicationPage", "data_sets", "read_page"]

Fields = dict[str, str]
"""Field name to value; and, where the answer tells field numbers, `#` and the number to value."""


@dataclass(frozen=True, slots=True)
class ReplicationPage:
    """One page of a replication.

    Attributes:
        rows: new or changed.
        deleted: key fields of what is gone.
        last_key: where a full run goes on.
        last_entry: where a delta goes on; 0 when it says nothing.
        ended: nothing follows.
    """

    rows: list[Fields] = field(default_factory=list)
    deleted: list[Fields] = field(default_factory=list)
    last_key: str = ""
    last_entry: int = 0
    ended: bool = True


def read_page(answer: Mapping[str, Any]) -> ReplicationPage:
    """Read one page.

    Raises:
        Unparsable: it has not the shape of one, or says that it failed (``OnError``).
    """
    if answer.get("Status") == "OnError":
        raise Unparsable(str(answer.get("ErrorText", "")) or "the replication failed without a reason")
    if "EndOfTable" not in answer:
        raise Unparsable("no page of a replication")
    try:
        table, data = answer.get("TableData") or {}, answer.get("DataSet") or {}
        return ReplicationPage(
            rows=_records(table.get("TableDataUpd")) + _rows(data.get("DataSetUpd")),
            deleted=_records(table.get("TableDataDel")) + _rows(data.get("DataSetDel")),
            last_key=str(answer.get("LastKey", "")),
            last_entry=int(answer.get("LastEntryNo") or 0),
            ended=bool(answer["EndOfTable"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unparsable(f"a replication page of another shape ({type(error).__name__})") from None


def data_sets(collection: Mapping[str, Any]) -> dict[int, list[Fields]]:
    """Rows of a data collection by the id of their data set (110 shipment headers, 111 shipment lines, ...)."""
    found: dict[int, list[Fields]] = {}
    for entry in collection.get("DataCollection") or ():
        data = entry.get("DynDataSet") or {}
        found.setdefault(int(data.get("DataSetID") or 0), []).extend(_rows(entry))
    return found


def _records(block: Mapping[str, Any] | None) -> list[Fields]:
    reference = (block or {}).get("RecRefJson") or {}
    names: list[tuple[int, tuple[str, ...]]] = [
        (entry["FieldIndex"], (f"#{entry['FieldNo']}", entry["FieldName"]))
        for entry in reference.get("RecordFields") or ()
    ]
    return [_joined(names, record["Fields"]) for record in reference.get("Records") or ()]


def _rows(block: Mapping[str, Any] | None) -> list[Fields]:
    data = (block or {}).get("DynDataSet") or {}
    names: list[tuple[int, tuple[str, ...]]] = [
        (entry["FieldIndex"], (entry["FieldName"],)) for entry in data.get("DataSetFields") or ()
    ]
    return [_joined(names, row["Fields"]) for row in data.get("DataSetRows") or ()]


def _joined(names: Sequence[tuple[int, tuple[str, ...]]], fields: Sequence[Mapping[str, Any]]) -> Fields:
    values = {entry["FieldIndex"]: str(entry["FieldValue"]) for entry in fields}
    joined: Fields = {}
    for index, keys in names:
        if index in values:
            for key in keys:
                joined.setdefault(key, values[index])
    return joined
