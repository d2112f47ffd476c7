"""Between our nouns and LS Central's rows, both ways. Pure: no I/O, and time is an argument."""
