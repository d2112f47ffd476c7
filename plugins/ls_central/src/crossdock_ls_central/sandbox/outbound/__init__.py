"""What LS Central sends by itself."""
