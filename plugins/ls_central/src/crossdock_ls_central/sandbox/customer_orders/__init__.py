"""Customer Orders: how they come in, are picked, posted, tracked and cancelled."""
