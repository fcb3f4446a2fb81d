"""What one may type to find a name: the name itself, its pinyin, its initials."""

from functools import lru_cache

# Surnames read otherwise than the same character elsewhere; the dictionary gives the common reading.
SURNAMES = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "区": "ou", "朴": "piao",
    "盖": "ge", "尉迟": "yuchi", "万俟": "moqi", "纪": "ji", "任": "ren", "华": "hua", "卜": "bu",
    "覃": "qin", "翟": "zhai", "缪": "miao", "晁": "chao", "乐": "yue", "召": "shao", "折": "she",
    "洗": "xian", "冼": "xian", "种": "chong", "员": "yun", "逄": "pang", "逯": "lu", "郗": "xi",
    "长孙": "zhangsun", "宓": "mi", "芮": "rui", "亓": "qi", "佴": "nai", "黑": "he", "秘": "bi",
}  # fmt: skip


@lru_cache(maxsize=65536)
def keys(name: str) -> str:
    """Space-separated keys of a name: 曾小明 gives "zengxiaoming zxm"."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionary is large and most pages need none

    surname = next((each for each in (name[:2], name[:1]) if each in SURNAMES), "")
    rest = [part.lower() for part in lazy_pinyin(name[len(surname) :], style=Style.NORMAL) if part.strip()]
    if not surname:
        return f"{''.join(rest)} {''.join(part[0] for part in rest)}"
    read = SURNAMES[surname]
    first = read[0] if len(surname) == 1 else {"尉迟": "yc", "万俟": "mq", "长孙": "zs"}[surname]
    return f"{read}{''.join(rest)} {first}{''.join(part[0] for part in rest)}"
