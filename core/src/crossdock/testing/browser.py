"""A browser for stages: opens a sign-in link and comes back with what the system sends it away with."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp
from yarl import URL

from crossdock.testing.stage import NotStaged

__all__ = ["consent"]


async def consent(link: str) -> Mapping[str, str]:
    """The parameters with which the browser is sent back from a page on which its owner has always said yes.

    Args:
        link: as `sign_in_link` answers it; the page must redirect at once.

    Raises:
        NotStaged: the page does not redirect.
    """
    async with aiohttp.ClientSession() as session, session.get(link, allow_redirects=False) as answer:
        if "Location" not in answer.headers:
            raise NotStaged(f"agree: the page of the sign-in link answers HTTP {answer.status} and leads nowhere")
        return dict(URL(answer.headers["Location"]).query)
