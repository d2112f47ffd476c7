"""Who we are there: the account, its store, and whether both are what the settings say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crossdock.contract import Probe
from crossdock.errors import Refused
from crossdock_anchanto_oms.client.gateway import Gateway
from crossdock_anchanto_oms.config import AnchantoSettings
from crossdock_anchanto_oms.order_records import Account, Store, Warehouse

__all__ = ["probe", "store_of"]


async def store_of(gateway: Gateway, *, verb: str) -> Store:
    """The connection's store."""
    return await gateway.record(Store, "store", verb=verb)


async def probe(gateway: Gateway) -> Probe:
    """Sign in, and compare account, store and warehouses with the settings.

    Raises:
        Refused: the store is another one than the settings describe, or its shop is connected twice.
    """
    settings = gateway.settings
    account = await gateway.record(Account, "account", verb="probe")
    store = await store_of(gateway, verb="probe")
    stores = await gateway.all(Store, "stores", verb="probe")
    warehouses = await gateway.all(Warehouse, "warehouses", verb="probe")
    _compare(settings, store)
    _only_one(store, stores)
    _check_warehouses(settings, account, store, warehouses)
    able = store.capabilities
    return Probe(
        f"store {store.name} ({store.store_code}) of {account.seller_code}, {store.country}, {store.currency}",
        facts={
            "country": store.country,
            "channel": f"{store.channel} {store.channel_shop_id}".strip(),
            "warehouses": ", ".join(store.warehouse_codes),
            "works with": "OMS and WMS" if account.wms else "OMS only: people set Ready to Ship",
            "history": f"{able.order_history_days} days",
            "speed": f"{able.skus_per_15_minutes} SKUs in 15 minutes",
            "wire": f"{gateway.profile.name} {gateway.profile.version}",
        },
        warnings=list(_warnings(settings, store)),
    )


def _compare(settings: AnchantoSettings, store: Store) -> None:
    expected = {
        "country": (settings.country, store.country),
        "currency": (settings.currency, store.currency),
        "store_name": (settings.store_name or store.name, store.name),
        "channel_shop_id": (settings.channel_shop_id or store.channel_shop_id, store.channel_shop_id),
    }
    for key, (ours, theirs) in expected.items():
        if ours != theirs:
            raise Refused(
                f"Store {store.store_code} has {key} {theirs!r}, and the settings say {ours!r}.",
                code=f"store_{key}",
                hint=f"correct {key}, or name another store_code",
            )


def _only_one(store: Store, stores: Sequence[Store]) -> None:
    same = [one.store_code for one in stores if store.channel_shop_id and one.channel_shop_id == store.channel_shop_id]
    if len(same) > 1:
        raise Refused(
            f"Shop {store.channel_shop_id} is connected more than once in the OMS: {', '.join(sorted(same))}.",
            code="shop_connected_twice",
            hint="disconnect all but one, or every order comes in twice",
        )


def _check_warehouses(
    settings: AnchantoSettings, account: Account, store: Store, warehouses: Sequence[Warehouse]
) -> None:
    known = {warehouse.warehouse_code for warehouse in warehouses if warehouse.active}
    if account.multi_warehouse and not settings.warehouses:
        raise Refused(
            f"The account has several warehouses ({', '.join(sorted(known))}), and the settings name none.",
            code="warehouse_missing",
            hint=f"set warehouses; the store ships from {', '.join(store.warehouse_codes)}",
        )
    for code in settings.warehouses:
        if code not in known or code not in store.warehouse_codes:
            raise Refused(
                f"Warehouse {code!r} is not one from which store {store.store_code} ships.",
                code="unknown_warehouse",
                hint=f"allowed are {', '.join(store.warehouse_codes)}",
            )


def _warnings(settings: AnchantoSettings, store: Store) -> Iterator[str]:
    if settings.event_secret is None:
        yield "no event_secret is set, so push messages of the OMS are refused; it is asked on schedule"
    if not store.default_carrier:
        yield "the store has no default carrier: an order with a carrier that the OMS does not know gets a problem"
