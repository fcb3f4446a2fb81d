"""Fields of the rulebook as fields of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from zhibu.core.norms.procedures import Field, FieldKind, Procedure
from zhibu.ui import fields
from zhibu.ui.language import pick

PREFIX = "v_"
MOST = 2_000_000_000
LINKED = (FieldKind.NUMBER, FieldKind.CHOICE)


def form_field(
    given: Field,
    *,
    required: bool,
    people: Sequence[Any] = (),
    organisations: Sequence[tuple[int, str]] = (),
) -> forms.Field:
    """The form field of a field of the rulebook."""
    known: dict[str, Any] = {"label": pick(given.title), "required": required}
    known["help_text"] = pick(given.help) if given.help else ""
    if given.supplied:
        known["help_text"] = _("按考核结果带入，请核对") + (known["help_text"] and "。" + known["help_text"])
    match given.kind:
        case FieldKind.NUMBER:
            return forms.IntegerField(min_value=0, max_value=MOST, **known)
        case FieldKind.MONEY:
            return fields.Fen(maximum=MOST, **known)
        case FieldKind.DAY:
            return fields.Day(**known)
        case FieldKind.FLAG:
            return forms.BooleanField(**(known | {"required": False}))
        case FieldKind.CHOICE:
            offered = [(code, pick(text)) for code, text in given.choices.items()]
            return forms.ChoiceField(choices=offered if required else [("", _("不选")), *offered], **known)
        case FieldKind.PERSON:
            return fields.Person(people=people, **known)
        case FieldKind.ORGANISATION:
            return forms.TypedChoiceField(
                choices=[("", _("请选择")), *organisations], coerce=int, empty_value=None, **known
            )
        case _:
            return fields.LongText(rows=2, max_length=2000, **known)


def asked_for(procedure: Procedure, got: Mapping[str, str]) -> dict[str, str]:
    """What the address of a link says of the fields of a procedure: filled in, and looked over by who sends it."""
    names = [f"{PREFIX}{each.id}" for each in procedure.fields if each.kind in LINKED]
    return {name: got[name][:60] for name in names if got.get(name)}


def values_of(given: Sequence[Field], cleaned: dict[str, Any]) -> dict[str, Any]:
    """What was entered, by the names of the rulebook; what was left empty is left out."""
    found = {each.id: cleaned.get(f"{PREFIX}{each.id}") for each in given}
    return {name: value for name, value in found.items() if value is not None and value != ""}
