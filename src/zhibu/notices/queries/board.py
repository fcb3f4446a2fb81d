"""The public board, as anyone sees it: running notices word for word, past ones without anything personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q
from django.http import Http404
from django.utils.translation import gettext as _

from zhibu.core.authority import successor
from zhibu.notices.gathering import Heading, Told
from zhibu.notices.models import SLOGANS, Board, Notice, NoticeKind, NoticeReply, NoticeSheet
from zhibu.register.models import BRANCH_KINDS, Organisation

MOST_SHOWN, MOST_BELOW, MOST_PAST = 100, 500, 500


@dataclass(frozen=True, slots=True)
class Shown:
    """A running notice as the board lists it."""

    address: str
    kind: str
    title: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Past:
    """A notice that has left the board: its kind and its days, nothing else."""

    kind: str
    opens_on: date
    closes_on: date
    working_days: int
    ended: str


@dataclass(frozen=True, slots=True)
class Below:
    """The board of an organisation below, and how many notices run there."""

    address: str
    name: str
    running: int


def board_at(address: str) -> Board:
    """The board of an address, or 404."""
    found = Board.objects.select_related("organisation").filter(address=address).first()
    if found is None:
        raise Http404(address)
    return found


def board_of(organisation: Organisation) -> Board | None:
    """The board of an organisation, when it has one."""
    return Board.objects.select_related("organisation").filter(organisation=organisation).first()


def running(organisation: Organisation, today: date) -> list[Notice]:
    """What stands on the board on a day, what ends first at the top."""
    rows = Notice.objects.filter(
        organisation=organisation, address__isnull=False, withdrawn=0, has_result=0, opens_on__lte=today,
        closes_on__gte=today,
    )  # fmt: skip
    return list(rows.order_by("closes_on", "id")[:MOST_SHOWN])


def gathered(notices: list[Notice], told: list[Told]) -> list[tuple[str, list[Notice], list[Told]]]:
    """Running notices, and what rooms above tell, under the headings of the board; what can be objected to stands
    first, empty headings do not.
    """
    headings: tuple[tuple[Any, frozenset[str], Heading | None], ...] = (
        (_("决议和办理结果"), frozenset({NoticeKind.RESOLUTION, NoticeKind.RESULT}), Heading.RESULTS),
        (_("党费公开"), frozenset({NoticeKind.DUES}), None),
        (_("承诺"), frozenset({NoticeKind.PLEDGE, NoticeKind.ZONES}), None),
        (_("意见建议的答复"), frozenset({NoticeKind.ANSWER}), Heading.ANSWERS),
        (_("荣誉"), frozenset({NoticeKind.HONOUR}), None),
        (_("支部工作"), frozenset(), Heading.POSTS),
        (_("其他公开"), frozenset({NoticeKind.OTHER}), None),
    )
    special = frozenset().union(*(kinds for _heading, kinds, _told in headings))
    found: list[tuple[str, list[Notice], list[Told]]] = [
        (str(_("正在公示")), [row for row in notices if row.kind not in special], [])
    ]
    for heading, kinds, line in headings:
        rows = [row for row in notices if row.kind in kinds]
        found.append((str(heading), rows, [each for each in told if each.heading is line]))
    return [group for group in found if group[1] or group[2]]


def shown_since(notices: list[Notice]) -> dict[int, datetime]:
    """Since when each notice reads as it does: the newest of its sheets."""
    rows = NoticeSheet.objects.filter(notice__in=[row.pk for row in notices]).values_list(
        "notice_id", "shown_from"
    )
    return {notice: max(at for each, at in rows if each == notice) for notice, _at in rows}


def boards_below(organisation: Organisation, today: date) -> list[Below]:
    """The boards of the organisations under a committee, with what runs there."""
    if organisation.kind in BRANCH_KINDS:
        return []
    path = organisation.path
    boards = Board.objects.filter(organisation__path__gt=path, organisation__path__lt=successor(path))
    open_now = Q(address__isnull=False, withdrawn=0, has_result=0, opens_on__lte=today, closes_on__gte=today)
    notices = Notice.objects.filter(
        open_now, organisation__path__gt=path, organisation__path__lt=successor(path)
    ).values_list("organisation_id")
    counts = {row[0]: row[1] for row in notices.annotate(n=Count("id"))}
    rows = boards.order_by("organisation__path").values_list(
        "address", "organisation__name", "organisation_id"
    )
    return [Below(address, name, counts.get(pk, 0)) for address, name, pk in rows[:MOST_BELOW]]


def notice_at(board: Board, address: str, today: date) -> Notice:
    """A notice of this board that has begun, or 404; the page says by `is_shown` whether it may still be read."""
    found = (
        Notice.objects.select_related("organisation")
        .filter(organisation_id=board.organisation_id, address=address, opens_on__lte=today)
        .first()
    )
    if found is None:
        raise Http404(address)
    return found


def is_shown(notice: Notice, today: date) -> bool:
    """Whether its words may be read: it runs, and was not withdrawn."""
    return not notice.withdrawn and not notice.has_result and notice.opens_on <= today <= notice.closes_on


def takes_replies(notice: Notice) -> bool:
    """Whether an objection or comment may be sent: until it has its result, late ones too."""
    return notice.reply != NoticeReply.NONE and not notice.withdrawn and not notice.has_result


def years_past(organisation: Organisation, today: date) -> list[int]:
    """The years in which notices of the organisation ended, newest first."""
    ended = Notice.objects.filter(organisation=organisation, closes_on__lt=today).exclude(kind__in=SLOGANS)
    days = ended.values_list("closes_on", flat=True)
    return sorted({day.year for day in days.distinct()}, reverse=True)


def past(organisation: Organisation, year: int, today: date) -> list[Past]:
    """What ended in a year: kinds and days."""
    rows = Notice.objects.filter(
        organisation=organisation, closes_on__gte=date(year, 1, 1), closes_on__lte=date(year, 12, 31),
        closes_on__lt=today,
    ).exclude(kind__in=SLOGANS)  # fmt: skip
    return [
        Past(str(NoticeKind(row.kind).label), row.opens_on, row.closes_on, row.working_days, _ended(row))
        for row in rows.order_by(F("closes_on").desc(), "-id")[:MOST_PAST]
    ]


def _ended(notice: Notice) -> str:
    if notice.withdrawn:
        return "withdrawn"
    if notice.has_result:
        return "result"
    return "over" if notice.reply == NoticeReply.OBJECTION else "disclosed"
