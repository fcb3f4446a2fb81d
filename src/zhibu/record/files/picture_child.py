"""Read a picture from standard input and write it smaller; run alone, by path, with limits on itself.

Imports nothing of ours. Exit 3: it cannot be read as a whole, or asks for more memory than it may have.
"""

import resource
import sys
from io import BytesIO

from PIL import Image, ImageOps

QUALITY = 85


def main() -> int:
    seconds, memory, longest, heavy = (int(each) for each in sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # how many pixels it may have was asked before, by its head
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(BytesIO(sys.stdin.buffer.read()), formats=("PNG", "JPEG", "MPO")) as found:
            kind = found.format
            # of a photograph a half, a quarter or an eighth is decoded where that is enough
            found.thumbnail((longest, longest), Image.Resampling.LANCZOS)
            whole = _on_white(ImageOps.exif_transpose(found))
    except (OSError, SyntaxError, ValueError, MemoryError, EOFError) as problem:
        sys.stderr.write(f"{problem}")
        return 3
    written = _as(whole, "PNG") if kind == "PNG" else b""
    if not written or len(written) > heavy:
        written = _as(whole, "JPEG")
    sys.stdout.buffer.write(written)
    return 0


def _on_white(found: Image.Image) -> Image.Image:
    if found.mode in {"I", "I;16", "I;16B", "F"}:
        # sixteen bits a pixel, as scanners write them
        return found.convert("I").point(lambda value: value / 256).convert("L")
    if found.mode in {"1", "L"}:
        return found.convert("L")
    if found.mode in {"LA", "PA", "RGBA"} or "transparency" in found.info:
        clear = found.convert("RGBA")
        sheet = Image.new("RGB", clear.size, "white")
        sheet.paste(clear, mask=clear)
        return sheet
    return found.convert("RGB")


def _as(whole: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    whole.save(out, kind, optimize=True, **({} if kind == "PNG" else {"quality": QUALITY}))
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
