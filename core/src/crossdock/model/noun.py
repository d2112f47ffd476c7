"""What every noun has in common: immutable, closed, compared by value."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Noun(BaseModel):
    """One thing as one side showed it. Changed copies are made with `model_copy(update=...)`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __eq__(self, other: object) -> bool:
        """Kind and fields: nouns have no private and no extra ones, for which pydantic's comparison looks too."""
        return self.__class__ is other.__class__ and self.__dict__ == other.__dict__

    def as_json(self) -> bytes:
        """What is kept of it: everything that differs from the defaults, as UTF-8."""
        return self.__pydantic_serializer__.to_json(self, exclude_defaults=True)
