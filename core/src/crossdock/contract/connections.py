"""Verbs of every connection, whatever flows it takes part in."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from crossdock.contract.answers import LostPushes, Probe, PushAnswer, PushMessage
from crossdock.contract.marks import one


@runtime_checkable
class Probes(Protocol):
    """Can try its credentials."""

    @one
    @abstractmethod
    async def probe(self) -> Probe | None:
        """Sign in and read something harmless; changes nothing.

        Called once by each ``crossdock check``, and every few minutes while the connection pauses for a sign-in; it may
        overlap with other verbs.

        Raises:
            TryLater: not reachable.
            SignInAgain: the credentials are refused.
            Refused: signed in, but not allowed, or the shop or company named does not exist.
        """
        ...


@runtime_checkable
class ReadsPushes(Protocol):
    """Takes push messages."""

    @one
    @abstractmethod
    def read_push(self, message: PushMessage) -> PushAnswer | None:
        """Verify `message` over its raw body in constant time, then say what to look at.

        Called once for every request to ``/push/{connection}``, before anything is answered; must not do I/O.
        Calls never overlap.

        Raises:
            Refused: the signature is wrong or too old: answered 401, nothing is read from the body.
        """
        ...


@runtime_checkable
class ReadsRelayedPushes(Protocol):
    """Shares one address for push messages with other connections of its plugin, such as the shops of one app."""

    @one
    @abstractmethod
    def read_relayed_push(self, body: bytes) -> PushAnswer | None:
        """Say what a message leads to here that another connection of this plugin verified or fetched.

        Called for each message that may be about somebody else than who received it; must not do I/O. Calls never
        overlap.

        Args:
            body: as it came in, or as `pull_lost_pushes` answered it.

        Returns:
            None when the message is not about this connection; that is remembered by its `account`.
        """
        ...


@runtime_checkable
class RecoversPushes(Protocol):
    """Can be asked for push messages that did not arrive."""

    @one
    @abstractmethod
    async def pull_lost_pushes(self) -> LostPushes | None:
        """Ask for the earliest messages that did not arrive and that nobody has confirmed yet.

        Called every few minutes by the service, and again at once while there are `more`; changes nothing. Each
        message is handed to `read_relayed_push` of every connection of this plugin that it may be about.

        Raises:
            TryLater: not reachable; asked again next time.
            SignInAgain: the credentials are refused.
        """
        ...

    @one
    @abstractmethod
    async def confirm_lost_pushes(self, up_to: str) -> None:
        """Confirm the messages up to here, whose nudges are committed by now; may be repeated.

        Called once after each `pull_lost_pushes` that found any, with its `up_to`. When it fails, the messages come
        again, which leads to nothing. Calls never overlap.
        """
        ...


@runtime_checkable
class SignsIn(Protocol):
    """Is authorised by a person in a browser."""

    @one
    @abstractmethod
    async def sign_in_link(self, redirect_url: str) -> str | None:
        """Return the address that the shop's owner opens; afterwards the browser comes to `redirect_url`.

        Called once each time a person asks to sign in; changes nothing, and may overlap with other verbs.
        """
        ...

    @one
    @abstractmethod
    async def sign_in(self, answer: Mapping[str, str]) -> Probe | None:
        """Exchange the query parameters with which the browser came back for tokens, and keep those.

        Called once per sign-in, never again with the same answer; other verbs may overlap and must find the new tokens.

        Raises:
            SignInAgain: the code is used, expired, or of another shop.
        """
        ...
