"""How a name is typed on a keyboard: pinyin without tones, and the initials of its syllables.

A surname is often read otherwise than the same character elsewhere (单 shàn, 曾 zēng), and some surnames have two living
readings (覃 qín or tán). Every reading is kept, separated by a blank, so that either is found.
"""

from __future__ import annotations

import re
from functools import lru_cache

SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan",), "仇": ("qiu",), "曾": ("zeng",), "解": ("xie",), "查": ("zha",), "盖": ("ge", "gai"),
    "区": ("ou",), "任": ("ren",), "朴": ("piao",), "华": ("hua",), "宁": ("ning",), "燕": ("yan",),
    "缪": ("miao",), "翟": ("zhai", "di"), "覃": ("qin", "tan"), "尹": ("yin",), "乐": ("yue", "le"),
    "种": ("chong",), "重": ("chong",), "那": ("na",), "洗": ("xian",), "冼": ("xian",), "晁": ("chao",),
    "召": ("shao",), "折": ("she",), "秘": ("bi",), "繁": ("po",), "黑": ("he",), "牟": ("mu", "mou"),
    "尉": ("wei",), "隗": ("wei", "kui"), "洪": ("hong",), "员": ("yun",), "贠": ("yun",), "逄": ("pang",),
    "郇": ("xun", "huan"), "郗": ("xi", "chi"), "纪": ("ji",), "都": ("du",), "哈": ("ha",), "柏": ("bai",),
    "卜": ("bu",), "车": ("che",), "句": ("gou",), "勾": ("gou",), "葛": ("ge",), "过": ("guo",), "惠": ("hui",),
    "祭": ("zhai",), "教": ("jiao",), "阚": ("kan",), "令": ("ling",), "宓": ("mi",), "乜": ("nie",), "粘": ("nian",),
    "能": ("nai",), "莘": ("shen", "xin"), "谌": ("chen", "shen"), "盛": ("sheng",), "石": ("shi",), "殳": ("shu",),
    "佴": ("nai",), "瞿": ("qu",), "曲": ("qu",), "冉": ("ran",), "撒": ("sa",), "沈": ("shen",), "眭": ("sui",),
    "邰": ("tai",), "佟": ("tong",), "宛": ("wan",), "冯": ("feng",), "洼": ("wa",), "危": ("wei",), "韦": ("wei",),
    "邬": ("wu",), "郤": ("xi",), "鲜": ("xian",), "相": ("xiang",), "冠": ("guan",), "幸": ("xing",), "臧": ("zang",),
    "应": ("ying",), "於": ("yu",), "俞": ("yu",), "乘": ("sheng",), "占": ("zhan",), "仉": ("zhang",), "长": ("zhang",),
    "中": ("zhong",), "祝": ("zhu",), "卓": ("zhuo",), "訾": ("zi",), "宗": ("zong",), "藏": ("zang",), "尧": ("yao",),
    "万俟": ("moqi",), "尉迟": ("yuchi",), "长孙": ("zhangsun",), "令狐": ("linghu",), "鲜于": ("xianyu",),
    "澹台": ("tantai",), "宿": ("su",), "单于": ("chanyu",), "呼延": ("huyan",), "司徒": ("situ",), "欧阳": ("ouyang",),
    "上官": ("shangguan",), "诸葛": ("zhuge",), "夏侯": ("xiahou",), "皇甫": ("huangfu",), "慕容": ("murong",),
    "申屠": ("shentu",), "太叔": ("taishu",), "公孙": ("gongsun",), "轩辕": ("xuanyuan",), "闻人": ("wenren",),
    "端木": ("duanmu",), "百里": ("baili",), "东方": ("dongfang",), "南宫": ("nangong",), "司马": ("sima",),
    "司空": ("sikong",), "宇文": ("yuwen",), "濮阳": ("puyang",), "赫连": ("helian",), "独孤": ("dugu",),
}  # fmt: skip
_DOUBLE_INITIALS = {
    "moqi": "mq", "yuchi": "yc", "zhangsun": "zs", "linghu": "lh", "xianyu": "xy", "tantai": "tt", "chanyu": "cy",
    "huyan": "hy", "situ": "st", "ouyang": "oy", "shangguan": "sg", "zhuge": "zg", "xiahou": "xh", "huangfu": "hf",
    "murong": "mr", "shentu": "st", "taishu": "ts", "gongsun": "gs", "xuanyuan": "xy", "wenren": "wr",
    "duanmu": "dm", "baili": "bl", "dongfang": "df", "nangong": "ng", "sima": "sm", "sikong": "sk", "yuwen": "yw",
    "puyang": "py", "helian": "hl", "dugu": "dg",
}  # fmt: skip
_LATIN = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=8192)
def _syllables(text: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary is large and most commands need none

    return tuple(
        kept for each in lazy_pinyin(text) if (kept := _LATIN.sub("", each.lower().replace("ü", "v")))
    )


def person_pinyin(name: str) -> tuple[str, str]:
    """(pinyin, initials) of a person's name, every reading of the surname, separated by a blank."""
    surname = name[:2] if name[:2] in SURNAMES else name[:1]
    rest = _syllables(name[len(surname) :])
    readings = SURNAMES.get(surname)
    if readings is None:
        syllables = _syllables(name)
        return "".join(syllables), "".join(each[0] for each in syllables)
    tail, tail_initials = "".join(rest), "".join(each[0] for each in rest)
    pinyin = [reading + tail for reading in readings]
    initials = [_DOUBLE_INITIALS.get(reading, reading[0]) + tail_initials for reading in readings]
    return " ".join(dict.fromkeys(pinyin)), " ".join(dict.fromkeys(initials))


def organisation_pinyin(name: str) -> tuple[str, str]:
    """(pinyin, initials) of an organisation's name, cut to what its columns hold."""
    syllables = _syllables(name)
    return "".join(syllables)[:240], "".join(each[0] for each in syllables)[:60]
