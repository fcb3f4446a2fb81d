"""Integrity: who has promised, who answers for what, what checks found and what became of it. It has no table."""
