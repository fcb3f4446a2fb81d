"""The letter of the year is signed; the list of duties becomes undertakings of those who hold the posts."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.integrity import policies, queries
from zhibu.integrity.queries import duties, promises
from zhibu.record.writing import write
from zhibu.register.models import Organisation, Person
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.told import Source, Undertaken


@transaction.atomic
def sign_promise(
    actor: Actor,
    *,
    organisation: Organisation,
    person: int,
    now: datetime,
    paper: tuple[str, bytes] | None = None,
) -> Undertaking:
    """Sign the letter of this year: its words are kept with the signature, as they read on this day.

    What someone signed on paper is filed by the branch, with the paper.
    """
    letter, year = queries.rule(), timezone.localtime(now).year
    if letter is None:
        raise Refused(Refusal("integrity.no_letter", _("规则集里没有廉政承诺书"), remedy=_("请联系运维人员")))
    refuse_if(policies.may_sign(actor, organisation, person))
    Person.objects.select_for_update().filter(pk=person).first()
    refuse_if(
        _first(organisation, person, year),
        None
        if person == actor.person or paper is not None
        else Refusal("integrity.paper_needed", _("代录要附签字的承诺书"), remedy=_("请附上照片或扫描件")),
    )
    row = undertakings.undertake(
        actor, organisation=organisation, now=now,
        what=Undertaken(
            promises.KIND, f"{year} 年{letter.title.zh}", person, due_on=date(year, 12, 31), resolution=letter.words.zh
        ),
    )  # fmt: skip
    if paper is not None:
        undertakings.attach(actor, undertaking=row, name=paper[0], content=paper[1], now=now)
    write(
        actor, "integrity.sign_promise", row, organisation=organisation, now=now, year=year,
        on_paper=paper is not None,
    )  # fmt: skip
    return row


def _first(organisation: Organisation, person: int, year: int) -> Refusal | None:
    if not queries.of_year(organisation, year).filter(owner=person).exists():
        return None
    return Refusal("integrity.signed_already", _("{year} 年的廉政承诺书已经签署"), {"year": year})


@transaction.atomic
def assign_duties(actor: Actor, *, organisation: Organisation, now: datetime) -> list[Undertaking]:
    """Hand out the list of duties of this year to those who hold the posts; what was given out stays as it is."""
    today = timezone.localtime(now).date()
    Organisation.objects.select_for_update().filter(pk=organisation.pk).first()
    refuse_if(policies.may_act(actor, policies.ASSIGN, organisation))
    waiting = queries.to_assign(organisation, today)
    refuse_if(
        None
        if waiting
        else Refusal(
            "integrity.all_given", _("今年的责任清单已经落实到人"),
            remedy=_("有人变动的，在该项任务上转交；缺职务的，先登记任职"),
        ),
    )  # fmt: skip
    rows = [
        undertakings.undertake(
            actor, organisation=organisation, now=now,
            what=Undertaken(
                duties.KIND, each.duty.title.zh, each.holder or 0, due_on=each.due_on,
                source=Source(f"{duties.SOURCE}{each.duty.id}", None, f"{each.due_on.year} 年廉政责任清单"),
            ),
        )
        for each in waiting
    ]  # fmt: skip
    write(
        actor, "integrity.assign_duties", organisation, organisation=organisation, now=now, year=today.year,
        undertakings=[row.pk for row in rows],
    )  # fmt: skip
    return rows
