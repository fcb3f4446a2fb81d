"""The dues ledger, in fen."""
