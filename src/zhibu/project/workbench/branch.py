"""The desk of a branch: what is due, what comes, how it stands and what would raise it most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext as _

from zhibu import analytics, record, rulebook
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
from .lines import SHOWN, Line, Planned, Waiting, coming, day_told
from .mail import to_review
from .parts import Parts, rooms_of_facts
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
    coming: tuple[Planned, ...]
    waiting: tuple[Waiting, ...]
    score: scoring.Score | None
    place: assessment.Standing | None
    gains: tuple[tuple[str, str, int], ...]


def branch_desk(parts: Parts, branch: Organisation) -> BranchDesk:
    """The desk of a branch: the worklist and the standing come from the same rules."""
    book, actor, today, of = rulebook.load(), parts.actor, parts.today, parts.of
    quarter = Quarter.of(today)
    place = of("assessment", assessment.standing, branch, quarter.previous())
    run = of("assessment", assessment.run_of, branch, quarter)
    duties, score, gains = of(f"assessment {rooms_of_facts(book)}", _summed, branch, quarter, today, run)
    lines = [
        *of("undertakings", undertaking_lines, actor, today, branch),
        *of("life", away_lines, actor, branch, today),
        *of("life", visit_lines, actor, branch, today),
        *of("procedures assessment", case_lines, actor, branch, today),
        *of("production premises", unit_lines, actor, branch, today),
        *of("pledges ballots", year_test, actor, branch, today),
        *(_line(book, actor, branch, quarter, duty) for duty in duties[:SHOWN]),
    ]
    # what is late comes first, then what is due next, whichever room it is of
    lines.sort(key=lambda line: (line.tone != "overdue", line.due_on))
    return BranchDesk(
        branch,
        quarter,
        (quarter.last - today).days,
        tuple(lines),
        max(0, len(duties) - SHOWN),
        of("life", coming, branch, today),
        (
            *of("letters", to_review, actor),
            *of("undertakings", to_confirm, actor, branch),
            *of("pledges undertakings notices", pledges_waiting, actor, branch, today),
            *of("pledges undertakings notices", branch_marks, actor, branch, today),
            *of("life", absent_waiting, actor, branch),
            *of("concerns", surveys_waiting, actor, branch, today),
            *of("life", _minutes_open, actor, branch),
            *of("assessment", _assessed, actor, branch, quarter),
            *of("dues", _bases_open, actor, branch),
            *of("assessment", _mending, branch),
        ),
        score,
        place,
        tuple((standard, pick(title), hundredths) for standard, title, hundredths in gains),
    )


Summed: TypeAlias = tuple[tuple[Duty, ...], scoring.Score | None, tuple[tuple[str, Text, int], ...]]


def _summed(branch: Organisation, quarter: Quarter, today: date, run: Run | None) -> Summed:
    """What is due, the score by the records, what would raise it most (standard, part's title, hundredths)."""
    sheet = assessment.sheet_of(run, branch, quarter, judged=False)
    duties = _duties(rulebook.load(), branch, quarter, today)
    if sheet is None:
        return duties, None, ()
    gains = tuple(
        (gain.standard, sheet.line(gain.standard).standard.part(gain.part).title, gain.hundredths)
        for gain in sheet.gains[:3]
    )
    return duties, sheet.score, gains


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


def _line(book: Rulebook, actor: Actor, branch: Organisation, quarter: Quarter, duty: Duty) -> Line:
    if duty.urgency is Urgency.OVERDUE:
        when, tone = formats.overdue(duty.overdue_days), "overdue"
    elif duty.urgency is Urgency.STANDING:
        when, tone = _("现在"), "soon"
    else:
        when = _("%(day)s前") % {"day": day_told(duty.due_on)}
        tone = "soon" if duty.days_left <= 14 else "open"
    standard = book.standards[duty.standard]
    act = duty.act if duty.act and _opens(actor, branch, duty.act.name) else None
    step = reverse_act(act.name, branch, act.query) if act else ""
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


def _opens(actor: Actor, branch: Organisation, name: str) -> bool:
    """Whether the page of a step lets the actor in for this branch: who may record meetings may not all collect dues."""
    verb = _door_of(name)
    return verb is None or verb == "own" or authority.may(actor, verb, branch.path)


@lru_cache(maxsize=256)
def _door_of(name: str) -> str | None:
    for given in ((), (0,)):
        with suppress(NoReverseMatch):
            return cast("str | None", getattr(resolve(reverse(name, args=given)).func, "verb", None))
    return None


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


def _minutes_open(actor: Actor, branch: Organisation) -> tuple[Waiting, ...]:
    """Minutes to close."""
    if not authority.may(actor, "life.close_minutes", branch.path):
        return ()
    return tuple(
        Waiting(_("关闭会议记录"), f"{formats.near(held_on)} {title}", reverse("life:session", args=[pk]))
        for pk, held_on, title in record.rows(_held, branch.pk)
    )


def _held(branch: int) -> QuerySet[Session, Any]:
    rows = Session.objects.filter(organisation=branch, state=SessionState.HELD).order_by("held_on")
    return rows.values_list("pk", "held_on", "title")[:5]


def _assessed(actor: Actor, branch: Organisation, quarter: Quarter) -> tuple[Waiting, ...]:
    """The assessment of this quarter or the one before, while there is something to do in it."""
    if not authority.may(actor, "assessment.self_review", branch.path):
        return ()
    states = assessment.states_covering(branch.path, (quarter, quarter.previous()))
    code = (quarter if quarter.key in states else quarter.previous()).code
    state = states.get(quarter.key) or states.get(quarter.previous().key)
    if state == RunState.OPEN:
        url = reverse("assessment:self_review", args=[branch.pk, code])
        return (Waiting(_("季度自评"), formats.quarter(code), url),)
    if state == RunState.PUBLISHED:
        url = reverse("assessment:sheet", args=[branch.pk, code])
        return (Waiting(_("考核结果已公布，可查看或申诉"), formats.quarter(code), url),)
    return ()


def _bases_open(actor: Actor, branch: Organisation) -> tuple[Waiting, ...]:
    """Bases of dues to confirm."""
    if not authority.may(actor, "dues.confirm_bases", branch.path):
        return ()
    number = len(record.rows(_unconfirmed, branch.pk))
    if not number:
        return ()
    url = reverse("dues:bases") + f"?organisation={branch.pk}"
    return (Waiting(_("确认党费基数"), _("%(n)s 人") % {"n": number}, url),)


def _unconfirmed(branch: int) -> QuerySet[Base, Any]:
    return Base.objects.filter(organisation=branch, confirmed_on__isnull=True, replaced=0).values_list("pk")


def _mending(branch: Organisation) -> tuple[Waiting, ...]:
    """Rectifications to finish."""
    url = reverse("assessment:rectifications")
    return tuple(
        Waiting(_("整改"), f"{reason} · {formats.near(due)}", url)
        for reason, due in record.rows(_weak, branch.pk)
    )


def _weak(branch: int) -> QuerySet[Rectification, Any]:
    rows = Rectification.objects.filter(branch=branch, state=RectificationState.OPEN)
    return rows.order_by("due_on").values_list("reason", "due_on")
