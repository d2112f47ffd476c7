"""The flow of orders, shipments and returns between a channel and a backend.

    observe ──▶ plan (pure) ──▶ apply ──▶ record
       ▲                                    │
       └────────── again, when due ◀────────┘

`table` plans, from the rules in `take_over`, `cancel` and `ship`; `observe` brings snapshots into the ledger;
`apply` carries one step out; `settle` finds out what became of steps in doubt; `lane` puts them together.
"""
