"""Files handed over together: one archive with an index for people and a list of checksums for machines.

`SHA256SUMS` is what `sha256sum --check` reads; the same files give the same archive, byte for byte.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

SUMS = "SHA256SUMS"
INDEX = "目录.txt"
LONGEST = 80
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The moment written on every member: when it was packed says nothing about the papers."""


@dataclass(frozen=True, slots=True)
class Bundled:
    """One file: the folder it lies in, its name, what it is (for the index), its bytes."""

    folder: str
    name: str
    about: str
    content: bytes


def bundle(title: str, lines: Sequence[str], files: Iterable[Bundled]) -> bytes:
    """The archive (.zip) of the files with index and checksums. `lines` stand above the index."""
    buffer = io.BytesIO()
    told, sums = [title, *lines, ""], []
    used = {SUMS.casefold(), INDEX.casefold()}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, each in enumerate(files, 1):
            path = _free(each, used)
            digest = sha256(each.content).hexdigest()
            told.append(f"{number}. {path}　{each.about}　{len(each.content)} 字节")
            sums.append(f"{digest}  {path}")
            _add(archive, path, each.content)
        index = ("\n".join(told) + "\n").encode()
        sums.append(f"{sha256(index).hexdigest()}  {INDEX}")
        _add(archive, INDEX, index)
        _add(archive, SUMS, ("\n".join(sums) + "\n").encode())
    return buffer.getvalue()


def safe_name(name: str) -> str:
    """A name that every file system takes: no separators, no control characters, not too long, never empty."""
    clean = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" ._")
    stem, dot, ending = clean.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[:LONGEST]}.{ending}"
    return clean[:LONGEST] or "未命名"


def _free(each: Bundled, used: set[str]) -> str:
    """The path within the archive, told apart from others of the same name."""
    folder = safe_name(each.folder) + "/" if each.folder else ""
    name = safe_name(each.name)
    stem, dot, ending = name.rpartition(".")
    path, again = folder + name, 1
    while path.casefold() in used:
        again += 1
        path = f"{folder}{stem}（{again}）.{ending}" if dot else f"{folder}{name}（{again}）"
    used.add(path.casefold())
    return path


def _add(archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    member = zipfile.ZipInfo(path, _MOMENT)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    archive.writestr(member, content)
