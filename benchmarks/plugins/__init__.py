"""Two small systems, as a third party would write them: what the engine costs with them is what it costs by itself."""
