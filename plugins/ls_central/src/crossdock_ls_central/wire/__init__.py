"""What goes over the wire: SOAP envelopes, table requests and replication answers, built and parsed. Pure.

Field names, their order and their namespaces are data (`fields`); nothing here knows what an order is.
"""
