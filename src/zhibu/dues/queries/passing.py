"""What an organisation would keep and hand up by the rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhibu import rulebook
from zhibu.core.levy import Destination, Split, destination, in_force, split
from zhibu.dues.models import DuesPosting, Fund, Remittance
from zhibu.dues.queries import balances
from zhibu.register.models import Organisation


@dataclass(frozen=True, slots=True)
class Offer:
    """What is in hand to be split, of that what goes whole to the Centre, and the split by the rule."""

    fen: int
    centre_fen: int
    split: Split


def offered(organisation: Organisation, day: date) -> Offer:
    """The split of what is in hand and not the organisation's own yet."""
    levy = rulebook.load().levy
    standing = balances.standing(balances.funds([organisation.pk]).get(organisation.pk))
    fen = max(0, standing.to_hand_up_fen)
    centre = min(fen, _for_the_centre(organisation, day))
    row = in_force(levy.shares.rows, day) if levy.shares else None
    found = split(fen - centre, organisation.kind, row) if row else Split(0, fen - centre)
    return Offer(fen, centre, Split(found.kept_fen, found.up_fen + centre))


def _for_the_centre(organisation: Organisation, day: date) -> int:
    """Large voluntary payments received here or from below that were not handed up yet."""
    levy = rulebook.load().levy
    row = in_force(levy.extra.rows, day) if levy.extra else None
    own = DuesPosting.objects.filter(organisation=organisation, credit=Fund.EXTRA, reversed_by__isnull=True)
    came = sum(
        fen
        for fen in own.values_list("fen", flat=True)
        if row and destination(fen, row) is Destination.CENTRE
    )
    came += sum(
        Remittance.objects.filter(receiver=organisation, state="accepted").values_list("extra_fen", flat=True)
    )
    sent = sum(Remittance.objects.filter(sender=organisation).values_list("extra_fen", flat=True))
    return max(0, came - sent)
