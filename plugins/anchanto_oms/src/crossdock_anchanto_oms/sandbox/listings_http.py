"""Endpoints of listings and listing feeds."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from crossdock_anchanto_oms.sandbox import feeds, listings
from crossdock_anchanto_oms.sandbox.gate import Call, Endpoint
from crossdock_anchanto_oms.sandbox.paging import listed
from crossdock_anchanto_oms.sandbox.refusal import invalid, unknown
from crossdock_anchanto_oms.sandbox.seller import Shop

_STORE = "/api/v1/stores/{store_code}"
_STATES = ("REQUESTED", "LISTED", "FAILED")


def _shop(call: Call) -> Shop:
    return call.seller.shop(call.path["store_code"])


def _submit(call: Call) -> web.Response:
    shop = _shop(call)
    return web.json_response(feeds.shown(feeds.submit(call.seller, shop, call.json(feeds.SubmitFeed))), status=202)


def _feed(call: Call) -> web.Response:
    feed = _shop(call).feeds.get(call.path["feed_id"])
    if feed is None:
        raise unknown("feed", call.path["feed_id"])
    return web.json_response(feeds.shown(feed))


def _list(call: Call) -> web.Response:
    shop, seller = _shop(call), call.seller
    query = call.only("changed_since", "limit", "cursor", "state")
    state = query.get("state")
    if state not in (None, *_STATES):
        raise invalid("state", f"{state!r} is no listing state; allowed: {', '.join(_STATES)}")
    page = listed(
        seller,
        shop.listings,
        query,
        partial(listings.shown, seller, shop),
        keep=lambda listing: state in (None, listing.state),
        name=f"listings of {shop.store.store_code}",
    )
    return web.json_response(page)


def _read(call: Call) -> web.Response:
    shop = _shop(call)
    listing = shop.listings.get(call.path["csku"])
    if listing is None:
        raise unknown("listing", call.path["csku"])
    return web.json_response(listings.shown(call.seller, shop, listing))


def _answer(call: Call) -> web.Response:
    shop = _shop(call)
    told = listings.answer(call.seller, shop, call.path["csku"], call.json(listings.ListingOutcome))
    return web.json_response(listings.shown(call.seller, shop, told))


ENDPOINTS = (
    Endpoint("POST", _STORE + "/listing-feeds", _submit),
    Endpoint("GET", _STORE + "/listing-feeds/{feed_id}", _feed),
    Endpoint("GET", _STORE + "/listings", _list),
    Endpoint("GET", _STORE + "/listings/{csku}", _read),
    Endpoint("POST", _STORE + "/listings/{csku}/outcome", _answer),
)
