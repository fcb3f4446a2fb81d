"""Putting words where they are found: within the act that writes the thing."""

from __future__ import annotations

from zhibu.search.models import Text
from zhibu.search.tokens import LONGEST_TEXT, of_text

LONGEST_TITLE = 300


def keep(text: Text | None, *, title: str, body: str) -> Text:
    """The words of a thing, new or instead of those before."""
    title, body = title[:LONGEST_TITLE], body[:LONGEST_TEXT]
    values = {"title": title, "body": body, "title_tokens": of_text(title), "body_tokens": of_text(body)}
    if text is None:
        return Text.objects.create(**values)
    for name, value in values.items():
        setattr(text, name, value)
    text.save()
    return text
