"""The HTTP kit: one client a connection, with limits, retries, masked records and errors named by what happens next.

Its I/O is in the `over_*` modules; everything else gets transport, clock and randomness handed in.
"""

from crossdock.http.bearer import BearerToken
from crossdock.http.classify import classify_status, retry_after
from crossdock.http.client import ClientSettings, HttpClient, request_id_header
from crossdock.http.gate import Limits
from crossdock.http.giving_way import giving_way
from crossdock.http.message import Classify, Params, Request, Response, in_background, reading_at_most
from crossdock.http.rate import RateLimit
from crossdock.http.record import Exchange, Recorder, redact_body
from crossdock.http.retry import RetryPolicy
from crossdock.http.stats import HttpStats
from crossdock.http.transport import (
    Transport,
    TransportName,
    TransportSettings,
    load_transport,
    shared_tls,
    transport,
)
from crossdock.redaction import redact_json, redact_xml

__all__ = [
    "BearerToken",
    "Classify",
    "ClientSettings",
    "Exchange",
    "HttpClient",
    "HttpStats",
    "Limits",
    "Params",
    "RateLimit",
    "Recorder",
    "Request",
    "Response",
    "RetryPolicy",
    "Transport",
    "TransportName",
    "TransportSettings",
    "classify_status",
    "giving_way",
    "in_background",
    "load_transport",
    "reading_at_most",
    "redact_body",
    "redact_json",
    "redact_xml",
    "request_id_header",
    "retry_after",
    "shared_tls",
    "transport",
]
