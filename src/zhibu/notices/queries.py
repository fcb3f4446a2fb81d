"""Notices as they are listed and shown, and how their days are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu import rulebook
from zhibu.core.authority import Actor
from zhibu.core.calendar import Counted, Found, WorkingDays
from zhibu.core.norms import compares
from zhibu.notices import policies
from zhibu.notices.models import Notice
from zhibu.register.models import BRANCH_KINDS, Membership, Organisation

LEAST_DAYS = "notices.admission_least_working_days"
LISTED = (
    "id", "kind", "title", "opens_on", "closes_on", "working_days", "provisional", "has_result", "objections",
    "withdrawn", "organisation__name", "entered_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A word about a notice and its tone for the page."""

    text: str
    tone: str


def marks(notice: Any, today: date) -> list[Mark]:
    """Where a notice stands, and what must not be hidden about it. Takes a row of `listed` or a Notice."""
    value: Any = notice.get if isinstance(notice, dict) else lambda name: getattr(notice, name)
    found = [_standing(value, today)]
    if value("objections"):
        found.append(Mark(_("有异议 %(count)d 件") % {"count": value("objections")}, "overdue"))
    if value("provisional"):
        found.append(Mark(_("工作日暂按周末推算"), "idle"))
    if value("entered_on") and value("entered_on") > value("opens_on"):
        days = (value("entered_on") - value("opens_on")).days
        words = ngettext("公示后 %(days)d 天录入", "公示后 %(days)d 天录入", days)
        found.append(Mark(words % {"days": days}, "soon"))
    return found


def _standing(value: Any, today: date) -> Mark:
    if value("withdrawn"):
        return Mark(_("已撤回"), "idle")
    if value("has_result"):
        return Mark(_("已登记结果"), "done")
    if value("opens_on") > today:
        return Mark(_("未开始"), "idle")
    if value("closes_on") >= today:
        return Mark(_("公示中"), "open")
    return Mark(_("期满待登记结果"), "soon")


def listed(actor: Actor, *, kind: str = "", state: str = "", today: date) -> QuerySet[Any, Any]:
    """Notices in reach, newest first, as plain rows."""
    rows = policies.visible_to(actor, Notice.objects.all())
    if kind:
        rows = rows.filter(kind=kind)
    if state == "open":
        rows = rows.filter(withdrawn=0, has_result=0, closes_on__gte=today)
    elif state == "due":
        rows = rows.filter(withdrawn=0, has_result=0, closes_on__lt=today)
    elif state == "done":
        rows = rows.filter(has_result=1)
    return rows.order_by("-opens_on", "-id").values(*LISTED)


def notice_for(actor: Actor, pk: int) -> Notice:
    """One notice in reach, or 404."""
    found = (
        policies.visible_to(actor, Notice.objects.select_related("organisation", "subject"))
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404(pk)
    return found


def publishers(actor: Actor) -> list[tuple[int, str]]:
    """Branches in whose name the actor may publish."""
    rows = Organisation.objects.filter(kind__in=BRANCH_KINDS)
    rows = policies.visible_to(actor, rows, "notices.publish", field="path")
    return list(rows.order_by("path").values_list("id", "name"))


def branch_for(actor: Actor, pk: int | None, verb: str = "notices.publish") -> Organisation:
    """The branch asked for, or the first in reach; 404 when there is none."""
    rows = policies.visible_to(actor, Organisation.objects.filter(kind__in=BRANCH_KINDS), verb, field="path")
    found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found


def people(organisation: Organisation) -> list[tuple[int, str, str]]:
    """People of the branch a notice may be about: (id, name, stage)."""
    rows = Membership.objects.filter(organisation=organisation, until__isnull=True).order_by(
        "person__initials"
    )
    return [
        (person, name, str(dict(Membership.stage.field.flatchoices)[stage]))
        for person, name, stage in rows.values_list("person_id", "person__name", "stage")
    ]


def calendar() -> WorkingDays:
    """Working days by the rulebook's published years."""
    return WorkingDays(rulebook.load().calendar)


def counted(opens_on: date, closes_on: date) -> Counted:
    """Working days of a window, both ends included."""
    return calendar().count(opens_on, closes_on + timedelta(days=1))


def least_days(day: date) -> int | None:
    """The working days an admission notice must be up at least, by the standard that asks it; None when none does."""
    for standard in rulebook.load().standards.values():
        row = standard.terms.row_on(day)
        for check in standard.checks if row else ():
            for each in compares(check.met) if check.met else ():
                if row and each.fact == LEAST_DAYS and not each.against_fact:
                    return row.numbers[each.against]
    return None


def earliest_close(opens_on: date, number: int) -> Found:
    """The last day of a window of so many working days that opens on a day."""
    return calendar().nth(opens_on, number)
