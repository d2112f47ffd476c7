"""Products of a shop: items, variations, prices, stock, categories, brands, images, kits."""
