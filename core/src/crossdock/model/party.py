"""Who buys and where it goes. Personal data: never logged, never in an error, blanked after retention."""

from __future__ import annotations

from crossdock.model.noun import Noun

MASKED = "****"
"""What a system shows instead of personal data that it withholds."""


class Buyer(Noun):
    """Who bought. Any field may be empty or ``****`` where the system withholds it."""

    id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""


class Address(Noun):
    """Where a parcel goes. Any field may be empty or ``****`` where the system withholds it."""

    name: str = ""
    phone: str = ""
    line: str = ""
    """Street and everything finer, or the whole address where the system knows it only as one text."""
    line2: str = ""
    district: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    """ISO 3166 alpha-2."""

    @property
    def is_masked(self) -> bool:
        """True when at least one field is withheld."""
        return MASKED in (self.name, self.phone, self.line, self.postcode, self.city)
