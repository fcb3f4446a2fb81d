"""What is found: the words of one thing, as they were written and as they are looked up."""

from __future__ import annotations

from django.db import models


class Text(models.Model):
    """The title and the words of one thing. Whoever owns the thing points here, and decides who sees it.

    The columns of tokens are what the index of the database is made of (migration 0002): FTS5 on SQLite, kept by
    triggers; a generated tsvector on PostgreSQL.
    """

    title = models.CharField(max_length=300)
    body = models.TextField(blank=True, default="")
    title_tokens = models.TextField(blank=True, default="")
    body_tokens = models.TextField(blank=True, default="")

    class Meta:
        db_table = "zb_text"
