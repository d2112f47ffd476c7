"""Excel files of products: written, read without a change, and read with every price and buffer changed."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import TypeVar, cast

from cryptography.fernet import Fernet, MultiFernet

from benchmarks.command import show
from benchmarks.meter import peak_kilobytes
from crossdock.clock import SystemClock
from crossdock.ledger import Database, Ledger, Listing
from crossdock.model import Money, Product, Variant
from crossdock.runner.connections import Connections
from crossdock.runner.goods import Goods
from crossdock.runner.sheets import SheetWriter, read_rows

T = TypeVar("T")

_ROUTE = "bench"
_PRICE = Money.parse("12.50 SGD")
_KEPT_AT_ONCE = 500


def product(number: int) -> Product:
    """A product with two variants: two rows."""
    name = f"P{number:06}"
    variants = tuple(Variant(sku=f"{name}-{size}", options=(size,), price=_PRICE) for size in ("S", "M"))
    described = f"What {name} is good for, in a sentence or two. " * 3
    return Product(
        id=name, sku=name, name=f"Product {name}", description=described, options=("Size",), variants=variants
    )


async def measure(rows: int) -> dict[str, object]:
    """Measure once, with a SQLite file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = MultiFernet([Fernet(Fernet.generate_key())])
        async with Ledger(Database(f"sqlite:///{folder}/ledger.db"), SystemClock(), folder, keys) as ledger:
            listings = ledger.listings(_ROUTE)
            for first in range(0, rows // 2, _KEPT_AT_ONCE):
                known = [product(number) for number in range(first, min(first + _KEPT_AT_ONCE, rows // 2))]
                await listings.record([Listing(one.id, one, "print") for one in known])
            goods = Goods(ledger, cast("Connections", None), SystemClock())  # files ask no side
            sheet, changed = folder / "products.xlsx", folder / "changed.xlsx"
            written, export = await timed(goods.export_products(_ROUTE, sheet))
            same, unchanged = await timed(goods.read_sheet(_ROUTE, sheet))
            edit(sheet, changed)
            reading, plan = await timed(goods.read_sheet(_ROUTE, changed))
            _, apply = await timed(goods.apply_sheet(_ROUTE, reading))
            again, repeat = await timed(goods.read_sheet(_ROUTE, changed))
    return {
        "rows": written,
        "export_seconds": export,
        "import_unchanged_seconds": unchanged,
        "import_changed_plan_seconds": plan,
        "import_changed_apply_seconds": apply,
        "import_again_seconds": repeat,
        "changes": [len(same.changes), len(reading.changes), len(again.changes)],
        "peak_rss_mb": round(peak_kilobytes() / 1024),
    }


def edit(sheet: Path, changed: Path) -> None:
    """Change every price and every buffer, as somebody does in Excel."""
    rows = read_rows(sheet, ())
    _, first = next(rows)
    with SheetWriter(changed, list(first)) as writer:
        for cells in (first, *(cells for _, cells in rows)):
            writer.write((dict(cells) | {"price": "13.00 SGD", "buffer": "2"}).values())


async def timed(work: Awaitable[T]) -> tuple[T, float]:
    """What came of it, and how long it took in seconds."""
    began = time.perf_counter()
    found = await work
    return found, round(time.perf_counter() - began, 1)


def main(given: Sequence[str]) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks excel", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rows", type=int, default=50_000, help="rows of the file (50000)")
    options = parser.parse_args(list(given))
    figures = asyncio.run(measure(options.rows))
    show("excel", {"figures": figures, "targets": {"seconds": 60, "peak_rss_mb": 400}}, as_json=options.json)
