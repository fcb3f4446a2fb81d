"""The first page: what is due, what waits for me, how my branch or my committee stands. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhibu import analytics, rulebook
from zhibu.assessment import queries as assessment
from zhibu.assessment.models import Appeal, AppealState, Rectification, RectificationState, Run, RunState
from zhibu.core import authority, scoring
from zhibu.core.calendar import Quarter, Span
from zhibu.core.duties import Duty, Urgency, worklist
from zhibu.core.evaluate import holds
from zhibu.core.norms import Cadence, Check, Standard, is_fact
from zhibu.life.models import Attendance, AttendanceState, Session, SessionState
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.ui import formats
from zhibu.ui.doors import within
from zhibu.ui.language import pick

if TYPE_CHECKING:
    from zhibu.core.authority import Actor
    from zhibu.core.norms import Rulebook

ABSENT = (AttendanceState.ABSENT, AttendanceState.EXCUSED)
RECENT = timedelta(days=60)
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the workbench, one step from done: when, what, its rule, and the step."""

    when: str
    tone: str
    what: str
    note: str
    rule: str
    rule_url: str
    step: str
    step_url: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a decision of mine."""

    what: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class BranchDesk:
    """What a branch's own people see first. Points in hundredths, ``earned`` and ``decided`` in micro-points."""

    branch: Organisation
    quarter: Quarter
    days_left: int
    due: tuple[Line, ...]
    more: int
    coming: tuple[Session, ...]
    waiting: tuple[Waiting, ...]
    score: scoring.Score | None
    place: assessment.Standing | None
    gains: tuple[tuple[str, str, int], ...]


def branch_desk(actor: Actor, branch: Organisation, today: date) -> BranchDesk:
    """The desk of a branch: the worklist and the standing come from the same rules."""
    book, quarter = rulebook.load(), Quarter.of(today)
    duties = _duties(book, branch, quarter, today)
    may_act = authority.may(actor, "life.record", branch.path)
    sheet = assessment.sheet(branch, quarter, judged=False)
    lines = tuple(_line(book, branch, quarter, duty, may_act=may_act) for duty in duties)
    gains = tuple(
        (gain.standard, pick(sheet.line(gain.standard).standard.part(gain.part).title), gain.hundredths)
        for gain in (sheet.gains[:3] if sheet else ())
    )
    return BranchDesk(
        branch,
        quarter,
        (quarter.last - today).days,
        lines[:SHOWN],
        max(0, len(lines) - SHOWN),
        _coming(branch, today),
        _branch_waiting(actor, branch, quarter),
        sheet.score if sheet else None,
        assessment.standing(branch, quarter.previous()),
        gains,
    )


def _duties(book: Rulebook, branch: Organisation, quarter: Quarter, today: date) -> tuple[Duty, ...]:
    """Unmet checks of the quarter; windows before the founding or after the closing of the branch are not asked for."""
    names = book.facts_used()

    def facts_of(span: Span) -> Mapping[str, int]:
        found = analytics.facts_for(book, names, branch.path, branch.path + "0", span.first, span.last)
        return found.get(branch.pk) or {name: book.facts[name].empty for name in names}

    since = max(quarter.first, branch.founded_on or quarter.first)
    return worklist(book.standards.values(), today, facts_of, kind=branch.kind, since=since)


def _line(book: Rulebook, branch: Organisation, quarter: Quarter, duty: Duty, *, may_act: bool) -> Line:
    if duty.urgency is Urgency.OVERDUE:
        when, tone = _("逾期 %(days)d 天") % {"days": duty.overdue_days}, "overdue"
    elif duty.urgency is Urgency.STANDING:
        when, tone = _("现在"), "soon"
    else:
        when = _("%(day)s前") % {"day": formats.near(duty.due_on)}
        tone = "soon" if duty.days_left <= 14 else "open"  # noqa: PLR2004 - a tone, not a rule
    standard = book.standards[duty.standard]
    step = reverse_act(duty.act.name, branch, duty.act.query) if duty.act and may_act else ""
    return Line(
        when,
        tone,
        pick(duty.title),
        window_told(duty.window) + _gap_told(duty),
        f"{duty.standard} {pick(standard.title)}",
        reverse("assessment:point", args=[branch.pk, quarter.code, duty.standard]),
        _("补录") if duty.urgency is Urgency.OVERDUE else _("办理"),
        step,
    )


def _gap_told(duty: Duty) -> str:
    for gap in duty.missing:
        if gap.bound > 1 and gap.value > 0 and not gap.fact.endswith("_fen"):
            return " · " + _("已 %(have)d / 应 %(need)d") % {"have": gap.value, "need": gap.bound}
    return ""


def window_told(span: Span) -> str:
    """The window of a duty in words: a month, a quarter, half a year, a year."""
    code = span.code
    if len(code) == 7 and code[4] == "-":  # noqa: PLR2004 - "2026-07"
        return formats.month(code)
    if "Q" in code:
        return formats.quarter(code)
    if code.endswith("H1"):
        return _("上半年")
    if code.endswith("H2"):
        return _("下半年")
    return _("本年") if len(code) == 4 else ""  # noqa: PLR2004 - "2026"


def reverse_act(name: str, branch: Organisation, query: Sequence[tuple[str, str]]) -> str:
    """The page of the one step, with the branch filled in; "" when no page answers to the name."""
    try:
        return f"{reverse(name)}?{urlencode([('organisation', branch.pk), *query])}"
    except NoReverseMatch:
        try:
            return reverse(name, args=[branch.pk])
        except NoReverseMatch:
            return ""


def _coming(branch: Organisation, today: date) -> tuple[Session, ...]:
    rows = Session.objects.filter(
        organisation=branch,
        state__in=(SessionState.PLANNED, SessionState.CONVENED),
        planned_on__gte=today,
        planned_on__lt=today + timedelta(days=21),
    ).order_by("planned_on", "starts_at")
    return tuple(rows[:5])


def _branch_waiting(actor: Actor, branch: Organisation, quarter: Quarter) -> tuple[Waiting, ...]:
    """Minutes to close, an assessment to answer, rectifications to finish."""
    found = []
    if authority.may(actor, "life.close_minutes", branch.path):
        open_minutes = Session.objects.filter(organisation=branch, state=SessionState.HELD).order_by("held_on")
        found += [
            Waiting(_("关闭会议记录"), f"{formats.near(each.held_on)} {each.title}", reverse("life:session", args=[each.pk]))
            for each in open_minutes[:5]
        ]
    if authority.may(actor, "assessment.self_review", branch.path):
        run = assessment.run_covering(branch.path, quarter) or assessment.run_covering(branch.path, quarter.previous())
        if run and run.state == RunState.OPEN:
            code = Quarter.from_key(run.quarter).code
            found.append(Waiting(_("季度自评"), formats.quarter(code), reverse("assessment:self_review", args=[branch.pk, code])))
        if run and run.state == RunState.PUBLISHED:
            code = Quarter.from_key(run.quarter).code
            found.append(Waiting(_("考核结果已公布，可查看或申诉"), formats.quarter(code), reverse("assessment:sheet", args=[branch.pk, code])))
    running = Rectification.objects.filter(branch=branch, state=RectificationState.OPEN).order_by("due_on")
    found += [Waiting(_("整改"), f"{each.reason} · {formats.near(each.due_on)}", reverse("assessment:rectifications")) for each in running]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Lagging:
    """A branch that owes something of the months already over: (check, how many) in words."""

    branch: int
    name: str
    owed: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class CommitteeDesk:
    """What an officer of a committee sees first."""

    committee: Organisation
    quarter: Quarter
    run: Run | None
    counts: Mapping[str, int]
    mean: int | None
    last: Quarter
    waiting: tuple[Waiting, ...]
    lagging: tuple[Lagging, ...]
    lagging_count: int
    behind: tuple[tuple[str, str, int | None], ...]


def committee_desk(actor: Actor, committee: Organisation, today: date) -> CommitteeDesk:
    """The last quarter at a glance, who owes what of the months already over, and what waits for the committee."""
    quarter = Quarter.of(today)
    last = assessment.quarter_to_show(actor, today)
    found = assessment.committee(actor, committee, last)
    means = [mean for mean in assessment.means(found) if mean.share is not None]
    behind = tuple((mean.id, pick(mean.title), mean.share) for mean in sorted(means, key=lambda mean: mean.share or 0)[:5])
    lagging = _lagging(actor, committee, quarter, today)
    return CommitteeDesk(
        committee, quarter, found.run, assessment.counts(found), found.mean, last,
        _committee_waiting(actor, committee, quarter, today), lagging[:SHOWN], len(lagging), behind,
    )  # fmt: skip


def _lagging(actor: Actor, committee: Organisation, quarter: Quarter, today: date) -> tuple[Lagging, ...]:
    """Branches with monthly duties unmet in the months of the quarter that are over, the most owed first.

    Monthly shares only: what is due by the quarter's end is not owed before it. One query for all branches.
    """
    over = [month for month in quarter.months if month.last < today]
    if not over:
        return ()
    book = rulebook.load()
    checks = [
        (standard, check)
        for standard in book.standards.values()
        for check in standard.checks
        if check.cadence is Cadence.MONTH and check.share is not None and is_fact(check.share.of)
    ]
    names = {name for _standard, check in checks for name in check.facts()}
    lo, hi = committee.path, authority.successor(committee.path)
    facts = analytics.facts_for(book, names, lo, hi, quarter.first, over[-1].last)
    rows = within(
        Organisation.objects.filter(kind__in=BRANCH_KINDS, closed_on__isnull=True, path__gte=lo, path__lt=hi),
        authority.ranges(actor, "assessment.view"), "path",
    ).values_list("pk", "name", "kind")  # fmt: skip
    found = []
    for pk, name, kind in rows:
        owed = [each for standard, check in checks if (each := _owed(standard, check, facts.get(pk), kind, over[-1].last))]
        if owed:
            told = tuple(f"{title} {count}" for title, count in owed)
            found.append(Lagging(pk, name, told, sum(count for _title, count in owed)))
    return tuple(sorted(found, key=lambda each: (-each.count, each.name)))


def _owed(
    standard: Standard, check: Check, facts: Mapping[str, int] | None, kind: str, day: date
) -> tuple[str, int] | None:
    """How many of a monthly check are owed; None when it is met, measured in money, or does not apply."""
    row = standard.terms.row_on(day)
    share = check.share
    if facts is None or row is None or share is None or share.fact.endswith("_fen") or kind not in check.applies_to:
        return None
    if any(holds(each.when, facts, row.numbers) for each in (*standard.unless, *check.unless)):
        return None
    owed = facts[share.of] - facts[share.fact]
    return (pick(check.title), owed) if owed > 0 else None


def _committee_waiting(actor: Actor, committee: Organisation, quarter: Quarter, today: date) -> tuple[Waiting, ...]:
    found: list[Waiting] = []
    previous = quarter.previous()
    covering = assessment.run_covering(committee.path, previous)
    if covering is None and authority.may(actor, "assessment.open_run", committee.path):
        url = reverse("assessment:committee", args=[committee.pk, previous.code])
        found.append(Waiting(_("开展上季度考核"), formats.quarter(previous.code), url))
    ranges = authority.ranges(actor, "assessment.review")
    for run in within(Run.objects.exclude(state=RunState.FROZEN), ranges, "organisation__path").order_by("quarter"):
        period = Quarter.from_key(run.quarter)
        url = reverse("assessment:committee", args=[run.organisation_id, period.code])
        if run.state == RunState.OPEN and today > period.last:
            found.append(Waiting(_("评审并公布"), formats.quarter(period.code), url))
        if run.state == RunState.PUBLISHED:
            found.append(Waiting(_("答复申诉并定案"), formats.quarter(period.code), url))
    appeals = within(Appeal.objects.filter(state=AppealState.OPEN), ranges, "branch__path").select_related("branch")
    found += [
        Waiting(_("答复申诉"), f"{each.branch.name} · {each.standard}", reverse("assessment:answer_appeal", args=[each.pk]))
        for each in appeals.order_by("at")[:5]
    ]
    late = within(
        Rectification.objects.filter(state=RectificationState.OPEN, due_on__lt=today), ranges, "branch__path"
    ).select_related("branch")
    found += [Waiting(_("整改到期"), each.branch.name, reverse("assessment:close_rectification", args=[each.pk])) for each in late[:5]]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class MyDesk:
    """What a member sees: what comes, what was missed, how long was studied. Never compared with others."""

    coming: tuple[Session, ...]
    missed: tuple[Session, ...]
    study_minutes: int
    attended: int


def my_desk(actor: Actor, branches: Sequence[Organisation], today: date) -> MyDesk | None:
    """The member's own page part; None for who is no person of the register."""
    if actor.person is None:
        return None
    year = date(today.year, 1, 1)
    mine = Attendance.objects.filter(person_id=actor.person, held_on__gte=year)
    minutes = attended = 0
    for state, spent in mine.values_list("state", "study_minutes"):
        attended += state == AttendanceState.PRESENT
        minutes += spent
    missed = Session.objects.filter(
        attendance__person_id=actor.person, attendance__state__in=ABSENT, held_on__gte=today - RECENT
    ).order_by("-held_on")
    coming = [session for branch in branches for session in _coming(branch, today)]
    return MyDesk(tuple(coming[:5]), tuple(missed[:5]), minutes, attended)


def own_branches(actor: Actor) -> list[Organisation]:
    """Branches whose meetings the actor's own post or membership opens."""
    nodes = {mandate.organisation for mandate in actor.mandates if mandate.post not in authority.POSTS_ABOVE and mandate.path}
    rows = Organisation.objects.filter(pk__in=nodes).select_related("parent").order_by("path")
    found = {}
    for row in rows:
        branch = row if row.kind in BRANCH_KINDS else row.parent
        if branch is not None and branch.kind in BRANCH_KINDS:
            found[branch.pk] = branch
    return list(found.values())


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step of putting a new installation to work."""

    what: str
    note: str
    done: bool
    url: str


def first_steps(actor: Actor) -> tuple[FirstStep, ...]:
    """What a new installation still lacks, in order; empty once everything was done once."""
    branches = within(Organisation.objects.filter(kind__in=BRANCH_KINDS), _seen(actor), "path")
    founded = Organisation.objects.exists()
    steps = (
        FirstStep(_("建立本单位党委"), _("填写名称即可，之后可以修改"), founded, _link("register:first_organisation")),
        FirstStep(_("导入党员名册"), _("Excel 名册直接导入，支部和党小组一并建立"), founded and branches.exists(), _link("register:import_roster")),
        FirstStep(_("记录一次会议"), _("一分钟内记完：人员、地点、议题都已备好"), Session.objects.exists(), _link("life:record")),
        FirstStep(_("开展季度考核"), _("得分由记录算出，每一分都能点开看依据"), Run.objects.exists(), _link("assessment:home")),
    )
    return () if all(step.done for step in steps) else steps


def _seen(actor: Actor) -> tuple[tuple[str, str], ...]:
    return authority.ranges(actor, "register.view") or authority.ranges(actor, "register.import_roster")


def _link(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
