"""The API face: Business Central's API v2.0."""
