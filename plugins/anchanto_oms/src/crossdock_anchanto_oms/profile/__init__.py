"""The wire: which paths, names and words an installation uses. Nothing outside this package knows one of them."""

from crossdock_anchanto_oms.profile.codec import Codec, at, decoded
from crossdock_anchanto_oms.profile.shape import Profile, load

__all__ = ["Codec", "Profile", "at", "decoded", "load"]
