"""Pictures as large as somebody looks at them, and no larger.

A telephone gives four thousand pixels and eight megabytes of what a page shows in six hundred. A child decodes the
picture, with limits on time and memory; what is small enough already is not decoded at all.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from zhibu.core.refusal import Refusal, Refused
from zhibu.core.wording import Text
from zhibu.record.files.pictures import sides

PHOTO_SIDE = 1600
"""The longer side of a photograph that a page shows, in pixels."""

PAPER_SIDE = 2560
"""Of a plan, or of a page with writing: A4 at some 220 dots an inch."""

HEAVY = 1536 * 1024
"""Bytes above which a picture is written anew even when its sides are short enough."""

SECONDS, MEMORY = 20, 768 * 1024 * 1024
"""Of the processor; of addresses."""

MOST_PIXELS = {"png": 50_000_000, "jpeg": 100_000_000}
"""That are decoded: of a JPEG only a part is, when it is far larger than asked."""

_CHILD = Path(__file__).with_name("picture_child.py")


def lighter(content: bytes, longest: int = PAPER_SIDE) -> bytes:
    """A picture that was found sound, its longer side at most so many pixels, upright. Raises Refused.

    One that is small enough comes back as it is; so does one that would only grow.
    """
    size = sides(content)
    if size is None or (max(size) <= longest and len(content) <= HEAVY):
        return content
    kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
    if size[0] * size[1] > MOST_PIXELS[kind]:
        raise _unreadable()
    command = [sys.executable, "-I", str(_CHILD), *map(str, (SECONDS, MEMORY, longest, HEAVY))]
    try:
        ran = subprocess.run(command, input=content, capture_output=True, check=False, timeout=SECONDS * 3)
    except subprocess.TimeoutExpired:
        raise _unreadable() from None
    if ran.returncode or not ran.stdout:
        raise _unreadable()
    smaller = max(size) > longest or len(ran.stdout) < len(content)
    return ran.stdout if smaller else content


def _unreadable() -> Refused:
    return Refused(
        Refusal(
            "file.unreadable_picture",
            Text(
                zh="图片打不开：文件不完整，或者像素太多。",
                en="The picture cannot be opened: it is not complete, or has far too many pixels.",
            ),
            remedy=Text(
                zh="请在手机或电脑上打开，另存或截图后重新上传。",
                en="Open it on a phone or computer, save it anew or take a screenshot, and upload that.",
            ),
        )
    )
