"""What the kind of a meeting asks, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zhibu.core.norms.sessions import GivenKind
from zhibu.life import details, kinds
from zhibu.life.models import Session, SessionState
from zhibu.register.models import Person
from zhibu.ui.language import pick


@dataclass(frozen=True, slots=True)
class Shown:
    """A field in words; `lines` for a list, `long` when it wants a paragraph of its own."""

    label: str
    text: str
    lines: tuple[str, ...] = ()
    long: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of what goes through several meetings: which of them, if it was held."""

    title: str
    session: int | None
    day: Any
    current: bool


def shown(session: Session) -> list[Shown]:
    """The fields that are filled in, those of the kind first."""
    people = details.people_in(session.kind, session.details)
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    found = []
    for each in details.asked(session.kind, details.all_tags(session.kind)):
        value = session.details.get(each.key)
        if value in (None, "", []):
            continue
        text = details.told(each, value, lambda person: names.get(person, "—"))
        lines = tuple(text) if isinstance(text, list) else ()
        long = each.given.kind in {GivenKind.LONG_TEXT, GivenKind.LINES}
        found.append(Shown(each.title, "" if lines else str(text), lines, long))
    return found


def people_of(session: Session) -> list[tuple[int, str]]:
    """Those on the list of a meeting, to be named in its details."""
    rows = session.attendance.order_by("person__initials", "person_id").values_list(
        "person_id", "person__name"
    )
    return [(person, name) for person, name in rows]


def tags_of(session: Session) -> list[str]:
    """What the items of a meeting are about."""
    return list(session.agenda.values_list("tag", flat=True))


def stages(session: Session) -> list[Stage]:
    """The stages of a campaign: the meetings of the branch of the same kind and name, each at its stage."""
    kind = kinds.known().get(session.kind)
    if kind is None or not kind.stages:
        return []
    stage = kind.given(kind.stages)
    same = {each.id: session.details.get(each.id) for each in kind.fields if each.id == kind.id}
    rows = Session.objects.filter(organisation_id=session.organisation_id, kind=session.kind).exclude(
        state=SessionState.CANCELLED
    )
    held: dict[str, tuple[int, Any]] = {}
    for row in rows.order_by("held_on", "pk").values("pk", "held_on", "details"):
        if all(row["details"].get(name) == value for name, value in same.items()):
            held.setdefault(row["details"].get(stage.id, ""), (row["pk"], row["held_on"]))
    found = []
    for code, title in stage.choices.items():
        pk, day = held.get(code, (None, None))
        found.append(Stage(pick(title), pk, day, code == session.details.get(stage.id)))
    return found
