"""Looking into xlsx and docx, which are archives of XML, without trusting anything they say of themselves."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from zhibu.record.files.fault import Fault, broken

MAX_ENTRIES = 200
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
SMALL = 1024 * 1024
"""Below this, an entry may be packed as tightly as it likes: empty sheets are."""

MAX_CELLS = 5_000_000
"""Rows times columns of one sheet: a reader makes room for all of them, however few are filled."""

PORTION = 256 * 1024
_END = b"PK\x05\x06"
_DIRECTORY_ENTRY_LIMIT = 512
_ENCODING = re.compile(rb"""^<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,9})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["'](\d{1,9})["']""")
_MAIN = {
    "xlsx": (b"spreadsheetml.sheet.main+xml", "xl/workbook.xml"),
    "docx": (b"wordprocessingml.document.main+xml", "word/document.xml"),
}
_FETCHED = re.compile(
    rb"""<Relationship\b[^>]*?(?:/(?:attachedTemplate|oleObject|frame|subDocument|aFChunk)["'][^>]*?TargetMode\s*=\s*["']External"""
    rb"""|TargetMode\s*=\s*["']External["'][^>]*?/(?:attachedTemplate|oleObject|frame|subDocument|aFChunk)["'])""",
    re.IGNORECASE,
)
"""Parts an office program would fetch from elsewhere when the file is opened: a template may bring macros."""

_UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    EOFError,
    OSError,
    KeyError,
    IndexError,
)


def office_fault(content: bytes) -> tuple[str, Fault | None]:
    """The kind of an office file and what is wrong with it; ("", None) for an archive of another kind."""
    if (fault := _directory_fault(content)) is not None:
        return "", fault
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _judged(archive, len(content))
    except _UNREADABLE:
        return "", broken()


def _directory_fault(content: bytes) -> Fault | None:
    """Judge the directory by its end record before a library reads all of it."""
    place = content.rfind(_END, max(0, len(content) - 65557))
    if place < 0 or len(content) < place + 22:
        return broken()
    _, _, _, entries, size = struct.unpack("<HHHHI", content[place + 4 : place + 16])
    if entries > MAX_ENTRIES or size > MAX_ENTRIES * _DIRECTORY_ENTRY_LIMIT:
        return Fault(
            "too_many_parts",
            f"文件内部超过 {MAX_ENTRIES} 个部分。",
            f"The file has more than {MAX_ENTRIES} parts.",
        )
    return None


def _judged(archive: zipfile.ZipFile, packed: int) -> tuple[str, Fault | None]:
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        return "", Fault(
            "too_many_parts",
            f"文件内部超过 {MAX_ENTRIES} 个部分。",
            f"The file has more than {MAX_ENTRIES} parts.",
        )
    names = [info.filename for info in infos]
    if (fault := _names_fault(infos)) is not None:
        return "", fault
    kind = ""
    unpacked = 0
    for info in infos:
        part = _read(archive, info, MAX_UNPACKED - unpacked)
        if part is None or _too_tight(len(part), info.compress_size):
            return "", _bomb()
        unpacked += len(part)
        if info.filename == "[Content_Types].xml":
            kind = _kind(part, names)
            if b"macroEnabled" in part:
                return kind, _macros()
        if (fault := _part_fault(info.filename, part)) is not None:
            return kind, fault
    if unpacked > max(packed, SMALL) * MAX_RATIO:
        return kind, _bomb()
    return kind, None


def _names_fault(infos: list[zipfile.ZipInfo]) -> Fault | None:
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name or "\x00" in info.orig_filename:
            return Fault("path", "文件内部含有越界的路径。", "The file names parts outside itself.")
        if "vbaproject" in name.lower() or "macrosheets/" in name.lower():
            return _macros()
        if info.flag_bits & 0x1:
            return Fault("locked", "文件设有密码。", "The file is locked by a password.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return broken()
    if len({info.filename for info in infos}) != len(infos):
        return broken()
    return None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes | None:
    """The unpacked part; None as soon as it is larger than `room`, whatever size it claims."""
    portions, total = [], 0
    with archive.open(info) as stream:
        while portion := stream.read(PORTION):
            total += len(portion)
            if total > room:
                return None
            portions.append(portion)
    return b"".join(portions)


def _too_tight(unpacked: int, packed: int) -> bool:
    return unpacked > SMALL and unpacked > max(packed, 1) * MAX_RATIO


def _kind(types: bytes, names: list[str]) -> str:
    for kind, (mark, main) in _MAIN.items():
        if mark in types and main in names:
            return kind
    return ""


def _part_fault(name: str, part: bytes) -> Fault | None:
    text = part.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00", b"\x4c\x6f\xa7\x94")) and name.endswith(
        (".xml", ".rels")
    ):
        return _encoding()
    if not text.startswith(b"<"):
        return broken() if name.endswith((".xml", ".rels")) and text else None
    declared = _ENCODING.match(text)
    if b"\x00" in text[:4] or (
        declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii")
    ):
        return _encoding()
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        return Fault(
            "doctype", "文件内部含有文档类型声明（DTD）。", "The file holds a document type declaration."
        )
    if name.endswith(".rels") and _FETCHED.search(text):
        return Fault(
            "remote",
            "文件打开时会从别处取模板或内容。",
            "The file fetches a template or parts from elsewhere.",
        )
    if b"<" in text and name.startswith("xl/worksheets/") and _cells(text) > MAX_CELLS:
        return Fault("too_many_cells", "工作表声称的范围过大。", "A sheet claims far too many cells.")
    return None


def _cells(sheet: bytes) -> int:
    """Rows times columns of the rectangle that the cells of a sheet span."""
    rows = columns = 0
    for row in _ROW.finditer(sheet):
        rows = max(rows, int(row[1]))
    for cell in _CELL.finditer(sheet):
        rows = max(rows, int(cell[2]))
        columns = max(columns, _column(cell[1]))
    return rows * columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _bomb() -> Fault:
    return Fault("bomb", "文件解压后过大。", "The file unpacks to far more than it should.")


def _macros() -> Fault:
    return Fault("macros", "文件含有宏。", "The file holds macros.")


def _encoding() -> Fault:
    return Fault("encoding", "文件内部编码不是 UTF-8。", "A part of the file is not written in UTF-8.")
