"""One program a peer, run inside that peer's own environment."""
