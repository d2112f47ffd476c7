"""Push messages: what is sent, how it is signed, retried, lost and found again."""
