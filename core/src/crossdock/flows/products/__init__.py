"""The flow of products and prices from a backend to a channel.

    link ──▶ observe ──▶ plan (pure) ──▶ apply ──▶ record
                ▲                                    │
                └──────── again, when due ◀──────────┘

What is listed already is linked first, so that nothing is listed twice. `match` says which listing a product is; `plan`
what is missing; `prices` which prices; `apply` carries one product out; `lane` puts them together.
"""
