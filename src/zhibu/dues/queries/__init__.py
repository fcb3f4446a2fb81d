"""Reading the ledger: what is due, what came, what is owed, and where the money is."""
