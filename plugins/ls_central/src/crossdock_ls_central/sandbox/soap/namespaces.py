"""Namespace maps whose prefix is empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast


def default_namespace(uri: str, **prefixes: str) -> Mapping[str, str]:
    """A namespace map that makes `uri` the default, beside `prefixes`; lxml's stubs know no empty prefix."""
    return cast(Mapping[str, str], {None: uri, **prefixes})
