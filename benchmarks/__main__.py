"""`python -m benchmarks NAME [--json] [--orders N] [--rounds R]`; without a name it lists what there is."""

from __future__ import annotations

import importlib
import os
import sys

NAMES = {
    "overhead": "the engine against the limit and against everything by hand",
    "programs": "one program on one job: limit, all_in or ours",
    "growth": "many orders, many in flight, memory, idle polls",
    "postgres": "the engine on PostgreSQL against SQLite",
    "sandboxes": "the real plugins against their simulated systems",
    "push": "push messages at a rate: acknowledged, kept, none lost",
    "latency": "from a push message to the Customer Order",
    "idle": "what a service with many shops costs when nothing happens",
    "backfill": "90 days of history, killed in the middle: memory, and speed from the first to the last tenth",
    "scale": "an evening of 10,000 shops with a flash sale, simulated with measured costs: lag and workers needed",
    "soak": "half an hour at 50 orders a second with random faults: memory, files, ledger, and nothing missing",
    "crash": "workers on PostgreSQL killed again and again while orders flow, and PostgreSQL gone for a while",
    "start": "from an empty process to the first request",
    "stock": "a full sync of many SKUs, and how late single changes arrive",
    "peers": "singer-sdk, dlt, airbyte-cdk and drt-core on the same job",
    "survival": "extra and missing documents after accidents, for us and for the peers",
    "excel": "50,000 rows of products to a file and back",
    "http_clients": "what one request costs with each HTTP library",
}


def main() -> int:
    """Run the benchmark that is named."""
    name, *rest = sys.argv[1:] or ["--help"]
    # or each of the processes that benchmarks start compiles everything anew, which no installed program does
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if name in NAMES:
        importlib.import_module(f"benchmarks.{name}").main(rest)
        return 0
    wanted = name in ("-h", "--help")
    out = sys.stdout if wanted else sys.stderr
    print(__doc__ if wanted else f"there is no benchmark {name!r}; there are:", file=out)
    for known, words in NAMES.items():
        print(f"  {known:<14} {words}", file=out)
    return 0 if wanted else 2


if __name__ == "__main__":
    sys.exit(main())
