"""What the pair of Shopee KRSC and Anchanto OMS cannot do is refused in the config, with the sentence of the plugin."""

from __future__ import annotations

import inspect
import re
from datetime import timedelta
from pathlib import Path

import pytest

import crossdock_anchanto_oms
from crossdock import discovery
from crossdock.cli.check import Checked, unlike_markets
from crossdock.cli.pull import backfill
from crossdock.config import load
from crossdock.config.problems import ConfigErrors
from crossdock.contract import Probe
from crossdock.flows.options import OrdersOptions

EXAMPLES = Path(__file__).parents[3] / "examples"
KRSC = (EXAMPLES / "shopee-krsc-anchanto" / "crossdock.toml").read_text()


def test_every_row_of_what_the_pair_does_has_a_test_that_carries_its_number() -> None:
    page = (Path(crossdock_anchanto_oms.__file__).parents[2] / "FEATURES.md").read_text()
    files = Path(__file__).parents[2].rglob("test_*.py")
    names = [name for file in files for name in re.findall(r"def (test_f\d\d\w*)", file.read_text())]
    rows = re.findall(r"^\| (F\d\d) \|", page, re.M)
    assert rows == [f"F{number:02}" for number in range(1, 38)]
    assert set(rows) == {number.upper() for name in names for number in re.findall(r"(?<=_)f\d\d(?=_)", name)}


def refusals(folder: Path, text: str) -> str:
    (folder / "crossdock.toml").write_text(text)
    with pytest.raises(ConfigErrors) as caught:
        load(folder / "crossdock.toml", discovery.find)
    return "\n".join(map(str, caught.value.errors))


def asked_for(option: str) -> str:
    return KRSC.replace("[routes.krsc.products]", f"[routes.krsc.products]\n{option}")


def test_f19_taking_products_off_sale_from_the_oms_is_refused(tmp_path: Path) -> None:
    said = refusals(tmp_path, asked_for('blocked = "delist"'))
    assert "routes.krsc.products.blocked: the backend 'oms' (Anchanto OMS) cannot delist product" in said
    assert "Anchanto OMS does not activate or deactivate products on a channel" in said


def test_f20_deleting_products_from_the_oms_is_refused(tmp_path: Path) -> None:
    said = refusals(tmp_path, asked_for("allow_delete = true"))
    assert "routes.krsc.products.allow_delete: the backend 'oms' (Anchanto OMS) cannot delete product" in said
    assert "Anchanto OMS does not delete products on a channel" in said


def test_f01_a_pair_that_cannot_work_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    turned = KRSC.replace('channel = "shop-sg"\nbackend = "oms"', 'channel = "oms"\nbackend = "shop-sg"')
    assert "the backend 'shop-sg' (Shopee) cannot push order" in refusals(tmp_path, turned)


@pytest.mark.parametrize(("system", "key"), [("shop-sg", "shop_id"), ("oms", "store_code")])
def test_the_same_shop_or_store_is_not_connected_twice(tmp_path: Path, system: str, key: str) -> None:
    table = KRSC.partition(f"[connections.{system}]")[2].partition("\n[")[0]
    said = refusals(tmp_path, f"{KRSC}\n[connections.again]{table}\n")
    assert f"connections.again.{key}: " in said
    assert f"is connected already, as '{system}' (" in said


def test_two_backends_may_not_both_keep_the_stock_of_one_shop(tmp_path: Path) -> None:
    both = (EXAMPLES / "shopee-both" / "crossdock.toml").read_text()
    said = refusals(tmp_path, f'{both}\n[routes.shop-central.stock]\nevery = "1m"\n')
    assert "the stock of 'shop-sg' is already set by route 'shop-oms' from 'oms'" in said


def test_two_backends_that_both_arrange_shipments_are_a_warning(tmp_path: Path) -> None:
    both = (EXAMPLES / "shopee-both" / "crossdock.toml").read_text()
    (tmp_path / "crossdock.toml").write_text(both.replace("process_order = false", "process_order = true"))
    (warning,) = load(tmp_path / "crossdock.toml", discovery.find).warnings
    assert "routes shop-oms and shop-central both arrange the shipments of shop-sg, whichever posts first" in warning


@pytest.mark.parametrize(("shop", "told"), [("MY", 1), ("SG", 0)])
def test_f06_a_shop_of_another_market_than_the_store_is_refused_by_check(tmp_path: Path, shop: str, told: int) -> None:
    (tmp_path / "crossdock.toml").write_text(KRSC)
    configuration = load(tmp_path / "crossdock.toml", discovery.find)
    markets = {"shop-sg": shop, "oms": "SG"}
    found = [
        Checked(config, Probe("answered", {"country": markets[config.name]}))
        for config in configuration.connections.values()
    ]
    errors = list(unlike_markets(configuration, found))
    assert len(errors) == told
    for error in errors:
        assert str(error) == "route krsc: shop-sg is in MY, but oms is set up for SG"
        assert error.hint == "join shop-sg with a connection for MY"


def test_f26_f27_new_orders_and_changes_are_asked_for_every_five_minutes_and_history_reaches_ninety_days(
    tmp_path: Path,
) -> None:
    (tmp_path / "crossdock.toml").write_text(KRSC)
    orders = load(tmp_path / "crossdock.toml", discovery.find).routes["krsc"].flows["orders"]
    assert isinstance(orders, OrdersOptions)
    assert orders.every == timedelta(minutes=5)
    assert inspect.signature(backfill).parameters["days"].default == 90
