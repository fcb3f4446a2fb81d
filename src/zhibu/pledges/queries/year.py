"""A year of pledges. A pledge is an undertaking due on the last day of its year; what the branch has confirmed of it is
its notice on the public board, which ends on the same day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core.refusal import Refusal
from zhibu.notices.models import Notice
from zhibu.notices.queries import is_shown
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation, Post, PostKind
from zhibu.ui import clock
from zhibu.undertakings.models import Undertaking, UndertakingState

KIND, STEP, TABLE = "pledge", "pledge", "zb_undertaking"


@dataclass(frozen=True, slots=True)
class Promise:
    """A member and the pledge of the year. `state`: none, waits (for the branch), shown (on the board), over."""

    person: int
    name: str
    post: str
    position: str
    pledge: int | None
    text: str
    state: str
    notice: Notice | None

    @property
    def told(self) -> str:
        """The posts, or what the person does, or simply a member."""
        return self.post or self.position or str(_("党员"))


def of_year(branch: Organisation, year: int) -> QuerySet[Undertaking]:
    """Pledges of a year that were not withdrawn."""
    return due_within(branch, date(year, 1, 1), date(year, 12, 31))


def due_within(branch: Organisation | OuterRef | int, first: date, last: date) -> QuerySet[Undertaking]:
    """Pledges due between two days that were not withdrawn."""
    rows = Undertaking.objects.filter(organisation=branch, kind=KIND, due_on__gte=first, due_on__lte=last)
    return rows.exclude(state=UndertakingState.GIVEN_UP)


def promises(branch: Organisation, year: int, today: date) -> list[Promise]:
    """Every member of the branch with the pledge of the year; of a year that is over, the members of its end."""
    day = min(today, date(year, 12, 31))
    current = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))
    members = Membership.objects.filter(current, organisation=branch, stage__in=MEMBER_STAGES)
    rows = members.order_by("person__initials", "person_id").values_list(
        "person_id", "person__name", "person__position"
    )
    made = {row.owner_id: row for row in of_year(branch, year).order_by("id")}
    notices = _notices(row.pk for row in made.values())
    posts = _posts(branch, day)
    found = []
    for person, name, position in dict.fromkeys(rows):
        row = made.get(person)
        notice = notices.get(row.pk) if row else None
        found.append(Promise(
            person, name, posts.get(person, ""), position, row.pk if row else None, row.text if row else "",
            _state(row, notice, today), notice,
        ))  # fmt: skip
    return found


def _state(row: Undertaking | None, notice: Notice | None, today: date) -> str:
    if row is None:
        return "none"
    if notice is None:
        runs = row.state == UndertakingState.OPEN and row.due_on is not None and row.due_on >= today
        return "waits" if runs else "over"
    return "shown" if is_shown(notice, today) else "over"


def _notices(pledges: Iterable[int]) -> dict[int, Notice]:
    rows = Notice.objects.filter(
        purpose_table=TABLE, purpose_step=STEP, purpose_id__in=list(pledges), withdrawn=0
    )
    return {int(row.purpose_id or 0): row for row in rows.select_related("organisation").order_by("id")}


def _posts(branch: Organisation, day: date) -> dict[int, str]:
    current = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))
    at = Q(organisation=branch) | Q(organisation__parent=branch)
    rows = Post.objects.filter(current & at).values_list("person_id", "kind")
    order = list(PostKind.values)
    kinds: dict[int, set[str]] = {}
    for person, kind in rows:
        kinds.setdefault(person, set()).add(kind)
    return {
        person: str(PostKind(min(held, key=order.index)).label)
        if len(held) == 1
        else "、".join(str(PostKind(each).label) for each in sorted(held, key=order.index))
        for person, held in kinds.items()
    }


def notice_of(pledge: Undertaking) -> Notice | None:
    """The notice by which a pledge is public, unless it was withdrawn."""
    return _notices([pledge.pk]).get(pledge.pk)


def counted(found: Iterable[Promise]) -> dict[str, int]:
    """How many members there are, and how many pledges in each state."""
    counts = {"all": 0, "none": 0, "waits": 0, "shown": 0, "over": 0}
    for each in found:
        counts["all"] += 1
        counts[each.state] += 1
    return counts


def to_publish(branch: Organisation, today: date, besides: int | None) -> int:
    """How many pledges of the year wait to be confirmed by someone who is not the one who made them."""
    return len(record.rows(_unpublished, branch.pk, today, date(today.year, 12, 31), besides))


def _unpublished(branch: int, first: date, last: date, besides: int | None) -> QuerySet[Undertaking, Any]:
    rows = due_within(branch, first, last).filter(state=UndertakingState.OPEN).exclude(owner=besides)
    shown = Notice.objects.filter(purpose_table=TABLE, purpose_step=STEP, withdrawn=0).values("purpose_id")
    return rows.exclude(pk__in=shown).values_list("pk")


def without_pledge(person: int, today: date) -> bool:
    """Whether someone is a member of a branch today and has not made the pledge of this year there."""
    year = (date(today.year, 1, 1), date(today.year, 12, 31))
    return bool(record.rows(_without, person, today, *year))


def _without(person: int, today: date, first: date, last: date) -> QuerySet[Membership, Any]:
    current = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today))
    made = due_within(OuterRef("organisation"), first, last).filter(owner=person)
    mine = Membership.objects.filter(current, person=person, stage__in=MEMBER_STAGES)
    return mine.filter(~Exists(made)).values_list("pk")[:1]


def held(undertaking: Undertaking) -> Refusal | None:
    """What stands on the public board is taken down there first, by one act with giving it up."""
    if undertaking.kind != KIND:
        return None
    notice = notice_of(undertaking)
    if notice is None or not is_shown(notice, timezone.localtime(clock.instant()).date()):
        return None
    return Refusal(
        "pledges.on_the_board", _("这份承诺正在公示栏上"), remedy=_("请在“党员承诺”里撤回，公示同时撤下")
    )
