"""The committee's pages: every branch below at a glance, what arrives, and books for inspection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from zhibu.core.authority import Actor
from zhibu.core.calendar import Month
from zhibu.dues import policies
from zhibu.dues.models import (
    Closing,
    DuesBook,
    DuesEffect,
    DuesPosting,
    FundUse,
    Hardship,
    Remittance,
    Voucher,
)
from zhibu.register.models import BRANCH_KINDS, Organisation


@dataclass(frozen=True, slots=True)
class BranchLine:
    """A branch in the committee's table. Fen."""

    id: int
    name: str
    superior: str
    charged: bool
    month_due_fen: int
    month_received_fen: int
    year_due_fen: int
    year_received_fen: int
    year_late_fen: int
    waiting_fen: int
    in_transit_fen: int
    closed_through: date | None

    @property
    def year_owed_fen(self) -> int:
        """What has not come this year."""
        return max(0, self.year_due_fen - self.year_received_fen)


SORTS = ("name", "month_received_fen", "year_owed_fen", "waiting_fen", "year_late_fen")


def lines(actor: Actor, month: Month) -> list[BranchLine]:
    """Every branch in reach in five queries, however many there are."""
    places = policies.visible_to(
        actor, Organisation.objects.filter(kind__in=BRANCH_KINDS), "dues.oversee", field="path"
    ).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=month.first))
    rows = list(places.order_by("path").values_list("id", "name", "parent__name"))
    effects = policies.visible_to(actor, DuesEffect.objects.all(), "dues.oversee")
    this = _sums(effects.filter(month_on=month.first))
    year = _sums(effects.filter(month_on__range=(Month(month.year, 1).first, month.first)))
    whole = dict(effects.values_list("organisation_id").annotate(sum=Sum("received_fen")).order_by())
    sent = _sent(actor)
    books = dict(
        policies.visible_to(actor, DuesBook.objects.all(), "dues.oversee").values_list(
            "organisation_id", "closed_through"
        )
    )
    nothing = (0, 0, 0, 0)
    found = []
    for pk, name, superior in rows:
        due, received, in_time, _charged = year.get(pk, nothing)
        mine, came, _in_time, entered = this.get(pk, nothing)
        gone, way = sent.get(pk, (0, 0))
        found.append(
            BranchLine(
                pk, name, superior or "", bool(entered), mine, came, due, received, received - in_time,
                max(0, whole.get(pk, 0) - gone), way, books.get(pk),
            )
        )  # fmt: skip
    return found


def _sums(rows: QuerySet[DuesEffect]) -> dict[int, tuple[int, int, int, int]]:
    found = rows.values_list("organisation_id").annotate(
        a=Sum("due_fen"), b=Sum("received_fen"), c=Sum("in_time_fen"), d=Sum("charged")
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in found.order_by()}


def _sent(actor: Actor) -> dict[int, tuple[int, int]]:
    rows = policies.visible_to(actor, Remittance.objects.all(), "dues.oversee", field="sender__path")
    found = rows.values_list("sender_id").annotate(
        sent=Sum("fen"), kept=Sum("kept_fen"), way=Sum("fen", filter=Q(state="sent"))
    )
    return {sender: (sent + kept, way or 0) for sender, sent, kept, way in found.order_by()}


def arriving(actor: Actor, state: str) -> QuerySet[Remittance]:
    """Remittances to organisations in reach."""
    rows = policies.visible_to(
        actor,
        Remittance.objects.select_related("sender", "receiver"),
        "dues.accept_remittance",
        field="receiver__path",
    )
    return rows.filter(state=state).order_by("-sent_on", "-pk")


def reliefs_waiting(actor: Actor) -> int:
    """How many requests for relief wait for this actor's decision."""
    rows = Hardship.objects.filter(approved_on__isnull=True, refused_on__isnull=True)
    return policies.visible_to(actor, rows, "dues.approve_relief").count()


def committees(actor: Actor, verb: str = "dues.remit") -> list[tuple[int, str]]:
    """Organisations above branches in reach, in the order of the tree."""
    rows = Organisation.objects.filter(kind__in=("general_branch", "primary_committee"))
    return list(
        policies.visible_to(actor, rows, verb, field="path").order_by("path").values_list("id", "name")
    )


# -------------------------------------------------------------------------------------------- for inspection
def journal(organisation: Organisation, year: int) -> Iterator[tuple[Voucher, list[DuesPosting]]]:
    """Every voucher of a year in its order, with its postings."""
    rows = DuesPosting.objects.filter(
        organisation=organisation, book_on__range=(date(year, 1, 1), date(year, 12, 1))
    ).select_related("voucher", "person")
    voucher: Voucher | None = None
    held: list[DuesPosting] = []
    for row in rows.order_by("voucher__number", "line").iterator(chunk_size=2000):
        if voucher is not None and row.voucher_id != voucher.pk:
            yield voucher, held
            held = []
        voucher = row.voucher
        held.append(row)
    if voucher is not None:
        yield voucher, held


def closings(organisation: Organisation, year: int) -> Sequence[Closing]:
    """The months closed in a year."""
    rows = Closing.objects.filter(
        organisation=organisation, month_on__range=(date(year, 1, 1), date(year, 12, 1))
    )
    return list(rows.order_by("month_on"))


def uses(organisation: Organisation, year: int) -> Sequence[FundUse]:
    """Uses of a year that stand."""
    rows = FundUse.objects.filter(
        organisation=organisation, used_on__range=(date(year, 1, 1), date(year, 12, 31))
    ).exclude(voucher__postings__reversed_by__isnull=False)
    return list(rows.order_by("used_on", "pk"))


def handed_up(organisation: Organisation, year: int) -> Sequence[Remittance]:
    """What was sent up in a year."""
    rows = Remittance.objects.filter(
        sender=organisation, sent_on__range=(date(year, 1, 1), date(year, 12, 31))
    )
    return list(rows.select_related("receiver").order_by("sent_on"))


def came_up(organisation: Organisation, year: int) -> tuple[int, int]:
    """(how many remittances were accepted in a year, fen)."""
    rows = Remittance.objects.filter(
        receiver=organisation, accepted_on__range=(date(year, 1, 1), date(year, 12, 31))
    ).values_list("fen", flat=True)
    found = list(rows)
    return len(found), sum(found)
