"""Looking at the frame of a picture: its size, and whether it ends where it should."""

from __future__ import annotations

import struct

from zhibu.record.files.fault import Fault, broken

MAX_SIDE = 20_000
MAX_PIXELS = 100_000_000
_JPEG_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_JPEG_SCAN = 0xDA
# tables, sizes, restarts and the density of a JPEG; chunks of a PNG that make the picture
_JPEG_PICTURE = frozenset({0xDB, 0xC4, 0xDD, 0xE0}) | _JPEG_SIZES
_PNG_PICTURE = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"sBIT", b"pHYs"}
)
_ORIENTATION, _MOST_TAGS = 0x0112, 200


def png_fault(content: bytes) -> Fault | None:
    """What is wrong with a PNG: chunks must follow each other from IHDR to IEND, and nothing may follow."""
    place, first = 8, True
    while place + 12 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind = content[place + 4 : place + 8]
        if first:
            if kind != b"IHDR" or length != 13 or len(content) < place + 16:
                return broken()
            width, height = struct.unpack(">II", content[place + 8 : place + 16])
            if (fault := _size_fault(width, height)) is not None:
                return fault
            first = False
        place += 12 + length
        if kind == b"IEND":
            return None if place == len(content) else broken()
    return broken()


def jpeg_fault(content: bytes) -> Fault | None:
    """What is wrong with a JPEG: segments must follow each other up to the image, with a size among them.

    Telephones append data of their own after the image; that is left alone.
    """
    place, sized = 2, False
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        if marker in _JPEG_SIZES and place + 9 <= len(content):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            if (fault := _size_fault(width, height)) is not None:
                return fault
            sized = True
        if marker == _JPEG_SCAN:
            return None if sized and b"\xff\xd9" in content[place:] else broken()
        if length < 2:
            return broken()
        place += 2 + length
    return broken()


def sides(content: bytes) -> tuple[int, int] | None:
    """Width and height of a picture that was found sound, as its head says them; None where there is no head."""
    if content.startswith(b"\x89PNG"):
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF and content[place + 1] != _JPEG_SCAN:
        if content[place + 1] == 0xFF:
            place += 1
            continue
        if content[place + 1] in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        place += 2 + length
    return None


def bare(content: bytes) -> bytes:
    """A picture that was found sound, without what a camera or a program wrote into it: place, owner, comments, history.

    Which side is up is kept, or portraits would lie on their side. What follows the end of the image is cut off.
    """
    return _bare_png(content) if content.startswith(b"\x89PNG") else _bare_jpeg(content)


def _bare_png(content: bytes) -> bytes:
    place, parts = 8, [content[:8]]
    while place + 12 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        if content[place + 4 : place + 8] in _PNG_PICTURE:
            parts.append(content[place : place + 12 + length])
        place += 12 + length
    return b"".join(parts)


def _bare_jpeg(content: bytes) -> bytes:
    place, parts, up = 2, [], b""
    while place + 4 <= len(content) and content[place + 1] != _JPEG_SCAN:
        if content[place + 1] == 0xFF:
            place += 1
            continue
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        segment = content[place : place + 2 + length]
        if segment[1] == 0xE1 and segment[4:10] == b"Exif\0\0":
            up = up or _upright(segment[10:])
        elif segment[1] in _JPEG_PICTURE or (segment[1] == 0xEE and segment[4:9] == b"Adobe"):
            parts.append(segment)
        place += 2 + length
    end = content.rfind(b"\xff\xd9", place) + 2
    return b"".join((content[:2], up, *parts, content[place:end]))


def _upright(tiff: bytes) -> bytes:
    """A segment that says nothing but which side is up; empty when the camera did not say, or not sensibly."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return b""
    (first,) = struct.unpack(order + "I", tiff[4:8])
    number = struct.unpack(order + "H", tiff[first : first + 2])[0] if first + 2 <= len(tiff) else 0
    for each in range(min(number, _MOST_TAGS)):
        entry = tiff[first + 2 + each * 12 : first + 14 + each * 12]
        if len(entry) == 12 and struct.unpack(order + "H", entry[:2])[0] == _ORIENTATION:
            side = struct.unpack(order + "H", entry[8:10])[0]
            told = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, side, 0, 0)
            return (
                b"\xff\xe1" + struct.pack(">H", 8 + len(told)) + b"Exif\0\0" + told if 1 < side <= 8 else b""
            )
    return b""


def _size_fault(width: int, height: int) -> Fault | None:
    if not width or not height:
        return broken()
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        return Fault("picture_too_large", "图片尺寸过大。", "The picture has far too many pixels.")
    return None
