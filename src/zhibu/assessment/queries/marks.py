"""A committee's lines as pages show them: filtered, sorted, marked, summed up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu import record, rulebook
from zhibu.core.calendar import Quarter
from zhibu.core.norms import Check, Part, Rulebook, Standard
from zhibu.core.points import half_up, hundredths_of
from zhibu.core.wording import Text
from zhibu.register.models import Organisation, UnitType
from zhibu.ui import formats
from zhibu.ui.language import pick

from .. import policies
from ..models import Result, RunState
from .points import rule_told
from .runs import latest_run_quarter
from .sheets import Sheet, StandardLine
from .tables import BranchLine, Cells, Committee, trend

if TYPE_CHECKING:
    from zhibu.core.authority import Actor

BANDS = ("advanced", "middle", "lagging")
BINS = (
    (0, 6000, "<60"),
    (6000, 7000, "60–70"),
    (7000, 8000, "70–80"),
    (8000, 9000, "80–90"),
    (9000, 10001, "≥90"),
)


def grouped(found: Sheet) -> list[tuple[str, str, list[StandardLine]]]:
    """A sheet's standards by group: (letter, title, lines)."""
    groups: dict[str, list[StandardLine]] = {}
    for line in found.lines:
        groups.setdefault(line.standard.group, []).append(line)
    return [(key, pick(found.book.groups[key].title), lines) for key, lines in sorted(groups.items())]


def quarter_to_show(actor: Actor, today: date) -> Quarter:
    """For a committee, the newest quarter run over its part, else the running one; never one to come."""
    latest, current = latest_run_quarter(actor), Quarter.of(today)
    return current if latest is None else min(max(latest, current.previous()), current)


def own_committee(actor: Actor) -> Organisation | None:
    """The uppermost committee within the actor's reach."""
    return policies.committees_visible_to(actor).first()


def own_branch(actor: Actor) -> Organisation | None:
    """The first branch within the actor's reach."""
    return policies.branches_visible_to(actor).order_by("path").first()


def committees(actor: Actor, organisation: Organisation) -> list[Organisation]:
    """Committees right below one, to step down to."""
    return record.kept(
        ("committees below", actor, organisation.pk),
        lambda: list(policies.committees_visible_to(actor).filter(parent=organisation)),
        within=record.Rooms.of("register"),
    )


@dataclass(frozen=True, slots=True)
class Marked:
    """A branch's line with one mark a group of standards: (letter, title, percent or None, tone); and its sheet."""

    line: BranchLine
    marks: tuple[tuple[str, str, int | None, str], ...]
    url: str = ""


def with_marks(found: Committee, lines: Sequence[BranchLine]) -> list[Marked]:
    """Lines with the share earned of what was decided, by group of standards."""
    by_group: dict[str, list[str]] = {}
    for standard in found.book.standards.values():
        by_group.setdefault(standard.group, []).append(standard.id)
    groups = [(key, pick(found.book.groups[key].title), names) for key, names in sorted(by_group.items())]
    if lines and isinstance(lines[0].cells, Cells):
        lines[0].cells.read(line.branch for line in lines)
    # the address is looked up once: for fifty rows that costs more than reading them
    before, after = reverse("assessment:sheet", args=[0, found.quarter.code]).split("/0/")
    return [
        Marked(
            line,
            tuple((key, title, *_group_mark(line, names)) for key, title, names in groups),
            f"{before}/{line.branch}/{after}",
        )
        for line in lines
    ]


def groups(found: Committee) -> list[tuple[str, str]]:
    """What the letters over the marks stand for."""
    used = sorted({standard.group for standard in found.book.standards.values()})
    return [(key, pick(found.book.groups[key].title)) for key in used]


def _group_mark(line: BranchLine, names: Sequence[str]) -> tuple[int | None, str]:
    cells = [line.standards[name] for name in names if name in line.standards]
    decided = sum(cell[2] for cell in cells)
    if not decided:
        return None, "idle"
    percent = half_up(sum(cell[1] for cell in cells) * 100, decided)
    return percent, "done" if percent >= 90 else "part" if percent >= 60 else "no"


def filtered(found: Committee, query: Mapping[str, str], sort: str) -> list[BranchLine]:
    """The lines a page asks for: by what is special about them, by name, by unit type; sorted."""
    wanted, text, unit = query.get("show", ""), query.get("q", "").strip(), query.get("unit", "")
    weak = weak_below(found)
    tests: dict[str, Callable[[BranchLine], bool]] = {
        "new": lambda line: line.assessed and line.months < 3,
        "mobile": lambda line: line.kind == "mobile_branch",
        "weak": lambda line: line.points is not None and line.points < weak,
        **{band: partial(_in_band, band) for band in BANDS},
        "last": lambda line: line.is_last,
        "no_self": lambda line: line.assessed and line.self_points is None,
        "none": lambda line: not line.assessed,
    }
    keep = tests.get(wanted, lambda _line: True)
    lines = [
        line for line in found.lines if keep(line) and text in line.name and unit in ("", line.unit_type)
    ]
    return sorted(lines, key=lambda line: _order(line, sort.removeprefix("-")), reverse=sort.startswith("-"))


def weak_below(found: Committee) -> int:
    """Under which points the rules call a branch weak, hundredths."""
    return found.book.scheme.number("weak_below", found.quarter.last)


def _in_band(band: str, line: BranchLine) -> bool:
    return line.band == band


def scheme_told(name: str, quarter: Quarter) -> str:
    """A number of points of the scheme as pages write it: 90."""
    return formats.points(rulebook.load().scheme.number(name, quarter.last))


def _order(line: BranchLine, column: str) -> tuple[Any, ...]:
    low = -1_000_000
    if column == "name":
        return (line.path,)
    if column == "points":
        return (low if line.points is None else line.points, line.path)
    if column == "change":
        return (low if line.change is None else line.change, line.path)
    if column == "self_points":
        return (low if line.self_points is None else line.self_points, line.path)
    return (-(low if line.points is None else line.points), line.path)


def counts(found: Committee) -> dict[str, int]:
    """How many branches of each sort the table holds."""
    weak = weak_below(found)
    good = found.book.scheme.number("five_good_average", found.quarter.last)
    told = dict.fromkeys(("assessed", "new", "mobile", "low", "high", *BANDS, "last", "no_self"), 0)
    for line in found.lines:
        if line.assessed:
            told["assessed"] += 1
            told["new"] += line.months < 3
            told["no_self"] += line.self_points is None
        if line.points is not None:
            told["low"] += line.points < weak
            told["high"] += line.points >= good
        if line.band:
            told[line.band] += 1
        told["mobile"] += line.kind == "mobile_branch"
        told["last"] += line.is_last
    whole = len(found.lines)
    return {**told, "all": whole, "not_assessed": whole - told["assessed"], "weak": told["low"]}


@dataclass(frozen=True, slots=True)
class Mean:
    """A standard's mean share over all branches, hundredths of a percent."""

    id: str
    title: Text
    share: int | None

    @property
    def told(self) -> str:
        """As a percentage."""
        return "—" if self.share is None else f"{half_up(self.share, 100)}%"


def means(found: Committee) -> list[Mean]:
    """Every standard's mean, in the rulebook's order."""
    return [Mean(each.id, each.title, found.means.get(each.id)) for each in found.book.standards.values()]


def distribution(found: Committee) -> dict[str, Any]:
    """How many branches fall in each band of points."""
    points = [line.points for line in found.lines if line.points is not None]
    return {
        "bins": [label for _lo, _hi, label in BINS],
        "values": [sum(lo <= p < hi for p in points) for lo, hi, _ in BINS],
    }


def trend_chart(actor: Actor, organisation: Organisation, quarter: Quarter) -> dict[str, Any] | None:
    """Points by quarter for the trend picture; None with fewer than two quarters."""
    rows = trend(actor, organisation, quarter)
    if sum(points is not None for _quarter, points in rows) < 2:
        return None
    values = [None if points is None else points / 100 for _quarter, points in rows]
    return {
        "labels": [each.code for each, _points in rows],
        "series": [{"name": organisation.name, "values": values}],
        "unit": _("分"),
    }


@dataclass(frozen=True, slots=True)
class End:
    """A branch at one end of the list, with what cost or earned it most."""

    line: BranchLine
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of the list."""

    top: tuple[End, ...]
    bottom: tuple[End, ...]


def ends(found: Committee, count: int = 8) -> Ends:
    """The best and the weakest branches with the standards that lost them most."""
    ordered = [line for line in filtered(found, {}, "place") if line.points is not None]
    return Ends(
        tuple(End(line, _losses(found, line)) for line in ordered[:count]),
        tuple(End(line, _losses(found, line)) for line in reversed(ordered[-count:])),
    )


def _losses(found: Committee, line: BranchLine, count: int = 3) -> tuple[str, ...]:
    lost = sorted(
        ((cell[2] - cell[1], name) for name, cell in line.standards.items() if cell[2] > cell[1]),
        reverse=True,
    )[:count]
    return tuple(
        f"{name} {pick(found.book.standards[name].title)} −{formats.points(hundredths_of(amount))}"
        for amount, name in lost
    )


def cell_points(line: BranchLine, standard: str) -> int | None:
    """Hundredths a branch earned for a standard; None when nothing was decided."""
    cell = line.standards.get(standard)
    return hundredths_of(cell[1]) if cell and cell[2] else None


def band_told(band: str) -> str:
    """A band in words."""
    return {"advanced": _("先进"), "middle": _("中间"), "lagging": _("后进")}.get(band, "")


def unit_type_label(value: str) -> str:
    """A unit type in words."""
    return str(dict(UnitType.choices).get(value, value))


def place_told(line: BranchLine) -> str:
    """A place with its denominator."""
    return f"{line.place} / {line.of}" if line.place else "—"


def standards_by_group(book: Rulebook, today: date) -> list[tuple[str, str, list[tuple[Standard, int, int]]]]:
    """Standards by group with (weight, of which computed) in hundredths today."""
    groups: dict[str, list[tuple[Standard, int, int]]] = {}
    for standard in book.standards.values():
        weights = [(part, standard.weight(part, today) or 0) for part in standard.parts]
        whole = sum(weight for _part, weight in weights)
        computed = sum(weight for part, weight in weights if isinstance(part, Check))
        groups.setdefault(standard.group, []).append((standard, whole, computed))
    return [(key, pick(book.groups[key].title), rows) for key, rows in sorted(groups.items())]


def parts_shown(
    book: Rulebook, standard: Standard, today: date
) -> list[tuple[Part, bool, int, tuple[str, ...]]]:
    """The parts of a standard: (part, computed?, weight in hundredths today, the rule in words)."""
    row = standard.terms.row_on(today)
    numbers = row.numbers if row else {}
    return [
        (part, isinstance(part, Check), standard.weight(part, today) or 0, rule_told(book, part, numbers))
        for part in standard.parts
    ]


def terms_shown(book: Rulebook, standard: Standard) -> list[tuple[date, list[tuple[Part, int, str]]]]:
    """Since when a standard asks and weighs what: its parts first, then at each later day those that changed.

    (part, weight in hundredths, the rule in words); a part that weighed nothing yet is not shown.
    """
    shown: list[tuple[date, list[tuple[Part, int, str]]]] = []
    before: dict[str, tuple[Part, int, str]] = {}
    for row in standard.terms.rows:
        now = {
            part.id: (part, weight, "；".join(asks))
            for part, _computed, weight, asks in parts_shown(book, standard, row.since)
        }
        changed = [each for key, each in now.items() if each != before.get(key)]
        shown.append((row.since, [each for each in changed if each[1] or each[0].id in before]))
        before = {key: each for key, each in now.items() if each[1]}
    return shown


@dataclass(frozen=True, slots=True)
class Standing:
    """How a branch stands in a quarter for its workbench. Points in hundredths."""

    points: int | None
    decided: int
    place: int | None
    of: int | None
    final: bool


def standing(branch: Organisation, quarter: Quarter) -> Standing | None:
    """The stored standing of a branch in a published quarter."""
    for points, decided, place, place_of in record.rows(_stands, branch.pk, quarter.key):
        return Standing(points, hundredths_of(decided), place, place_of, final=True)
    return None


def _stands(branch: int, quarter: int) -> QuerySet[Result, Any]:
    rows = Result.objects.filter(branch=branch, run__quarter=quarter).exclude(run__state=RunState.OPEN)
    return rows.order_by("id").values_list("points", "decided_micro", "place", "place_of")[:1]


def last_place_history(branch: Organisation) -> list[str]:
    """Quarters in which a branch had the last place, in total."""
    keys = (
        Result.objects.filter(branch=branch, is_last=1)
        .exclude(run__state=RunState.OPEN)
        .order_by("run__quarter")
    )
    return [Quarter.from_key(key).code for key in keys.values_list("run__quarter", flat=True)]
