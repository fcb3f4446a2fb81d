"""PDF in the layout of GB/T 9704-2012, set by Typst; the same calls as `ui.document` makes Word of.

The template (gbt9704.typ) is fixed and reads every text as data: whatever a person typed stays text. Nothing is
fetched: no packages, no fonts of the system. The typefaces the standard names are used when an administrator has put
their files into ZHIBU_HOME/fonts; otherwise the open ones shipped with a package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
import typst
from django.conf import settings
from django.http import HttpResponse

from zhibu.ui.headlines import broken
from zhibu.ui.numbering import Numbering
from zhibu.ui.workbook import attachment

CONTENT_TYPE: Final = "application/pdf"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufffe\uffff]")


class Typeset:
    """A PDF under construction; every method returns it, so that calls can follow one another.

    `made`: the day it is made, which the archival profile wants inside.
    """

    def __init__(
        self, title: str = "", *, made: date, landscape: bool = False, numbered: bool = True
    ) -> None:
        self._made = made
        self._title, self._landscape, self._numbered = _clean(title), landscape, numbered
        self._numbers = Numbering()
        self._blocks: list[dict[str, Any]] = []
        if title:
            self.title(title)

    def named(self, name: str) -> Typeset:
        """What the file calls itself in its properties; nothing is printed of it."""
        self._title = _clean(name)
        return self

    def title(self, text: str) -> Typeset:
        """A title in size 2, centred, its lines broken where the tongue rests."""
        self._numbers = Numbering()
        return self._put("title", lines=[_clean(line) for line in broken(text)])

    def heading(self, level: int, text: str, *, numbered: bool = True) -> Typeset:
        """A heading of level 1 to 4, numbered 一、 （一） 1. （1） in its own typeface."""
        number = self._numbers.next(level)
        return self._put("heading", level=level, text=_clean((number if numbered else "") + text))

    def paragraph(self, text: str, *, indent: bool = True) -> Typeset:
        """Body text, first line set in by two characters; every line of `text` its own paragraph."""
        for line in text.splitlines() or [""]:
            if line.strip():
                self._put("paragraph", text=_clean(line.strip()), indent=indent)
            else:
                self._put("blank")
        return self

    def facts(self, pairs: Sequence[tuple[str, Any]]) -> Typeset:
        """Lines of label and value: 时间：2026年7月3日."""
        for label, value in pairs:
            self.paragraph(f"{label}：{value}")
        return self

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[float] | None = None
    ) -> Typeset:
        """A ruled table with a head repeated on every page; `widths` in millimetres."""
        numbers = sorted(
            {at for row in rows for at, value in enumerate(row) if isinstance(value, int | float)}
        )
        cells = [[_clean("" if value is None else str(value)) for value in row] for row in rows]
        return self._put(
            "table", head=[_clean(each) for each in head], rows=cells, numbers=numbers,
            widths=list(widths) if widths else [None] * len(head),
        )  # fmt: skip

    def signature(self, organisation: str, day: date | None = None) -> Typeset:
        """Who signs and when, at the right, the day four characters in from the margin."""
        told = f"{day.year}年{day.month}月{day.day}日" if day else ""
        return self._put("signature", organisation=_clean(organisation), day=told)

    def page_break(self) -> Typeset:
        """What follows begins a new page."""
        return self._put("break")

    def bytes(self) -> bytes:
        """The finished PDF, by the archival profile A-2b.

        A character that none of the fonts has (a picture typed on a phone, a very rare surname) is an empty box, which the
        profile forbids: such a paper is an ordinary PDF rather than none.
        """
        paper = {
            "made": [self._made.year, self._made.month, self._made.day],
            "title": self._title, "landscape": self._landscape, "numbered": self._numbered,
            "blocks": self._blocks,
        }  # fmt: skip
        told = {"paper": json.dumps(paper, ensure_ascii=False)}
        try:
            made = _press().compile(format="pdf", sys_inputs=told, pdf_standards="a-2b")
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            made = _press().compile(format="pdf", sys_inputs=told)
        if not isinstance(made, bytes):
            raise TypeError("a paper is one file")
        return made

    def _put(self, kind: str, **values: Any) -> Typeset:
        self._blocks.append({"kind": kind, **values})
        return self


def _press() -> typst.Compiler:
    """A compiler for one paper: it does not read the template a second time."""
    return typst.Compiler(
        _template(),
        root=str(resources.files(pylopdf_fonts_zh_cn)),
        font_paths=_fonts(),
        ignore_system_fonts=True,
    )


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


@lru_cache(maxsize=1)
def _template() -> bytes:
    return (Path(__file__).parent / "gbt9704.typ").read_bytes()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts of the package and those of the administrator; read once, they weigh 20 MB."""
    own = Path(settings.ZHIBU_HOME) / "fonts"
    places = [str(Path(pylopdf_fonts_zh_cn.__file__).parent), *([str(own)] if own.is_dir() else [])]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=places)


def pdf_response(name: str, content: bytes) -> HttpResponse:
    """A PDF to be saved; `name` without its ending."""
    return attachment(f"{name}.pdf", content, CONTENT_TYPE)
