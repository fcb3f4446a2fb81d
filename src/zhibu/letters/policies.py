"""Who reads which letters, and who may publish."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from zhibu import rulebook
from zhibu.core.authority import STEP, Actor, Spans, may, may_for_self, ranges
from zhibu.core.norms.letters import Handling, LetterRule
from zhibu.core.refusal import Refusal
from zhibu.letters.models import BulletinKind, BulletinState, LetterKind, Missive
from zhibu.register.models import Organisation

Handled: TypeAlias = tuple[tuple[str, ...], Spans]
"""Kinds of letter, and the path ranges in which they are answered."""
Rows = TypeVar("Rows", bound=QuerySet[Any])

WRITERS = ("letters.write_bulletin", "letters.publish_bulletin")


def rule(kind: str) -> LetterRule:
    """What the rulebook says of a kind of letter."""
    return rulebook.load().letters[LetterKind(kind).value]


def kinds_handled(handling: Handling) -> list[str]:
    """The kinds of letter that an act answers."""
    return [name for name, each in rulebook.load().letters.items() if each.handling is handling]


def readable(actor: Actor, rows: Rows) -> Rows:
    """Letters one may read: of the kinds whose answering act one holds, where one holds it."""
    return handled(rows, spans_of(actor))


def spans_of(actor: Actor) -> tuple[Handled, ...]:
    """Of each `Handling` the kinds it answers, and where the actor holds its act."""
    return tuple(
        (tuple(kinds_handled(each)), tuple(ranges(actor, f"letters.{each.value}"))) for each in Handling
    )


def handled(rows: Rows, spans: tuple[Handled, ...]) -> Rows:
    """Letters of each handling in its ranges."""
    condition = Q(pk__in=())
    for kinds, own in spans:
        for low, end in own:
            condition |= Q(kind__in=kinds, organisation__path__gte=low, organisation__path__lt=end)
    return rows.filter(condition)


def may_answer(actor: Actor, letter: Missive) -> Refusal | None:
    """The act that the rulebook names for this kind, at the organisation it was sent to."""
    return may_act(actor, f"letters.{rule(letter.kind).handling.value}", letter.organisation)


def may_act(actor: Actor, verb: str, organisation: Organisation) -> Refusal | None:
    """The mandate itself."""
    if may(actor, verb, organisation.path):
        return None
    return Refusal(
        "letters.no_mandate", _("您的职务不能在“{name}”办理这件事"), {"name": organisation.name},
        remedy=_("请由有权的人办理"), who=_("党支部书记或受理来信的支部委员"),
    )  # fmt: skip


def in_line(giver: Organisation, place: Organisation) -> bool:
    """Whether one stands above the other: a letter goes up, and from there down; branches do not see each other."""
    return place.pk != giver.pk and (giver.path.startswith(place.path) or place.path.startswith(giver.path))


def forwarded(actor: Actor, rows: Rows) -> Rows:
    """Letters that came in here and another organisation has now: where they are, not what they say.

    Never a complaint: that there is one is nothing the branch may know.
    """
    condition = Q(pk__in=())
    for low, end in ranges(actor, "letters.forward_letter"):
        condition |= Q(origin__path__gte=low, origin__path__lt=end)
    return rows.filter(condition, kind__in=kinds_handled(Handling.OPENLY)).exclude(
        organisation_id=F("origin_id")
    )


def registered(actor: Actor, rows: Rows) -> Rows:
    """Suggestions of the register: of the organisations in reach, as they were worded anew."""
    condition = Q(pk__in=())
    for low, end in ranges(actor, "letters.view"):
        condition |= Q(organisation__path__gte=low, organisation__path__lt=end)
    return rows.filter(condition)


def may_write(actor: Actor) -> Refusal | None:
    """Whoever is a person of the register may write in the own name."""
    if may_for_self(actor, "letters.write_letter"):
        return None
    return Refusal(
        "letters.no_person", _("您的账号没有关联党员"), remedy=_("可以在门户上以群众身份来信，不用登录")
    )


def bulletins(actor: Actor, rows: Rows) -> Rows:
    """Bulletins one may see: one's own, all of an organisation where one writes or reviews, else what is published."""
    condition = Q(author_user=actor.user)
    for verb in WRITERS:
        for low, end in ranges(actor, verb):
            condition |= Q(organisation__path__gte=low, organisation__path__lt=end)
    for low, end in ranges(actor, "letters.view"):
        condition |= Q(state=BulletinState.PUBLISHED, organisation__path__gte=low, organisation__path__lt=end)
    return rows.filter(condition | _across(actor))


def practices(actor: Actor, rows: Rows) -> Rows:
    """Practices that branches under the same top organisation published: the one thing read across the walls between them."""
    return rows.filter(_across(actor))


def _across(actor: Actor) -> Q:
    condition = Q(pk__in=())
    for low, _end in ranges(actor, "letters.view"):
        condition |= Q(organisation__path__startswith=low[:STEP])
    return Q(kind=BulletinKind.PRACTICE, state=BulletinState.PUBLISHED) & condition
