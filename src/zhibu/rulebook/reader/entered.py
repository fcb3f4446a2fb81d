"""What is entered when a case is opened or a step is taken, as written."""

from __future__ import annotations

from dataclasses import replace

from zhibu.core.norms.procedures import Field, FieldKind, Supply

from .entry import Entry
from .gathering import Gathering
from .problems import listed, meant


def read_field(entry: Entry) -> Field:
    """Something to be entered."""
    kind = entry.choice("kind", FieldKind)
    node = entry.get("choices")
    choices = (
        {name: entry.page.wording(each, name) for name, _, each in entry.page.pairs(node, "choices")}
        if node
        else {}
    )
    if (kind is FieldKind.CHOICE) != bool(choices):
        entry.page.note(entry.line, "choices_and_kind", id=entry.text_or("id", "") or "")
    found = Field(
        id=entry.text("id"),
        title=entry.wording("title"),
        kind=kind,
        required=entry.flag_or("required", otherwise=True),
        sensitive=entry.flag_or("sensitive", otherwise=False),
        choices=choices,
        help=entry.wording_or("help"),
    )
    entry.close()
    return found


def read_case_field(entry: Entry) -> Field:
    """A field of a case: it may be filled in from the case above that calls for it."""
    called = entry.text_or("called", "") or ""
    return replace(read_field(entry), called=called)


def check_called(book: Gathering) -> None:
    """Note a problem where a field is filled in from what no procedure asks."""
    for procedure in book.procedures.values():
        for field in procedure.fields:
            if not field.called:
                continue
            name = field.called.partition(".")[0]
            steps = book.procedures[name].steps if name in book.procedures else ()
            known = {f"{name}.{step.id}.{each.id}": each.kind for step in steps for each in step.fields}
            if known.get(field.called) is not field.kind:
                file, line = book.places["procedure", procedure.id]
                book.problems.add(
                    file,
                    line,
                    "unknown_value",
                    name=field.called,
                    meant=meant(field.called, known),
                    known=listed(known),
                )


def read_step_field(entry: Entry) -> Field:
    """A field of a step: of the people named at another step, filled in from what is known, or counted from grades."""
    of = entry.text_or("of", "") or ""
    supplied = entry.choice("supplied", Supply) if entry.has("supplied") else None
    counts = entry.text_or("counts", "") or ""
    return replace(read_field(entry), of=of, supplied=supplied, counts=counts)
