"""What the home of one branch has, by the standard of home.yaml."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404

from zhibu import rulebook
from zhibu.core.authority import Actor
from zhibu.core.norms import HomeItem
from zhibu.premises import policies
from zhibu.premises.models import Fixture, FixtureState, Honour
from zhibu.premises.queries.honours import members_of
from zhibu.record.models import Attachment
from zhibu.register.models import BRANCH_KINDS, Organisation

MOST_BRANCHES = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: how it was last found, whether it is time to look again, whether who was named for it is gone."""

    item: HomeItem
    fixture: Fixture | None
    look_again: bool
    keeper_left: bool = False

    @property
    def state(self) -> str:
        """The state found, or "unknown"."""
        return self.fixture.state if self.fixture else "unknown"


@dataclass(frozen=True, slots=True)
class Inventory:
    """All things in the order of the standard."""

    lines: Sequence[Line]

    @property
    def present(self) -> int:
        return sum(line.state == FixtureState.PRESENT for line in self.lines)

    @property
    def cost_fen(self) -> int:
        """What putting right everything that is worn or missing would cost, as far as it was entered."""
        return sum(line.fixture.cost_fen for line in self.lines if line.fixture and line.state != "present")

    @property
    def unknown(self) -> int:
        return sum(line.fixture is None for line in self.lines)

    @property
    def to_look_at(self) -> int:
        return sum(line.look_again for line in self.lines)


def inventory(branch: Organisation, today: date) -> Inventory:
    """How everything was last found."""
    rows = Fixture.objects.filter(organisation=branch).select_related("photo", "keeper")
    found = {row.item: row for row in rows}
    here = (
        {person for person, _name, _stage in members_of(branch)} if any(r.keeper_id for r in rows) else set()
    )
    return Inventory([_line(item, found.get(item.id), today, here) for item in rulebook.load().home.values()])


def _line(item: HomeItem, fixture: Fixture | None, today: date, here: Container[int]) -> Line:
    days = item.stands_on(today)
    old = fixture is not None and bool(days) and fixture.seen_on < today - timedelta(days=days)
    left = fixture is not None and fixture.keeper_id is not None and fixture.keeper_id not in here
    return Line(item, fixture, fixture is None or old, left)


def item_called(name: str) -> HomeItem:
    """A thing of the standard, or 404."""
    found = rulebook.load().home.get(name)
    if found is None:
        raise Http404(name)
    return found


def branch_for(actor: Actor, pk: int | None, verb: str = "premises.view") -> Organisation:
    """The branch asked for, or the first in reach; 404 when there is none."""
    rows = Organisation.objects.filter(kind__in=BRANCH_KINDS)
    rows = policies.visible_to(actor, rows, verb, field="path")
    found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found


def branches(actor: Actor, verb: str = "premises.view") -> list[tuple[int, str]]:
    """Branches in reach, to change over to."""
    rows = policies.visible_to(actor, Organisation.objects.filter(kind__in=BRANCH_KINDS), verb, field="path")
    return list(rows.order_by("path").values_list("id", "name")[:MOST_BRANCHES])


def photo_of(table: str, pk: int) -> Attachment | None:
    """The newest photograph given with a row."""
    return Attachment.objects.filter(subject_table=table, subject_id=pk).order_by("-id").first()


def photo_for(actor: Actor, pk: int) -> Attachment:
    """A photograph that stands beside a thing or an honour the actor may see, or 404."""
    fixture = (
        policies.visible_to(actor, Fixture.objects.all()).filter(photo=pk).select_related("photo").first()
    )
    if fixture is not None and fixture.photo is not None:
        return fixture.photo
    rows = policies.visible_to(actor, Honour.objects.all()).filter(photo=pk)
    honour = rows.select_related("photo", "organisation").first()
    if honour is None or honour.photo is None or not policies.sees(actor, honour):
        raise Http404(pk)
    return honour.photo
