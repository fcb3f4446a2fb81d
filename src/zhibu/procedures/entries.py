"""What is entered again and again in cases of a matter, as one table: scores with their reasons, spending with its vouchers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms.procedures import Field, FieldKind, Procedure, Step, Subject
from zhibu.procedures import policies
from zhibu.procedures.models import Case, StepTaken
from zhibu.register.models import Organisation, Person
from zhibu.register.tree import subtree
from zhibu.ui.language import pick
from zhibu.ui.workbook import Column, write_workbook

MOST = 20_000
KINDS = {FieldKind.NUMBER: "number", FieldKind.MONEY: "fen", FieldKind.DAY: "day"}


def tables_of(procedure: Procedure) -> list[Step]:
    """The steps of a procedure whose entries make a table: taken again and again, and about no person."""
    if procedure.subject is Subject.PERSON:
        return []
    return [step for step in procedure.steps if step.repeats is not None and _open(step)]


def _open(step: Step) -> list[Field]:
    """Fields that everyone who sees the case may read."""
    return [each for each in step.fields if not each.sensitive]


def workbook(
    actor: Actor, procedure: Procedure, step: Step, organisation: Organisation | None = None
) -> bytes:
    """Every entry that stands, of the cases in reach, a row each; with the sum or the mean left to the reader."""
    cases = policies.visible_to(actor, Case.objects.filter(procedure=procedure.id))
    if organisation is not None:
        low, high = subtree(organisation)
        cases = cases.filter(organisation__path__gte=low, organisation__path__lt=high)
    rows = StepTaken.objects.filter(case__in=cases, step=step.id, reversed=0).order_by(
        "case__organisation__path", "case_id", "taken_on", "pk"
    )
    found = list(
        rows.values_list(
            "case__organisation__name", "case__title", "taken_on", "values", "note", "entered_by"
        )[:MOST]
    )
    fields = _open(step)
    names = _named(fields, [values for _b, _t, _d, values, _n, _e in found])
    columns = [
        Column(_("党支部"), width=24), Column(_("事项名称"), width=28), Column(_("日期"), kind="day"),
        *(Column(pick(each.title), kind=KINDS.get(each.kind, "text")) for each in fields),
        Column(_("说明"), width=24), Column(_("登记人"), width=12),
    ]  # fmt: skip
    lines = [
        (branch, title, day, *(_cell(each, values.get(each.id), names) for each in fields), note, who)
        for branch, title, day, values, note, who in found
    ]
    told = f"{pick(procedure.title)} · {pick(step.title)}"
    return write_workbook(columns, lines, title=told, note=organisation.name if organisation else "")


def _named(fields: list[Field], values: list[dict[str, Any]]) -> dict[tuple[FieldKind, int], str]:
    asked: dict[FieldKind, set[int]] = {FieldKind.PERSON: set(), FieldKind.ORGANISATION: set()}
    for each in fields:
        if each.kind in asked:
            asked[each.kind] |= {
                int(str(row[each.id])) for row in values if str(row.get(each.id, "")).isdigit()
            }
    people = Person.objects.filter(pk__in=asked[FieldKind.PERSON]).values_list("pk", "name")
    places = Organisation.objects.filter(pk__in=asked[FieldKind.ORGANISATION]).values_list("pk", "name")
    return {(FieldKind.PERSON, pk): name for pk, name in people} | {
        (FieldKind.ORGANISATION, pk): name for pk, name in places
    }


def _cell(field: Field, value: Any, names: dict[tuple[FieldKind, int], str]) -> Any:
    match field.kind:
        case FieldKind.FLAG:
            return _("是") if value else _("否")
        case FieldKind.CHOICE:
            return pick(field.choices[value]) if value in field.choices else value
        case FieldKind.PERSON | FieldKind.ORGANISATION:
            return names.get((field.kind, int(value)), "") if str(value or "").isdigit() else value
        case FieldKind.DAY:
            return date.fromisoformat(value) if isinstance(value, str) and value else value
        case _:
            return value
