"""What could be on the agenda: what the standards still ask this quarter, then what such meetings usually hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from zhibu import analytics, rulebook
from zhibu.core.authority import successor
from zhibu.core.calendar import Span
from zhibu.core.duties import worklist
from zhibu.core.norms import Rulebook, Standard
from zhibu.life import kinds
from zhibu.life.models import AgendaTag
from zhibu.register.models import Organisation
from zhibu.ui.language import pick
from zhibu.undertakings.queries import for_agenda

RECORD = "life:record"


@dataclass(frozen=True, slots=True)
class Proposal:
    """An item that may be ticked; `due` when a standard still asks for it this quarter."""

    title: str
    tag: str
    due: bool = False
    standard: str = ""


def proposals(
    organisation: Organisation, kind: str, today: date, party_group: Organisation | None = None
) -> list[Proposal]:
    """What to put on the agenda of a meeting of this kind: what is late or due first, each tag of these once."""
    found = _due(organisation, kind, today)
    tags = {each.tag for each in found}
    return [
        *_overdue(organisation, kind, today, party_group),
        *found,
        *(each for each in _usual(kind) if each.tag == AgendaTag.OTHER or each.tag not in tags),
    ]


def _overdue(
    organisation: Organisation, kind: str, today: date, party_group: Organisation | None
) -> list[Proposal]:
    """What was undertaken and is late comes back by itself, as the rule of its kind says to which meetings."""
    return [
        Proposal(
            _("督办：%(what)s（%(who)s）") % {"what": text[:120], "who": owner}, AgendaTag.OTHER, due=True
        )
        for _pk, text, owner in for_agenda(organisation, kind, today, party_group)
    ]


def _usual(kind: str) -> list[Proposal]:
    found = kinds.known().get(kind)
    return [Proposal(pick(each.title), each.tag) for each in found.agenda] if found else []


def _due(organisation: Organisation, kind: str, today: date) -> list[Proposal]:
    book = rulebook.load()
    asking = list(_asking(book, kind))
    if not asking:
        return []
    names = sorted({fact for standard in asking for fact in standard.facts()})

    def facts_of(span: Span) -> dict[str, int]:
        path = organisation.path
        found = analytics.facts_for(book, names, path, successor(path), span.first, span.last)
        return found.get(organisation.pk, {})

    seen: dict[str, Proposal] = {}
    for duty in worklist(asking, today, facts_of, kind=organisation.kind):
        query = dict(duty.act.query) if duty.act else {}
        tag = query.get("tag", "")
        title = query.get("title") or (
            str(AgendaTag(tag).label) if tag in AgendaTag.values else pick(duty.title)
        )
        seen.setdefault(tag, Proposal(title, tag, due=True, standard=duty.standard))
    return list(seen.values())


def _asking(book: Rulebook, kind: str) -> Iterable[Standard]:
    """The standards with only those checks that an agenda item of a meeting of this kind answers."""
    for standard in book.standards.values():
        checks = tuple(
            check
            for check in standard.checks
            if check.act is not None
            and check.act.name == RECORD
            and dict(check.act.query).get("kind") in {kind, None}
            and dict(check.act.query).get("tag") in AgendaTag.values
        )
        if checks:
            yield replace(standard, checks=checks, reviewed=())
