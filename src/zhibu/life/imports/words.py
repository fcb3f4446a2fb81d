"""The words of meeting ledgers: what columns and kinds of meeting are called."""

from __future__ import annotations

import re
import unicodedata

from zhibu.life.models import AgendaTag, SessionKind
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

_KINDS: dict[SessionKind, tuple[str, ...]] = {
    SessionKind.GENERAL_MEETING: ("党员大会", "支部大会", "支部党员大会会议", "全体党员大会", "党员大会会议"),
    SessionKind.COMMITTEE_MEETING: ("支委会", "支部委员会", "支委会会议", "支部委员会会议", "支委会议", "支委扩大会", "支委会(扩大)"),
    SessionKind.GROUP_MEETING: ("小组会", "党小组会", "党小组会议", "小组会议", "党小组活动"),
    SessionKind.PARTY_LESSON: ("党课", "上党课", "党课学习", "专题党课", "党课教育"),
    SessionKind.THEMED_DAY: ("主题党日", "主题党日活动", "党日活动", "党日", "党员活动日", "固定党日", "支部主题党日"),
    SessionKind.LIFE_MEETING: ("组织生活会", "专题组织生活会", "支部组织生活会", "支委会组织生活会"),
    SessionKind.COMMITTEE_STUDY: ("支委集中学习", "支委学习", "支委会学习", "班子集中学习", "支委理论学习"),
    SessionKind.GROUP_STUDY: ("党员集中学习", "集中学习", "党员学习", "理论学习", "支部学习"),
    SessionKind.MEMBER_APPRAISAL: ("民主评议", "民主评议党员", "党员民主评议", "评议党员"),
}  # fmt: skip

SHORT = {
    SessionKind.GENERAL_MEETING: "general",
    SessionKind.COMMITTEE_MEETING: "committee",
    SessionKind.GROUP_MEETING: "group",
    SessionKind.PARTY_LESSON: "lesson",
    SessionKind.THEMED_DAY: "day",
    SessionKind.LIFE_MEETING: "life",
    SessionKind.COMMITTEE_STUDY: "committee_study",
    SessionKind.GROUP_STUDY: "study",
    SessionKind.MEMBER_APPRAISAL: "appraisal",
}
"""Kinds as the report of an import names them."""

_NOISE = re.compile(r"[\s\"'“”《》.。、]+")
_BY_WORD: dict[str, SessionKind] = {}


def _named(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text))


for _kind, _words in _KINDS.items():
    for _word in (in_chinese(_kind.label), *_words):
        _BY_WORD[_named(_word)] = _kind

_TAGS = {_named(in_chinese(label)): value for value, label in AgendaTag.choices}


def kind_of(text: str) -> SessionKind | None:
    """The kind of meeting a ledger means; a number of the meeting in front or behind is no hindrance."""
    name = _named(text)
    found = _BY_WORD.get(name)
    if found is None:
        bare = re.sub(
            r"^(召开|开展|第[一二三四五六七八九十\d]+次)+|(第?[一二三四五六七八九十\d]+次)$|\([^()]*\)$",
            "",
            name,
        )
        found = _BY_WORD.get(bare)
    return found


def tag_of(text: str) -> str | None:
    """The tag with this label; None when there is none. An empty cell is a general item."""
    name = _named(text)
    return AgendaTag.OTHER.value if not name else _TAGS.get(name)


def known_kinds() -> str:
    """The kinds in their proper names, for a remedy."""
    return "、".join(in_chinese(kind.label) for kind in SessionKind)
