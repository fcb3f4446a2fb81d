"""Opening a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu import rulebook
from zhibu.core.authority import Actor
from zhibu.core.norms.procedures import Procedure, Subject
from zhibu.core.procedure import Plan, Taken, Value
from zhibu.core.procedure.asked import fields_of
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.procedures import policies, sealing
from zhibu.procedures.actions.standing import local_day, refresh
from zhibu.procedures.models import Case, CaseState
from zhibu.procedures.queries.engine import plan_of
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Membership, Organisation, OrganisationKind, Person


@transaction.atomic
def open_case(
    actor: Actor,
    *,
    organisation: Organisation,
    procedure: str,
    opened_on: date,
    now: datetime,
    person: int | None = None,
    title: str = "",
    fields: Mapping[str, Value] | None = None,
) -> Case:
    """Open a case of a procedure in an organisation: about a person, about the branch, or about a matter.

    One person, and one branch, has one open case of a procedure at a time; matters may be several.
    """
    plan = plan_of(procedure)
    if plan is None:
        raise Refused(Refusal("procedures.unknown", _("规则库中没有这个程序"), remedy=_("请从列表中选择")))
    today, given = local_day(now), dict(fields or {})
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    refuse_if(
        _may_open(actor, plan.procedure, organisation),
        *_place_and_day(plan.procedure, organisation, opened_on, today),
        *_subject(plan.procedure, organisation, person, title, opened_on),
        *_fields(plan, opened_on, given),
    )
    plain, sealed = sealing.parted(given, plan.procedure.fields, sealing.CASE)
    about = Person.objects.get(pk=person) if person else None
    case = Case.objects.create(
        organisation=organisation, procedure=plan.procedure.id, person=about, fields=plain, sealed=sealed,
        title=(title.strip() or (about.name if about else organisation.name))[:120], opened_on=opened_on,
        entered_on=today, digest=rulebook.load().digest, opened_by=actor.name, known_at=instant(now),
    )  # fmt: skip
    write(
        actor, "procedures.open_case", case, organisation=organisation, now=now, procedure=case.procedure,
        title=case.title, opened_on=opened_on.isoformat(), fields=plain,
    )  # fmt: skip
    refresh(case, today)
    return case


def _may_open(actor: Actor, procedure: Procedure, organisation: Organisation) -> Refusal | None:
    """Opened by the branch with `open_case`, by a superior with the verb of its replies."""
    found = policies.must_hold(actor, "procedures.open_case", organisation)
    if (
        found is None
        and procedure.opened_by
        and all(policies.verb_for(role) == "procedures.reply" for role in procedure.opened_by)
    ):
        return policies.must_hold(actor, "procedures.reply", organisation)
    return found


def _place_and_day(
    procedure: Procedure, organisation: Organisation, opened_on: date, today: date
) -> Iterator[Refusal | None]:
    if procedure.applies_to and organisation.kind not in procedure.applies_to:
        kinds = dict(OrganisationKind.choices)
        yield Refusal(
            "procedures.not_here", _("“{procedure}”不在{kind}办理"),
            {"procedure": procedure.title, "kind": kinds[OrganisationKind(organisation.kind)]},
            remedy=_("请换一个党组织"),
        )  # fmt: skip
    if opened_on > today:
        yield Refusal("procedures.opened_in_future", _("立项日期不能在今天之后"), remedy=_("请核对日期"))
    founded, closed = organisation.founded_on, organisation.closed_on
    if (founded and opened_on < founded) or closed:
        yield Refusal(
            "procedures.no_branch_then", _("{day} 时“{name}”不存在或已撤销"),
            {"day": opened_on.isoformat(), "name": organisation.name}, remedy=_("请核对日期"),
        )  # fmt: skip


def _subject(
    procedure: Procedure, organisation: Organisation, person: int | None, title: str, day: date
) -> Iterator[Refusal | None]:
    open_ = Case.objects.filter(procedure=procedure.id).exclude(state=CaseState.ENDED)
    if procedure.subject is Subject.PERSON:
        if person is None:
            yield Refusal("procedures.person_needed", _("请选择为谁办理"), remedy=_("先在名册中登记此人"))
            return
        if not Membership.objects.filter(person=person, organisation=organisation, until=None).exists():
            yield Refusal(
                "procedures.not_of_the_branch", _("此人不在“{name}”的名册中"), {"name": organisation.name},
                remedy=_("请先在名册中登记，或由所在党支部办理"),
            )  # fmt: skip
        open_ = open_.filter(person=person)
    elif procedure.subject is Subject.BRANCH:
        open_ = open_.filter(organisation=organisation)
    else:
        if not title.strip():
            yield Refusal("procedures.title_needed", _("请写明事项名称"))
        open_ = open_.none()
    running = open_.first()
    if running is not None:
        yield Refusal(
            "procedures.open_already", _("同一事项正在办理（{day} 立项）"), {"day": running.opened_on.isoformat()},
            remedy=_("请在那一件上继续办理，或先了结它"),
        )  # fmt: skip


def _fields(plan: Plan, day: date, values: Mapping[str, Value]) -> Iterator[Refusal]:
    procedure = plan.procedure
    yield from fields_of(procedure.fields, Taken("", day, values=values), procedure.sources, procedure.title)
