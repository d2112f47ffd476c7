"""The flow of stock from a backend to a channel.

    observe ──▶ what may be shown (pure) ──▶ send ──▶ record
       ▲                                                │
       └─────────────────── again, when due ◀───────────┘

`show` says what may be shown of a level; `observe` brings the source's levels into the ledger; `guard` says what is
held back; `send` shows the channel what it does not surely show yet; `drift` compares; `items` tells a person; `lane`
puts them together.
"""
