"""Full-text search that finds two-character Chinese words, on SQLite and on PostgreSQL, and only what one may see."""
