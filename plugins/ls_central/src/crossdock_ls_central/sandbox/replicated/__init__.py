"""What LS Central keeps ready for others to copy: items, prices, stock, set-up, with a counter for each change."""
