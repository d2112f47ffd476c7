"""One page of a list, taken apart before any of its rows is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec

from crossdock.errors import TryLater
from crossdock_anchanto_oms.profile.codec import at
from crossdock_anchanto_oms.profile.shape import PageNames

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page is made of.

    Attributes:
        rows: as they stand in the JSON.
        following: the cursor of the next page; empty at the end.
        told_at: their time when they answered; UTC, or None when they do not say.
    """

    rows: list[Any]
    following: str
    told_at: datetime | None


def page_of(answer: Any, words: PageNames, cursor: str, verb: str) -> Page:
    """Take a page apart.

    Args:
        answer: the JSON of the page.
        words: what its parts are called.
        cursor: with which it was asked for.
        verb: for errors.

    Raises:
        TryLater: it is no page, or leads back to itself.
    """
    rows, following, told_at = (at(answer, name) for name in (words.items, words.next, words.server_time))
    try:
        page = Page(
            msgspec.convert([] if rows is None else rows, list[Any]),
            msgspec.convert("" if following is None else following, str),
            None if told_at is None else msgspec.convert(told_at, _Moment),
        )
    except msgspec.ValidationError as error:
        raise TryLater(f"The OMS answers a list that cannot be read: {error}.", verb=verb) from None
    if page.following and page.following == cursor:
        raise TryLater(f"The OMS answers a list that never ends: after {cursor!r} comes {cursor!r}.", verb=verb)
    return page
