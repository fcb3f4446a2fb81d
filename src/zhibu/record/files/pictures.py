"""Looking at the frame of a picture: its size, and whether it ends where it should."""

from __future__ import annotations

import struct

from zhibu.record.files.fault import Fault, broken

MAX_SIDE = 20_000
MAX_PIXELS = 100_000_000
_JPEG_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_JPEG_SCAN = 0xDA


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


def _size_fault(width: int, height: int) -> Fault | None:
    if not width or not height:
        return broken()
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        return Fault("picture_too_large", "图片尺寸过大。", "The picture has far too many pixels.")
    return None
