"""The address of the public board."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhibu.core.authority import Actor
from zhibu.core.refusal import refuse_if
from zhibu.notices import policies
from zhibu.notices.actions import sheets
from zhibu.notices.models import Board
from zhibu.record.writing import write
from zhibu.register.models import Organisation


@transaction.atomic
def renew_board(actor: Actor, *, organisation: Organisation, now: datetime) -> Board:
    """Give the public board its address, or another one: posters with the old one lead nowhere from then on."""
    refuse_if(policies.may_act(actor, "notices.renew_board", organisation))
    found = Board.objects.select_for_update().filter(organisation=organisation).first()
    if found is None:
        found = sheets.board_of(organisation)
    else:
        found.address = sheets.new_address(sheets.BOARD_LENGTH)
        found.save()
    write(actor, "notices.renew_board", found, organisation=organisation, now=now, address=found.address)
    return found
