"""What a meeting decided, as it may become undertakings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from zhibu.core.authority import Actor
from zhibu.core.norms import Opener
from zhibu.life import kinds as meetings
from zhibu.life.models import AgendaTag, Session
from zhibu.ui import formats
from zhibu.ui.language import pick
from zhibu.undertakings import queries as undertakings
from zhibu.undertakings.policies import kinds
from zhibu.undertakings.told import Source

SOURCE = "life.session"
LONGEST = 300
_OF_TAG = {
    AgendaTag.DIFFICULTIES: "difficulty",
    AgendaTag.SUGGESTIONS: "measure",
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
    for title, tag, resolution in session.agenda.values_list("title", "tag", "resolution"):
        told = told_of(session, title)
        # two items of the same name are two
        again = sum(each.source.told.startswith(told) for each in found)
        source = Source(SOURCE, session.pk, f"{told}（{again + 1}）" if again else told)
        kind = proposed_kind(session.kind, tag)
        days = book[kind].days_on(today) if kind in book else 0
        found.append(
            Decided(
                title, resolution, kind, " ".join((resolution or title).split())[:LONGEST],
                today + timedelta(days=days) if days else None, source, source.told in known,
            )
        )  # fmt: skip
    return found


def followed(actor: Actor, session: Session, today: date) -> list[dict[str, Any]]:
    """What was undertaken after this meeting, as far as the actor may see it."""
    return undertakings.of_source(actor, SOURCE, session.pk, today)


def told_of(session: Session, title: str) -> str:
    """How an undertaking names the item it follows from; the same words again mean the same item."""
    day = formats.day(session.held_on)
    return f"{meetings.title_zh(session.kind)} {day}：{title}"[:200]


def proposed_kind(meeting: str, tag: str) -> str:
    """The kind a resolution most likely is: by what it is about, else by the meeting."""
    if meeting == "organisational_life_meeting":
        return "rectification"
    if meeting == "themed_day" and tag in _OF_PRODUCTION:
        return "production_problem"
    return _OF_TAG.get(AgendaTag(tag), "resolution")


def follow_choices() -> list[tuple[str, str]]:
    """Kinds a meeting may decide on: those a branch opens, about no one person."""
    return [
        (kind.id, pick(kind.title))
        for kind in kinds().values()
        if Opener.BRANCH in kind.opened_by and not kind.about_person and Opener.OWNER not in kind.opened_by
    ]
