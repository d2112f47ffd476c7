"""Acme Market as a crossdock channel: an invented marketplace with other habits than the three that crossdock ships."""

from crossdock.contract import Plugin

from crossdock_acme.abilities import CANNOT
from crossdock_acme.config import AcmeSettings
from crossdock_acme.connection import AcmeConnection, connect

plugin = Plugin(
    name="acme",
    title="Acme Market",
    contract=">=1,<2",
    settings=AcmeSettings,
    connect=connect,
    connection=AcmeConnection,
    sandbox="crossdock_acme.sandbox:create",
    kit="crossdock_acme.conformance:kit",
    requests_per_second=8,
    cannot=CANNOT,
)
