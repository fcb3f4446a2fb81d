"""The addresses of the public board and of the screens."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
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
        sheets.show_anew()
    write(actor, "notices.renew_board", found, organisation=organisation, now=now, address=found.address)
    return found


SCREEN_LENGTH = 20


@transaction.atomic
def renew_screen(actor: Actor, *, organisation: Organisation, now: datetime) -> Board:
    """Give the screens their secret address, or another one: players with the old one go dark.

    The address itself is not written into the record: whoever reads the record could open it.
    """
    refuse_if(policies.may_act(actor, "notices.renew_screen", organisation))
    found = sheets.board_of(organisation)
    found = Board.objects.select_for_update().get(pk=found.pk)
    found.screen = sheets.new_address(SCREEN_LENGTH)
    found.save()
    sheets.show_anew()
    write(actor, "notices.renew_screen", found, organisation=organisation, now=now)
    return found


@transaction.atomic
def close_screen(actor: Actor, *, organisation: Organisation, now: datetime) -> None:
    """Take the screens' address away: every player goes dark, until there is another one."""
    found = Board.objects.select_for_update().filter(organisation=organisation).first()
    refuse_if(
        policies.may_act(actor, "notices.close_screen", organisation),
        None if found and found.screen else Refusal("notices.no_screen", _("电子屏网址没有启用")),
    )
    if found is not None:
        found.screen = None
        found.save()
        sheets.show_anew()
        write(actor, "notices.close_screen", found, organisation=organisation, now=now)
