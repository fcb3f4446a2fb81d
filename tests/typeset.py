"""A PDF with Chinese text, for tests of what reads one."""

from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

PAGE = '#set page(width: 60mm, height: 80mm)\n#set text(font: "Noto Serif SC", lang: "zh")\n'


def typeset(body: str) -> bytes:
    place = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.compile((PAGE + body).encode(), font_paths=[str(place)])
