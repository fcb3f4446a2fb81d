"""What an official paper is made of, whichever file comes out: Word (`ui.document`) or PDF (`ui.typeset`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol


class Sheet(Protocol):
    """The calls that both kinds of paper answer."""

    def title(self, text: str) -> Any:
        """A title; headings are numbered anew below it."""

    def heading(self, level: int, text: str, *, numbered: bool = True) -> Any:
        """A heading of level 1 to 4."""

    def paragraph(self, text: str, *, indent: bool = True) -> Any:
        """Body text, a paragraph to a line."""

    def facts(self, pairs: Sequence[tuple[str, Any]]) -> Any:
        """Lines of label and value."""

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[float] | None = None
    ) -> Any:
        """A ruled table."""

    def signature(self, organisation: str, day: date | None = None) -> Any:
        """Who signs, and when."""

    def page_break(self) -> Any:
        """A new page."""

    def bytes(self) -> bytes:
        """The finished file."""
