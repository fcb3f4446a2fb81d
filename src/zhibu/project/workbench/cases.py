"""Cases on the desks: steps that fall due, what should be opened, what waits for the committee's answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu import record
from zhibu.assessment.models import Rectification, RectificationState
from zhibu.core import authority
from zhibu.core.norms.procedures import BRANCH_SIDE
from zhibu.procedures import queries as procedures
from zhibu.procedures.models import Case, CaseState
from zhibu.register.models import Organisation
from zhibu.ui import formats
from zhibu.ui.doors import within
from zhibu.ui.language import pick

from .lines import Line, Waiting, day_told

if TYPE_CHECKING:
    from zhibu.core.authority import Actor

AHEAD = timedelta(days=30)
MOST = 8


def case_lines(actor: Actor, branch: Organisation, today: date) -> tuple[Line, ...]:
    """Steps of the branch's cases that are late or fall due within a month, and cases that should be opened."""
    if not authority.may(actor, "procedures.view", branch.path):
        return ()
    found = [_line(row, day, step, today) for row, day, step in _due(branch, today)]
    may_open = authority.may(actor, "procedures.open_case", branch.path)
    for each in _openings(branch, today) if may_open else ():
        url = f"{reverse('procedures:open_case', args=[each.procedure])}?organisation={branch.pk}"
        when = _("%(day)s前") % {"day": day_told(each.day)} if each.day else _("现在")
        rule = reverse("procedures:procedure", args=[each.procedure])
        found.append(
            Line(
                when,
                "soon",
                pick(each.title),
                pick(each.because),
                _("程序说明"),
                rule,
                _("立项"),
                url,
                each.day or today,
            )
        )
    return tuple(found[:MOST])


def _due(branch: Organisation, today: date) -> tuple[tuple[procedures.Line, date, str], ...]:
    """(case, day, step) of what is due, the most urgent first; a repeated step beside the next one."""
    limit = today + AHEAD
    rows = (dict(zip(procedures.LISTED, row, strict=True)) for row in record.rows(_running, branch.pk, limit))
    found = []
    for row in procedures.lines(rows, today):
        if row.last and row.last <= limit and not row.above and row.step:
            found.append((row, row.last, pick(row.step)))
        elif row.again_on and row.again_on <= limit and (row.again or row.step):
            found.append((row, row.again_on, pick(row.again or row.step)))
    return tuple(sorted(found, key=lambda each: (each[1], each[0].id)))


def _running(branch: int, limit: date) -> QuerySet[Case, Any]:
    rows = Case.objects.filter(organisation=branch, state=CaseState.RUNNING).filter(
        Q(next_due__lte=limit, next_role__in=[str(role) for role in BRANCH_SIDE]) | Q(repeat_due__lte=limit)
    )
    return rows.values_list(*procedures.LISTED)


def _openings(branch: Organisation, today: date) -> tuple[procedures.Opening, ...]:
    return tuple(procedures.prompts(branch, today, weak=bool(record.rows(_weak, branch.pk))))


def _weak(branch: int) -> QuerySet[Rectification, Any]:
    rows = Rectification.objects.filter(branch=branch, state=RectificationState.OPEN)
    return rows.values_list("pk")[:1]


def _line(row: procedures.Line, day: date, step: str, today: date) -> Line:
    late = day < today
    when = formats.overdue((today - day).days) if late else _("%(day)s前") % {"day": day_told(day)}
    url = reverse("procedures:case", args=[row.id])
    return Line(
        when,
        "overdue" if late else "soon",
        f"{row.title}：{step}",
        "",
        pick(row.procedure),
        url,
        _("办理"),
        url,
        day,
    )


def answers(actor: Actor, today: date) -> tuple[Waiting, ...]:
    """How many cases wait for this officer's answer, by procedure."""
    spans = authority.ranges(actor, "procedures.reply")
    rows = within(Case.objects.filter(state=CaseState.RUNNING, above_from__lte=today), spans).exclude(
        above_step=""
    )
    counts = rows.order_by("procedure").values_list("procedure").annotate(count=Count("id"))
    url, found = reverse("procedures:inbox"), []
    for name, count in counts:
        procedure = procedures.procedure_of(name)
        words = ngettext("%(n)d 件等待答复", "%(n)d 件等待答复", count) % {"n": count}
        found.append(Waiting(pick(procedure.title) if procedure else name, words, url))
    return tuple(found)
