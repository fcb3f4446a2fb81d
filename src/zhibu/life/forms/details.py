"""The fields a kind of meeting asks, as fields of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from zhibu.core.norms.sessions import GivenKind
from zhibu.core.refusal import Force
from zhibu.life import details, kinds
from zhibu.ui import fields
from zhibu.ui.language import pick

PREFIX = "d_"


def add_details(
    form: forms.Form, kind: str, *, people: Sequence[Any] = (), values: Mapping[str, Any] | None = None
) -> None:
    """Put the fields of a kind and of its matters into a form; what stands already is their initial value."""
    for each in details.asked(kind, details.all_tags(kind)):
        name = PREFIX + each.key
        form.fields[name] = _field(each, people)
        value = (values or {}).get(each.key)
        if value is not None:
            form.initial[name] = "\n".join(value) if each.given.kind is GivenKind.LINES else value


def details_of(form: forms.Form) -> dict[str, Any]:
    """What was entered, by key."""
    return {
        name.removeprefix(PREFIX): value
        for name, value in form.cleaned_data.items()
        if name.startswith(PREFIX) and value not in (None, "", [])
    }


def own_fields(form: forms.Form) -> list[Any]:
    """The bound fields of the kind itself."""
    return [form[name] for name in form.fields if name.startswith(PREFIX) and "." not in name]


def matter_fields(form: forms.Form, kind: str) -> list[tuple[str, str, list[Any]]]:
    """The bound fields of each matter: its tag, its title, the fields."""
    found = []
    for tag in details.all_tags(kind):
        matter = kinds.matter(tag, kind)
        if matter:
            bound = [form[f"{PREFIX}{tag}.{each.id}"] for each in matter.fields]
            found.append((tag, pick(matter.title), bound))
    return found


def _field(each: details.Asked, people: Sequence[Any]) -> forms.Field:
    given = each.given
    known: dict[str, Any] = {"label": each.title, "required": False}
    notes = [pick(given.help) if given.help else "", _("归档前必填") if given.needed is Force.MUST else ""]
    known["help_text"] = _("，").join(filter(None, notes))
    match given.kind:
        case GivenKind.NUMBER:
            return forms.IntegerField(min_value=0, max_value=1_000_000, **known)
        case GivenKind.DAY:
            return fields.Day(**known)
        case GivenKind.CHOICE:
            offered = [(code, pick(text)) for code, text in given.choices.items()]
            return forms.ChoiceField(choices=[("", _("请选择")), *offered], **known)
        case GivenKind.PERSON:
            return fields.Person(people=people, **known)
        case GivenKind.PEOPLE:
            return fields.People(people=people, **known)
        case GivenKind.LONG_TEXT:
            return fields.LongText(rows=3, max_length=details.LONGEST, **known)
        case GivenKind.LINES:
            return fields.LongText(rows=2, max_length=details.LONGEST, **known)
    return forms.CharField(max_length=300, **known)
