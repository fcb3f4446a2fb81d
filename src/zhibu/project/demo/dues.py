"""The dues of the demo as its collectors would have booked them: bases, charges, payments, what was handed up. Pure.

Rows are tuples in the order of the ``*_COLUMNS`` next to them, days as ordinals, ready for ``bulk.insert``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from zhibu.core.calendar import Month

if TYPE_CHECKING:
    from .shape import BranchShape

Row = tuple[Any, ...]
BASE_COLUMNS = (
    "person_id", "organisation_id", "payer", "since_on", "sealed", "origin", "declared_on", "declared_by",
    "confirmed_on", "confirmed_by",
)  # fmt: skip
VOUCHER_COLUMNS = (
    "id", "organisation_id", "number", "kind", "book_on", "posted_on", "channel", "lines", "total_fen", "actor_name",
    "at", "known_at",
)  # fmt: skip
POSTING_COLUMNS = (
    "voucher_id", "line", "organisation_id", "book_on", "posted_on", "person_id", "month_on", "debit", "credit", "fen",
    "because",
)  # fmt: skip
EFFECT_COLUMNS = (
    "voucher_id", "organisation_id", "month_on", "charged", "due_fen", "received_fen", "in_time_fen", "members_due",
    "members_paid", "known_at",
)  # fmt: skip
REMITTANCE_COLUMNS = (
    "sender_id", "receiver_id", "until_on", "fen", "channel", "state", "sent_on", "sent_by", "accepted_on",
    "accepted_by", "sent_voucher_id", "accepted_voucher_id",
)  # fmt: skip
BOOK_COLUMNS = ("organisation_id", "last_number", "closed_through")
USE_COLUMNS = (
    "organisation_id", "purpose", "fen", "used_on", "what", "decided_on", "decided_by", "present_count", "voucher_id",
)  # fmt: skip

WAGES = ((495_000, 4950), (678_333, 10_175), (953_333, 14_300), (1_045_000, 20_900))
"""Monthly pay and the dues of it, fen."""
DELAYS = {"excellent": 8, "ordinary": 10, "late": 17, "idle": 20}
"""Days after a quarter when a branch hands up."""
USES = (
    ("training", 45, "党员集中培训教材和资料"), ("commendation", 20, "表彰优秀共产党员、优秀党务工作者"),
    ("hardship", 15, "走访慰问生活困难党员"),
)  # fmt: skip
"""What a committee used of each hundred it kept."""
PENSIONS = tuple((fen * 200, fen) for fen in (1500, 1600, 1700, 1800, 1900))


def base_of(person: int, *, retired: bool) -> tuple[int, int]:
    """What somebody is paid, and owes."""
    return PENSIONS[person % len(PENSIONS)] if retired else WAGES[person % len(WAGES)]


class Ledger:
    """Collects vouchers branch by branch; the committees' are numbered at the end, in the order of their days."""

    def __init__(self, today: int) -> None:
        self.today = today
        self.ids = count(1)
        self.numbers: dict[int, int] = {}
        self.cash: dict[int, int] = {}
        self.bases: list[Row] = []
        self.vouchers: list[Row] = []
        self.postings: list[Row] = []
        self.effects: list[Row] = []
        self.remittances: list[Row] = []
        self.uses: list[Row] = []
        self.closed: dict[int, int] = {}
        self.manners: dict[int, str] = {}
        self.collectors: dict[int, str] = {}
        self._arriving: list[tuple[int, int, int, int, int, int, int]] = []

    def declare(self, branch: BranchShape, since: int) -> None:
        """The bases of a branch, confirmed at the beginning of the record (figures in place of their seal)."""
        retired = branch.organisation.unit_type == "retired"
        self.manners[branch.organisation.id] = branch.manner.name
        self.collectors[branch.organisation.id] = _collector(branch)
        for person in branch.members:
            fen, _due = base_of(person.id, retired=retired)
            first = max(since, branch.arrived[person.id].replace(day=1).toordinal())
            self.bases.append(
                (
                    person.id, branch.organisation.id, "retired" if retired else "monthly_paid", first, fen, "member",
                    first, person.name, first, _collector(branch),
                )
            )  # fmt: skip

    def month(
        self,
        branch: BranchShape,
        month: Month,
        heads: Sequence[int],
        late: Sequence[bool],
        lost_fen: int,
        entered: int,
    ) -> None:
        """Charges and payments of a month: one voucher each on a day at its end, one for what came afterwards."""
        place, first = branch.organisation.id, month.first.toordinal()
        retired = branch.organisation.unit_type == "retired"
        owed = [(person, base_of(person, retired=retired)[1]) for person in heads]
        day = month.last.toordinal() - place % 3
        who = _collector(branch)
        charge = [(person, "receivable", "dues", fen, "rate") for person, fen in owed]
        total = sum(fen for _person, fen in owed)
        self._voucher(place, "charge", day, who, charge, first, (1, total, 0, 0, len(owed), 0))
        paid = [
            (person, "cash", "receivable", fen, "")
            for (person, fen), slow in zip(owed, late, strict=True)
            if not slow
        ]
        if paid:
            came = sum(row[3] for row in paid)
            self._voucher(place, "payment", day, who, paid, first, (0, 0, came, came, 0, len(paid)))
        after, unpaid = self._afterwards(
            [pair for pair, slow in zip(owed, late, strict=True) if slow], lost_fen
        )
        if after:
            came = sum(row[3] for row in after)
            self._voucher(
                place, "payment", entered, who, after, first, (0, 0, came, 0, 0, len(after) - unpaid)
            )
        if month.number % 3 == 0:
            self._hand_up(branch, month, who)

    @staticmethod
    def _afterwards(owed: Sequence[tuple[int, int]], lost_fen: int) -> tuple[list[Row], int]:
        """What comes late, and how many paid a part only: the first ones leave open what is lost."""
        rows: list[Row] = []
        partly = 0
        for person, fen in owed:
            missing = min(lost_fen, fen)
            lost_fen -= missing
            if fen > missing:
                rows.append((person, "cash", "receivable", fen - missing, ""))
                partly += int(missing > 0)
        return rows, partly

    def _voucher(
        self, place: int, kind: str, day: int, who: str, rows: Sequence[Row], month: int | None, sums: Row | None
    ) -> int:  # fmt: skip
        key, book = next(self.ids), date.fromordinal(day).replace(day=1).toordinal()
        number = self.numbers[place] = self.numbers.get(place, 0) + 1
        known = _instant(day)
        self.vouchers.append(
            (
                key, place, number, kind, book, day, "" if kind == "charge" else "cash", len(rows),
                sum(row[3] for row in rows), who, datetime.fromtimestamp(known / 1000, UTC), known,
            )
        )  # fmt: skip
        for line, (person, debit, credit, fen, because) in enumerate(rows, 1):
            self.postings.append((key, line, place, book, day, person, month, debit, credit, fen, because))
            for fund, sign in ((debit, 1), (credit, -1)):
                if fund == "cash":
                    self.cash[place] = self.cash.get(place, 0) + sign * fen
        if sums:
            self.effects.append((key, place, month, *sums, known))
        return key

    def _hand_up(self, branch: BranchShape, month: Month, who: str) -> None:
        """Everything in hand, one to three weeks after the quarter; the superior signs for it three days later."""
        place, superior = branch.organisation.id, branch.organisation.parent
        day, fen = month.last.toordinal() + DELAYS[branch.manner.name] + place % 3, self.cash.get(place, 0)
        if day > self.today or fen <= 0 or superior is None:
            return
        sent = self._voucher(place, "send", day, who, [(None, "in_transit", "cash", fen, "")], None, None)
        self._arriving.append((day + 3, place, superior, fen, sent, month.first.toordinal(), day))

    def finish(self) -> None:
        """The committees' side, in the order of days; of what came last, some still waits to be signed for."""
        latest = max((row[5] for row in self._arriving), default=0)
        arrived: dict[int, tuple[int, int]] = {}
        for day, place, superior, fen, sent, until, sent_on in sorted(self._arriving):
            common = (place, superior, until, fen, "cash")
            by = self.collectors[place]
            if day > self.today or (until == latest and place % 9 == 4):
                self.remittances.append((*common, "sent", sent_on, by, None, "", sent, None))
                continue
            row = [(None, "remitted", "in_transit", fen, "")]
            self._voucher(place, "accept", day, "党务工作者", row, None, None)
            row = [(None, "cash", "from_below", fen, "")]
            taken = self._voucher(superior, "accept", day, "党务工作者", row, None, None)
            self.remittances.append((*common, "accepted", sent_on, by, day, "党务工作者", sent, taken))
            arrived[superior] = (arrived.get(superior, (0, 0))[0] + fen, day)
        for superior, (fen, day) in sorted(arrived.items()):
            self._use(superior, fen, day)
        self._number()

    def _use(self, place: int, arrived_fen: int, day: int) -> None:
        """A committee keeps a tenth and uses the most of it, each time as its meeting decided."""
        kept = arrived_fen // 1000 * 100
        if day + 3 > self.today or kept <= 0:
            return
        who = "党务工作者"
        self._voucher(place, "retain", day, who, [(None, "set_aside", "retained", kept, "")], None, None)
        for number, (purpose, share, what) in enumerate(USES, 1):
            fen, used_on = kept * share // 10_000 * 100, day + number
            if fen <= 0:
                continue
            key = self._voucher(place, "use", used_on, who, [(None, "used", "cash", fen, "")], None, None)
            self.uses.append((place, purpose, fen, used_on, what, day, "党委委员会会议", 5 + place % 4, key))

    def _number(self) -> None:
        """Vouchers of a book are numbered in the order of their days."""
        self.vouchers.sort(key=lambda row: (row[1], row[5], row[0]))
        last: dict[int, int] = {}
        for at, row in enumerate(self.vouchers):
            last[row[1]] = last.get(row[1], 0) + 1
            self.vouchers[at] = (*row[:2], last[row[1]], *row[3:])

    @property
    def books(self) -> list[Row]:
        """Every book with its last number and the month it is closed to."""
        return [(place, number, self.closed.get(place)) for place, number in sorted(self.numbers.items())]


def _collector(branch: BranchShape) -> str:
    named = {person.id: person.name for person in branch.members}
    posts = {kind: person for person, kind in branch.posts}
    chosen = posts.get("organisation_officer") or posts.get("secretary")
    return named.get(chosen or 0, "党费收缴人")


EPOCH = date(1970, 1, 1).toordinal()


def _instant(day: int) -> int:
    return (day - EPOCH) * 86_400_000 + 12 * 3600 * 1000
