"""Who sees an undertaking, who may end it, and in which state what may be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhibu import rulebook
from zhibu.core.authority import (
    POSTS_ABOVE,
    Actor,
    Spans,
    grants,
    may,
    may_for_self,
    ranges,
    reaches,
    span_of,
)
from zhibu.core.norms import Closer, Opener, UndertakingKind
from zhibu.core.refusal import Refusal
from zhibu.register.models import Organisation
from zhibu.register.policies import leads_a_group
from zhibu.ui.language import pick
from zhibu.undertakings.models import Helper, StepKind, Undertaking, UndertakingState, Visibility

Rows = TypeVar("Rows", bound=QuerySet[Any])

VIEW = "undertakings.view"
CLOSE = "undertakings.close"
UNDERTAKE = "undertakings.undertake"
CLAIM = "undertakings.claim"
OPEN_STATES = (UndertakingState.OPEN, UndertakingState.DONE)

#: What a room above has in the way of giving one up or handing it over (it is public there); set by that room.
held: Callable[[Undertaking], Refusal | None] | None = None


def kinds() -> dict[str, UndertakingKind]:
    """The kinds of the rulebook in force."""
    return dict(rulebook.load().undertakings)


def place_of(undertaking: Undertaking) -> Organisation:
    """Where authority over it is asked: at the Party group when it is a group's, else at the branch."""
    return undertaking.party_group or undertaking.organisation


class Sight(NamedTuple):
    """As far as an actor sees: where the verbs of viewing, closing and overseeing are held, and who it is."""

    view: Spans
    close: Spans
    oversee: Spans
    person: int | None
    groups: bool
    """Whether to look by Party group as well, for its leader."""


def sight_of(actor: Actor) -> Sight:
    """What the actor's mandates and person come to."""
    view, close, oversee = (ranges(actor, verb) for verb in (VIEW, CLOSE, "undertakings.oversee"))
    return Sight(view, close, oversee, actor.person, leads_a_group(actor))


def _within(spans: Spans, visibility: tuple[str, ...], *, groups: bool) -> Q:
    condition = Q(pk__in=())
    fields = ("organisation__path", "party_group__path") if groups else ("organisation__path",)
    for low, end in spans:
        for field in fields:
            condition |= Q(**{f"{field}__gte": low, f"{field}__lt": end, "visibility__in": visibility})
    return condition


def visible_to(actor: Actor, queryset: Rows) -> Rows:
    """What the actor may see: one's own always, the rest as its visibility says."""
    return seen(queryset, sight_of(actor))


def seen(queryset: Rows, sight: Sight) -> Rows:
    """The same for whoever sees as far."""
    person, groups = sight.person, sight.groups
    condition = _within(sight.view, (Visibility.BRANCH, Visibility.PUBLIC), groups=groups)
    condition |= _within(sight.close, (Visibility.COMMITTEE,), groups=groups)
    condition |= _within(sight.oversee, (Visibility.COMMITTEE,), groups=groups)
    if person is not None:
        helped = Helper.objects.filter(person=person).values("undertaking")
        condition |= Q(owner=person) | Q(about=person) | Q(keeper=person) | Q(pk__in=helped)
    return queryset.filter(condition)


def is_above(actor: Actor, verb: str, path: str) -> bool:
    """Whether a post of a superior committee gives the verb at the path."""
    for mandate in actor.mandates:
        span = span_of(mandate) if mandate.post in POSTS_ABOVE and grants(mandate, verb) else None
        if span is not None and span[0] <= path < span[1] and len(mandate.path) < len(path):
            return True
    return False


def may_undertake(actor: Actor, kind: UndertakingKind, place: Organisation, owner: int) -> Refusal | None:
    """Whoever the kind lets open one: the branch, the superior, or the owner for oneself."""
    if Opener.BRANCH in kind.opened_by and may(actor, UNDERTAKE, place.path):
        return None
    if Opener.SUPERIOR in kind.opened_by and is_above(actor, UNDERTAKE, place.path):
        return None
    if Opener.OWNER in kind.opened_by and owner == actor.person and reaches(actor, UNDERTAKE):
        return None
    return Refusal(
        "undertakings.no_mandate", _("您的职务不能在“{name}”立这类事项"), {"name": place.name},
        remedy=_("请由有权的人办理"), who=_("党支部书记、支部委员；党小组的事项也可由党小组长办理"),
    )  # fmt: skip


def works_on(actor: Actor, undertaking: Undertaking) -> bool:
    """Owner and helpers."""
    if actor.person is None:
        return False
    return actor.person == undertaking.owner_id or undertaking.helpers.filter(person=actor.person).exists()


def may_report(actor: Actor, verb: str, undertaking: Undertaking) -> Refusal | None:
    """Those who work on it; the branch may write down what they say."""
    if works_on(actor, undertaking):
        return None
    if may(actor, verb, place_of(undertaking).path) and not _closed_to(actor, undertaking):
        return None
    return Refusal(
        "undertakings.not_yours", _("这件事不由您办理"), remedy=_("请由责任人或者协办人填写"),
        who=_("责任人、协办人，或党支部书记代录"),
    )  # fmt: skip


def _closed_to(actor: Actor, undertaking: Undertaking) -> bool:
    """Whether it is between persons and the actor is none of them."""
    among = {undertaking.owner_id, undertaking.about_id, undertaking.keeper_id} - {None}
    return undertaking.visibility == Visibility.PERSONS and actor.person not in among


def may_end(actor: Actor, verb: str, undertaking: Undertaking) -> Refusal | None:
    """Whoever confirms by the rule of its kind; never the owner, unless the kind says so."""
    path = place_of(undertaking).path
    closer = closer_of(undertaking)
    if closer is Closer.OWNER:
        allowed = actor.person in {undertaking.owner_id, undertaking.keeper_id} - {None}
    elif closer is Closer.SUPERIOR:
        allowed = is_above(actor, verb, path)
    else:
        allowed = may(actor, verb, path) and not _closed_to(actor, undertaking)
    if not allowed:
        return Refusal(
            "undertakings.not_to_confirm",
            _("这件事不由您确认"),
            remedy=_("请由有权的人确认"),
            who=who_ends(closer),
        )
    if closer is not Closer.OWNER and actor.person is not None and works_on(actor, undertaking):
        return Refusal(
            "undertakings.own_work", _("自己办的事不能由自己确认"), remedy=_("请由其他支部委员确认"),
            who=who_ends(closer),
        )  # fmt: skip
    return None


def closer_of(undertaking: Undertaking) -> Closer:
    """Who confirms; a kind that is no longer in the rulebook is confirmed by the branch."""
    kind = kinds().get(undertaking.kind)
    return kind.closed_by if kind else Closer.BRANCH


def who_ends(closer: Closer) -> str:
    """In words, who confirms."""
    return {
        Closer.BRANCH: _("党支部书记、支部委员（不是责任人本人）"),
        Closer.SUPERIOR: _("上级党组织"),
        Closer.OWNER: _("责任人或者立项的人"),
    }[closer]


def must_be(undertaking: Undertaking, *states: str) -> Refusal | None:
    """The state it has to be in."""
    if undertaking.state in states:
        return None
    return Refusal(
        "undertakings.wrong_state", _("这件事现在是“{state}”，不能这样办"),
        {"state": str(UndertakingState(undertaking.state).label)}, remedy=_("请看办理经过"),
    )  # fmt: skip


def closing_said(undertaking: Undertaking, note: str) -> Refusal | None:
    """What the rule of its kind asks of whoever confirms: feedback, thanks."""
    kind = kinds().get(undertaking.kind)
    if kind is None or kind.closing is None or note.strip():
        return None
    return Refusal(
        "undertakings.closing_needed", _("确认时要写明“{what}”"), {"what": pick(kind.closing)},
        remedy=_("写一两句：向谁、怎样说的"),
    )  # fmt: skip


def is_unclaimed(undertaking: Undertaking) -> bool:
    """Whether it stands open for anyone of the branch: with whoever opened it, and of a kind that is claimed."""
    kind = kinds().get(undertaking.kind)
    return (
        kind is not None and kind.claimed and undertaking.state == UndertakingState.OPEN
        and undertaking.owner_id == undertaking.keeper_id
    )  # fmt: skip


def may_claim(actor: Actor, undertaking: Undertaking) -> Refusal | None:
    """Members for themselves, while nobody has claimed it."""
    if actor.person is None or not may_for_self(actor, CLAIM):
        return Refusal(
            "undertakings.members_claim", _("由本支部的党员认领"), remedy=_("请由党员本人在手机上认领")
        )
    if not is_unclaimed(undertaking):
        return Refusal("undertakings.claimed_already", _("这件事已经有人认领"), remedy=_("请看看别的"))
    return None


def may_agree(actor: Actor, undertaking: Undertaking) -> Refusal | None:
    """Whom it concerns; or its owner, who writes down that they agreed face to face."""
    if actor.person is not None and actor.person in {undertaking.about_id, undertaking.owner_id}:
        return None
    return Refusal(
        "undertakings.not_concerned", _("同不同意由本人说"), remedy=_("请本人办理，或由帮扶人当面问过后代记"),
        who=_("当事人、责任人"),
    )  # fmt: skip


def may_begin(undertaking: Undertaking) -> Refusal | None:
    """Nothing is done for somebody who has not agreed."""
    if not awaits_agreement(undertaking):
        return None
    remedy = (
        _("请先与本人商量；不同意的，记下后整份删除")
        if is_erased(undertaking)
        else _("请先与本人商量；不同意的，换个办法再商量")
    )
    return Refusal("undertakings.not_agreed", _("本人还没有同意"), remedy=remedy)


def is_erased(undertaking: Undertaking) -> bool:
    """Whether nothing of it is kept when it is declined: the kinds that are deleted after their term."""
    kind = kinds().get(undertaking.kind)
    return kind is not None and bool(kind.kept)


def may_decline(actor: Actor, undertaking: Undertaking) -> Refusal | None:
    """Consent is taken back by whom it concerns, or by the owner for them, at any time."""
    kind = kinds().get(undertaking.kind)
    if kind is None or not kind.agreed:
        return Refusal(
            "undertakings.no_consent_asked", _("这类事项不用本人同意"), remedy=_("不再办理的，写明原因")
        )
    return may_agree(actor, undertaking)


def awaits_agreement(undertaking: Undertaking) -> bool:
    """Whether its kind asks for consent that nobody has written down yet."""
    kind = kinds().get(undertaking.kind)
    if kind is None or not kind.agreed:
        return False
    return not undertaking.steps.filter(kind=StepKind.AGREED).exists()


def no_files(undertaking: Undertaking) -> Refusal | None:
    """What is deleted after its term takes no files: their names would stay in the record."""
    kind = kinds().get(undertaking.kind)
    if kind is None or not kind.kept:
        return None
    return Refusal("undertakings.no_files", _("这类事项到期要删除，不收附件"), remedy=_("把要紧的写在结果里"))


def may_leave(undertaking: Undertaking) -> Refusal | None:
    """Whether nothing elsewhere still shows it as its owner's."""
    return held(undertaking) if held is not None else None


def standing() -> list[str]:
    """The kinds that run until they are ended: nobody is reminded of them, and they are never done."""
    return [name for name, kind in kinds().items() if kind.standing]


def lapsing() -> list[str]:
    """The kinds that are over with their day: nobody is reminded of them, and they are neither late nor done."""
    return [name for name, kind in kinds().items() if kind.lapses]


def may_be_done(undertaking: Undertaking) -> Refusal | None:
    """Whether it is something that can be done with."""
    if undertaking.kind in lapsing():
        return Refusal(
            "undertakings.lapses", _("年度承诺到期自行结束，不报办结"), remedy=_("做得怎样，写在自评、评议里")
        )
    if undertaking.kind not in standing():
        return None
    return Refusal(
        "undertakings.standing",
        _("这是长期责任，不报办结"),
        remedy=_("换人用“转交”；不再设的，由支部“不再办理”"),
    )


def steps_open(actor: Actor, undertaking: Undertaking) -> list[str]:
    """The acts open to the actor now, the most useful first."""
    reports = may_report(actor, "undertakings.report_done", undertaking) is None
    ends = may_end(actor, CLOSE, undertaking) is None
    found = []
    if undertaking.state in OPEN_STATES and awaits_agreement(undertaking):
        return ["agree", "decline"] if may_agree(actor, undertaking) is None else []
    if undertaking.state in OPEN_STATES and may_decline(actor, undertaking) is None:
        found += ["decline"]
    if undertaking.state == UndertakingState.DONE and ends:
        found += ["close", "send_back"]
    if (
        is_unclaimed(undertaking)
        and actor.person != undertaking.owner_id
        and may_claim(actor, undertaking) is None
    ):
        found.append("claim")
    if undertaking.state == UndertakingState.OPEN and reports:
        found += ["report_done"] if may_be_done(undertaking) is None else []
        found.append("report_progress")
    if undertaking.state in OPEN_STATES and ends:
        found += ["extend", "hand_over", "give_up"] if may_leave(undertaking) is None else []
    return found
