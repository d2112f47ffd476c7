"""Gift notes: an extension of crossdock."""

from crossdock.contract import Plugin

from crossdock_gift_notes.config import GiftNotesSettings
from crossdock_gift_notes.extension import GiftNotesExtension

plugin = Plugin(
    name="gift_notes",
    title="Gift notes",
    contract=">=1,<2",
    settings=GiftNotesSettings,
    extension=GiftNotesExtension,
    kit="crossdock_gift_notes.conformance:kit",
)
