"""What a chore finds: kept in the ledger, since another process may be the one that shows it or tells of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from crossdock.config import Configuration
from crossdock.flows.orders.reconcile import Kind, Reconciliation
from crossdock.ledger import Ledger
from crossdock.runner.board import Board, Reconciled

_SIGN_IN_ENDS, _RECONCILED = "sign-in-ends", "reconciled"


async def keep_sign_in_end(ledger: Ledger, connection: str, ends: datetime) -> None:
    """Keep until when `connection` is authorised.

    Raises:
        TryLater: the ledger does not answer.
    """
    await ledger.find_out(_SIGN_IN_ENDS, connection, ends.isoformat())


async def keep_reconciliation(ledger: Ledger, found: Reconciliation, at: datetime) -> None:
    """Keep how many findings of each kind a comparison had that ended `at`.

    Raises:
        TryLater: the ledger does not answer.
    """
    kinds = Counter(finding.kind.value for finding in found.findings)
    await ledger.find_out(_RECONCILED, found.route, json.dumps({"at": at.isoformat(), "kinds": kinds}))


async def read_findings(ledger: Ledger, board: Board, configuration: Configuration) -> None:
    """Have the board show what was found last about everything that is configured.

    Raises:
        TryLater: the ledger does not answer.
    """
    ends = await ledger.found(_SIGN_IN_ENDS)
    board.sign_in_ends = {
        name: datetime.fromisoformat(text) for name, text in ends.items() if name in configuration.connections
    }
    compared = await ledger.found(_RECONCILED)
    board.reconciled = {
        route: _reconciled(json.loads(text)) for route, text in compared.items() if route in configuration.routes
    }


def _reconciled(kept: Mapping[str, object]) -> Reconciled:
    kinds = kept["kinds"]
    counts = kinds if isinstance(kinds, dict) else {}
    return Reconciled({kind: int(counts.get(kind.value, 0)) for kind in Kind}, datetime.fromisoformat(str(kept["at"])))
