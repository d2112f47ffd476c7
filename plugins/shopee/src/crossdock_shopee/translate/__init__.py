"""From Shopee's words to ours. Pure: records in, nouns out; what cannot be said is `CannotTranslate` with its path."""
