"""Between the records of the OMS and our nouns. Pure."""
