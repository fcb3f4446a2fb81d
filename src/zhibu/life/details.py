"""What a kind of meeting and the matters on its agenda ask, as typed values: by key, checked, and told in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhibu import rulebook
from zhibu.core.norms.sessions import Given, GivenKind
from zhibu.core.refusal import Caution, Force, Refusal
from zhibu.core.wording import Text
from zhibu.life import kinds
from zhibu.ui import formats
from zhibu.ui.language import pick

LONGEST = 20_000
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A field, its key in the details of a meeting ("outline", "committee_report.report"), and the tag it is of."""

    key: str
    given: Given
    tag: str = ""

    @property
    def title(self) -> str:
        """What the field is called, in the reader's language."""
        return pick(self.given.title)


def asked(kind: str, tags: Iterable[str] = ()) -> list[Asked]:
    """The fields of a kind, then those of the matters with these tags."""
    found = kinds.known().get(kind)
    fields = [Asked(each.id, each) for each in found.fields] if found else []
    return fields + [
        Asked(f"{tag}.{each.id}", each, tag)
        for tag in dict.fromkeys(tags)
        if (matter := kinds.matter(tag, kind))
        for each in matter.fields
    ]


def all_tags(kind: str) -> list[str]:
    """The tags whose items ask something at a meeting of the kind."""
    return [tag for tag, matter in rulebook.load().matters.items() if kind in matter.kinds and matter.fields]


def settled(kind: str, tags: Iterable[str], told: Mapping[str, Any]) -> dict[str, Any]:
    """What was told, as it is kept: of the fields that are asked, trimmed, what is empty left out.

    Raises ValueError for a value that is not of its field's type: forms see to that, so it is a fault of a program.
    """
    found = {each.key: _settled(each, told.get(each.key)) for each in asked(kind, tags)}
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def _settled(field: Asked, value: Any) -> Any:
    if value is None or value == "":
        return None
    match field.given.kind:
        case GivenKind.TEXT | GivenKind.LONG_TEXT if isinstance(value, str):
            return "\n".join(value.strip().splitlines())[:LONGEST]
        case GivenKind.LINES if isinstance(value, (str, list)):
            lines = value.splitlines() if isinstance(value, str) else value
            return [str(line).strip()[:500] for line in lines if str(line).strip()][:MOST_LINES]
        case GivenKind.NUMBER if type(value) is int and value >= 0:
            return value
        case GivenKind.DAY if isinstance(value, (date, str)):
            return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()
        case GivenKind.CHOICE if value in field.given.choices:
            return value
        case GivenKind.PERSON if type(value) is int:
            return value
        case GivenKind.PEOPLE if isinstance(value, list) and all(type(each) is int for each in value):
            return value
    raise ValueError(f"{field.key} is no {field.given.kind}: {value!r}")


def people_in(kind: str, details: Mapping[str, Any]) -> set[int]:
    """The ids of people the details name."""
    found: set[int] = set()
    for each in asked(kind, all_tags(kind)):
        value = details.get(each.key)
        if each.given.kind is GivenKind.PERSON and isinstance(value, int):
            found.add(value)
        elif each.given.kind is GivenKind.PEOPLE and isinstance(value, list):
            found.update(value)
    return found


def told(field: Asked, value: Any, name: Callable[[int], str]) -> str | list[str]:
    """A value in words; a list stays a list."""
    match field.given.kind:
        case GivenKind.LINES:
            return [str(each) for each in value]
        case GivenKind.DAY:
            return formats.day(date.fromisoformat(value))
        case GivenKind.CHOICE:
            return pick(field.given.choices[value]) if value in field.given.choices else str(value)
        case GivenKind.PERSON:
            return name(value)
        case GivenKind.PEOPLE:
            return pick(Text("、", ", ")).join(name(each) for each in value)
    return str(value)


def written(field: Asked, value: Any) -> str:
    """A value as plain text, people by their number: what versions are compared by."""
    found = "" if value in (None, "", []) else told(field, value, str)
    return "\n".join(found) if isinstance(found, list) else found


def wanting(kind: str, tags: Iterable[str], details: Mapping[str, Any]) -> list[Refusal]:
    """A refusal (must) or a caution (should) for every field asked for at the close that is empty."""
    found: list[Refusal] = []
    for each in asked(kind, tags):
        if each.given.needed is None or details.get(each.key) not in (None, "", []):
            continue
        made = Refusal if each.given.needed is Force.MUST else Caution
        found.append(made(
            code=f"life.wanting_{each.given.id}",
            message=Text("没有填写“{field}”", "“{field}” is not filled in"),
            params={"field": each.title},
            remedy=Text("请补填后再归档", "Please fill it in before the minutes are closed"),
        ))  # fmt: skip
    return found
