"""The two JSON shapes in which LS Central puts rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crossdock_ls_central.sandbox.settings import Switches
from crossdock_ls_central.sandbox.tables.table import Column, Table, as_text

Json = dict[str, Any]


def records(table: Table, columns: Sequence[Column], rows: Iterable[Any], switches: Switches) -> Json:
    """Rows of a table; fields keep BC's field numbers."""
    fields = [
        {"FieldIndex": index, "FieldNo": column.number, "FieldName": column.name}
        for index, column in enumerate(columns, start=1)
    ]
    found = [{"Fields": _values(columns, row, switches)} for row in rows]
    return {
        "RecRefJson": {
            "TableId": table.number,
            "TableName": table.name,
            "RecordFields": fields,
            "Records": found,
        }
    }


def data_set(number: int, name: str, columns: Sequence[Column], rows: Iterable[Any], switches: Switches) -> Json:
    """Rows of joined data; fields have a type but no number."""
    fields = [
        {"FieldIndex": index, "FieldDataType": column.kind, "FieldName": column.name}
        for index, column in enumerate(columns, start=1)
    ]
    found = [{"Fields": _values(columns, row, switches)} for row in rows]
    return {
        "DynDataSet": {
            "DataSetID": number,
            "DataSetName": name,
            "DataSetFields": fields,
            "DataSetRows": found,
        }
    }


def _values(columns: Sequence[Column], row: Any, switches: Switches) -> list[Json]:
    texts = [as_text(column.get(row), switches.booleans) for column in columns]
    return [
        {"FieldIndex": index, "FieldValue": text}
        for index, text in enumerate(texts, start=1)
        if text or not switches.omit_empty_fields
    ]
