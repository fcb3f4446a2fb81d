"""What is entered when a case is opened or a step is taken, as written."""

from __future__ import annotations

from dataclasses import replace

from zhibu.core.norms.procedures import Field, FieldKind, Supply

from .entry import Entry


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


def read_step_field(entry: Entry) -> Field:
    """A field of a step: of the people named at another step, filled in from what is known, or counted from grades."""
    of = entry.text_or("of", "") or ""
    supplied = entry.choice("supplied", Supply) if entry.has("supplied") else None
    counts = entry.text_or("counts", "") or ""
    return replace(read_field(entry), of=of, supplied=supplied, counts=counts)
