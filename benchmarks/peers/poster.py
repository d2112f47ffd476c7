"""How every peer that leaves the sending to us sends: one `requests` session with kept connections and retries."""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from benchmarks.document import document


class Poster:
    """Makes the backend's document of an order."""

    def __init__(self, backend: str, in_flight: int) -> None:
        self._url = f"{backend}/documents"
        self._session = requests.Session()
        self._session.trust_env = False
        retry = Retry(5, backoff_factor=0.1, status_forcelist=(429, 500, 502, 503), allowed_methods=None)
        self._session.mount("http://", HTTPAdapter(pool_connections=1, pool_maxsize=in_flight, max_retries=retry))

    def post(self, order: dict[str, Any]) -> None:
        """Send one order; an answer of 400 or more raises."""
        self._session.post(self._url, json=document(order), timeout=30).raise_for_status()
