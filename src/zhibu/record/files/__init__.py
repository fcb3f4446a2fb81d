"""What a file given to the platform may be: judged by its content, never by its name.

`inspect(content, kinds=…)` is asked before anything is kept or read by a library: spreadsheets of an import as well
as photographs of a meeting.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from zhibu.core.refusal import Refusal, Refused
from zhibu.core.wording import Text
from zhibu.record.files.archives import office_fault
from zhibu.record.files.fault import Fault
from zhibu.record.files.pictures import bare, jpeg_fault, png_fault
from zhibu.record.files.scaling import PHOTO_SIDE, lighter
from zhibu.record.files.words import decoded

MAX_BYTES = 20 * 1024 * 1024
"""Of one file; a scanned document of some thirty pages."""

MATERIAL = frozenset({"xlsx", "docx", "pdf", "png", "jpeg"})
PICTURES = frozenset({"png", "jpeg"})
SHEETS = frozenset({"xlsx"})
READING = MATERIAL | {"txt"}
"""What may stand in a library: plain text as well."""

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "png": "image/png",
    "jpeg": "image/jpeg",
}

_WITHOUT_MACROS = Text(
    zh="请在办公软件中打开原文件，另存为不带宏的 xlsx、docx 或 pdf 后重新上传；照片请用 png 或 jpg。",
    en="Open the original, save it as xlsx, docx or pdf without macros and upload it again; photographs as png or jpg.",
)
_ANOTHER_PICTURE = Text(
    zh="请换一张 png 或 jpg 照片；照片打不开的，先另存为 jpg 再传。",
    en="Choose a png or jpg picture; save one that does not open as jpg first.",
)
_REMEDIES = {
    "empty": Text(
        zh="请先打开看看文件里有没有内容，再重新选择。",
        en="Open the file to see whether there is anything in it, and choose again.",
    ),
    "too_large": Text(
        zh="请缩小照片，或者把文件分成几个，再上传。",
        en="Make the picture smaller, or divide the file, and upload again.",
    ),
}


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that was found to be what it must be."""

    kind: str
    media_type: str
    size: int
    sha256: str


def inspect(content: bytes, kinds: Collection[str] = MATERIAL, max_bytes: int = MAX_BYTES) -> Inspected:
    """Tell the kind of a file by its content, or raise Refused saying what is wrong and what to do.

    Refused are: an empty or too large file, a kind not among `kinds`, an archive that unpacks to more than it should
    or names files outside itself, macros, XML with a document type, a sheet that claims millions of cells, a picture
    of absurd size, a PDF with scripts. Nothing is unpacked to disk, and counting stops at the limit.
    """
    if not content:
        raise refused(Fault("empty", "文件是空的。", "The file is empty."))
    if len(content) > max_bytes:
        raise refused(
            Fault(
                "too_large",
                f"文件超过 {max_bytes // 1024 // 1024} MB。",
                f"The file is larger than {max_bytes // 1024 // 1024} MB.",
            )
        )
    kind, fault = _kind_of(content)
    if fault is None and kind not in kinds:
        names = "、".join(sorted(kinds))
        fault = Fault(
            "kind", f"只接受 {names} 文件。", f"Only {', '.join(sorted(kinds))} files are accepted."
        )
    if fault is not None:
        raise refused(fault, of_pictures=PICTURES.issuperset(kinds))
    return Inspected(kind, MEDIA_TYPES[kind], len(content), sha256(content).hexdigest())


def picture(content: bytes, max_bytes: int, longest: int = PHOTO_SIDE) -> bytes:
    """A photograph as it may be shown: found sound by `inspect`, bare of what the camera wrote into it, and no larger
    than it is looked at.
    """
    inspect(content, PICTURES, max_bytes)
    return lighter(bare(content), longest)


def refused(fault: Fault, *, of_pictures: bool = False) -> Refused:
    """The refusal of a file, with what to do instead; `of_pictures`: where nothing but a picture is asked for."""
    remedy = _REMEDIES.get(fault.code) or (_ANOTHER_PICTURE if of_pictures else _WITHOUT_MACROS)
    return Refused(Refusal(f"file.{fault.code}", Text(zh=fault.zh, en=fault.en), remedy=remedy))


def _kind_of(content: bytes) -> tuple[str, Fault | None]:
    if content.startswith(b"PK"):
        return office_fault(content)
    if content.startswith(b"%PDF-"):
        return "pdf", _pdf_fault(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png", png_fault(content)
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg", jpeg_fault(content)
    return ("", None) if decoded(content) is None else ("txt", None)


def _pdf_fault(content: bytes) -> Fault | None:
    if b"%%EOF" not in content[-2048:]:
        return Fault("broken", "PDF 文件不完整。", "The PDF file is not complete.")
    # what hides in a compressed stream is not seen: files are handed out as downloads, never shown by the platform
    if any(word in content for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile")):
        return Fault(
            "active", "PDF 文件含有脚本或嵌入文件。", "The PDF file holds scripts or embedded files."
        )
    return None
