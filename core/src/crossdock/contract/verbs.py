"""All verbs together: pluggy's specification, and the type of whatever can be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from crossdock.contract import connections, orders, products, shipments, stock


class Verbs(
    connections.Probes,
    connections.ReadsPushes,
    connections.ReadsRelayedPushes,
    connections.RecoversPushes,
    connections.SignsIn,
    orders.PullsOrders,
    orders.ReadsOrders,
    orders.FindsOrders,
    orders.PushesOrders,
    orders.PostsOrders,
    orders.UpdatesOrders,
    orders.CancelsOrders,
    orders.AnswersCancellations,
    orders.RewritesOrders,
    orders.PullsReturns,
    orders.PushesReturns,
    shipments.ArrangesShipments,
    shipments.PushesTracking,
    shipments.FetchesLabels,
    shipments.PushesLabels,
    shipments.HearsOfTrouble,
    stock.PullsStock,
    stock.ReadsStock,
    stock.PushesStock,
    stock.RewritesStock,
    products.PullsProducts,
    products.FindsProducts,
    products.PushesProducts,
    products.DelistsProducts,
    products.RelistsProducts,
    products.DeletesProducts,
    products.PushesPrices,
    products.TakesListings,
    products.HearsOfListings,
    products.FetchesImages,
    products.RewritesProducts,
    Protocol,
):
    """Every verb. A scope has this type, so that a call to it is checked; no single plugin has all of them."""


VERBS: Mapping[str, Callable[..., Any]] = {
    name: verb for name in dir(Verbs) if hasattr(verb := getattr(Verbs, name), "crossdock_spec")
}
"""Name to specification."""


def verbs_of(plugin: object) -> frozenset[str]:
    """The verbs that `plugin` (a connection, its class, or an extension) answers itself; wrappers do not count."""
    kind = plugin if isinstance(plugin, type) else type(plugin)
    return frozenset(
        name
        for name in VERBS
        if (opts := getattr(getattr(kind, name, None), "crossdock_impl", None)) and not opts["wrapper"]
    )
