"""Tables as GET_TABLE_DATA and replication show them."""
