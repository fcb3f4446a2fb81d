"""The words of a file, for whoever looks for it later: Word, Excel and PDF files, and plain text.

Only what `inspect` let pass is read: no document type, no macros, unpacked within limits. Reading stops as soon as
there are words enough. A PDF is a program more than a text: a child reads it, with limits on pages, time and memory,
and what it wrote until it ended is what counts. Of pictures, also within a PDF, no words are taken.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

ENCODINGS = ("utf-8-sig", "gb18030")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PARTS = {"docx": "word/document.xml", "xlsx": "xl/sharedStrings.xml"}
_BREAKS = {f"{_WORD}p", f"{_WORD}br", f"{_WORD}tr", f"{_SHEET}si"}
_GAPS = {f"{_WORD}tab", f"{_WORD}tc"}
_SAID = {f"{_WORD}t", f"{_SHEET}t"}
PDF_PAGES = 300
PDF_SECONDS = 10
"""Of the processor; a page of Chinese text takes about a hundredth of one."""

PDF_MEMORY = 600 * 1024 * 1024
"""Of addresses, not of memory used."""

_PDF_CHILD = Path(__file__).with_name("pdf_child.py")
_WRAPPED = re.compile(r"(?<=[\u3001-\u9fff\uff00-\uffef])[ \t\r\n]+(?=[\u3001-\u9fff\uff00-\uffef])")
"""Blanks between Chinese characters: where a line ends, or where type was spread. No word ends there."""


def words_of(content: bytes, kind: str, most: int) -> str:
    """The words of an inspected file, at most so many characters; empty for kinds that are not read, or unreadable."""
    if kind == "txt":
        return (decoded(content) or "")[:most]
    if kind == "pdf":
        return _of_pdf(content, most)
    if kind not in _PARTS:
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_PARTS[kind]) as part:
            return _said(part, most)
    except (KeyError, zipfile.BadZipFile, ET.ParseError, OSError, ValueError):
        return ""


def decoded(content: bytes) -> str | None:
    """Plain text in one of the encodings in use; None for what is none."""
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(ord(mark) < 32 and mark not in "\t\r\n\f" for mark in text) else text
    return None


def _of_pdf(content: bytes, most: int) -> str:
    limits = (PDF_SECONDS, PDF_MEMORY, PDF_PAGES, most)
    command = [sys.executable, "-I", str(_PDF_CHILD), *map(str, limits)]
    try:
        written = subprocess.run(
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=PDF_SECONDS * 3,
        ).stdout
    except subprocess.TimeoutExpired as late:
        written = late.stdout or b""
    # the database of a server knows no character zero
    text = written[: most * 8].decode("utf-8", "ignore").replace("\x00", "")
    lines = _WRAPPED.sub("", text).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())[:most]


def _said(part: object, most: int) -> str:
    found: list[str] = []
    length = 0
    # a document type, which alone could make entities, was refused before the file was kept
    for _event, element in ET.iterparse(part):  # type: ignore[call-overload]  # noqa: S314
        piece = "\n" if element.tag in _BREAKS else "\t" if element.tag in _GAPS else ""
        if element.tag in _SAID:
            piece = element.text or ""
        found.append(piece)
        length += len(piece)
        element.clear()
        if length >= most:
            break
    lines = "".join(found).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())[:most]
