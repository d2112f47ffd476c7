"""Which flows two connections can do together: asked when the file is read, not at midnight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from crossdock.config.configuration import ConnectionConfig
from crossdock.contract import Plugin, verbs_of
from crossdock.flows.options import Blocked, CancellationWish, FlowOptions, OrdersOptions, ProductsOptions

Role = Literal["channel", "backend"]

FLOW_NEEDS: dict[str, tuple[tuple[Role, str], ...]] = {
    "orders": (("channel", "pull_orders"), ("channel", "read_orders"), ("backend", "push_order")),
    "stock": (("backend", "pull_stock"), ("channel", "push_stock")),
    "products": (("backend", "pull_products"), ("channel", "push_product")),
}
"""Flow to the verbs without which it cannot run."""

OPTION_NEEDS: dict[str, tuple[Role, str]] = {
    "process_order": ("channel", "arrange_shipment"),
    "create_fulfilled_orders": ("backend", "post_order"),
    "create_unpaid": ("backend", "update_order"),
    "cancel_on_channel": ("channel", "cancel_order"),
    "buyer_cancellation": ("channel", "answer_cancellation"),
    "labels": ("channel", "fetch_label"),
    "returns": ("channel", "pull_returns"),
    "allow_delete": ("channel", "delete_product"),
}
"""Option to the verb that it asks for when it is switched on in the file."""


PRODUCTS_ALLOWED = {"allow_delete": "delete_product", "blocked": "delist_product"}
"""Option of products to the verb that the backend must not rule out: its system would never ask for such a thing."""


@dataclass(frozen=True)
class Lack:
    """Something that a route asks for and a connection cannot do.

    Attributes:
        option: the option that asks; None when the flow itself cannot run.
        sentence: who lacks what, and why, as far as the plugin says.
    """

    option: str | None
    sentence: str


def lacks(flow: str, options: FlowOptions, channel: ConnectionConfig, backend: ConnectionConfig) -> Iterator[Lack]:
    """What `flow` with `options` asks of the two connections in vain."""
    ends = {"channel": channel, "backend": backend}
    for role, verb in FLOW_NEEDS[flow]:
        if not can(ends[role].plugin, verb):
            yield Lack(None, _sentence(role, ends[role], verb))
    for option in _switched_on(options):
        role, verb = OPTION_NEEDS[option]
        if not can(ends[role].plugin, verb):
            yield Lack(option, _sentence(role, ends[role], verb))
    yield from _ruled_out(options, backend)


def _ruled_out(options: FlowOptions, backend: ConnectionConfig) -> Iterator[Lack]:
    """What the backend's system rules out on a channel, though the channel could."""
    if not isinstance(options, ProductsOptions):
        return
    wanted = {"allow_delete": options.allow_delete, "blocked": options.blocked is Blocked.DELIST}
    for option, verb in PRODUCTS_ALLOWED.items():
        if wanted[option] and option in options.model_fields_set and verb in backend.plugin.cannot:
            yield Lack(option, _sentence("backend", backend, verb))


def can(plugin: Plugin, verb: str) -> bool:
    """Whether connections of `plugin` answer `verb`."""
    return plugin.connection is not None and verb in verbs_of(plugin.connection)


def _switched_on(options: FlowOptions) -> list[str]:
    """Only what the file says itself: a default that nobody asked for is no reason to refuse."""
    on: dict[str, bool] = {}
    if isinstance(options, OrdersOptions):
        on = {
            "process_order": options.process_order,
            "create_fulfilled_orders": options.create_fulfilled_orders,
            "create_unpaid": options.create_unpaid,
            "cancel_on_channel": options.cancel_on_channel,
            "buyer_cancellation": options.buyer_cancellation is not CancellationWish.ASK,
            "labels": options.labels,
            "returns": options.returns,
        }
    if isinstance(options, ProductsOptions):
        on = {"allow_delete": options.allow_delete}
    return [option for option, is_on in on.items() if is_on and option in options.model_fields_set]


def _sentence(role: Role, connection: ConnectionConfig, verb: str) -> str:
    plugin = connection.plugin
    why = plugin.cannot.get(verb)
    lack = f"the {role} {connection.name!r} ({plugin.title}) cannot {verb.replace('_', ' ')}"
    if not why:
        return lack
    named = not why[:2].istitle() or why.startswith(plugin.title)
    return f"{lack}: {why if named else why[:1].lower() + why[1:]}"
