"""The whole desk of an actor, kept until an act is recorded at the actor's own places."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from zhibu import record, rulebook
from zhibu.assessment import queries as assessment
from zhibu.dues.queries import balances
from zhibu.life.queries.missed import attended_at
from zhibu.register import queries as register
from zhibu.ui.language import current
from zhibu.undertakings.queries.waiting import undertaken_at

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from zhibu.core.authority import Actor

from .branch import branch_desk
from .committee import CommitteeDesk, committee_desk
from .lines import Waiting, letters_waiting, objections_waiting
from .mail import mail_waiting
from .own import first_steps, leads, my_desk, operator_lines, own_branches
from .parts import Parts


def desk_of(actor: Actor, wanted: str, today: date) -> SafeString:
    """The desk as it stands in the page; `wanted` names one branch of several that are the actor's own.

    What an actor sees here changes with acts at the places of the actor's mandates, with the day, the language and
    the rulebook, and with what arrives without an act; the last is asked at every look.
    """
    arrived = (*letters_waiting(actor), *objections_waiting(actor), *mail_waiting(actor, today))
    places = _places(actor, today)
    return record.kept(
        ("desk", actor, wanted, arrived, today, rulebook.load().digest, current()),
        lambda: render_to_string("project/_desk.html", _found(Parts(actor, today, places, arrived), wanted)),
        within=places,
    )


def _places(actor: Actor, today: date) -> record.Places | None:
    """Where an act changes the desk: the places of the mandates, and other branches where the person has rows."""
    places = register.places_of(*(mandate.path for mandate in actor.mandates))
    if places is None or actor.person is None:
        return places
    return places.union(
        attended_at(actor.person, today), balances.charged_at(actor.person), undertaken_at(actor.person)
    )


def _committee(desk: CommitteeDesk, arrived: tuple[Waiting, ...], *, second: bool) -> SafeString:
    """The part of a committee, put together again only when it says something else: few acts change what it says."""
    said = tuple(
        getattr(desk, each.name) for each in fields(desk) if each.name not in {"committee", "run", "counts"}
    )
    key = (
        desk.committee.pk,
        desk.committee.name,
        tuple(desk.counts.items()),
        said,
        arrived,
        second,
        current(),
    )
    return record.kept(
        ("committee part", *key),
        lambda: render_to_string(
            "project/_committee.html", {"d": desk, "arrived": arrived, "second": second}
        ),
        within=record.BY_KEY,
    )


def _found(parts: Parts, wanted: str) -> dict[str, Any]:
    actor, arrived = parts.actor, parts.arrived
    branches = parts.of("", own_branches, actor)
    chosen = next((each for each in branches if str(each.pk) == wanted), branches[0] if branches else None)
    committee = parts.of("assessment", assessment.own_committee, actor)
    leading = chosen is not None and leads(actor, chosen)
    above = committee_desk(parts, committee) if committee else None
    return {
        "arrived": arrived,
        "committee_part": _committee(above, arrived, second=leading) if above and above.counts["all"] else "",
        "branches": branches,
        "branch_desk": branch_desk(parts, chosen) if chosen and leading else None,
        "committee_desk": above,
        "my_desk": my_desk(parts, branches, ahead=not leading),
        "steps": first_steps(actor) if committee or not branches else (),
        "my_branch": chosen,
        "operator_lines": operator_lines(actor),
        "today": parts.today,
    }
