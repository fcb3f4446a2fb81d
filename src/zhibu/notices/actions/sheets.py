"""What every act that changes a sheet does: write it down word for word, allot addresses, take it off."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from zhibu.notices.models import Board, Notice, NoticeSheet
from zhibu.notices.queries import sheet_digest
from zhibu.notices.shelf import shelf
from zhibu.record.past import instant
from zhibu.register.models import Organisation

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without 0, 1, i, l, o: an address is also typed from a poster."""

BOARD_LENGTH, NOTICE_LENGTH = 7, 9
TRIES = 5


def locked(notice: Notice) -> Notice:
    """The notice as it is now, held until the act ends."""
    return Notice.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=notice.pk)


def save(notice: Notice, now: datetime) -> None:
    """Keep a changed notice."""
    notice.known_at = instant(now)
    notice.version += 1
    notice.save()
    show_anew()


def show_anew() -> None:
    """Pages that this process keeps are made anew once the act is done; other processes ask within a second."""
    transaction.on_commit(shelf.forget)


def new_address(length: int) -> str:
    """An address at random: it says nothing of ids and of how many there are."""
    return "".join(secrets.choice(ALPHABET) for _each in range(length))


def board_of(organisation: Organisation) -> Board:
    """The public board of an organisation, made when it has none."""
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                found, _made = Board.objects.get_or_create(
                    organisation=organisation, defaults={"address": new_address(BOARD_LENGTH)}
                )
        except IntegrityError:
            # an address taken by another board
            continue
        return found
    raise RuntimeError(f"no free address for a board after {TRIES} tries")


def digest_of(notice: Notice) -> str:
    """The digest of the sheet as it stands."""
    return sheet_digest(
        notice.organisation.name, notice.kind, notice.title, notice.text, notice.opens_on, notice.closes_on
    )


def keep_sheet(notice: Notice, *, sequence: int, now: datetime) -> NoticeSheet:
    """Write the sheet down as it is shown from now on; the one before was shown until now."""
    take_down(notice, now)
    show_anew()
    return NoticeSheet.objects.create(
        notice=notice, number=NoticeSheet.objects.filter(notice=notice).count() + 1,
        organisation_name=notice.organisation.name, title=notice.title,
        text=notice.text, opens_on=notice.opens_on, closes_on=notice.closes_on, sha256=digest_of(notice),
        shown_from=now, entry_sequence=sequence,
    )  # fmt: skip


def take_down(notice: Notice, now: datetime) -> None:
    """The sheet that stands there is shown until now."""
    NoticeSheet.objects.filter(notice=notice, shown_until__isnull=True).update(shown_until=now)
