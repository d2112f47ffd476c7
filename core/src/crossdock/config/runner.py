"""What the file says about the service."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, IPvAnyAddress, SecretStr, field_validator, model_validator

from crossdock.config.tables import Table
from crossdock.flows.options import Duration


class RunnerTable(Table):
    """`[runner]`: how `crossdock run` goes about it."""

    host: str = "127.0.0.1"
    """The address to listen on. Anything but this machine's own needs a `token`."""
    port: int = Field(default=8470, ge=0, le=65_535)
    """The port to listen on; 0 takes a free one."""
    token: SecretStr | None = Field(default=None, min_length=16)
    """What `/health` and `/metrics` ask for, as `Authorization: Bearer ...`, beside tokens of the API; push messages
    carry signatures instead."""
    trusted_proxies: list[IPvAnyAddress] = Field(default_factory=list)
    """Addresses of our own proxies, whose `X-Forwarded-For` says who calls the API; others are not believed."""
    public_url: str = ""
    """Our address as marketplaces know it, such as `https://hooks.example.com`; needed behind a proxy, since push
    messages are signed with it."""
    dispatcher: str = "local"
    """Who wakes lanes: `local` in this process, or the name of an installed one."""
    lanes_at_once: int = Field(default=16, ge=1, le=1_000)
    """How many lanes run at the same time."""
    slice: Duration = timedelta(seconds=10)
    """After so much work a lane gives way to others and goes on later."""
    drain: Duration = timedelta(seconds=30)
    """How long lanes may go on when the service is told to stop; then they are cut off, which loses nothing."""
    probe_every: Duration = timedelta(minutes=2)
    """How often a connection that has to sign in is tried again."""
    lost_pushes_every: Duration = timedelta(minutes=5)
    """How often systems that keep push messages which did not arrive are asked for them."""
    reconcile_at: str = Field(default="02:30", pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")
    """Time of day (UTC) at which both sides of every route are compared with the ledger, and what neither push
    messages nor cursors brought is repaired; empty for never."""
    reconcile_days: int = Field(default=7, ge=1, le=90)
    """How many days of changes that comparison reads."""

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc):
            raise ValueError("must be an address such as https://hooks.example.com")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _closed_to_strangers(self) -> Self:
        if self.token is None and not is_loopback(self.host):
            raise ValueError(
                f"host {self.host} can be reached from elsewhere, so a token is needed: "
                'add token = "env:NAME", or listen on 127.0.0.1'
            )
        return self


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
