from pydantic import Field, create_model

from crossdock.documented import Documented, descriptions


class Kept(Documented):
    """What is kept."""

    days: int = 3
    """How long,

    in days."""
    hours: int = Field(default=0, description="Declared in place.", alias="h")
    silent: int = 0


class Shared(Kept):
    """What is kept for others too."""

    silent: int = 1
    """Said later."""
    others: list[str] = Field(default_factory=list)
    """Who they are."""


def test_the_string_below_a_field_describes_it():
    assert descriptions(Kept) == {"days": "How long,\n\nin days.", "hours": "Declared in place."}


def test_a_model_tells_what_those_before_it_said():
    assert list(descriptions(Shared)) == ["days", "silent", "others", "hours"]


def test_a_schema_describes_every_property():
    properties = Shared.model_json_schema()["properties"]
    told = {key: of.get("description") for key, of in properties.items()}
    assert told == {
        "days": "How long,\n\nin days.",
        "h": "Declared in place.",
        "silent": "Said later.",
        "others": "Who they are.",
    }


def test_a_model_without_source_tells_what_is_known():
    made = create_model("Made", __base__=Kept, more=(int, 0))
    assert descriptions(made) == descriptions(Kept)
