"""What Shopee says, field by field as far as it is used. Pure.

Records are decoded by msgspec, which reads a JSON number into a Decimal from its text, so that no amount passes
through a float. What they leave out, send as null or send in two shapes has one shape here.
"""
