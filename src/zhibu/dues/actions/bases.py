"""Declaring bases and confirming them; hardship; consents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.calendar import Month
from zhibu.core.levy.stated import BASE_KEYS, MOST_FEN
from zhibu.core.norms.dues import Payer
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.dues import policies, secrets
from zhibu.dues.actions.books import today_of
from zhibu.dues.models import Arrangement, ArrangementKind, Base, BaseOrigin, Hardship
from zhibu.dues.queries.charging import practice_on
from zhibu.record.writing import write
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation, Person


@dataclass(frozen=True, slots=True)
class Declared:
    """A base as declared: fen a month; of the quarter before for those in business; the pension; the amount chosen."""

    person: int
    payer: str
    since: Month
    fen: int | None = None
    basic_fen: int | None = None


@transaction.atomic
def declare_base(
    actor: Actor, *, organisation: Organisation, declared: Declared, now: datetime, origin: str = ""
) -> Base:
    """Put down a base; a member's own waits for the branch to confirm it, the collector's is confirmed with it."""
    own = actor.person is not None and actor.person == declared.person
    refuse_if(
        policies.may_act_for(actor, "dues.declare_base", declared.person, organisation),
        _member_of(organisation, declared.person, today_of(now)),
        _sane(declared, today_of(now)),
    )
    collector = policies.may_act(actor, "dues.confirm_bases", organisation) is None and not own
    made = _put_down(
        actor, organisation, declared, now,
        origin=origin or (BaseOrigin.COLLECTOR if collector else BaseOrigin.MEMBER), confirmed=collector,
    )  # fmt: skip
    write(
        actor, "dues.declare_base", made, organisation=organisation, now=now, person=declared.person,
        payer=declared.payer, since=declared.since.code, confirmed=collector,
    )  # fmt: skip
    return made


def _put_down(
    actor: Actor,
    organisation: Organisation,
    declared: Declared,
    now: datetime,
    *,
    origin: str,
    confirmed: bool,
) -> Base:
    before = Base.objects.filter(person_id=declared.person, since_on=declared.since.first, replaced=0)
    # what is confirmed stays in force until another one is: nobody lowers their own dues by declaring
    (before if confirmed else before.filter(confirmed_on__isnull=True)).update(replaced=1)
    return Base.objects.create(
        person_id=declared.person, organisation=organisation, payer=declared.payer, since_on=declared.since.first,
        sealed=secrets.seal_base(declared.fen, declared.basic_fen), origin=origin, declared_on=today_of(now),
        declared_by=actor.name, confirmed_on=today_of(now) if confirmed else None,
        confirmed_by=actor.name if confirmed else "",
    )  # fmt: skip


@transaction.atomic
def confirm_bases(actor: Actor, *, organisation: Organisation, bases: Collection[int], now: datetime) -> int:
    """Confirm bases declared by members of a branch, one by one or all at once; the number confirmed."""
    refuse_if(policies.may_act(actor, "dues.confirm_bases", organisation))
    rows = Base.objects.filter(
        organisation=organisation, pk__in=bases, replaced=0, confirmed_on__isnull=True
    ).exclude(person_id=actor.person or 0)
    found = sorted(rows.values_list("person_id", "since_on"))
    people = [person for person, _since in found]
    for person, since in found:
        Base.objects.filter(person_id=person, since_on=since, replaced=0, confirmed_on__isnull=False).update(
            replaced=1
        )
    count = rows.update(confirmed_on=today_of(now), confirmed_by=actor.name)
    refuse_if(
        None
        if count
        else Refusal(
            "dues.nothing_to_confirm", _("没有待确认的基数"), remedy=_("本人的基数由其他有权的人确认")
        )
    )
    write(actor, "dues.confirm_bases", None, organisation=organisation, now=now, people=people)
    return count


@transaction.atomic
def import_bases(
    actor: Actor, *, organisation: Organisation, declared: Sequence[Declared], file_name: str, now: datetime
) -> int:
    """Take the bases of a pay sheet that was read and found sound, all of them; the number taken."""
    today = today_of(now)
    refuse_if(
        policies.may_act(actor, "dues.import_bases", organisation),
        *(_member_of(organisation, each.person, today) for each in declared),
        *(_sane(each, today) for each in declared),
    )
    for each in declared:
        # one's own base is confirmed by somebody else, in whatever file it came
        confirmed = each.person != actor.person
        _put_down(actor, organisation, each, now, origin=BaseOrigin.PAY_SHEET, confirmed=confirmed)
    write(
        actor,
        "dues.import_bases",
        None,
        organisation=organisation,
        now=now,
        rows=len(declared),
        file=file_name[:100],
    )
    return len(declared)


@transaction.atomic
def reveal_bases(
    actor: Actor, *, organisation: Organisation, now: datetime
) -> dict[int, tuple[int | None, int | None]]:
    """The figures behind the bases of a branch, by base; who looked is recorded first."""
    refuse_if(policies.may_act(actor, "dues.reveal_bases", organisation))
    rows = Base.objects.filter(organisation=organisation, replaced=0)
    found = {pk: secrets.open_base(sealed) for pk, sealed in rows.values_list("pk", "sealed")}
    write(actor, "dues.reveal_bases", None, organisation=organisation, now=now, rows=len(found))
    return found


def _member_of(organisation: Organisation, person: int, today: date) -> Refusal | None:
    belongs = Membership.objects.filter(
        organisation=organisation,
        person_id=person,
        stage__in=MEMBER_STAGES,
        since__lte=today,
        until__isnull=True,
    ).exists()
    if belongs:
        return None
    return Refusal(
        "dues.not_a_member", _("此人的组织关系不在这个党支部"), source="dues-2008", article="9",
        remedy=_("基数由组织关系所在党支部登记"),
    )  # fmt: skip


def _sane(declared: Declared, today: date) -> Refusal | None:
    key, must = BASE_KEYS[Payer(declared.payer)]
    params = {"key": key}
    if must and declared.fen is None:
        return Refusal("dues.base_missing", _("没有填写基数"), params, remedy=_("填写金额，单位元"))
    if not key and declared.fen is not None:
        return Refusal("dues.base_not_asked", _("这一类党员按定额交纳，不填基数"), remedy=_("清空金额"))
    if any(each is not None and not 0 <= each <= MOST_FEN for each in (declared.fen, declared.basic_fen)):
        return Refusal("dues.base_out_of_range", _("金额不合情理"), remedy=_("核对单位和小数点"))
    if (declared.basic_fen or 0) > (declared.fen or 0):
        return Refusal("dues.basic_over_whole", _("基本养老金多于养老金总额"), remedy=_("核对两个数"))
    if abs(declared.since.key - Month.of(today).key) > 24:
        return Refusal("dues.since_far", _("起始月份相距太远"), remedy=_("写两年以内的月份"))
    return None


# -------------------------------------------------------------------------------------------- hardship
@transaction.atomic
def propose_relief(
    actor: Actor,
    *,
    organisation: Organisation,
    person: Person,
    to_fen: int,
    since: Month,
    until: Month | None,
    studied_on: date,
    reason: str,
    now: datetime,
) -> Hardship:
    """A branch has studied that a member in hardship pay less or nothing, and asks the superior to approve."""
    today = today_of(now)
    refuse_if(
        policies.may_act(actor, "dues.propose_relief", organisation),
        _member_of(organisation, person.pk, today),
        policies.day_sane(studied_on, today),
        None
        if until is None or until >= since
        else Refusal("dues.months_reversed", _("截止月份早于起始月份")),
        None if 0 <= to_fen <= MOST_FEN else Refusal("dues.base_out_of_range", _("金额不合情理")),
        None
        if reason.strip()
        else Refusal("dues.reason_needed", _("减免要写明原因"), source="dues-2008", article="7"),
    )
    made = Hardship.objects.create(
        person=person, organisation=organisation, to_fen=to_fen, since_on=since.first,
        until_on=until.first if until else None, reason_sealed=secrets.seal_reason(reason.strip()[:200]),
        studied_on=studied_on,
    )  # fmt: skip
    write(
        actor, "dues.propose_relief", made, organisation=organisation, now=now, person=person.pk, to_fen=to_fen,
        since=since.code, until=until.code if until else None,
    )  # fmt: skip
    return made


@transaction.atomic
def approve_relief(actor: Actor, *, hardship: Hardship, approved: bool, now: datetime) -> Hardship:
    """Approve or refuse what a branch asks: the superior; the branch alone for the retired where that is the practice."""
    hardship = (
        Hardship.objects.select_for_update(of=("self",))
        .select_related("organisation__parent")
        .get(pk=hardship.pk)
    )
    organisation, today = hardship.organisation, today_of(now)
    superior = organisation.parent
    by_superior = superior is not None and policies.may_act(actor, "dues.approve_relief", superior) is None
    refuse_if(
        None if by_superior else _branch_may(actor, hardship, today),
        None
        if hardship.approved_on is None and hardship.refused_on is None
        else Refusal("dues.settled_already", _("已经批复"), remedy=_("需要改变的，重新申请")),
    )
    if approved:
        hardship.approved_on, hardship.approved_at = today, "superior" if by_superior else "branch"
    else:
        hardship.refused_on = today
    hardship.approved_by = actor.name
    hardship.save()
    write(
        actor, "dues.approve_relief", hardship, organisation=organisation, now=now, person=hardship.person_id,
        approved=approved, by=hardship.approved_at,
    )  # fmt: skip
    return hardship


def _branch_may(actor: Actor, hardship: Hardship, today: date) -> Refusal | None:
    _levy, practice = practice_on(today)
    latest = Base.objects.filter(person_id=hardship.person_id, replaced=0).order_by("-since_on").first()
    retired = latest is not None and latest.payer == Payer.RETIRED
    if practice.retired_relief == "branch" and retired:
        return policies.may_act(actor, "dues.approve_relief", hardship.organisation)
    return Refusal(
        "dues.superior_approves", _("减免党费由上级党委批准"), source="dues-2008", article="7",
        remedy=_("请上级党务工作者批复"), who=_("上级党委"),
    )  # fmt: skip


# -------------------------------------------------------------------------------------------- consents
@transaction.atomic
def agree(
    actor: Actor,
    *,
    organisation: Organisation,
    person: Person,
    kind: str,
    since_on: date,
    now: datetime,
    proxy: str = "",
) -> Arrangement:
    """The branch consents that a member pays by the quarter, or through somebody else (art. 12)."""
    refuse_if(
        policies.may_act(actor, "dues.agree", organisation),
        _member_of(organisation, person.pk, today_of(now)),
        Refusal("dues.proxy_needed", _("请写明由谁代交"))
        if kind == ArrangementKind.PROXY and not proxy.strip()
        else None,
    )
    made = Arrangement.objects.create(
        person=person, organisation=organisation, kind=ArrangementKind(kind), proxy=proxy.strip()[:60],
        since_on=since_on, actor_name=actor.name,
    )  # fmt: skip
    write(
        actor, "dues.agree", made, organisation=organisation, now=now, person=person.pk, kind=kind,
        since_on=since_on.isoformat(),
    )  # fmt: skip
    return made
