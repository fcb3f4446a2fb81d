"""Pages of accounts: one's own, those of others, and the record."""
