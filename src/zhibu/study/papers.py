"""The study plan as a document to be filed."""

from __future__ import annotations

from collections.abc import Sequence

from zhibu.study.models import PlanWay, StudyPlan, StudyPlanItem
from zhibu.study.queries import LeadingGroup
from zhibu.ui.document import Document
from zhibu.ui.language import in_chinese


def plan_title(plan: StudyPlan) -> str:
    """What it is called."""
    return f"{plan.year}年度学习计划"


def plan_paper(plan: StudyPlan, items: Sequence[StudyPlanItem], leading: LeadingGroup | None) -> bytes:
    """The plan as a Word document: who leads, content, time, effect."""
    paper = Document(f"{plan.organisation.name}{plan_title(plan)}")
    if plan.goal:
        paper.heading(1, "学习目标").paragraph(plan.goal)
    if leading is not None:
        paper.heading(1, "学习领导小组").paragraph(_leading(leading))
    paper.heading(1, "学习安排")
    rows = [
        [
            f"{item.month_on.month}月",
            item.content,
            in_chinese(PlanWay(item.way).label),
            str(item.minutes or "—"),
            item.effect or "—",
        ]
        for item in items
    ]
    paper.table(["时间", "内容", "方式", "分钟", "预期效果"], rows)
    return paper.signature(plan.organisation.name, plan.adopted_on).bytes()


def _leading(group: LeadingGroup) -> str:
    parts = [
        ("组长", (group.leader,)),
        ("副组长", group.deputies),
        ("成员", group.members),
    ]
    return "；".join(f"{told}：{'、'.join(names)}" for told, names in parts if names) + "。"
