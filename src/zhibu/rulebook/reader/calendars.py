"""calendars/*.yaml: the published days off and the weekend days worked instead, year by year."""

from __future__ import annotations

from datetime import date, timedelta

from zhibu.core.calendar import Holiday, HolidayYear

from .entry import Entry, Page
from .gathering import Gathering
from .tree import KINDS, Fields, Leaf, Node, kind_of

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


def read_calendar(book: Gathering, page: Page, root: Node) -> None:
    """Read a calendar; an overlay may publish a year anew."""
    if not isinstance(root, Fields):
        page.wrong(root, page.file, "一组键值")
        return
    for key, node in root.entries:
        if not isinstance(key.value, int) or isinstance(key.value, bool):
            page.note(
                key.line, "wrong_type", key=key.text, wanted="年份（如 2026）", got=KINDS[type(key.value)]
            )
            continue
        year = _year(page, key.value, node)
        if book.overlay or book.claim(page, "calendar", key.text, key.line):
            book.calendar[key.value] = year


def check_gaps(book: Gathering, page: Page) -> None:
    """Years must follow one another: a hole would be filled with guesses nobody asked for."""
    if book.calendar:
        for year in range(min(book.calendar), max(book.calendar)):
            if year not in book.calendar:
                page.note(1, "calendar_gap", year=year)


def _year(page: Page, year: int, node: Node) -> HolidayYear:
    entry = page.fields(node, str(year), f"{year} 年")
    entry.wording_or("source")
    off: set[date] = set()
    holidays = tuple(_holiday(each, year, off) for each in entry.entries("holidays", "假期"))
    entry.need("holidays")
    workdays = entry.get("workdays")
    days = page.items(workdays, "workdays") if workdays else ()
    worked = tuple(_workday(page, each, year, off) for each in days)
    entry.close()
    return HolidayYear(year, holidays, worked)


def _holiday(entry: Entry, year: int, off: set[date]) -> Holiday:
    name, first = entry.wording("name"), entry.day("from")
    last = entry.day_or("to") or first
    entry.close()
    if last < first:
        entry.page.note(entry.at("to"), "dates_reversed", key="to", first=first)
        return Holiday(name, first, first)
    for each in (first, last):
        if each.year != year:
            entry.page.note(entry.line, "holiday_outside_year", day=each, year=year)
            return Holiday(name, first, first)
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        if day in off:
            entry.page.note(entry.line, "holidays_overlap", day=day)
        off.add(day)
    return Holiday(name, first, last)


def _workday(page: Page, node: Node, year: int, off: set[date]) -> date:
    day = page.day(node, "workdays")
    if not isinstance(node, Leaf) or kind_of(node) != KINDS[date]:
        return day
    if day.year != year:
        page.note(node.line, "holiday_outside_year", day=day, year=year)
    elif day in off:
        page.note(node.line, "workday_in_holiday", day=day)
    elif day.weekday() < 5:
        page.note(node.line, "workday_not_weekend", day=day, weekday=WEEKDAYS[day.weekday()])
    return day
