"""Twelve months of a branch, and who may be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import Http404

from zhibu.core.authority import Actor
from zhibu.core.calendar import Month
from zhibu.dues import policies
from zhibu.dues.models import DuesMonth
from zhibu.register.models import BRANCH_KINDS, MEMBER_STAGES, Membership, Organisation


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of a branch as it is listed; `row` is None when nothing was entered. Amounts are fen."""

    month: Month
    row: DuesMonth | None
    future: bool
    before_founding: bool

    @property
    def late_fen(self) -> int:
        """What came in after the end of the month."""
        return self.row.received_fen - self.row.in_time_fen if self.row else 0

    @property
    def owed_fen(self) -> int:
        """What has not come in at all."""
        return max(0, self.row.due_fen - self.row.received_fen) if self.row else 0


@dataclass(frozen=True, slots=True)
class Totals:
    """The sum of the months entered, fen."""

    months: int
    due_fen: int
    received_fen: int
    in_time_fen: int


def branches(actor: Actor) -> list[tuple[int, str]]:
    """Branches in reach, in the order of the tree."""
    rows = policies.visible_to(actor, Organisation.objects.filter(kind__in=BRANCH_KINDS), field="path")
    return list(rows.order_by("path").values_list("id", "name"))


def branch_for(actor: Actor, pk: int | None, verb: str = "dues.view") -> Organisation:
    """The branch asked for, or the first in reach; 404 when there is none."""
    rows = policies.visible_to(actor, Organisation.objects.filter(kind__in=BRANCH_KINDS), verb, field="path")
    found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found


def month_for(actor: Actor, pk: int) -> DuesMonth:
    """One entered month within reach, or 404."""
    found = policies.visible_to(actor, DuesMonth.objects.select_related("organisation")).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def year(organisation: Organisation, number: int, today: date) -> tuple[list[MonthRow], Totals]:
    """The twelve months of a year with what was entered, and their sum; one query."""
    first, last = Month(number, 1).first, Month(number, 12).first
    found = {
        row.month_on: row
        for row in DuesMonth.objects.filter(organisation=organisation, month_on__range=(first, last))
    }
    rows = []
    for count in range(1, 13):
        month = Month(number, count)
        founded = organisation.founded_on
        rows.append(
            MonthRow(
                month, found.get(month.first), month.first > today, bool(founded and founded > month.last)
            )
        )
    entered = list(found.values())
    totals = Totals(
        len(entered),
        sum(row.due_fen for row in entered),
        sum(row.received_fen for row in entered),
        sum(row.in_time_fen for row in entered),
    )
    return rows, totals


def entered(organisation: Organisation, month: Month) -> DuesMonth | None:
    """The month as entered, if it was."""
    return DuesMonth.objects.filter(organisation=organisation, month_on=month.first).first()


def suggestion(organisation: Organisation, month: Month) -> tuple[int, int]:
    """Members at the end of the month and the sum of their dues as the roster states them: (members, fen)."""
    day = month.last
    rows = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=day),
        organisation=organisation,
        stage__in=MEMBER_STAGES,
        since__lte=day,
    ).values_list("person_id", "dues_monthly_fen")
    people = dict(rows)
    return len(people), sum(fen or 0 for fen in people.values())


def previous(organisation: Organisation, month: Month) -> DuesMonth | None:
    """The latest month entered before this one."""
    return (
        DuesMonth.objects.filter(organisation=organisation, month_on__lt=month.first)
        .order_by("-month_on")
        .first()
    )
