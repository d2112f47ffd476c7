"""The conformance kit for plugin authors: rules by tier, a fault proxy, and what a stage is made of.

    crossdock plugins test NAME          runs every rule against an installed plugin
    pytest                               the same, a test a rule, by the plugin in `crossdock.pytest_plugin`

A plugin names its kit (``Plugin(kit="crossdock_acme.conformance:kit")``), and says in its ``quality.toml`` what it
claims. Nothing here is needed to run crossdock.
"""

from crossdock.testing.bodies import with_field
from crossdock.testing.browser import consent
from crossdock.testing.mailbox import mailbox
from crossdock.testing.quality import Exempt, Quality, Tier
from crossdock.testing.rehearsal import Example, Rehearsal
from crossdock.testing.sandbox_stage import SandboxStage, WorldClock, sandboxed
from crossdock.testing.stage import Act, Desk, Kit, NotStaged, Stage, StageOpener

__all__ = [
    "Act",
    "Desk",
    "Example",
    "Exempt",
    "Kit",
    "NotStaged",
    "Quality",
    "Rehearsal",
    "SandboxStage",
    "Stage",
    "StageOpener",
    "Tier",
    "WorldClock",
    "consent",
    "mailbox",
    "sandboxed",
    "with_field",
]
