"""What a meeting decided, as it may become undertakings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms import Opener
from zhibu.life import kinds as meetings
from zhibu.life.models import AgendaTag, Session
from zhibu.ui import formats
from zhibu.ui.language import pick
from zhibu.undertakings import queries as undertakings
from zhibu.undertakings.models import Undertaking, UndertakingState
from zhibu.undertakings.policies import kinds
from zhibu.undertakings.told import Source

SOURCE = "life.session"
LONGEST = 300
PROBLEMS = ("problems", "found", "topics")
"""Fields in which a meeting says what was wrong, whichever its kind has."""

_OF_TAG = {
    AgendaTag.DIFFICULTIES: "difficulty",
    AgendaTag.SUGGESTIONS: "measure",
    AgendaTag.MASS_ORGANISATIONS: "support_task",
}
_OF_PRODUCTION = (AgendaTag.PRODUCTION_PLAN, AgendaTag.OPERATING_PLAN, AgendaTag.SAFETY)


@dataclass(frozen=True, slots=True)
class Decided:
    """An agenda item with what is proposed for it; `followed` when something was undertaken for it already."""

    title: str
    resolution: str
    kind: str
    text: str
    due_on: date | None
    source: Source
    followed: bool
    problem: str

    @property
    def initial(self) -> dict[str, Any]:
        """As a line of the form begins."""
        return {
            "use": bool(self.resolution) and not self.followed, "kind": self.kind, "text": self.text,
            "due_on": self.due_on,
        }  # fmt: skip


def decided(actor: Actor, session: Session, today: date) -> list[Decided]:
    """The items of the agenda, what they may become, and which are followed already."""
    known, book = {each["source_told"] for each in followed(actor, session, today)}, kinds()
    found: list[Decided] = []
    items = [
        (title, resolution, proposed_kind(session.kind, tag), title)
        for title, tag, resolution in session.agenda.values_list("title", "tag", "resolution")
    ]
    for title, resolution, kind, problem in [*items, *listed_lines(session)]:
        told = told_of(session, title)
        # two items of the same name are two
        again = sum(each.source.told.startswith(told) for each in found)
        source = Source(SOURCE, session.pk, f"{told}（{again + 1}）" if again else told)
        days = book[kind].days_on(today) if kind in book else 0
        found.append(
            Decided(
                title, resolution, kind, " ".join((resolution or title).split())[:LONGEST],
                today + timedelta(days=days) if days else None, source, source.told in known, problem,
            )
        )  # fmt: skip
    return found


def listed_lines(session: Session) -> list[tuple[str, str, str, str]]:
    """The lines of a list of the meeting's own that are to be done one by one: title, words, kind, problem.

    Where as many problems were found as there are lines, each line answers the problem of its place.
    """
    found = []
    problems: list[str] = next(filter(None, map(session.details.get, PROBLEMS)), [])
    for kind in kinds().values():
        for name in kind.lists:
            given = session.details.get(name) or []
            lines = [given] if isinstance(given, str) else given
            answered = problems if len(problems) == len(lines) else lines
            found += [
                (" ".join(line.split())[:LONGEST], line, kind.id, " ".join(problem.split())[:LONGEST])
                for line, problem in zip(lines, answered, strict=True)
            ]
    return found


def reported(organisation: int, meeting: str, today: date) -> dict[str, list[str]]:
    """What came of the list of the last meeting of the kind, one line to each, by the field the next one tells it in."""
    asked = {each.id for each in meetings.known()[meeting].fields} if meeting in meetings.known() else set()
    telling = {kind.id: name for kind in kinds().values() for name in kind.reports if name in asked}
    last = (
        Session.objects.filter(organisation_id=organisation, kind=meeting, held_on__lt=today)
        .exclude(state="cancelled")
        .order_by("-held_on", "-id")
        .values_list("pk", flat=True)
        .first()
    )
    found: dict[str, list[str]] = {}
    if last is not None and telling:
        rows = Undertaking.objects.filter(source=SOURCE, source_id=last, kind__in=telling)
        for row in rows.order_by("id"):
            found.setdefault(telling[row.kind], []).append(_came_of(row))
    return found


def _came_of(row: Undertaking) -> str:
    """One line: done and how, or not done and until when."""
    if row.state == UndertakingState.CLOSED:
        return _("%(what)s：已完成。%(how)s") % {"what": row.text, "how": row.result}
    if row.state == UndertakingState.GIVEN_UP:
        return _("%(what)s：不再办理。%(how)s") % {"what": row.text, "how": row.result}
    due = formats.day(row.due_on) if row.due_on else ""
    return _("%(what)s：办理中，%(day)s前完成") % {"what": row.text, "day": due}


def followed(actor: Actor, session: Session, today: date) -> list[dict[str, Any]]:
    """What was undertaken after this meeting, as far as the actor may see it."""
    return undertakings.of_source(actor, SOURCE, session.pk, today)


def told_of(session: Session, title: str) -> str:
    """How an undertaking names the item it follows from; the same words again mean the same item."""
    day = formats.day(session.held_on)
    return f"{meetings.title_zh(session.kind)} {day}：{title}"[:200]


def proposed_kind(meeting: str, tag: str) -> str:
    """The kind a resolution most likely is: by what it is about, else by the meeting."""
    if meeting in {"organisational_life_meeting", "committee_life_meeting"}:
        return "rectification"
    if meeting == "themed_day" and tag in _OF_PRODUCTION:
        return "production_problem"
    return _OF_TAG.get(AgendaTag(tag), "resolution")


def follow_choices() -> list[tuple[str, str]]:
    """Kinds a meeting may decide on: those a branch opens, about no one person."""
    return [
        (kind.id, pick(kind.title))
        for kind in kinds().values()
        if Opener.BRANCH in kind.opened_by
        and not kind.about_person
        and Opener.OWNER not in kind.opened_by
        # what is claimed has no owner yet, and a meeting says who
        and not kind.claimed
    ]
