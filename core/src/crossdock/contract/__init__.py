"""The contract: what a plugin may be asked, what it answers, and which error makes the engine do what.

This package is the page that a plugin author reads. Verbs are typed Protocols, one definition read three ways:
pluggy's hook specification, the type at the call site, and what a plugin's class is checked against.
It does no I/O.
"""

from typing import TYPE_CHECKING

from crossdock.contract.answers import (
    ArrangeShipment,
    CancelOrder,
    CancelReason,
    ListingOutcome,
    LostPush,
    LostPushes,
    Nudge,
    Outcome,
    Page,
    Probe,
    PushAnswer,
    PushMessage,
    PushTracking,
    Receipt,
    Trouble,
    TroubleKind,
    Unreadable,
    Window,
)
from crossdock.contract.connections import Probes, ReadsPushes, ReadsRelayedPushes, RecoversPushes, SignsIn
from crossdock.contract.deprecation import DEPRECATED_NAMES, ContractDeprecationWarning, former
from crossdock.contract.marks import CONTRACT, hookimpl
from crossdock.contract.orders import (
    AnswersCancellations,
    CancelsOrders,
    FindsOrders,
    PostsOrders,
    PullsOrders,
    PullsReturns,
    PushesOrders,
    PushesReturns,
    ReadsOrders,
    RewritesOrders,
    UpdatesOrders,
)
from crossdock.contract.plugin import GROUP, OpensHttp, Plugin, Settings, Toolbox, Vault
from crossdock.contract.products import (
    DeletesProducts,
    DelistsProducts,
    FetchesImages,
    FindsProducts,
    HearsOfListings,
    PullsProducts,
    PushesPrices,
    PushesProducts,
    RewritesProducts,
    TakesListings,
)
from crossdock.contract.route import Route, Side
from crossdock.contract.scope import Observe, scope
from crossdock.contract.shipments import ArrangesShipments, FetchesLabels, HearsOfTrouble, PushesLabels, PushesTracking
from crossdock.contract.stock import PullsStock, PushesStock, ReadsStock, RewritesStock
from crossdock.contract.verbs import VERBS, Verbs, verbs_of

__all__ = [
    "CONTRACT",
    "GROUP",
    "VERBS",
    "AnswersCancellations",
    "ArrangeShipment",
    "ArrangesShipments",
    "CancelOrder",
    "CancelReason",
    "CancelsOrders",
    "ContractDeprecationWarning",
    "DeletesProducts",
    "DelistsProducts",
    "FetchesImages",
    "FetchesLabels",
    "FindsOrders",
    "FindsProducts",
    "HearsOfListings",
    "HearsOfTrouble",
    "ListingOutcome",
    "LostPush",
    "LostPushes",
    "Nudge",
    "Observe",
    "OpensHttp",
    "Outcome",
    "Page",
    "Plugin",
    "PostsOrders",
    "Probe",
    "Probes",
    "PullsOrders",
    "PullsProducts",
    "PullsReturns",
    "PullsStock",
    "PushAnswer",
    "PushMessage",
    "PushTracking",
    "PushesLabels",
    "PushesOrders",
    "PushesPrices",
    "PushesProducts",
    "PushesReturns",
    "PushesStock",
    "PushesTracking",
    "ReadsOrders",
    "ReadsPushes",
    "ReadsRelayedPushes",
    "ReadsStock",
    "Receipt",
    "RecoversPushes",
    "RewritesOrders",
    "RewritesProducts",
    "RewritesStock",
    "Route",
    "Settings",
    "Side",
    "SignsIn",
    "TakesListings",
    "Toolbox",
    "Trouble",
    "TroubleKind",
    "Unreadable",
    "UpdatesOrders",
    "Vault",
    "Verbs",
    "Window",
    "hookimpl",
    "scope",
    "verbs_of",
]

if not TYPE_CHECKING:  # else type checkers would believe that every name exists
    __getattr__ = former(__name__, DEPRECATED_NAMES, globals(), CONTRACT)
