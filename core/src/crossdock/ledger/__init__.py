"""The ledger: the durable memory of what was seen, intended, done and put aside.

A step that creates or moves something is committed as *sending* before its call and concluded after it. A step
found in *sending* after a crash is in doubt: it is looked up on the far side, never simply repeated.
I/O happens in `database` alone; the other modules say what is read and written.
"""

from crossdock.ledger import pauses, purge
from crossdock.ledger.access import Access, Act, ApiToken, Role
from crossdock.ledger.database import Database
from crossdock.ledger.inbox import Inbox
from crossdock.ledger.ledger import Ledger
from crossdock.ledger.level_records import DROPPED, SOURCE, Fault, Level, Published, Sold, Trouble
from crossdock.ledger.levels import Levels
from crossdock.ledger.listings import Listing, ListingEnd, Listings, Override
from crossdock.ledger.messages import Mark, Message, Taken
from crossdock.ledger.pauses import Pause
from crossdock.ledger.purge import BEFORE_ALL, Purged
from crossdock.ledger.records import (
    Conclusion,
    Decide,
    Decided,
    Event,
    Intent,
    LaneStatus,
    OrderRow,
    Pair,
    Parked,
    Parking,
    Recorded,
    Seen,
    StepRecord,
    StepState,
    Turn,
)
from crossdock.ledger.standing import Standing, Standings
from crossdock.ledger.vault import LedgerVault, keys_of, rotate

__all__ = [
    "BEFORE_ALL",
    "DROPPED",
    "SOURCE",
    "Access",
    "Act",
    "ApiToken",
    "Conclusion",
    "Database",
    "Decide",
    "Decided",
    "Event",
    "Fault",
    "Inbox",
    "Intent",
    "LaneStatus",
    "Ledger",
    "LedgerVault",
    "Level",
    "Levels",
    "Listing",
    "ListingEnd",
    "Listings",
    "Mark",
    "Message",
    "OrderRow",
    "Override",
    "Pair",
    "Parked",
    "Parking",
    "Pause",
    "Published",
    "Purged",
    "Recorded",
    "Role",
    "Seen",
    "Sold",
    "Standing",
    "Standings",
    "StepRecord",
    "StepState",
    "Taken",
    "Trouble",
    "Turn",
    "keys_of",
    "pauses",
    "purge",
    "rotate",
]
