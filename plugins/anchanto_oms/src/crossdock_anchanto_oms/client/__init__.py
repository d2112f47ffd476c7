"""All I/O with the OMS. Each module is one subject; `gateway` carries every call."""
