"""How the demo's meetings were held: what their kind asks, shows of hands, remarks, and kinds no standard counts. Pure.

Nothing here throws dice: what a meeting says follows from its number, so that the years of the demo stay the same.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

Row = tuple[Any, ...]

DECISION_COLUMNS = (
    "session_id", "item", "rule", "rule_text", "expected_voters", "present_voters", "yes", "no", "abstain", "carried",
    "void", "told", "at", "by_name",
)  # fmt: skip
REMARK_COLUMNS = ("session_id", "item", "person_id", "speaker", "text", "by_name", "at", "version")

DETAILS: dict[str, tuple[dict[str, Any], ...]] = {
    "party_lesson": (
        {"outline": "一、责任从哪里来\n二、身边的榜样\n三、我们怎么做"},
        {"outline": "一、党章规定的义务和权利\n二、纪律就在日常", "audience": "入党积极分子列席听课"},
        {"outline": "一、劳模的一天\n二、把标准刻在岗位上"},
    ),
    "themed_day": (
        {"plan": "到现场分三组查隐患，查完当场讲评", "problem": "皮带机头撒煤", "problem_result": "加装挡板，撒煤基本消除"},
        {"plan": "重温誓词，谈入党初心"},
        {"plan": "师徒结对，签订培养协议"},
        {"plan": "征集降本金点子，当场评议", "problem": "材料消耗偏高", "problem_result": "采纳金点子两条，试行一个月"},
    ),
    "organisational_life_meeting": (
        {
            "theme": "转作风、促安全", "opinions": ["深入班组不够", "回复职工意见不够及时"],
            "problems": ["学习不系统", "抓落实有时虎头蛇尾"],
            "rectifications": ["每周下班组两次，书记负责，月底前见效", "职工意见五日内答复，各委员负责"],
            "rectified": ["上次清单三条已完成两条，一条继续"],
        },
    ),
    "committee_study": ({"subject": "党内法规和上级文件", "effect": "统一了对本季重点工作的认识"},),
    "group_study": ({"subject": "党的创新理论专题", "effect": "联系岗位谈了打算"},),
    "voluntary_work": ({"task": "清理巷道杂物", "hours": 3, "result": "清理巷道二百余米"},),
    "joint_activity": ({"partners": "机电队党支部", "content": "联合排查机电设备隐患，交流党建做法", "result": "排查隐患六处，当场整改四处"},),
    "heart_to_heart_meeting": ({"topics": ["倒班职工就餐", "新工人住宿"], "promised": ["协调延长食堂夜班供餐"]},),
}  # fmt: skip
SPOKEN = ("同意，建议把任务分到班组。", "我们组先试，月底报结果。", "赞成，安全这一条要盯紧。", "没有意见。")
ALSO = (
    ("voluntary_work", "党员义务劳动", 20),
    ("joint_activity", "支部共建活动", 34),
    ("heart_to_heart_meeting", "七一谈心会", 48),
)
"""Kinds that no standard counts: days before today."""


def details_of(kind: str, key: int, lecturer: str, tags: tuple[str, ...]) -> str:
    """What the kind and the matters of a meeting ask, as JSON."""
    found = dict(DETAILS[kind][key % len(DETAILS[kind])]) if kind in DETAILS else {}
    if kind == "party_lesson":
        found["lecturer"] = lecturer
    if "committee_report" in tags and kind == "general_meeting":
        found["committee_report.report"] = "本季度党建和生产任务完成情况，下季度安排"
        found["committee_report.opinions"] = ["夜班党员学习时间要保证"] if key % 3 == 0 else []
    if "mass_organisations" in tags and kind in {"committee_meeting", "general_meeting"}:
        found["mass_organisations.support"] = ["支持工会开展劳动竞赛"]
    return json.dumps({name: value for name, value in found.items() if value}, ensure_ascii=False)


def decision(
    key: int, item: str, voters: int, present: int, rule: tuple[str, str, str], known: int, by: str
) -> Row:
    """A show of hands on an item: all in favour, one abstaining now and then."""
    name, text, told = rule
    abstain = int(present > 3 and key % 5 == 0)
    yes = present - abstain
    carried = int(2 * yes > voters)
    void = int(2 * present < voters)
    return (
        key, item, name, text, voters, present, yes, 0, abstain, carried * (1 - void), void, told,
        datetime.fromtimestamp(known / 1000, UTC), by,
    )  # fmt: skip


def remark(key: int, item: str, person: int, name: str, known: int, by: str) -> Row:
    """What someone said on an item."""
    return (
        key, item, person, name, SPOKEN[key % len(SPOKEN)], by, datetime.fromtimestamp(known / 1000, UTC), 1,
    )  # fmt: skip
