"""crossdock keeps marketplaces and back-office systems in step."""
