"""Comparing a roster with the register: what is new, what differs, where everybody goes. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from zhibu.record.progress import COMPARING, Tell, silent
from zhibu.register import secrets
from zhibu.register.imports.report import Finding
from zhibu.register.imports.rows import RosterRow
from zhibu.register.imports.targets import Branch, Group, Targets
from zhibu.register.models import Membership, MobileSpell, Person, Post

CHUNK = 500
STAGES = ("applicant", "activist", "prospect", "probationary_member", "full_member")
# (what the roster calls it, the column of the register); an empty cell never erases what is known
COMPARED = ("sex", "born_on", "nation", "education", "position", "note", "joined_on", "full_since")

Spans = Sequence[tuple[str, str]]


@dataclass(slots=True)
class Known:
    """What the register holds of one person: the row, the open spell, open posts, an open mobile spell."""

    person: Person
    membership: Membership | None = None
    branch_path: str = ""
    posts: list[Post] = field(default_factory=list)
    mobile: MobileSpell | None = None


@dataclass(slots=True)
class Line:
    """One row with its place in the register and what is to be done about it."""

    row: RosterRow
    branch: Branch
    group: Group | None
    id_index: str
    known: Known | None = None
    fields: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.known is None

    @property
    def is_changed(self) -> bool:
        return self.known is not None and bool(self.fields)


@dataclass(slots=True)
class Plan:
    """All lines of a roster against the register as it is now."""

    lines: list[Line]
    targets: Targets
    refused: list[Finding]
    cautions: list[Finding]


def plan_for(
    rows: Sequence[RosterRow],
    targets: Targets,
    spans: Spans,
    headings: Mapping[str, str],
    tell: Tell = silent,
) -> Plan:
    """Compare rows with the register. `spans` are the path ranges the actor may import into.

    A person known outside of them is refused without a word about where (the number alone must not tell).
    """
    lines = [
        Line(
            row,
            branch,
            targets.group(branch, row.group),
            secrets.id_index(row.id_number) if row.id_number else "",
        )
        for row in rows
        if (branch := targets.branch_of(row)) is not None
    ]
    plan = Plan(lines, targets, list(targets.refused), [])
    known = known_by_index([line.id_index for line in lines if line.id_index], tell)
    compared: set[str] = set()
    for line in lines:
        line.known = known.get(line.id_index)
        # a number twice in the file was refused already; whose it is cannot be said
        if line.known is not None and line.id_index not in compared:
            _compare(plan, line, line.known, spans, headings)
        compared.add(line.id_index)
    return plan


def _compare(plan: Plan, line: Line, known: Known, spans: Spans, headings: Mapping[str, str]) -> None:
    row = line.row

    def find(where: list[Finding], column: str, code: str, value: str, **params: Any) -> None:
        where.append(Finding(row.excel_row, headings[column], code, value, params))

    if not any(low <= known.branch_path < end for low, end in spans):
        find(plan.refused, "id", "id_elsewhere", secrets.mask_id(row.id_number))
        return
    if known.person.name != row.name:
        find(plan.refused, "name", "name_differs", row.name, other=known.person.name)
        return
    line.fields = _differences(row, known)
    spell = known.membership
    if spell is None or spell.until is not None:
        line.fields.append("membership")
        find(plan.cautions, "branch", "returns", line.branch.name)
        return
    if row.stage not in STAGES:
        # refused already, for its own sake
        return
    if STAGES.index(row.stage) < STAGES.index(spell.stage):
        find(
            plan.refused,
            "kind",
            "stage_goes_back",
            row.stage,
            other=spell.get_stage_display(),
            now=_label(row.stage),
        )
        return
    line.fields += _belonging(line, spell)
    line.fields += _posts_and_mobile(line, known)
    if "branch" in line.fields:
        find(
            plan.cautions, "branch", "moves_branch", line.branch.name,
            other=spell.organisation.name, branch=line.branch.name,
        )  # fmt: skip


def _label(stage: str) -> str:
    return str(dict(Membership._meta.get_field("stage").choices or ())[stage])


def _differences(row: RosterRow, known: Known) -> list[str]:
    person = known.person
    changed = [
        name
        for name in COMPARED
        if getattr(row, name) not in (None, "") and getattr(row, name) != getattr(person, name)
    ]
    if row.phone and secrets.phone_index(row.phone) != person.phone_index:
        changed.append("phone")
    return changed


def _belonging(line: Line, spell: Membership) -> list[str]:
    changed = []
    if line.branch.pk != spell.organisation_id:
        changed.append("branch")
    elif line.group is not None and line.group.pk != spell.party_group_id:
        changed.append("group")
    if line.row.stage != spell.stage:
        changed.append("stage")
    if line.row.dues_fen is not None and line.row.dues_fen != spell.dues_monthly_fen:
        changed.append("dues")
    return changed


def _posts_and_mobile(line: Line, known: Known) -> list[str]:
    held = {(post.kind, post.duties) for post in known.posts}
    changed = ["posts"] if any(post not in held for post in line.row.posts) else []
    mobile = line.row.mobile
    if mobile is not None and mobile != (known.mobile is not None):
        changed.append("mobile")
    elif mobile and known.mobile and line.row.place and line.row.place != known.mobile.place:
        changed.append("place")
    return changed


def known_by_index(indexes: Sequence[str], tell: Tell = silent) -> dict[str, Known]:
    """What is known of the people with these ID numbers, in four queries for each five hundred."""
    found: dict[str, Known] = {}
    tell(COMPARING, 0, len(indexes))
    for number, some in enumerate(_portions(indexes)):
        found |= _known(some)
        tell(COMPARING, min((number + 1) * CHUNK, len(indexes)), len(indexes))
    return found


def _known(indexes: Sequence[str]) -> dict[str, Known]:
    found: dict[int, Known] = {}
    found.update((person.pk, Known(person)) for person in Person.objects.filter(id_index__in=indexes))
    if found:
        ids = list(found)
        spells = (
            Membership.objects.filter(person__in=ids).select_related("organisation").order_by("since", "id")
        )
        for spell in spells:
            known = found[spell.person_id]
            if known.membership is None or known.membership.until is not None or spell.until is None:
                known.membership, known.branch_path = spell, spell.organisation.path
        for post in Post.objects.filter(person__in=ids, until=None):
            found[post.person_id].posts.append(post)
        for mobile in MobileSpell.objects.filter(person__in=ids, until=None):
            found[mobile.person_id].mobile = mobile
    return {str(known.person.id_index): known for known in found.values()}


def _portions(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def in_spans(spans: Iterable[tuple[str, str]], field_name: str) -> Q:
    """The ranges as a condition on a path column; no range gives nothing."""
    condition = Q(pk__in=[])
    for low, end in spans:
        condition |= Q(**{f"{field_name}__gte": low, f"{field_name}__lt": end})
    return condition
