"""Warning education of a year, and how every branch in reach stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from zhibu.core.authority import Actor, ranges
from zhibu.core.norms import Signers
from zhibu.integrity import policies
from zhibu.integrity.queries import checking, duties, promises
from zhibu.life.models import AgendaItem, AgendaTag, Session, SessionState
from zhibu.life.policies import visible_to as sessions_visible
from zhibu.register.models import BRANCH_KINDS, MEMBER_STAGES, Membership, Organisation, Post
from zhibu.ui.doors import within
from zhibu.undertakings.models import Undertaking, UndertakingState

MOST_BRANCHES, MOST_TAUGHT = 100, 50
WARNING = "warning_education"


def branches(actor: Actor) -> list[tuple[int, str]]:
    """Branches where the actor may look at this."""
    rows = within(Organisation.objects.filter(kind__in=BRANCH_KINDS), ranges(actor, policies.VIEW), "path")
    return list(rows.order_by("path").values_list("id", "name")[:MOST_BRANCHES])


def branch_for(actor: Actor, pk: int | None, verb: str = policies.VIEW) -> Organisation:
    """The branch asked for, or one's own, or the first in reach; 404 when there is none."""
    rows = within(Organisation.objects.filter(kind__in=BRANCH_KINDS), ranges(actor, verb), "path")
    found: Organisation | None
    if pk is None and actor.person is not None:
        mine = Membership.objects.filter(person=actor.person, until__isnull=True).values("organisation")
        found = rows.filter(pk__in=mine).first() or rows.order_by("path").first()
    else:
        found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found


def taught(actor: Actor, branch: Organisation, year: int) -> list[Session]:
    """Meetings of a year that taught discipline or showed warning cases, newest first."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    items = AgendaItem.objects.filter(
        organisation=branch, tag=AgendaTag.INTEGRITY, held_on__gte=first, held_on__lte=last
    )
    rows = Session.objects.filter(organisation=branch, held_on__gte=first, held_on__lte=last)
    rows = rows.filter(Q(pk__in=items.values("session")) | Q(kind=WARNING))
    rows = sessions_visible(actor, rows.exclude(state=SessionState.CANCELLED))
    return list(rows.order_by("-held_on", "-id")[:MOST_TAUGHT])


@dataclass(frozen=True, slots=True)
class Standing:
    """A branch: letters signed of those asked, duties given and late, checks of this half-year, findings not put right."""

    branch: int
    name: str
    asked: int
    signed: int
    duties: int
    late: int
    checks: int
    findings: int

    @property
    def told(self) -> str:
        """Letters signed of those asked."""
        return f"{self.signed} / {self.asked}"


def standings(actor: Actor, today: date) -> list[Standing]:
    """Every branch in reach, those with something missing first."""
    rows = within(
        Organisation.objects.filter(kind__in=BRANCH_KINDS, closed_on__isnull=True),
        ranges(actor, policies.OVERSEE), "path",
    )  # fmt: skip
    named = dict(rows.order_by("path").values_list("id", "name"))
    asked, signed = _asked(rows, today), _signed(rows, today)
    counts = _counted(rows, today)
    found = [
        Standing(pk, name, asked.get(pk, 0), signed.get(pk, 0), *counts.get(pk, (0, 0, 0, 0)))
        for pk, name in named.items()
    ]
    return sorted(
        found, key=lambda each: (-max(each.asked - each.signed, 0), -each.late, -each.findings, each.branch)
    )


def _asked(rows: QuerySet[Organisation], today: date) -> dict[int, int]:
    current = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today))
    letter = promises.rule()
    if letter is not None and letter.signed_by is Signers.MEMBERS:
        people = Membership.objects.filter(current, organisation__in=rows, stage__in=MEMBER_STAGES)
        return dict(people.values_list("organisation").annotate(n=Count("person", distinct=True)))
    posts = Post.objects.filter(current, organisation__in=rows, in_committee=1)
    return dict(posts.values_list("organisation").annotate(n=Count("person", distinct=True)))


def _signed(rows: QuerySet[Organisation], today: date) -> dict[int, int]:
    """Of those asked: a letter of somebody who need not sign makes up for nobody."""
    current = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today))
    letters = Undertaking.objects.filter(
        organisation__in=rows, kind=promises.KIND, due_on__gte=date(today.year, 1, 1),
        due_on__lte=date(today.year, 12, 31),
    ).exclude(state=UndertakingState.GIVEN_UP)  # fmt: skip
    letter = promises.rule()
    if letter is not None and letter.signed_by is Signers.MEMBERS:
        asked = Membership.objects.filter(current, organisation__in=rows, stage__in=MEMBER_STAGES)
        pairs = set(asked.values_list("organisation_id", "person_id"))
    else:
        seats = Post.objects.filter(current, organisation__in=rows, in_committee=1)
        pairs = set(seats.values_list("organisation_id", "person_id"))
    counts: dict[int, int] = {}
    for branch, owner in set(letters.values_list("organisation_id", "owner_id")) & pairs:
        del owner
        counts[branch] = counts.get(branch, 0) + 1
    return counts


def _counted(rows: QuerySet[Organisation], today: date) -> dict[int, tuple[int, int, int, int]]:
    """(duties given this year, late, checks of this half-year, findings open) by branch."""
    half = date(today.year, 1 if today.month <= 6 else 7, 1)
    running = Q(state=UndertakingState.OPEN)
    duty, check = Q(kind=duties.KIND, due_on__gte=date(today.year, 1, 1)), Q(kind=checking.KIND)
    found = (
        Undertaking.objects.filter(
            organisation__in=rows, kind__in=(duties.KIND, checking.KIND, checking.FINDING)
        )
        .exclude(state=UndertakingState.GIVEN_UP)
        .values_list("organisation")
        .annotate(
            given=Count("id", filter=duty),
            late=Count("id", filter=Q(kind=duties.KIND) & running & Q(due_on__lt=today)),
            checked=Count("id", filter=check & Q(done_on__gte=half)),
            points=Count("id", filter=Q(kind=checking.FINDING) & ~Q(state=UndertakingState.CLOSED)),
        )
    )
    return {branch: (given, late, checked, points) for branch, given, late, checked, points in found}
