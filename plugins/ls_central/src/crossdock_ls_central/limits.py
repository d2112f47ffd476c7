"""What LS Central does not allow, in a sentence each, for whoever asks for it in a config."""

__all__ = ["CANNOT"]

_BACKEND = "LS Central is a backend here: it tells {what}, and takes none from a channel"

CANNOT = {
    "update_order": "LS Central has a status machine of its own, which follows what is picked and posted there",
    "push_label": "LS Central has no place for labels on a customer order",
    "push_return": "LS Central's web services take no returns: they are made with the goods, at a store",
    "pull_returns": "LS Central's web services list no returns",
    "push_stock": _BACKEND.format(what="levels"),
    "push_product": _BACKEND.format(what="products"),
    "push_prices": _BACKEND.format(what="prices"),
    "delist_product": _BACKEND.format(what="products"),
    "delete_product": _BACKEND.format(what="products"),
}
"""Verb to why not."""
