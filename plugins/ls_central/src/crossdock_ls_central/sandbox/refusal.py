"""The three ways in which Business Central says no."""

from __future__ import annotations


class BusinessRefusal(Exception):
    """A function answers with a response code other than 0000 (HTTP 200)."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class RuntimeFault(Exception):
    """AL code stops with an error: a SOAP Fault, or an OData error of HTTP 400."""

    def __init__(self, text: str, kind: str = "Microsoft.Dynamics.Nav.Types.Exceptions.NavNCLDialogException") -> None:
        super().__init__(text)
        self.text = text
        self.kind = kind


class HttpRefusal(Exception):
    """OData and API requests that end with an HTTP status and an error body."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


BROKER = "Microsoft.Dynamics.Nav.Service.WebServices.ServiceBrokerException"
DUPLICATE_KEY = "Microsoft.Dynamics.Nav.Types.Exceptions.NavCSideDuplicateKeyException"
CONVERSION = "System.FormatException"
