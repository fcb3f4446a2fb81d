"""The records behind a fact, in words: those that counted, those that did not, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhibu import analytics, rulebook
from zhibu.analytics.evidence import OUTSIDE
from zhibu.core import authority
from zhibu.core.norms import ColumnType, Fact, Rulebook
from zhibu.letters.models import LetterKind, ProposalState
from zhibu.life import kinds
from zhibu.life.models import (
    AgendaTag,
    AttendanceState,
    DocumentKind,
    Session,
    SessionState,
    TalkKind,
)
from zhibu.life.models.missing import MakeUpState
from zhibu.life.planned import PlanState
from zhibu.notices.models import NoticeKind
from zhibu.premises.models import HonourLevel
from zhibu.production.models import CampaignKind
from zhibu.register.models import OrganisationKind, Person, PostKind, Stage
from zhibu.study.models import StudyKind
from zhibu.ui import formats
from zhibu.ui.language import pick
from zhibu.undertakings.models import UndertakingState

if TYPE_CHECKING:
    from zhibu.core.authority import Actor
    from zhibu.core.calendar import Quarter
    from zhibu.register.models import Organisation

HIDDEN = "＊"  # a name outside the reader's part

LABELS: Mapping[tuple[str, str], type] = {
    ("sessions", "state"): SessionState,
    ("attendance", "state"): AttendanceState,
    ("agenda_items", "tag"): AgendaTag,
    ("talks", "kind"): TalkKind,
    ("documents", "kind"): DocumentKind,
    ("notices", "kind"): NoticeKind,
    ("undertakings", "state"): UndertakingState,
    ("make_ups", "state"): MakeUpState,
    ("proposals", "state"): ProposalState,
    ("memberships", "stage"): Stage,
    ("posts", "kind"): PostKind,
    ("branches", "kind"): OrganisationKind,
    ("honours", "level"): HonourLevel,
    ("campaigns", "kind"): CampaignKind,
    ("letters", "kind"): LetterKind,
    ("plans", "state"): PlanState,
    ("study_records", "kind"): StudyKind,
}


def heading(column: str) -> str:
    """The heading of an evidence column."""
    return {
        "kind": _("类别"), "state": _("状态"), "title": _("主题"), "name": _("名称"), "held_on": _("时间"),
        "entered_on": _("录入"), "person_id": _("姓名"), "session_id": _("会议"), "tag": _("议题类别"),
        "session_kind": _("会议类别"), "stage": _("阶段"), "since": _("起"), "until": _("止"), "number": _("届次"),
        "elected_on": _("选举"), "valid_until": _("届满"), "seats": _("职数"), "covers_on": _("所属期"),
        "filed_on": _("归档"), "month_on": _("月份"), "due_fen": _("应交（元）"), "received_fen": _("实交（元）"),
        "in_time_fen": _("按时（元）"), "opens_on": _("开始"), "closes_on": _("截止"), "working_days": _("工作日"),
        "level": _("级别"), "given_on": _("授予"), "ended_on": _("有结果"), "planned": _("计划"), "done": _("完成"),
        "cost_plan_fen": _("成本计划（元）"), "cost_fen": _("实际（元）"), "accidents": _("事故"),
        "founded_on": _("成立"), "closed_on": _("撤销"), "opened_on": _("立项"), "due_on": _("期限"),
        "answered_on": _("答复"), "adopted_on": _("通过"), "outcome_on": _("登记效果"), "studied_on": _("时间"),
        "minutes": _("分钟"), "procedure": _("程序"), "overdue_from": _("逾期自"), "step": _("步骤"), "taken_on": _("办理"),
        "outcome": _("结果"), "done_on": _("办结"), "received_on": _("收到"), "taken_up_on": _("受理"), "decided_on": _("研究"),
        "benefit_fen": _("效益（元）"), "benefit_hours": _("节省工时"),
    }.get(column, column)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One record: its cells in words, whether it counted, why not, and where it can be opened."""

    key: int
    cells: tuple[str, ...]
    counted: bool
    because: str
    url: str
    headings: tuple[str, ...] = ()

    @property
    def labelled(self) -> tuple[tuple[str, str], ...]:
        """Cells with their headings, for tables that become cards on a phone."""
        return tuple(zip(self.headings, self.cells, strict=True))


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact with its value and the records it is about."""

    fact: Fact
    value: int
    headings: tuple[str, ...]
    counted: tuple[EvidenceLine, ...]
    left_out: tuple[EvidenceLine, ...]
    table: str
    outside: int = 0
    """How many further records lie outside the period; a few hundred at most are looked at."""

    @property
    def shown(self) -> str:
        """The value with its unit."""
        money = self.fact.id.endswith("_fen")
        return f"{formats.fen(self.value)}" if money else f"{self.value} {pick(self.fact.unit)}"


def fact_line(
    actor: Actor,
    book: Rulebook,
    fact: Fact,
    value: int,
    branch: Organisation,
    quarter: Quarter,
    known_by: int | None,
) -> FactLine:
    """A fact of one branch and quarter, with every record it is about.

    Names of people are for who may see the branch's register (and one's own name), pages for who may open them.
    """
    found = analytics.evidence(book, fact.id, branch.pk, quarter.first, quarter.last, known_by=known_by)
    table = book.tables[fact.table]
    tellers = [_teller(fact.table, name, table.columns[name].type) for name in found.columns]
    names = _names(found, actor, branch.path)
    view = table.view if _opens(actor, table.view, branch.path) else None
    headings = tuple(heading(name) for name in found.columns)
    lines, outside = [], 0
    for row in found.rows:
        if row.because == OUTSIDE:
            # records of other quarters are no news here: said as a number, not listed
            outside += 1
            continue
        cells = tuple(
            names.get((name, value), HIDDEN) if name in ("person_id", "session_id") else tell(value)
            for name, tell, value in zip(found.columns, tellers, row.shown, strict=True)
        )
        because = "" if row.counted else pick(row.because)
        lines.append(EvidenceLine(row.key, cells, row.counted, because, _address(view, row.key), headings))
    return FactLine(
        fact,
        value,
        headings,
        tuple(line for line in lines if line.counted),
        tuple(line for line in lines if not line.counted),
        pick(table.label),
        outside,
    )


def _opens(actor: Actor, view: str | None, path: str) -> bool:
    """Whether the page behind a record opens to the actor: rooms show what `<room>.view` reaches."""
    return view is not None and authority.may(actor, f"{view.partition(':')[0]}.view", path)


def _names(found: analytics.Evidence, actor: Actor, path: str) -> dict[tuple[str, Any], str]:
    """Names of the people and meetings that evidence rows mention, in at most two queries."""
    names: dict[tuple[str, Any], str] = {}
    if "person_id" in found.columns:
        keys = _shown(found, "person_id")
        if not authority.may(actor, "register.view", path):
            keys &= {actor.person}
        names |= {
            ("person_id", key): name
            for key, name in Person.objects.filter(pk__in=keys).values_list("pk", "name")
        }
    if "session_id" in found.columns and authority.may(actor, "life.view", path):
        rows = Session.objects.filter(pk__in=_shown(found, "session_id")).values_list("pk", "title")
        names |= {("session_id", key): title for key, title in rows}
    return names


def _shown(found: analytics.Evidence, column: str) -> set[Any]:
    place = found.columns.index(column)
    return {row.shown[place] for row in found.rows}


def _teller(table: str, column: str, kind: ColumnType) -> Callable[[Any], str]:
    """How a value of a column is put into words."""
    if (table, column) in {("sessions", "kind"), ("agenda_items", "session_kind")}:
        return kinds.title
    if table in {"cases", "steps"} and column in {"procedure", "step", "outcome"}:
        named = _of_procedures()[column]
        return lambda value: named.get(value, str(value))
    choices = LABELS.get((table, column))
    if choices is not None:
        labels = {value: str(label) for value, label in choices.choices}  # type: ignore[attr-defined]
        return lambda value: labels.get(value, str(value))
    if kind is ColumnType.DAY:
        return lambda value: (
            ""
            if value is None
            else formats.day(value if isinstance(value, date) else date.fromordinal(value))
        )
    if kind is ColumnType.FEN:
        return formats.fen
    if kind is ColumnType.FLAG:
        return lambda value: _("是") if value else _("否")
    return lambda value: "" if value is None else str(value)


def _of_procedures() -> dict[str, dict[str, str]]:
    """What procedures, their steps and their outcomes are called; of steps that share an id, what admission calls them."""
    book = rulebook.load()
    found: dict[str, dict[str, str]] = {"procedure": {}, "step": {}, "outcome": {}}
    for procedure in sorted(book.procedures.values(), key=lambda each: each.id == "admission"):
        found["procedure"][procedure.id] = pick(procedure.title)
        for step in procedure.steps:
            found["step"][step.id] = pick(step.title)
            found["outcome"] |= {each.id: pick(each.title) for each in step.outcomes}
    return found


def _address(view: str | None, key: int) -> str:
    if not view:
        return ""
    try:
        return reverse(view, args=[key])
    except NoReverseMatch:
        return ""
