"""What OmniWrapper offers, by its own description. Pure.

Only two things are taken from it: whether an operation is there, and the namespace of a parameter, which is the number
of an xmlport and differs between versions of LS Central.
"""

from __future__ import annotations

from dataclasses import replace

from crossdock_ls_central.wire.fields import CREATE, Port
from crossdock_ls_central.wire.markup import Unparsable, parsed

__all__ = ["create_ports"]

_ELEMENT = "{http://www.w3.org/2001/XMLSchema}element"


def create_ports(description: bytes) -> dict[str, Port]:
    """The versions of CustomerOrderCreate that the service offers, with their xmlport's namespace.

    Raises:
        Unparsable: it is no WSDL.
    """
    root = parsed(description, "the WSDL")
    if not root.tag.endswith("}definitions"):
        raise Unparsable("what was answered is no WSDL")
    offered = {port.parameter: version for version, port in CREATE.items()}
    found: dict[str, Port] = {}
    for element in root.iter(_ELEMENT):
        version = offered.get(element.get("name", ""))
        if version:
            prefix = element.get("type", "").partition(":")[0]
            namespace = element.nsmap.get(prefix) or CREATE[version].namespace
            found[version] = replace(CREATE[version], namespace=namespace)
    return found
