"""Carrying one product out: find its listing, do what is missing, set its prices, and say how it stands."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import structlog

from crossdock.clock import Clock
from crossdock.contract import ListingOutcome, Receipt, Route
from crossdock.errors import CannotTranslate, CrossdockError, Refused, SignInAgain, TryLater, Unclear
from crossdock.flows.options import ProductsOptions
from crossdock.flows.orders.report import Report
from crossdock.flows.products.match import Found, Index, Match, candidate, skus_of
from crossdock.flows.products.overlay import overlaid
from crossdock.flows.products.plan import Act, ProductPlan, content_of, fingerprint, plan
from crossdock.flows.products.prices import accepted, due_prices, refused
from crossdock.flows.trouble import BROKEN, told
from crossdock.ledger import Ledger, Listing, ListingEnd
from crossdock.model import PriceChange, Product, StockLevel

_log = structlog.get_logger(__name__)

_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """A product next to its listing.

    Attributes:
        wanted: as it is to be listed.
        match: how its listing was found; None where it was linked before.
        listed: as the channel shows it now; None where there is none.
    """

    wanted: Product
    match: Match | None
    listed: Product | None


class ProductApplier:
    """Carries products of one route out. Calls for different products overlap, those for one never do."""

    def __init__(self, route: Route, ledger: Ledger, clock: Clock, options: ProductsOptions, report: Report) -> None:
        self._route = route
        self._channel = route.channel.ask
        self._listings = ledger.listings(route.name)
        self._levels = ledger.levels(route.name)
        self._clock = clock
        self._options = options
        self._report = report

    async def look(self, listing: Listing, product: Product) -> Seen:
        """Find the listing of a product as it is now."""
        wished = overlaid(product, listing.overrides)
        wanted = await self._route.both.rewrite_product(wished, self._route)
        skus = sorted(skus_of(wanted)) or [wanted.sku]
        found: dict[str, Product] = {}
        for sku in skus[:1] if listing.listed_id else skus:
            found |= {one.id: one for one in await self._channel.find_product(sku, self._route)}
        if listing.listed_id in found:
            return Seen(wanted, None, found[listing.listed_id])
        for sku in skus[1:] if listing.listed_id else ():  # its first variant may be new
            found |= {one.id: one for one in await self._channel.find_product(sku, self._route)}
        if listing.listed_id:
            return Seen(wanted, None, found.get(listing.listed_id))
        match = Index(candidate(one) for one in found.values()).match(wanted)
        return Seen(wanted, match, found.get(match.listed_id))

    async def apply(self, listing: Listing) -> tuple[ListingEnd, CrossdockError | None]:
        """Bring one product's listing in line; answer how it stands, and an error that must stop the lane.

        Never raises for what the far side does.
        """
        end, stop = await self._brought(listing)
        ended = stop is None and end.retry_at is None and bool(end.listed_id or end.problem)
        if ended and listing.product is not None and self._route.backend.can("push_listing_outcome"):
            return await self._told(end, listing.product), None
        return end, stop

    async def _told(self, end: ListingEnd, product: Product) -> ListingEnd:
        """Tell the backend how it stands; what cannot be told now is told when it is looked at again."""
        outcome = ListingOutcome(product, end.listed_id, end.problem)
        try:
            receipt = await self._route.backend.ask.push_listing_outcome(outcome, self._route)
        except (TryLater, Unclear, SignInAgain) as error:
            return self._again(end, error)
        except (Refused, CannotTranslate) as error:
            self._report.step(end.listing.key, "outcome", "refused", str(error))
            return end
        if receipt is not None and not receipt.already:
            self._report.step(end.listing.key, "outcome", "done", receipt.note)
        return end

    async def _brought(self, listing: Listing) -> tuple[ListingEnd, CrossdockError | None]:
        as_it_is = _as_it_is(listing)
        if listing.product is None:
            return as_it_is, None
        try:
            return await self._apply(listing, listing.product), None
        except SignInAgain as error:
            return self._again(as_it_is, error), error
        except (TryLater, Unclear) as error:
            return self._again(as_it_is, error), None
        except (Refused, CannotTranslate) as error:
            code = error.code if isinstance(error, Refused) else f"cannot-translate:{error.path}"
            return self._ask(as_it_is, code or "refused", told(error)), None
        except Exception as error:  # noqa: BLE001 - a plugin's bug must not stop the other products
            _log.exception("product.broken", route=self._route.name, key=listing.key)
            return self._ask(as_it_is, BROKEN, f"the plugin failed with {type(error).__name__}"), None

    async def _apply(self, listing: Listing, product: Product) -> ListingEnd:
        seen = await self.look(listing, product)
        listing = replace(listing, fingerprint=fingerprint(seen.wanted))
        if seen.match is not None and seen.match.found is Found.AMBIGUOUS:
            return self._ask(_as_it_is(listing), "ambiguous", f"{product.sku}: {seen.match.text}")
        if seen.listed is not None:
            owner = (await self._listings.taken([seen.listed.id])).get(seen.listed.id, listing.key)
            if owner != listing.key:
                text = f"{product.sku}: listing {seen.listed.id} is linked to product {owner} already"
                return self._ask(replace(_as_it_is(listing), listed_id=""), "linked-twice", text)
        if seen.listed is None and self._may_still_be_made(listing):
            text = "create: not found on the channel, but the request may still be under way"
            self._report.step(listing.key, Act.CREATE, "doubtful", text)
            return replace(_as_it_is(listing), retry_at=listing.doubt_until, problem=text)
        decided = plan(listing, seen.wanted, seen.listed, self._options)
        end = await self._act(listing, seen, decided)
        if decided.act in (Act.NOTHING, Act.UPDATE, Act.RELIST) and self._options.prices and not end.problem:
            return await self._prices(end, seen)
        return end

    def _may_still_be_made(self, listing: Listing) -> bool:
        return listing.doubt_until is not None and self._clock.now().timestamp() < listing.doubt_until

    async def _act(self, listing: Listing, seen: Seen, decided: ProductPlan) -> ListingEnd:
        number = seen.listed.id if seen.listed else listing.listed_id
        off_sale = listing.off_sale if decided.act in (Act.NOTHING, Act.ASK) else decided.act in (Act.DELIST, Act.ZERO)
        end = ListingEnd(listing, number, content_of(listing.fingerprint), listing.prices, off_sale=off_sale)
        if decided.act is Act.NOTHING:
            return end if seen.listed is not None else replace(end, done=listing.done)
        if decided.act is Act.ASK:
            return self._ask(replace(end, done=listing.done), decided.cause, decided.why)
        if decided.act is Act.CREATE:
            return await self._create(end, seen, decided)
        if decided.act in (Act.UPDATE, Act.RELIST):
            return await self._update(end, seen, decided)
        receipt = await self._verbs[decided.act](seen)
        self._tell(listing, decided, receipt, seen)
        return replace(end, listed_id="" if decided.act is Act.DELETE else number)

    async def _create(self, end: ListingEnd, seen: Seen, decided: ProductPlan) -> ListingEnd:
        """Make a listing. Once begun it may be there, whole or in part, whatever the answer: it is looked up first."""
        wanted = await self._pictured(seen.wanted)
        until = (self._clock.now() + self._options.settle_after).timestamp()
        await self._listings.intend(end.listing.key, Act.CREATE, until)
        begun = replace(end, done="", kind=Act.CREATE.value)
        try:
            receipt = await self._channel.push_product(wanted, None, self._route)
        except TryLater as error:
            return self._again(begun, error)
        except Unclear as error:
            return self._again(replace(begun, doubt_until=until), error)
        except Refused as error:
            return self._ask(begun, error.code or "refused", told(error))
        if receipt is None or not receipt.id:
            return self._again(replace(begun, doubt_until=until), Unclear("no number of the listing came back"))
        self._tell(end.listing, decided, receipt, seen)
        return replace(end, listed_id=receipt.id)

    async def _update(self, end: ListingEnd, seen: Seen, decided: ProductPlan) -> ListingEnd:
        """Bring a listing in line. Once begun, only a good answer says what the channel shows."""
        seen = replace(seen, wanted=await self._pictured(seen.wanted))
        await self._listings.intend(end.listing.key, decided.act, None)
        begun = replace(_as_it_is(end.listing), kind=decided.act.value)
        try:
            receipt = await self._verbs[decided.act](seen)
        except (TryLater, Unclear) as error:
            return self._again(begun, error)
        except Refused as error:
            return self._ask(begun, error.code or "refused", told(error))
        self._tell(end.listing, decided, receipt, seen)
        return end

    async def _pictured(self, wanted: Product) -> Product:
        """The product with its pictures at hand, where only the backend can fetch them."""
        if not self._route.backend.can("fetch_image") or all(image.url for image in wanted.images):
            return wanted
        images = []
        for image in wanted.images:
            content = None if image.url else await self._route.backend.ask.fetch_image(image, self._route)
            address = "" if content is None else f"data:;base64,{b64encode(content).decode()}"
            images.append(image.model_copy(update={"url": address}) if content is not None else image)
        return wanted.model_copy(update={"images": tuple(images)})

    def _tell(self, listing: Listing, decided: ProductPlan, receipt: Receipt | None, seen: Seen) -> None:
        if receipt is None:
            raise Refused("nobody on that side takes it")
        words = "was so already" if receipt.already else "done"
        parts = [f"{decided.act}: {words}", receipt.id, receipt.note, decided.why]
        stays = decided.act is Act.UPDATE or (decided.act is Act.RELIST and not self._may_relist)
        if stays and seen.listed is not None and seen.listed.blocked:
            parts.append("it is off sale on the channel, and stays so until somebody shows it there")
        self._report.step(listing.key, decided.act, "done", ", ".join(part for part in parts if part))

    @property
    def _verbs(self) -> Mapping[Act, Callable[[Seen], Awaitable[Receipt | None]]]:
        return {
            Act.UPDATE: lambda seen: self._channel.push_product(seen.wanted, seen.listed, self._route),
            Act.RELIST: self._relist,
            Act.DELIST: lambda seen: self._channel.delist_product(_there(seen), self._route),
            Act.DELETE: lambda seen: self._channel.delete_product(_there(seen), self._route),
            Act.ZERO: self._zero,
        }

    @property
    def _may_relist(self) -> bool:
        return self._route.channel.can("relist_product")

    async def _relist(self, seen: Seen) -> Receipt | None:
        """Bring the listing in line and show it again; stock that was zeroed is the stock lane's to send again.

        Whether it is hidden is the channel's to know: a cross-border merchant's item does not say what a shop hides.
        """
        listed = _there(seen)
        receipt = await self._channel.push_product(seen.wanted, listed, self._route)
        levels = await self._levels.load(sorted(skus_of(listed)))
        await self._levels.mistrust([(level.sku, level.location) for level in levels])
        if receipt is None or not self._may_relist:
            return receipt
        shown = await self._channel.relist_product(listed, self._route)
        return receipt if shown is not None and shown.already else shown

    async def _zero(self, seen: Seen) -> Receipt:
        skus = sorted(skus_of(_there(seen)))
        levels = [StockLevel(sku=sku, available=Decimal(0)) for sku in skus]
        for outcome in await self._channel.push_stock(levels, self._route) or ():
            if outcome.error is not None:
                raise outcome.error
        return Receipt(_there(seen).id, note="shows no stock")

    async def _prices(self, end: ListingEnd, seen: Seen) -> ListingEnd:
        """Set the prices that differ: one row, one outcome."""
        if seen.listed is None or seen.wanted.blocked:
            return end
        prices = dict(end.prices)
        due = due_prices(seen.wanted, seen.listed, prices)
        wrong = dict(due.wrong)
        again: list[CrossdockError] = []
        for change, error in await self._set(due.send):
            if error is None:
                prices[change.sku] = accepted(change.price)
                self._report.step(change.sku, "price", "done", f"costs {change.price}")
            elif isinstance(error, Refused | CannotTranslate):
                wrong[change.sku] = told(error)
                prices[change.sku] = refused(change.price, wrong[change.sku])
            else:
                again.append(error)
                self._report.step(change.sku, "price", "waiting", str(error))
        end = replace(end, prices=prices)
        if again:
            return self._again(end, again[0])
        for sku, problem in wrong.items():
            self._report.step(sku, "price", "refused", problem)
        texts = [text if sku in text else f"SKU {sku}: {text}" for sku, text in wrong.items()]
        return replace(end, cause="price", problem="; ".join(texts)) if wrong else end

    async def _set(self, changes: Sequence[PriceChange]) -> list[tuple[PriceChange, CrossdockError | None]]:
        if not changes:
            return []
        outcomes = await self._channel.push_prices(changes, self._route) or ()
        fates = {outcome.key: outcome.error for outcome in outcomes}
        silent = Unclear("the channel did not say how the price fared")
        return [(change, fates.get(change.sku, silent)) for change in changes]

    def _again(self, end: ListingEnd, error: CrossdockError) -> ListingEnd:
        """What was begun stays begun: the next look finds out what became of it."""
        wait = min(_FIRST_WAIT * 2 ** min(end.listing.attempts, 10), _LONGEST_WAIT)
        if isinstance(error, TryLater) and error.after is not None:
            wait = timedelta(seconds=error.after)
        self._report.step(end.listing.key, "product", "waiting", str(error))
        return replace(end, retry_at=(self._clock.now() + wait).timestamp(), problem=str(error))

    def _ask(self, end: ListingEnd, cause: str, problem: str) -> ListingEnd:
        self._report.step(end.listing.key, "product", "refused", problem)
        return replace(end, cause=cause, problem=problem)


def _as_it_is(listing: Listing) -> ListingEnd:
    """Nothing was done."""
    return ListingEnd(
        listing,
        listing.listed_id,
        listing.done,
        listing.prices,
        listing.kind,
        listing.doubt_until,
        off_sale=listing.off_sale,
    )


def _there(seen: Seen) -> Product:
    if seen.listed is None:
        raise LookupError(f"product {seen.wanted.sku} has no listing")
    return seen.listed
