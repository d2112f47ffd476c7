"""What a connection says about Acme Market: everything under ``[connections.NAME]``. Pure."""

from __future__ import annotations

from crossdock.contract import Settings
from pydantic import Field, SecretStr, field_validator


class AcmeSettings(Settings):
    """One seller."""

    base_url: str
    """Address of the API, such as ``https://api.acme.example``."""
    client_id: str
    """Of the app, from Acme's developer pages."""
    client_secret: SecretStr
    """Of the app; signs nothing, is sent for tokens only."""
    refresh_token: SecretStr | None = None
    """Where another program has signed in before; else use ``crossdock auth link``."""
    webhook_secret: SecretStr | None = None
    """By which push messages are signed; without it none are taken."""
    webhook_tolerance_seconds: int = Field(default=300, ge=1)
    """How old a push message may be."""
    page_size: int = Field(default=50, ge=2, le=100)
    """Orders per call; two at least, because pages overlap by one."""

    @field_validator("base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError(f"base_url {value!r} is no address; it starts with https://")
        return value.rstrip("/")
