"""A year of an organisation in sums: for its papers, and for what is published to members. Nobody is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhibu.core.calendar import Month
from zhibu.dues.queries import balances, collecting, overview
from zhibu.dues.queries.balances import MonthSum
from zhibu.register.models import BRANCH_KINDS, Organisation


def year_of(organisation: Organisation, year: int) -> list[tuple[Month, MonthSum | None]]:
    """Twelve months: of a branch its own, of a committee all branches below."""
    if organisation.kind in BRANCH_KINDS:
        return collecting.year(organisation, year)
    below = list(
        Organisation.objects.filter(kind__in=BRANCH_KINDS, path__startswith=organisation.path).values_list(
            "id", flat=True
        )
    )
    first, last = Month(year, 1).first, Month(year, 12).first
    found: dict[date, list[MonthSum]] = {}
    for (_organisation, month), sums in balances.month_sums(below, first, last).items():
        found.setdefault(month, []).append(sums)
    months = [Month(year, number) for number in range(1, 13)]
    return [(month, _added(found[month.first]) if month.first in found else None) for month in months]


def _added(sums: list[MonthSum]) -> MonthSum:
    return MonthSum(*(sum(getattr(each, name) for each in sums) for name in balances.SUMMED))


@dataclass(frozen=True, slots=True)
class Figures:
    """What members are told of a year, fen: collected, handed up and kept, used by purpose, left."""

    months: int
    due_fen: int
    received_fen: int
    in_time_fen: int
    arrived_fen: int
    sent_count: int
    sent_fen: int
    kept_fen: int
    used: tuple[tuple[str, int], ...]
    left_fen: int

    @property
    def used_fen(self) -> int:
        """All uses together."""
        return sum(fen for _purpose, fen in self.used)


def figures(organisation: Organisation, year: int) -> Figures:
    """The sums of a year as the ledger has them."""
    entered = [sums for _month, sums in year_of(organisation, year) if sums]
    sent = overview.handed_up(organisation, year)
    used: dict[str, int] = {}
    for each in overview.uses(organisation, year):
        used[each.purpose] = used.get(each.purpose, 0) + each.fen
    book = balances.funds([organisation.pk], date(year, 12, 1)).get(organisation.pk)
    return Figures(
        months=len(entered), due_fen=sum(each.due_fen for each in entered),
        received_fen=sum(each.received_fen for each in entered), in_time_fen=sum(each.in_time_fen for each in entered),
        arrived_fen=overview.came_up(organisation, year)[1], sent_count=len(sent), sent_fen=sum(each.fen for each in sent),
        kept_fen=sum(each.kept_fen for each in sent), used=tuple(sorted(used.items())),
        left_fen=balances.standing(book).in_hand_fen,
    )  # fmt: skip
