"""What Shopee does not let anybody do, in words for `crossdock check`. Pure."""

CANNOT = {
    "push_order": "buyers place orders in Shopee: use it as the channel of a route",
    "post_order": "an order is finished by its buyer",
    "update_order": "an order's status follows from its parcels",
    "push_tracking": "carriers issue tracking numbers; the seller's own is handed in when the shipment is arranged",
    "push_label": "Shopee prints labels and takes none",
    "push_return": "buyers ask for returns in Shopee",
}
