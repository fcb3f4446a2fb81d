"""Who sees what in the register, and when an act is not possible in the present state of things."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may, ranges
from zhibu.core.refusal import Caution, Refusal
from zhibu.register.limits import limit
from zhibu.register.models import (
    BRANCH_KINDS,
    COMMITTEE_POSTS,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    PostKind,
    Stage,
)

VIEW = "register.view"

Rows = TypeVar("Rows", bound=QuerySet[Organisation])

# which kinds may stand directly below which
BELOW: dict[str, frozenset[str]] = {
    OrganisationKind.PRIMARY_COMMITTEE: frozenset(
        {"primary_committee", "general_branch", "branch", "joint_branch", "temporary_branch", "mobile_branch"}
    ),
    OrganisationKind.GENERAL_BRANCH: frozenset(
        {"branch", "joint_branch", "temporary_branch", "mobile_branch"}
    ),
    **{kind: frozenset({"party_group"}) for kind in BRANCH_KINDS},
    OrganisationKind.PARTY_GROUP: frozenset(),
}


def visible_organisations(actor: Actor, verb: str = VIEW) -> QuerySet[Organisation]:
    """The organisations in which the actor holds the verb."""
    return in_ranges(Organisation.objects.all(), actor, verb, "path")


def in_ranges(queryset: QuerySet, actor: Actor, verb: str, field: str) -> QuerySet:
    """Rows whose path column lies where the actor holds the verb; none without a mandate."""
    return queryset.filter(condition(ranges(actor, verb), field))


def condition(spans: tuple[tuple[str, str], ...], field: str) -> Q:
    """Half-open path ranges as a condition; no range gives nothing."""
    if not spans:
        return Q(pk__in=[])
    found = Q()
    for low, end in spans:
        found |= Q(**{f"{field}__gte": low, f"{field}__lt": end})
    return found


def leads_a_group(actor: Actor) -> bool:
    """Whether some mandate is of a Party group: only then can a group lie in reach whose branch does not."""
    return any(mandate.post == PostKind.GROUP_LEADER for mandate in actor.mandates)


def belonging(actor: Actor, verb: str = VIEW) -> Q:
    """Spells the actor may see: those in branches within reach, and those in the Party group a leader leads."""
    spans = ranges(actor, verb)
    found = condition(spans, "organisation__path")
    if leads_a_group(actor):
        found |= condition(spans, "party_group__path")
    return found


def visible_people(actor: Actor, verb: str = VIEW) -> QuerySet[Person]:
    """People whose last or present belonging lies where the actor holds the verb.

    Someone who has moved on is seen where they are now; someone who has left altogether stays visible where they
    were last, so that the file can still be answered for.
    """
    spells = Membership.objects.filter(belonging(actor, verb), person=OuterRef("pk"))
    later = Membership.objects.filter(person=OuterRef("person"), since__gt=OuterRef("since"))
    last = spells.filter(~Exists(later))
    return Person.objects.filter(Q(Exists(spells.filter(until=None))) | Q(Exists(last)))


def must_hold(actor: Actor, verb: str, organisation: Organisation) -> Refusal | None:
    """The mandate itself. Pages ask it before by not showing what is out of reach; the act asks it again."""
    if may(actor, verb, organisation.path):
        return None
    return Refusal(
        "not_permitted",
        _("您的职务不能在“{organisation}”办理这件事。"),
        {"organisation": organisation.name},
        who=_("上级党组织的党务工作者，或该组织的书记"),
    )


def must_be_open(organisation: Organisation) -> Refusal | None:
    if organisation.closed_on is None:
        return None
    return Refusal(
        "organisation_closed",
        _("“{organisation}”已于 {day} 撤销。"),
        {"organisation": organisation.name, "day": organisation.closed_on},
        remedy=_("请选择现有的党组织。"),
    )


def may_stand_below(kind: str, parent: Organisation | None) -> Refusal | None:
    """Which kind may be set up below which."""
    if parent is None:
        if kind in {OrganisationKind.PRIMARY_COMMITTEE, OrganisationKind.GENERAL_BRANCH, *BRANCH_KINDS}:
            return None
        return Refusal("kind_not_at_top", _("党小组必须设在党支部下面。"))
    if kind in BELOW[parent.kind]:
        return None
    kinds = dict(OrganisationKind.choices)
    return Refusal(
        "kind_not_below",
        _("{above}下面不能直接设{kind}。"),
        {"above": kinds[parent.kind], "kind": kinds[kind]},
        remedy=_("可以设：{kinds}。").format(
            kinds=_("、").join(str(kinds[each]) for each in sorted(BELOW[parent.kind]))
        )
        if BELOW[parent.kind]
        else "",
    )


def not_in_future(day: date | None, today: date, what: str) -> Refusal | None:
    if day is None or day <= today:
        return None
    return Refusal("day_in_future", _("{what}不能在今天之后。"), {"what": what}, remedy=_("请核对日期。"))


def not_before(day: date, earliest: date | None, what: str, other: str) -> Refusal | None:
    if earliest is None or day >= earliest:
        return None
    return Refusal(
        "day_too_early",
        _("{what}不能早于{other}（{earliest}）。"),
        {"what": what, "other": other, "earliest": earliest},
        remedy=_("请核对日期。"),
    )


def branch_is_small(full_members: int, organisation: Organisation, today: date) -> Caution | None:
    """Fewer full members than a branch should have: said, never a reason to stop."""
    least = limit("branch_full_members", today)
    if least is None or full_members >= least.number or organisation.kind not in BRANCH_KINDS:
        return None
    return Caution(
        "branch_small",
        _("正式党员 {members} 人，少于 {least} 人。"),
        {"members": full_members, "least": least.number},
        source=least.document,
        article=least.article,
        remedy=_("可与邻近单位成立联合党支部，或报上级党组织撤销。"),
    )


def may_hold_post(person: Person, kind: str, organisation: Organisation, today: date) -> list[Refusal | None]:
    """Posts are held by full members who belong to the branch; officers of a committee may come from elsewhere."""
    if kind in {PostKind.COMMITTEE_OFFICER, PostKind.COMMITTEE_SECRETARY}:
        at_committee = organisation.kind in {
            OrganisationKind.PRIMARY_COMMITTEE,
            OrganisationKind.GENERAL_BRANCH,
        }
        return [
            None
            if at_committee
            else Refusal(
                "post_not_here",
                _("这个职务设在党委或党总支，不设在“{organisation}”。"),
                {"organisation": organisation.name},
            )
        ]
    group = organisation.kind == OrganisationKind.PARTY_GROUP
    if (kind == PostKind.GROUP_LEADER) != group:
        return [
            Refusal("post_not_here", _("“{organisation}”不设这个职务。"), {"organisation": organisation.name})
        ]
    found: list[Refusal | None] = []
    branch_id = organisation.parent_id if group else organisation.pk
    spell = person.memberships.filter(until=None).first()
    in_committee_above = organisation.kind not in {*BRANCH_KINDS, OrganisationKind.PARTY_GROUP}
    if spell is None or (spell.organisation_id != branch_id and not in_committee_above):
        found.append(
            Refusal("not_a_member_here", _("{person}的组织关系不在这里。"), {"person": person.name},
                    remedy=_("请先办理组织关系转接。"))
        )  # fmt: skip
    elif spell.stage != Stage.FULL_MEMBER and kind in COMMITTEE_POSTS:
        found.append(
            Refusal("not_a_full_member", _("{person}不是正式党员，没有被选举权。"), {"person": person.name},
                    source="party-constitution")
        )  # fmt: skip
    found.append(_standing(person, kind, today))
    return found


def _standing(person: Person, kind: str, today: date) -> Caution | None:
    least = limit("secretary_standing", today)
    if kind != PostKind.SECRETARY or least is None or person.full_since is None:
        return None
    if person.full_since.replace(
        year=person.full_since.year, day=min(person.full_since.day, 28)
    ) <= today.replace(year=today.year - least.number, day=min(today.day, 28)):
        return None
    return Caution(
        "standing_short",
        _("{person}的党龄不满 {years} 年。"),
        {"person": person.name, "years": least.number},
        source=least.document,
        article=least.article,
    )
