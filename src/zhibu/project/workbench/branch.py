"""The desk of a branch: what is due, what comes, how it stands and what would raise it most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhibu import analytics, rulebook
from zhibu.assessment import queries as assessment
from zhibu.assessment.models import Rectification, RectificationState, Run, RunState
from zhibu.core import authority, scoring
from zhibu.core.calendar import Quarter, Span
from zhibu.core.duties import Duty, Urgency, asked, worklist
from zhibu.core.wording import Text
from zhibu.dues.models import Base
from zhibu.life.models import Session, SessionState
from zhibu.register.models import Organisation
from zhibu.ui import formats
from zhibu.ui.language import pick

if TYPE_CHECKING:
    from zhibu.core.authority import Actor
    from zhibu.core.norms import Rulebook

from .absent import absent_waiting, away_lines, visit_lines
from .cases import case_lines
from .concerns import surveys_waiting
from .lines import SHOWN, Line, Waiting, coming, day_told
from .mail import to_review
from .pledges import branch_marks, pledges_waiting
from .undertakings import to_confirm, undertaking_lines
from .unit import unit_lines
from .votes import year_test


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
    duties, score, gains, place = _summed(book, branch, quarter, today)
    may_act = authority.may(actor, "life.record", branch.path)
    cases = case_lines(actor, branch, today)
    lines = [
        *undertaking_lines(actor, today, branch),
        *away_lines(actor, branch, today),
        *visit_lines(actor, branch, today),
        *cases,
        *unit_lines(actor, branch, today),
        *year_test(actor, branch, today),
        *(_line(book, branch, quarter, duty, may_act=may_act) for duty in duties[:SHOWN]),
    ]
    # what is late comes first, then what is due next, whichever room it is of
    lines.sort(key=lambda line: (line.tone != "overdue", line.due_on))
    return BranchDesk(
        branch,
        quarter,
        (quarter.last - today).days,
        tuple(lines),
        max(0, len(duties) - SHOWN),
        coming(branch, today),
        (
            *to_review(actor),
            *to_confirm(actor, branch),
            *pledges_waiting(actor, branch, today),
            *branch_marks(actor, branch, today),
            *absent_waiting(actor, branch),
            *surveys_waiting(actor, branch, today),
            *_branch_waiting(actor, branch, quarter),
        ),
        score,
        place,
        tuple((standard, pick(title), hundredths) for standard, title, hundredths in gains),
    )


Summed: TypeAlias = tuple[
    tuple[Duty, ...], scoring.Score | None, tuple[tuple[str, Text, int], ...], assessment.Standing | None
]


def _summed(book: Rulebook, branch: Organisation, quarter: Quarter, today: date) -> Summed:
    """What is due, the score by the records, what would raise it most (standard, part's title, hundredths), and
    the place of the quarter before.
    """
    place = assessment.standing(branch, quarter.previous())
    sheet = assessment.sheet(branch, quarter, judged=False)
    duties = _duties(book, branch, quarter, today)
    if sheet is None:
        return duties, None, (), place
    gains = tuple(
        (gain.standard, sheet.line(gain.standard).standard.part(gain.part).title, gain.hundredths)
        for gain in sheet.gains[:3]
    )
    return duties, sheet.score, gains, place


def _duties(book: Rulebook, branch: Organisation, quarter: Quarter, today: date) -> tuple[Duty, ...]:
    """Unmet checks of the quarter; windows before the founding or after the closing of the branch are not asked for."""
    since = max(quarter.first, branch.founded_on or quarter.first)
    wanted = asked(book.standards.values(), today, since=since)

    def facts_of(span: Span) -> Mapping[str, int]:
        # of a month only what is asked of a month: the text that counts it is a fifth as long
        names = wanted[span]
        found = analytics.facts_for(book, names, branch.path, branch.path + "0", span.first, span.last)
        return found.get(branch.pk) or {name: book.facts[name].empty for name in names}

    return worklist(book.standards.values(), today, facts_of, kind=branch.kind, since=since)


def _line(book: Rulebook, branch: Organisation, quarter: Quarter, duty: Duty, *, may_act: bool) -> Line:
    if duty.urgency is Urgency.OVERDUE:
        when, tone = formats.overdue(duty.overdue_days), "overdue"
    elif duty.urgency is Urgency.STANDING:
        when, tone = _("现在"), "soon"
    else:
        when = _("%(day)s前") % {"day": day_told(duty.due_on)}
        tone = "soon" if duty.days_left <= 14 else "open"
    standard = book.standards[duty.standard]
    step = reverse_act(duty.act.name, branch, duty.act.query) if duty.act and may_act else ""
    return Line(
        when,
        tone,
        pick(duty.title),
        " · ".join(filter(None, (window_told(duty.window), _gap_told(duty)))),
        f"{duty.standard} {pick(standard.title)}",
        reverse("assessment:point", args=[branch.pk, quarter.code, duty.standard]),
        _("补录") if duty.urgency is Urgency.OVERDUE else _("办理"),
        step,
        duty.due_on,
    )


def _gap_told(duty: Duty) -> str:
    for gap in duty.missing:
        if gap.bound > 1 and gap.value > 0 and not gap.fact.endswith("_fen"):
            return _("已 %(have)d / 应 %(need)d") % {"have": gap.value, "need": gap.bound}
    return ""


def window_told(span: Span) -> str:
    """The window of a duty in words: a month, a quarter, half a year, a year."""
    code = span.code
    if len(code) == 7 and code[4] == "-":
        return formats.month(code)
    if "Q" in code:
        return formats.quarter(code)
    if code.endswith("H1"):
        return _("上半年")
    if code.endswith("H2"):
        return _("下半年")
    return _("本年") if len(code) == 4 else ""


def reverse_act(name: str, branch: Organisation, query: Sequence[tuple[str, str]]) -> str:
    """The page of the one step, with the branch filled in; "" when no page answers to the name."""
    try:
        return f"{reverse(name)}?{urlencode([('organisation', branch.pk), *query])}"
    except NoReverseMatch:
        try:
            return reverse(name, args=[branch.pk])
        except NoReverseMatch:
            return ""


def _branch_waiting(actor: Actor, branch: Organisation, quarter: Quarter) -> tuple[Waiting, ...]:
    """Minutes to close, an assessment to answer, rectifications to finish."""
    open_minutes, run, running, unconfirmed = _pending(branch, quarter)
    found = []
    if authority.may(actor, "life.close_minutes", branch.path):
        found += [
            Waiting(_("关闭会议记录"), f"{formats.near(held_on)} {title}", reverse("life:session", args=[pk]))
            for pk, held_on, title in open_minutes
        ]
    if run and authority.may(actor, "assessment.self_review", branch.path):
        code = Quarter.from_key(run.quarter).code
        if run.state == RunState.OPEN:
            url = reverse("assessment:self_review", args=[branch.pk, code])
            found.append(Waiting(_("季度自评"), formats.quarter(code), url))
        if run.state == RunState.PUBLISHED:
            url = reverse("assessment:sheet", args=[branch.pk, code])
            found.append(Waiting(_("考核结果已公布，可查看或申诉"), formats.quarter(code), url))
    if authority.may(actor, "dues.confirm_bases", branch.path) and unconfirmed:
        url = reverse("dues:bases") + f"?organisation={branch.pk}"
        found.append(Waiting(_("确认党费基数"), _("%(n)s 人") % {"n": unconfirmed}, url))
    url = reverse("assessment:rectifications")
    return (*found, *(Waiting(_("整改"), f"{reason} · {formats.near(due)}", url) for reason, due in running))


Pending: TypeAlias = tuple[
    tuple[tuple[int, date | None, str], ...], Run | None, tuple[tuple[str, date], ...], int
]


def _pending(branch: Organisation, quarter: Quarter) -> Pending:
    """Open minutes (key, day, title), the run of this quarter or the one before, rectifications (reason, due)."""
    open_minutes = Session.objects.filter(organisation=branch, state=SessionState.HELD).order_by("held_on")
    runs = assessment.runs_covering(branch.path, (quarter, quarter.previous()))
    run = runs.get(quarter.key) or runs.get(quarter.previous().key)
    running = Rectification.objects.filter(branch=branch, state=RectificationState.OPEN).order_by("due_on")
    return (
        tuple(open_minutes.values_list("pk", "held_on", "title")[:5]),
        run,
        tuple(running.values_list("reason", "due_on")),
        Base.objects.filter(organisation=branch, confirmed_on__isnull=True, replaced=0).count(),
    )
