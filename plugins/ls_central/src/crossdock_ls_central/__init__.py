"""LS Central (retail on Business Central) as a crossdock system: a backend that sells what channels sold."""

from crossdock.contract import Plugin
from crossdock_ls_central.config import LsRouteOptions, LsSettings
from crossdock_ls_central.connection import LsConnection, connect
from crossdock_ls_central.limits import CANNOT

plugin = Plugin(
    name="ls_central", title="LS Central", settings=LsSettings, contract=">=1,<2", connect=connect,
    connection=LsConnection, route_options=LsRouteOptions, sandbox="crossdock_ls_central.sandbox:create",
    requests_per_second=18.0, refuses_duplicates=True, cannot=CANNOT,
    kit="crossdock_ls_central.conformance:kit",
)  # fmt: skip
