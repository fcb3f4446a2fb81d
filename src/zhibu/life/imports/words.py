"""The words of meeting ledgers: what columns and kinds of meeting are called."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from zhibu import rulebook
from zhibu.life import kinds
from zhibu.life.models import AgendaTag
from zhibu.record.sheets import Column
from zhibu.ui.language import in_chinese

COLUMNS = (
    Column("branch", "党支部", ("所在党支部", "支部", "支部名称", "党支部名称", "所属党支部", "党组织", "单位"), required=True),
    Column("held_on", "时间", ("日期", "会议时间", "活动时间", "召开时间", "会议日期", "活动日期", "开展时间"), required=True),
    Column("kind", "活动类别", ("类别", "会议类别", "会议类型", "活动类型", "类型", "会议名称", "活动形式"), required=True),
    Column("title", "主题", ("会议主题", "活动主题", "议题", "会议内容", "内容", "主要内容")),
    Column("place", "地点", ("会议地点", "活动地点", "召开地点")),
    Column("chair", "主持人", ("主持", "会议主持人", "主讲人")),
    Column("minute_taker", "记录人", ("记录", "会议记录人", "记录员")),
    Column("expected", "应到", ("应到人数", "应参加", "应参加人数", "应到会人数")),
    Column("present", "实到", ("实到人数", "实参加", "实际参加人数", "参加人数", "到会人数", "实到会人数")),
    Column("missing", "缺席人员及原因", ("缺席人员", "缺席", "请假人员", "缺席情况", "请假人员及原因", "未到人员及原因")),
    Column("resolution", "决议事项", ("决议", "会议决议", "形成决议", "议定事项", "决定事项")),
    Column("group", "党小组", ("小组", "党小组名称")),
    Column("tag", "议题类别", ("议题标签",)),
)  # fmt: skip

_SHORT = {
    "general_meeting": "general",
    "committee_meeting": "committee",
    "group_meeting": "group",
    "party_lesson": "lesson",
    "themed_day": "day",
    "organisational_life_meeting": "life",
    "group_study": "study",
    "member_appraisal": "appraisal",
}
"""Kinds as the report of an import names them, where not by their own name; reports are kept, so these stay."""

_NOISE = re.compile(r"[\s\"'“”《》.。、]+")


def _named(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text))


def short_of(kind: str) -> str:
    """A kind as the report of an import names it."""
    return _SHORT.get(kind, kind)


@lru_cache(maxsize=4)
def _by_word(digest: str) -> dict[str, str]:
    """What ledgers call the kinds of the rulebook with this digest."""
    found: dict[str, str] = {}
    for name, kind in kinds.known().items():
        for word in (kind.title.zh, kind.short.zh, *kind.names):
            found.setdefault(_named(word), name)
    return found


_TAGS = {_named(in_chinese(label)): value for value, label in AgendaTag.choices}


def kind_of(text: str) -> str | None:
    """The kind of meeting a ledger means; a number of the meeting in front or behind is no hindrance."""
    words = _by_word(rulebook.load().digest)
    name = _named(text)
    found = words.get(name)
    if found is None:
        bare = re.sub(
            r"^(召开|开展|第[一二三四五六七八九十\d]+次)+|(第?[一二三四五六七八九十\d]+次)$|\([^()]*\)$",
            "",
            name,
        )
        found = words.get(bare)
    return found


def tag_of(text: str) -> str | None:
    """The tag with this label; None when there is none. An empty cell is a general item."""
    name = _named(text)
    return AgendaTag.OTHER.value if not name else _TAGS.get(name)


def known_kinds() -> str:
    """The kinds in their proper names, for a remedy."""
    return "、".join(kind.title.zh for kind in kinds.known().values())
