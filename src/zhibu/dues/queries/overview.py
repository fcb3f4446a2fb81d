"""The committee's pages: every branch below at a glance, what arrives, and books for inspection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from zhibu import record
from zhibu.core.authority import Actor, Spans, ranges
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
from zhibu.ui.doors import within


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


SUMMED = ("month_received_fen", "year_owed_fen", "waiting_fen", "year_late_fen")
SORTS = ("name", *SUMMED)


def below(actor: Actor, month: Month) -> QuerySet[Organisation]:
    """Branches in reach that were there in the month, in the order of the tree."""
    places = policies.visible_to(
        actor, Organisation.objects.filter(kind__in=BRANCH_KINDS), "dues.oversee", field="path"
    )
    return places.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=month.first)).order_by("path", "id")


def lines(
    actor: Actor, month: Month, places: Sequence[tuple[int, str, str | None]] | None = None
) -> list[BranchLine]:
    """Branches in reach (id, name, superior; all when none are given) in three queries more, however many there are."""
    effects = policies.visible_to(actor, DuesEffect.objects.all(), "dues.oversee")
    sent = policies.visible_to(actor, Remittance.objects.all(), "dues.oversee", field="sender__path")
    books = policies.visible_to(actor, DuesBook.objects.all(), "dues.oversee")
    if places is None:
        places = list(below(actor, month).values_list(*PLACE))
    else:
        some = [row[0] for row in places]
        effects, sent = effects.filter(organisation__in=some), sent.filter(sender__in=some)
        books = books.filter(organisation__in=some)
    sums = {
        row[0]: [each or 0 for each in row[1:]]
        for row in effects.values_list("organisation_id").annotate(**_sums(month)).order_by()
    }
    gone = _sent(sent)
    closed = dict(books.values_list("organisation_id", "closed_through"))
    found = []
    for pk, name, superior in places:
        entered, due, came, year_due, year_came, year_in_time, whole = sums.get(pk, (0,) * 7)
        away, way = gone.get(pk, (0, 0))
        found.append(
            BranchLine(
                pk, name, superior or "", bool(entered), due, came, year_due, year_came, year_came - year_in_time,
                max(0, whole - away), way, closed.get(pk),
            )
        )  # fmt: skip
    return found


PLACE = ("id", "name", "parent__name")


def sorted_lines(actor: Actor, month: Month, sort: str) -> list[BranchLine]:
    """All branches in reach in the order of one of their sums."""
    name = sort.removeprefix("-")
    return sorted(lines(actor, month), key=lambda row: int(getattr(row, name)), reverse=sort.startswith("-"))


def _sums(month: Month) -> dict[str, Sum]:
    """One pass over the evidence rows: of the month, of its year up to it, of all time."""
    of_month = Q(month_on=month.first)
    of_year = Q(month_on__range=(Month(month.year, 1).first, month.first))
    return {
        "entered": Sum("charged", filter=of_month), "month_due": Sum("due_fen", filter=of_month),
        "month_received": Sum("received_fen", filter=of_month), "year_due": Sum("due_fen", filter=of_year),
        "year_received": Sum("received_fen", filter=of_year), "year_in_time": Sum("in_time_fen", filter=of_year),
        "whole": Sum("received_fen"),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Totals:
    """All branches in reach together."""

    branches: int
    entered: int
    due_fen: int
    received_fen: int
    waiting_fen: int


def totals(actor: Actor, month: Month) -> Totals:
    """The numbers above the table, of every branch in reach, in three queries."""
    effects = policies.visible_to(actor, DuesEffect.objects.all(), "dues.oversee")
    of_year = Q(month_on__range=(Month(month.year, 1).first, month.first))
    sums = effects.aggregate(
        entered=Count("organisation_id", filter=Q(month_on=month.first, charged__gt=0), distinct=True),
        due=Sum("due_fen", filter=of_year), received=Sum("received_fen", filter=of_year), whole=Sum("received_fen"),
    )  # fmt: skip
    sent = policies.visible_to(actor, Remittance.objects.all(), "dues.oversee", field="sender__path").filter(
        sender__kind__in=BRANCH_KINDS
    )
    gone = sent.aggregate(fen=Sum("fen"), kept=Sum("kept_fen"))
    waiting = (sums["whole"] or 0) - (gone["fen"] or 0) - (gone["kept"] or 0)
    return Totals(
        below(actor, month).count(), sums["entered"], sums["due"] or 0, sums["received"] or 0, max(0, waiting)
    )


def _sent(rows: QuerySet[Remittance]) -> dict[int, tuple[int, int]]:
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
    return len(record.rows(_asked, ranges(actor, "dues.approve_relief")))


def _asked(spans: Spans) -> QuerySet[Hardship, Any]:
    rows = Hardship.objects.filter(approved_on__isnull=True, refused_on__isnull=True)
    return within(rows, spans).values_list("pk")


def on_its_way(actor: Actor) -> int:
    """How many remittances to organisations in reach wait to be signed for."""
    return len(record.rows(_on_its_way, ranges(actor, "dues.accept_remittance")))


def _on_its_way(spans: Spans) -> QuerySet[Remittance, Any]:
    return within(Remittance.objects.filter(state="sent"), spans, "receiver__path").values_list("pk")


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
