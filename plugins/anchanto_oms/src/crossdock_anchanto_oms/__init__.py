"""Anchanto OMS as a crossdock system: a backend behind marketplaces, or a channel in front of an ERP."""

from crossdock.contract import Plugin
from crossdock_anchanto_oms.config import CANNOT, AnchantoRoute, AnchantoSettings
from crossdock_anchanto_oms.connection import AnchantoConnection, connect

plugin = Plugin(
    name="anchanto_oms", title="Anchanto OMS", contract=">=1,<2", settings=AnchantoSettings,
    route_options=AnchantoRoute, connect=connect, connection=AnchantoConnection, cannot=CANNOT,
    sandbox="crossdock_anchanto_oms.sandbox:create", kit="crossdock_anchanto_oms.conformance:kit",
    requests_per_second=50.0, refuses_duplicates=True, one_each=("base_url", "store_code"),
)  # fmt: skip
