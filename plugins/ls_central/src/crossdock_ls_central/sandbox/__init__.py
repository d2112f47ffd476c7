"""A simulated LS Central: SOAP codeunits, OData actions, API v2.0, and the people who work in it.

    /{tenant}/oauth2/v2.0/token ----------------------------> sign_in
    /v2.0/{tenant}/{environment}/..  (online)       --+
    /BC/..                           (on premises)  --+-> places -> soap, odata, api --> company
    /_sandbox/..                     (operator)     ------------> people -------------> company

Written from the documentation of the wire, and sharing no code with the client that is pointed at it.
"""

from crossdock_ls_central.sandbox.server import LsCentralSandbox, create
from crossdock_ls_central.sandbox.settings import Switches

__all__ = ["LsCentralSandbox", "Switches", "create"]
