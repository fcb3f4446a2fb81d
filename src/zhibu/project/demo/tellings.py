"""What is entered in the cases of the demo: for each procedure, how its case is opened and what its steps say.

A value is what is entered, or a function of the `Scene`: the day of the step, the people and numbers of the branch.
What a file asks and is not told here gets a plain value of its kind, so a procedure added by an overlay walks too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Value = Any
Given = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a value may depend on."""

    day: date
    opened: date
    count: int = 0
    """How often the step was taken before."""
    full: int = 20
    members: int = 22
    seats: int = 5
    other: int = 0
    """Another branch of the register."""
    made: int = 0
    """A branch the case itself opened."""
    term_end: date | None = None
    done: Mapping[str, date] = field(default_factory=dict)
    """The days of the steps taken."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How a procedure goes in the demo. `times`: how often a step that is repeated is taken; `takes`: optional ones;
    `planned`: the day before which a step is not taken, though it might be; `people`: how many are named;
    `together`: on the day of the step before.
    """

    titles: tuple[str, ...] = ()
    fields: Given = field(default_factory=dict)
    steps: Mapping[str, Given] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, int] = field(default_factory=dict)
    takes: tuple[str, ...] = ()
    planned: Given = field(default_factory=dict)
    people: Given = field(default_factory=dict)
    together: tuple[str, ...] = ()


def after(days: int) -> Callable[[Scene], date]:
    """So many days after the day of the step."""
    return lambda scene: scene.day + timedelta(days=days)


def into(days: int) -> Callable[[Scene], date]:
    """So many days after the opening."""
    return lambda scene: scene.opened + timedelta(days=days)


def since(step: str, days: int) -> Callable[[Scene], date]:
    """So many days after a step was done."""
    return lambda scene: scene.done.get(step, scene.day) + timedelta(days=days)


def year(scene: Scene) -> int:
    """The year of the opening."""
    return scene.opened.year


def turn(*values: Value) -> Callable[[Scene], Value]:
    """The first value the first time, the second the second time, the last from then on."""
    return lambda scene: values[min(scene.count, len(values) - 1)]


SECRETARY_SAYS = "按月召开支委会，三会一课按计划落实；流动党员参加学习不够经常。"
BUDGET = (("materials", 60_000, "按上年材料价格"), ("activities", 90_000, "三次现场活动"))
# fmt: off
TELLINGS: Mapping[str, Telling] = {
    "admission": Telling(
        steps={
            "prospect_proposed": {"opinions_heard": True},
            "prospect_publicised": {"at_unit": True},
            "trained": {"days": 3, "hours": 24},
            "examined": {"opinion": "学习认真，工作积极，联系群众，按时汇报思想"},
            "probation_examined": {"opinion": "认真履行党员义务，工作骨干作用明显"},
            "admitted_by_meeting": {"performance": "思想要求进步，遵章守纪，岗位业绩突出，群众反映好"},
            "conversion_reviewed": {"opinions_heard": True},
        },
        times={"examined": 2, "probation_examined": 1},
        planned={
            "activist_selected": since("talk", 60), "examined": lambda s: s.done["mentors_named"] + timedelta(days=182 * (s.count + 1)),
            "trained": since("politically_reviewed", 20), "probation_examined": since("admitted_by_meeting", 182),
            "conversion_applied": since("admitted_by_meeting", 345),
        },
    ),
    "by_election": Telling(
        fields={"vacant": "member", "seats": 1, "vacant_since": into(-20)},
        steps={"members_elected": {}, "members_named": {}},
    ),
    "change": Telling(fields={"change": "rename", "name": turn("综掘一队党支部", "智能综采队党支部")}, steps={
        "members_placed": {"before": lambda s: s.members, "placed": lambda s: s.members},
    }),
    "commendation": Telling(
        titles=("优秀共产党员推荐", "优秀党务工作者推荐"), fields={"year": year, "kind": "member"},
        steps={"reviewed": {"opinion": "事迹属实，纪检、综治部门无不同意见"}},
    ),
    "committee_decision": Telling(
        titles=("党员活动室修缮和党建经费使用", "困难职工走访慰问安排", "青年党员结对带徒方案"),
        fields={"matter": "修缮活动室、更换桌椅，从党建活动经费列支"},
        steps={"assigned": {"due_on": after(30)}, "settled": {"told": "已完成，费用与预算一致，已向党员大会报告"}},
    ),
    "decision_4plus2": Telling(
        titles=("班组更衣室改造", "职工食堂夜班供餐", "年度评先评优办法", "班车线路调整"),
        fields={"matter": "涉及全体职工切身利益，拟按“四议两公开”程序决策"},
        steps={
            "opinions_sought": {"heard": 46},
            "implemented": {"finished_on": lambda s: s.day, "outcome_told": "已按决议实施，职工代表参与验收"},
        },
    ),
    "dissolution": Telling(
        fields={"ground": "project_over"}, steps={"members_placed": {"left": 0}},
    ),
    "founding": Telling(
        fields={"name": turn("选煤厂二车间党支部", "机修厂三车间党支部"), "kind": "branch", "full_members": 9, "members": 10},
        steps={"elected": {"committee": True, "seats": 3}},
    ),
    "groups": Telling(
        fields={"because": "scattered"},
        steps={
            "decided": {"groups": 2},
            "group_formed": {
                "name": turn("早班党小组", "夜班党小组"), "members": lambda s: s.members // 2 + (s.members % 2) * s.count,
                "full_members": lambda s: max(1, s.full // 2), "chosen": "proposed",
            },
            "members_assigned": {"members": lambda s: s.members},
        },
        times={"group_formed": 2},
    ),
    "innovation_call": Telling(
        titles=("党支部创新立项",), fields={"title": lambda s: f"{s.opened.year} 年度党支部创新立项"},
        steps={
            "planned": {
                "budget": 3_000_000, "proposals_from": into(14), "proposals_until": into(73),
                "midterm_on": into(168), "final_on": into(328),
            },
            "selected": {"granted": 1_350_000, "projects": 9},
            "final_held": {"accepted": 8},
        },
        planned={"selected": into(90), "midterm_held": into(168), "final_held": into(328)},
    ),
    "innovation_project": Telling(
        titles=("党员身边无隐患", "“夜校微课堂”进班组", "党员技能工作室传帮带", "井口安全宣讲队", "一线党员心桥"),
        fields={
            "title": "党员责任区与安全生产融合", "proposals_from": into(-14), "proposals_until": into(45),
            "midterm_on": into(140), "final_on": into(300),
        },
        steps={
            "budgeted": {
                "line": turn(*(each[0] for each in BUDGET)), "amount": turn(*(each[1] for each in BUDGET)),
                "basis": turn(*(each[2] for each in BUDGET)),
            },
            "proposed": {"asked": 150_000, "summary": "划分责任区、党员包保隐患，年底形成可复制的工作法"},
            "scored": {"related": False, "points": turn(92, 86, 88), "reason": turn("选题实", "可推广", "预算合理")},
            "decided": {"level": "ordinary", "granted": 100_000, "remark": "同意立项"},
            "spent": {
                "line": turn("materials", "activities"), "amount": turn(42_000, 51_000), "voucher": turn("记-0412", "记-0655"),
                "purpose": turn("制作责任区牌板", "三次现场宣讲"),
            },
            "midterm": {"opinion": "进度符合计划，注意积累数据"},
            "settled": {"returned": 7_000},
            "final_defended": {"opinion": "目标完成，做法可推广"},
            "accepted": {"grade": "passed"},
        },
        times={"budgeted": 2, "scored": 3, "spent": 2},
        planned={"reviewers_named": into(48), "midterm": into(140), "final_defended": into(300)},
    ),
    "joint_branch": Telling(
        fields={"name": turn("多经公司联合党支部", "后勤服务联合党支部"), "units": 3, "largest_unit": 2, "full_members": 5, "basis": "place"},
    ),
    "lost_contact": Telling(
        fields={"last_contact_on": into(-30)},
        steps={
            "searched": {"ways": "走访住址、联系亲属和原班组，均未取得联系"},
            "contact_regained": {"how": "亲属转告后本人回电，愿意参加组织生活"},
        },
        takes=("contact_regained",),
    ),
    "major_matter": Telling(
        titles=("班组排班调整方案征求意见", "劳动防护用品更换标准", "设备大修停产安排"),
        fields={"matter": "排班由三班改四班，涉及全体职工", "kind": "staff"},
        steps={
            "opinion_given": {"opinion": "同意调整，建议先在两个班组试行一个月"},
            "answered": {"adopted": "all"}, "owners_named": {"due_on": after(60)},
            "followed_up": {"told": "试行班组反映良好，已全面推开"}, "closed": {"told": "新排班已执行"},
        },
    ),
    "member_appraisal": Telling(
        fields={"year": year, "by_group": False},
        steps={"opinions_formed": {"graded": lambda s: s.full, "ungraded": lambda s: s.members - s.full, "unqualified": 0}},
    ),
    "member_reminder": Telling(
        fields={"ground": "missed_life"},
        steps={"facts_checked": {"facts": "连续两次未参加党小组会，未请假"}, "heard": {"said": "倒班冲突，今后提前请假"}},
    ),
    "mobile_spell": Telling(
        steps={
            "left": {"place": "北京市朝阳区", "leaves_on": lambda s: s.day, "months": 8, "fixed": False},
            "returned": {"back_on": lambda s: s.day},
        },
        times={"contacted": 2},
        planned={"returned": into(200)},
    ),
    "rectification_in_time": Telling(
        fields={"ground": "长期不参加组织生活，经提醒仍未改正"},
        steps={
            "heard": {"said": "承认问题，愿意改正"}, "decided": {"months": 3, "demands": "按时参加组织生活，每月汇报一次思想"},
            "told": {"may_appeal": True}, "heard_again": {"said": "三个月内均按时参加"},
        },
    ),
    "removal": Telling(
        fields={"ground": "six_months", "last_taken_part": into(-240)},
        steps={
            "helped": {"told": "支委两次上门谈话，仍拒绝参加组织生活"},
            "heard": {"reached": True, "said": "本人表示不愿再参加"}, "meeting_decided": {"attended": True},
            "told": {"may_appeal": True},
        },
    ),
    "renewal": Telling(
        fields={"committee": True, "seats": lambda s: s.seats},
        steps={
            "voters_counted": {"voters": lambda s: s.full, "excluded": 0}, "term_recorded": {"years": 3},
        },
        people={"elected": lambda s: s.seats},
        together=(
            "voters_counted", "scrutineers_agreed", "tellers_appointed", "election", "secretary_elected_by_meeting", "elected",
            "first_session",
        ),
    ),
    "report_and_review": Telling(
        fields={"year": year},
        steps={
            "appraised": {"points": turn(91, 88, 93)},
            "graded": {"grade": "good", "feedback": "抓三会一课有实招；流动党员管理还要加强"},
        },
        times={"appraised": 3},
    ),
    "restoration": Telling(fields={"left_by": "suspended"}),
    "secretary_appointment": Telling(
        fields={"post": "secretary", "reason": "原书记调任，支部暂不具备选举条件", "vacant": False},
        steps={
            "necessity_reviewed": {"why_not_elected": "党员分散在三个作业点，近期无法集中"},
            "named": {"full_since": lambda s: s.day - timedelta(days=3650)},
        },
    ),
    "secretary_report": Telling(
        titles=("书记抓党建工作汇报",), fields={"period": lambda s: f"{s.opened.year} 年上半年", "period_end": into(-10)},
        steps={
            "submitted": {"problems": SECRETARY_SAYS},
            "commented": {"comment": "工作扎实；要把流动党员纳入日常管理", "to_mend": True},
            "measures_given": {"due_on": after(60)},
        },
    ),
    "suspension": Telling(fields={"ground": "settled", "left_on": into(-300)}),
    "temporary_branch": Telling(
        fields={
            "name": turn("大修会战临时党支部", "春季检修临时党支部"), "body": "年度停产大修指挥部", "until": into(60), "full_members": 12,
            "affiliation_kept": True,
        },
        steps={"dissolved": {"branch": lambda s: s.made}},
    ),
    "term_shift": Telling(
        fields={"direction": "later", "months": 3, "reason": "重点工程攻坚期间党员不能集中"},
        steps={"replied": {"shifted_to": lambda s: (s.term_end or s.day) + timedelta(days=80)}},
    ),
    "transfer": Telling(fields={"direction": "inside", "reason": "job", "destination": lambda s: s.other}),
    "weak_branch": Telling(
        fields={"basis": "连续两个季度考核排名末位"},
        steps={
            "established": {"finding": "组织生活不经常，作用发挥不明显"},
            "planned": {"measures": "选派联系人、补齐支委、按月督导", "months": 6},
            "checked": {"told": "支委已配齐，三会一课恢复正常"}, "accepted": {"opinion": "整顿任务完成"},
        },
    ),
}
# fmt: on


def telling_of(procedure: str) -> Telling:
    """How a procedure goes; an overlay's own goes by plain values."""
    return TELLINGS.get(procedure, Telling())


def given(values: Given, name: str, scene: Scene) -> Value:
    """A value of the telling, or None."""
    value = values.get(name)
    return value(scene) if callable(value) else value
