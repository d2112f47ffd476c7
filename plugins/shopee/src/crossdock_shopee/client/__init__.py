"""All I/O with Shopee: signed calls, and the procedures made of them. Nothing else in the plugin waits for anything."""
