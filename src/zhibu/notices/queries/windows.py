"""How long a notice must stay, counted in working days, and how it is worded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhibu import rulebook
from zhibu.core import windows
from zhibu.core.calendar import Counted, Found, WorkingDays
from zhibu.core.norms import Publication, compares
from zhibu.core.wording import filled
from zhibu.notices.models import NoticeKind
from zhibu.register.models import MobileSpell

LEAST_DAYS = "notices.admission_least_working_days"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The wording of a notice before anyone has changed it."""

    title: str
    text: str


def publication(kind: str) -> Publication:
    """How a kind is published, by the rulebook."""
    return rulebook.load().publications[kind]


def calendar() -> WorkingDays:
    """Working days by the rulebook's published years."""
    return WorkingDays(rulebook.load().calendar)


def counted(opens_on: date, closes_on: date, *, exclude_start: bool = False) -> Counted:
    """Working days of a window, both ends included, without the opening day when it does not count."""
    return windows.counted(calendar(), opens_on, closes_on, exclude_start=exclude_start)


def earliest_close(opens_on: date, number: int, *, exclude_start: bool = False) -> Found:
    """The last day of a window of so many working days that opens on a day."""
    return windows.earliest_last_day(calendar(), opens_on, number, exclude_start=exclude_start)


def least_days(day: date, kind: str = NoticeKind.ADMISSION) -> int | None:
    """The working days a notice opened on a day must be up at least; None when no rule asks.

    For an admission a standard may ask longer than the law: an overlay may have tightened it.
    """
    asked = publication(kind).least_on(day)
    if kind == NoticeKind.ADMISSION:
        asked = max(asked, _asked_by_standards(day))
    return asked or None


def _asked_by_standards(day: date) -> int:
    for standard in rulebook.load().standards.values():
        row = standard.terms.row_on(day)
        for check in standard.checks if row else ():
            for each in compares(check.met) if check.met else ():
                if row and each.fact == LEAST_DAYS and not each.against_fact:
                    return row.numbers[each.against]
    return 0


def places_asked(kind: str, subject: int | None, day: date) -> tuple[str, ...]:
    """Where a notice must hang besides the board: more when the person it is about works away on that day."""
    found = publication(kind)
    away = subject is not None and bool(found.mobile_places) and _is_away(subject, day)
    return found.mobile_places if away else found.places


def _is_away(subject: int, day: date) -> bool:
    spells = MobileSpell.objects.filter(person_id=subject, since__lte=day)
    return spells.filter(until__isnull=True).exists() or spells.filter(until__gt=day).exists()


def worded(kind: str, *, branch: str, name: str, opens_on: date, closes_on: date, days: int) -> Sheet:
    """The sheet as the rulebook words it, in Chinese: it hangs on a wall in China."""
    found = publication(kind)
    values = {
        "name": name, "branch": branch, "days": days, "opens": _in_full(opens_on), "closes": _in_full(closes_on)
    }  # fmt: skip
    return Sheet(filled(found.title.zh, values), filled(found.text.zh, values).strip())


def _in_full(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
