"""What other platforms call the columns of their results."""

from __future__ import annotations

import unicodedata

from zhibu.record.sheets import Column
from zhibu.study.models import StudyKind

COLUMNS = (
    Column("name", "姓名", ("党员姓名", "学员姓名", "学员", "人员姓名", "参学人员"), required=True),
    Column("day", "日期", ("学习日期", "完成日期", "完成时间", "学习时间", "培训日期", "结业日期", "时间"), required=True),
    Column("title", "课程", ("课程名称", "学习内容", "培训班名称", "培训班", "专题", "内容", "名称"), required=True),
    Column("hours", "学时", ("学时数", "获得学时", "培训学时", "课时")),
    Column("minutes", "分钟", ("学习时长", "时长", "学习分钟", "学习时长分钟")),
    Column("branch", "党支部", ("所在党支部", "支部", "党组织", "单位", "所属党支部")),
    Column("kind", "类别", ("学习方式", "方式", "培训类别", "形式")),
    Column("platform", "平台", ("来源", "平台名称", "学习平台")),
)  # fmt: skip

_KINDS = {
    StudyKind.TRAINING: ("集中培训", "培训", "培训班", "脱产培训", "线下", "线下培训", "面授"),
    StudyKind.ONLINE: ("网络培训", "网络", "在线", "线上", "线上学习", "网络学习", "在线学习", "网课"),
    StudyKind.SELF_STUDY: ("自学", "个人自学"),
}
_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words}


def kind_of(text: str) -> StudyKind | None:
    """The kind a cell means; network training when it is empty, since platforms export that."""
    name = "".join(unicodedata.normalize("NFKC", text).split())
    return StudyKind.ONLINE if not name else _BY_WORD.get(name)


def known_kinds() -> str:
    """The kinds, for a remedy."""
    return "、".join(words[0] for words in _KINDS.values())
