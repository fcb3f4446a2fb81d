"""The dry run: from the bytes of a file to a report, and to the plan that an import carries out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zhibu.core.authority import Actor, ranges
from zhibu.record import files
from zhibu.record.grids import Grid, GridFault, open_grids
from zhibu.record.progress import READING, Tell, silent
from zhibu.register.imports.columns import LABELS, SEARCHED_ROWS, Header, header_of
from zhibu.register.imports.plan import Plan, plan_for
from zhibu.register.imports.report import FileFault, Report
from zhibu.register.imports.rows import Reading, read_rows
from zhibu.register.imports.targets import Targets
from zhibu.register.models import Organisation

LIMIT = 20_000
"""Rows taken at once."""

REQUIRED = ("name", "id", "kind", "joined")
VERB = "register.import_roster"

Choices = Mapping[str, tuple[str, str]]


@dataclass(slots=True)
class Read:
    """A file read and judged by itself, without the register."""

    filename: str
    sheet: str
    header: Header
    reading: Reading


def read_file(data: bytes, filename: str, today: date, tell: Tell = silent) -> Read:
    """Read the roster in a workbook. Raises Refused for a file that no roster can be in, FileFault for one without."""
    if not data:
        raise FileFault("file_empty")
    files.inspect(data, kinds=files.SHEETS)
    tell(READING, 0, 0)
    try:
        grids = open_grids(data)
    except GridFault as fault:
        if fault.code == "too_demanding":
            raise FileFault("file_too_demanding") from None
        raise FileFault("file_not_readable", what=fault.reason) from None
    grid, header = _roster_in(grids)
    if len(grid.rows) > LIMIT + header.last_row:
        raise FileFault("too_many_rows", rows=len(grid.rows), limit=LIMIT)
    missing = [LABELS[name] for name in REQUIRED if name not in header.fields]
    if missing:
        raise FileFault("columns_missing", what="、".join(missing))
    reading = read_rows(grid, header, today, tell)
    if not reading.rows:
        raise FileFault("no_rows")
    return Read(filename, grid.name, header, reading)


def _roster_in(grids: list[Grid]) -> tuple[Grid, Header]:
    found = [(grid, header) for grid in grids if (header := header_of(grid.rows)) is not None]
    if not found:
        raise FileFault("header_not_found", rows=SEARCHED_ROWS, known="、".join(LABELS.values()))
    if len(found) > 1:
        raise FileFault("sheets_many", what="、".join(grid.name for grid, _header in found))
    return found[0]


def compare(
    read: Read, actor: Actor, organisation: Organisation, choices: Choices | None, tell: Tell = silent
) -> tuple[Report, Plan]:
    """Judge what was read against the register as it is now."""
    headings = {name: read.header.headings.get(name, label) for name, label in LABELS.items()}
    targets = Targets.below(organisation, headings["branch"], choices)
    plan = plan_for(read.reading.rows, targets, ranges(actor, VERB), headings, tell)
    report = Report(
        filename=read.filename,
        data_rows=len(read.reading.rows),
        sheet=read.sheet,
        header_row=read.header.row,
        unused_columns=read.header.unused,
        refused=sorted([*read.reading.refused, *plan.refused], key=lambda each: each.excel_row),
        cautions=sorted([*read.reading.cautions, *plan.cautions], key=lambda each: each.excel_row),
        by_branch=Counter(line.branch.name for line in plan.lines),
        counts=_counts(plan),
        new_branches=[
            {"name": each.name, "kind": each.kind, "unit_type": each.unit_type}
            for each in targets.new_branches
        ],
        new_groups=[{"branch": each.branch.name, "name": each.name} for each in targets.new_groups],
        changes=[
            {"row": line.row.excel_row, "name": line.row.name, "fields": line.fields}
            for line in plan.lines
            if line.is_changed
        ],
    )
    return report, plan


def _counts(plan: Plan) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in plan.lines:
        counts["new" if line.is_new else "changed" if line.is_changed else "unchanged"] += 1
        counts["probationary"] += line.row.stage == "probationary_member"
        counts["women"] += line.row.sex == "2"
        counts["mobile"] += bool(line.row.mobile)
        counts["posts"] += len(line.row.posts)
    counts["new_branches"] = len(plan.targets.new_branches)
    counts["new_groups"] = len(plan.targets.new_groups)
    return counts


def check(
    actor: Actor,
    organisation: Organisation,
    data: bytes,
    filename: str,
    today: date,
    choices: Choices | None = None,
    tell: Tell = silent,
) -> Report:
    """The dry run: what an import of this file below this organisation would do. Writes nothing.

    Raises Refused when the file cannot be read as a roster at all.
    """
    try:
        read = read_file(data, filename, today, tell)
    except FileFault as fault:
        raise fault.refused() from None
    return compare(read, actor, organisation, choices, tell)[0]
