"""Statuses of the OMS: the published mapping as data, and a total function for each direction. Pure."""

from crossdock_anchanto_oms.statuses.inbound import DELIVERED, PICKUP_RETRY, Decision, Standing, decide
from crossdock_anchanto_oms.statuses.moves import next_move
from crossdock_anchanto_oms.statuses.outbound import Action, action_for, read_back
from crossdock_anchanto_oms.statuses.returns import (
    WITHDRAWN,
    ReturnDecision,
    ReturnStanding,
    decide_return,
    next_return_move,
)
from crossdock_anchanto_oms.statuses.rows import ORDER_WORDS, RETURN_WORDS, Row, cited, rows
from crossdock_anchanto_oms.statuses.words import CANCELLED, END, PREPARING, OmsState, ReturnState

__all__ = [
    "CANCELLED",
    "DELIVERED",
    "END",
    "ORDER_WORDS",
    "PICKUP_RETRY",
    "PREPARING",
    "RETURN_WORDS",
    "WITHDRAWN",
    "Action",
    "Decision",
    "OmsState",
    "ReturnDecision",
    "ReturnStanding",
    "ReturnState",
    "Row",
    "Standing",
    "action_for",
    "cited",
    "decide",
    "decide_return",
    "next_move",
    "next_return_move",
    "read_back",
    "rows",
]
