"""Who did what, append-only: one entry for each act, chained for each organisation."""
