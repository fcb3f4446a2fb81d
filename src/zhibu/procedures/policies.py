"""Who may see cases and who may take which step. Whether a step is lawful, the engine says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, Mandate, Reach, grants, may, ranges, reaches, span_of
from zhibu.core.norms.procedures import BRANCH_SIDE, Role, Step, StepKind, compared_in
from zhibu.core.procedure.words import ROLES
from zhibu.core.refusal import Refusal
from zhibu.procedures.models import Case, CaseState
from zhibu.register.models import Organisation
from zhibu.ui.doors import within

LASTING = (StepKind.TRAIN, StepKind.NOTICE)
Rows = TypeVar("Rows", bound=QuerySet[Any])


def visible_to(actor: Actor, queryset: Rows, verb: str = "procedures.view") -> Rows:
    """Cases of the organisations in reach, and those about oneself."""
    own = Q(person=actor.person) if actor.person and Reach.SELF in reaches(actor, verb) else None
    spans = ranges(actor, verb)
    condition = own or Q(pk__in=())
    for low, high in spans:
        condition |= Q(organisation__path__gte=low, organisation__path__lt=high)
    return queryset.filter(condition)


def places(actor: Actor, verb: str) -> QuerySet[Organisation]:
    """Organisations in which the actor holds the verb."""
    return within(Organisation.objects.filter(closed_on=None), ranges(actor, verb), "path")


def must_hold(actor: Actor, verb: str, organisation: Organisation) -> Refusal | None:
    """The mandate at the organisation of the case."""
    if may(actor, verb, organisation.path):
        return None
    return Refusal(
        "procedures.no_mandate", _("您的职务不能在“{name}”办理这件事"), {"name": organisation.name},
        remedy=_("请由有权的人办理"), who=_("党支部书记或组织委员；上级答复由上级党组织办理"),
    )  # fmt: skip


def verb_for(role: Role | str) -> str:
    """The verb by which a role acts: the branch enters its own steps, a superior answers."""
    return "procedures.take_step" if role in BRANCH_SIDE else "procedures.reply"


def may_take(actor: Actor, case: Case, role: Role | str) -> Refusal | None:
    """Whether the actor may act in a role in this case; who approves must belong to a committee that may approve."""
    verb = verb_for(role)
    if refused := must_hold(actor, verb, case.organisation):
        return Refusal(
            refused.code, _("“{role}”这一步不由您办理"), {"role": ROLES[Role(role)]}, remedy=refused.remedy,
            who=ROLES[Role(role)],
        ) if verb == "procedures.reply" else refused  # fmt: skip
    if role != Role.APPROVING or _approving(actor, case.organisation):
        return None
    return Refusal(
        "procedures.may_not_approve", _("您所在的党组织没有审批权限"), remedy=_("报有审批权限的党委审批"),
        who=ROLES[Role.APPROVING],
    )  # fmt: skip


def _approving(actor: Actor, organisation: Organisation) -> bool:
    nodes = [
        mandate.organisation
        for mandate in actor.mandates
        if grants(mandate, "procedures.reply")
        and (span := span_of(mandate)) is not None
        and span[0] <= organisation.path < span[1]
    ]
    return Organisation.objects.filter(pk__in=nodes, can_approve=1).exists()


def roles_open(actor: Actor, case: Case, step: Step) -> tuple[Role, ...]:
    """The roles of a step in which this actor may take it."""
    return tuple(role for role in step.by if may_take(actor, case, role) is None)


def must_run(case: Case) -> Refusal | None:
    """A case that has ended takes nothing more."""
    if case.state != CaseState.ENDED:
        return None
    return Refusal(
        "procedures.ended", _("此事已于 {day} 了结"), {"day": case.ended_on.isoformat() if case.ended_on else ""},
        remedy=_("需要重新办理的，另立一件"),
    )  # fmt: skip


def answered_apart(step: Step) -> Refusal | None:
    """What must not be decided in bulk: by the rule, or because each case needs its own entries."""
    if step.one_by_one:
        source = step.sources[0] if step.sources else None
        return Refusal(
            "procedures.one_by_one", _("“{step}”应当逐件讨论决定，不能批量办理"), {"step": step.title},
            source=source.document if source else "", article=source.article if source else "",
            remedy=_("请逐件打开办理"),
        )  # fmt: skip
    if (
        step.vote
        or step.people
        or step.kind in LASTING
        or any(each.required for each in step.fields)
        or _asks_own(step)
    ):
        return Refusal(
            "procedures.own_entries", _("“{step}”每件要填写的内容不同，不能批量办理"), {"step": step.title},
            remedy=_("请逐件打开办理"),
        )  # fmt: skip
    return None


def _asks_own(step: Step) -> bool:
    """Whether a requirement looks at what is entered in the step itself."""
    own = {each.id for each in step.fields}
    return any(one.name in own for each in step.requires for one in compared_in(each.met))


def reason_given(reason: str) -> Refusal | None:
    """What is out of the ordinary is done with a reason."""
    if reason.strip():
        return None
    return Refusal("procedures.reason_needed", _("请写明原因"), remedy=_("一两句话即可"))


def lent(actor: Actor, verbs: Iterable[str], *organisations: Organisation | None) -> Actor:
    """The actor with the verbs that a lawful step needs in other rooms, at the organisations it concerns.

    A superior's reply makes a person probationary, a receipt moves a member between branches: that right comes from
    the procedure and ends with the step. Every entry still names the person who acted, and the post.
    """
    post = next(
        (each.post for each in actor.mandates if any(grants(each, verb) for verb in ("procedures.take_step", "procedures.reply"))),
        "",
    )  # fmt: skip
    named = frozenset(verbs)
    borrowed = (Mandate(post, each.pk, each.path, named, Reach.BELOW) for each in organisations if each)
    return replace(actor, mandates=(*borrowed, *actor.mandates))
