"""Rules about what a plugin says of itself."""

from __future__ import annotations

from crossdock.contract import Settings
from crossdock.documented import descriptions
from crossdock.testing.quality import Tier
from crossdock.testing.rehearsing import RehearsalScene
from crossdock.testing.rule import require, rule
from crossdock.testing.scene import Scene
from crossdock.testing.verbs import AT, UNMISSED

__all__ = ["documented_settings", "says_what_it_cannot"]


@rule(
    "documented-settings",
    Tier.BRONZE,
    "every setting of the connection, extension or route says what it is",
    ends=AT,
)
async def documented_settings(scene: Scene | RehearsalScene) -> None:
    """Settings are read by people who have never seen the system's API.

    They appear in `crossdock config schema`, in editors and in `crossdock plugins show`; one that only repeats its
    name is found out by trial.

    ## Example

        page_size: int = Field(100, description="Rows of the order list per call.")

    ## Exceptions

    None. A setting that names itself, such as `client_id`, still says where it is found. The string under a field
    counts as its description.
    """
    for kind in (scene.plugin.settings, scene.plugin.route_options):
        bare = _undescribed(kind) if kind else []
        require(not bare, f"nothing is said about {', '.join(bare)}")


def _undescribed(kind: type[Settings]) -> list[str]:
    described = descriptions(kind)
    return [f"{kind.__name__}.{name}" for name in kind.model_fields if not described.get(name)]


@rule("says-what-it-cannot", Tier.SILVER, "every verb of its end that it does not answer has a sentence in `cannot`")
async def says_what_it_cannot(scene: Scene) -> None:
    """What a system cannot do is refused at `crossdock check`, not at midnight, and the sentence says why.

    ## Example

        cannot={"delete_product": "Anchanto OMS does not delete products on a channel"}

    ## Exceptions

    Verbs that make no sense for the system may share one sentence, but each is named.
    """
    declared, said = scene.side_verbs(), scene.plugin.cannot
    both = sorted(declared & said.keys())
    require(not both, f"it answers {', '.join(both)} and says in `cannot` that it does not")
    silent = sorted(AT[scene.end] - UNMISSED - declared - said.keys())
    require(not silent, f"nothing is said about {', '.join(silent)}, which it does not answer")
