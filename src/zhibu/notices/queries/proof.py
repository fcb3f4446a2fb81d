"""What stood on the board, from when to when, and the digest by which it can be proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256

from django.utils import timezone

from zhibu.notices.models import Board, Notice, NoticeSheet, Posting
from zhibu.record.canonical import canonical
from zhibu.record.models import Entry
from zhibu.register.models import Organisation

FORM = "zhibu-notice-1"
"""First element of what is digested: another form of sheet cannot be taken for this one."""


@dataclass(frozen=True, slots=True)
class Proved:
    """One sheet: when it could be read, its digest computed again, and the entry of the record that holds it."""

    sheet: NoticeSheet
    shown_from: datetime | None
    shown_until: datetime | None
    whole: bool
    entry: Entry | None
    in_record: bool


def sheet_digest(organisation: str, kind: str, title: str, text: str, opens_on: date, closes_on: date) -> str:
    """SHA-256 of a sheet: canonical JSON of its form, the organisation's name, kind, title, text and window."""
    content = [FORM, organisation, kind, title, text, opens_on.isoformat(), closes_on.isoformat()]
    return sha256(canonical(content).encode()).hexdigest()


def proof(notice: Notice, now: datetime) -> list[Proved]:
    """Every sheet of a notice, oldest first, with its digest checked against its words and against the record."""
    sheets = list(NoticeSheet.objects.filter(notice=notice).order_by("number"))
    entries = {
        entry.sequence: entry
        for entry in Entry.objects.filter(
            organisation_id=notice.organisation_id, sequence__in=[each.entry_sequence for each in sheets]
        )
    }
    return [_proved(notice, sheet, entries.get(sheet.entry_sequence), now) for sheet in sheets]


def postings(notice: Notice) -> list[Posting]:
    """Where else it hung."""
    return list(Posting.objects.filter(notice=notice).order_by("from_on", "id"))


def board_address(organisation: Organisation) -> str:
    """The address of the board of an organisation; empty when it has none yet."""
    return Board.objects.filter(organisation=organisation).values_list("address", flat=True).first() or ""


def _proved(notice: Notice, sheet: NoticeSheet, entry: Entry | None, now: datetime) -> Proved:
    digest = sheet_digest(
        sheet.organisation_name, notice.kind, sheet.title, sheet.text, sheet.opens_on, sheet.closes_on
    )
    begun, ended = _shown(notice, sheet, now)
    return Proved(
        sheet, begun, ended, digest == sheet.sha256, entry,
        in_record=entry is not None and f'"sheet":"{sheet.sha256}"' in entry.values,
    )  # fmt: skip


def _shown(notice: Notice, sheet: NoticeSheet, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when to when it could be read on the board: not before its opening day, not after its last."""
    if notice.address is None:
        return None, None
    zone = timezone.get_current_timezone()
    opening = datetime.combine(sheet.opens_on, time.min, zone)
    closing = datetime.combine(sheet.closes_on, time.max.replace(microsecond=0), zone)
    begun = max(sheet.shown_from, opening)
    ended = min(sheet.shown_until or closing, closing)
    if begun > ended or begun > now:
        return None, None
    return begun, ended if ended <= now else None
