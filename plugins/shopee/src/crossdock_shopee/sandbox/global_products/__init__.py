"""Global products: what a cross-border merchant keeps once and publishes to several shops."""
