"""The line of stations of a case: what each station says, and where it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from zhibu.core.norms.procedures import Step, StepKind
from zhibu.core.procedure import OPEN, Plan, Projection, StepState, StepView
from zhibu.procedures.queries.engine import on_branch_side
from zhibu.ui.language import current, pick

ACROSS = 8
CELL = 134
ROW = 112
TALL_ROW = 58
TEXT_AT = 46
LETTERS = {"zh": 8, "en": 15}
LINES = 3


@dataclass(frozen=True, slots=True)
class Station:
    """One station: its words, and its place in both pictures. `mark` is done, now, late, later or off."""

    step: str
    title: str
    lines: tuple[str, ...]
    mark: str
    word: str
    when: str
    above: bool
    optional: bool
    x: int
    y: int
    tall_y: int
    joined: bool
    wraps: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """All stations with the sizes of the two pictures: wide in rows, tall in one column."""

    stations: tuple[Station, ...]
    width: int
    height: int
    tall_height: int

    @property
    def done(self) -> int:
        """How many stations lie behind."""
        return sum(each.mark == "done" for each in self.stations)


def picture(plan: Plan, projection: Projection, now_at: str) -> Picture:
    """The stations of a case on a day; steps that do not belong to the case are left out."""
    shown = [
        view
        for view in projection.steps
        if view.state is not StepState.NOT_APPLICABLE and not _left(view, projection)
    ]
    stations = tuple(
        _station(plan.steps[view.step], view, number, len(shown), now_at, ended=bool(projection.ended))
        for number, view in enumerate(shown)
    )
    rows = -(-len(stations) // ACROSS) or 1
    wide = CELL * min(len(stations), ACROSS) or CELL
    return Picture(stations, max(wide, 2 * CELL), ROW * rows, TALL_ROW * len(stations))


def _left(view: StepView, projection: Projection) -> bool:
    """What may be left out is drawn once it was taken; of a case that ended, only what was done."""
    left_out = bool(projection.ended) or (view.optional and not view.count)
    return left_out and view.state is not StepState.DONE


def _station(step: Step, view: StepView, number: int, of: int, now_at: str, *, ended: bool) -> Station:
    row, column = divmod(number, ACROSS)
    mark = _mark(step, view, now_at)
    title = pick(step.title)
    return Station(
        step.id, title, _broken(title), mark, _word(mark, view), _when(view, mark), not on_branch_side(step), view.optional,
        CELL * column + CELL // 2, ROW * row + 18, TALL_ROW * number + 20, column > 0, column == ACROSS - 1 and number + 1 < of,
    )  # fmt: skip


def _mark(step: Step, view: StepView, now_at: str) -> str:
    if view.state is StepState.DONE:
        return "done"
    if step.repeats is not None and view.count and view.optional and view.state is StepState.POSSIBLE:
        return "done"
    if view.state is StepState.OVERDUE:
        return "late"
    if view.step == now_at or (view.state in OPEN and not view.optional and step.kind is not StepKind.WAIT):
        return "now"
    return "later"


def _word(mark: str, view: StepView) -> str:
    words = {"done": _("已办"), "now": _("现在"), "late": _("已逾期"), "later": _("以后")}
    if mark == "later" and view.optional:
        return _("可选")
    return words[mark]


def _when(view: StepView, mark: str) -> str:
    """The day done, or the window: earliest to latest lawful day, marked when beyond the published calendar."""
    if mark == "done":
        found = view.done_on if view.implied else view.on
        count = _("，共 %(n)d 次") % {"n": view.count} if view.count > 1 else ""
        return (_day(found) if found else _("已过")) + count
    first, last = view.earliest, view.latest
    if mark in ("now", "late") and view.lawful_from and view.lawful_from > date.min:
        first = view.lawful_from
    words = ""
    if last is not None:
        words = _("%(day)s 前") % {"day": _day(last)}
    elif first is not None and mark == "later":
        words = _("%(day)s 起") % {"day": _day(first)}
    return f"{words}≈" if words and view.provisional else words


def _day(day: date) -> str:
    return day.isoformat()


def _broken(title: str) -> tuple[str, ...]:
    """A title in lines short enough for its place: Chinese by letters, English by words."""
    language = "zh" if current() != "en" else "en"
    most = LETTERS[language]
    if language == "zh":
        parts = [title[start : start + most] for start in range(0, len(title), most)]
    else:
        parts = _words(title, most)
    if len(parts) > LINES:
        parts = [*parts[: LINES - 1], parts[LINES - 1][: most - 1] + "…"]
    return tuple(parts)


def _words(title: str, most: int) -> list[str]:
    parts = [""]
    for word in title.split():
        if parts[-1] and len(parts[-1]) + 1 + len(word) > most:
            parts.append(word)
        else:
            parts[-1] = f"{parts[-1]} {word}".strip()
    return parts
