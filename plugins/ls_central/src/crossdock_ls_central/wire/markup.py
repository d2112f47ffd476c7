"""XML from outside: read without entities, document types or the network. Pure."""

from __future__ import annotations

from lxml import etree

__all__ = ["Unparsable", "parsed"]


class Unparsable(Exception):
    """What came back cannot be read to its end as what it should be."""


def parsed(document: bytes, name: str) -> etree._Element:
    """The root of an XML document; comments and processing instructions are left out.

    A document type is refused, as SOAP 1.1 says (section 3): it is where entities come from, and nothing sends one.
    Documents may be as long as the transport lets them be. One parser a document: parsers are not thread-safe.

    Args:
        document: as it came.
        name: what it is, for the error.

    Raises:
        Unparsable: it is cut off, no XML, or has a document type.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise Unparsable(f"{name} is not well-formed: {error.msg}"[:200]) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unparsable(f"{name} has a document type, which is not read")
    return root
