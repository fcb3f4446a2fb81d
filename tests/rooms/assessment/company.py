"""A group company for the assessment: a committee, two company committees below it, their branches and people.

East has four production branches and one of research (too few to rank), West has two branches. Every name of West
carries the token 西边, so that a page of East can be searched for it.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tests.people import JOINED, person
from zhibu.accounts import queries as account_queries
from zhibu.accounts.models import User
from zhibu.core.calendar import Quarter
from zhibu.life.models import Session
from zhibu.register.models import Organisation, Post

QUARTER = Quarter(2026, 2)
TODAY = date(2026, 7, 20)
NOW = datetime(2026, 7, 20, 2, 0, tzinfo=UTC)
KNOWN = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp() * 1000)

__all__ = ["KNOWN", "NOW", "QUARTER", "TODAY", "Company", "company", "meeting"]


@dataclass
class Company:
    """The tree by short names, the people by what they are, and actors as the sign-in would make them."""

    places: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, object] = field(default_factory=dict)

    def __getattr__(self, name):
        places = self.__dict__.get("places", {})
        if name in places:
            return places[name]
        raise AttributeError(name)

    def user(self, name):
        who = self.people[name]
        return User.objects.filter(person=who).first() or User.objects.create_user(f"u-{name}", person=who)

    def actor(self, name, today=TODAY):
        return account_queries.actor_for(self.user(name), today)

    def branches(self):
        return [place for place in self.places.values() if place.kind == "branch"]


def place(code, name, kind, path, parent=None, unit_type="production", **fields):
    values = {"founded_on": date(2010, 1, 1), **fields}
    return Organisation.objects.create(
        code=code, name=name, kind=kind, path=path, parent=parent, unit_type=unit_type, **values
    )


def meeting(branch, kind, day, *, known=KNOWN, state="closed", **fields):
    """A meeting as the room of life leaves it after its minutes were closed."""
    values = {
        "title": f"{branch.name}的会",
        "half_present": 1,
        "entered_on": day,
        "study_minutes": 60,
        **fields,
    }
    return Session.objects.create(
        organisation=branch, kind=kind, held_on=day, state=state, known_at=known, **values
    )


def company(branches=4):
    found = Company()
    top = found.places["group"] = place("G", "集团党委", "primary_committee", "0001")
    east = found.places["east"] = place("E", "东山公司党委", "primary_committee", "00010001", top)
    west = found.places["west"] = place("W", "西边公司党委", "primary_committee", "00010002", top)
    for number in range(1, branches + 1):
        found.places[f"e{number}"] = place(
            f"E{number}", f"东山{number}队党支部", "branch", f"00010001{number:04d}", east
        )
    found.places["lab"] = place("EL", "研究室党支部", "branch", "000100019000", east, "research")
    for number in (1, 2):
        found.places[f"w{number}"] = place(
            f"W{number}", f"西边{number}队党支部", "branch", f"00010002{number:04d}", west
        )
    staff = (
        ("officer", "孔干事", "lab", "committee_officer", "group"),
        ("east_officer", "严干事", "lab", "committee_officer", "east"),
        ("west_officer", "西边干事", "w1", "committee_officer", "west"),
        ("secretary", "李书记", "e1", "secretary", "e1"),
        ("other", "王书记", "e2", "secretary", "e2"),
        ("member", "赵党员", "e1", None, "e1"),
        ("west_secretary", "西边书记", "w1", "secretary", "w1"),
    )
    for key, name, home, post, where in staff:
        found.people[key] = person(name, "x", found.places[home])
        if post:
            Post.objects.create(
                person=found.people[key], organisation=found.places[where], kind=post, in_committee=1,
                since=JOINED, known_at=1,
            )  # fmt: skip
    for number in range(1, branches + 1):
        _work(found.places[f"e{number}"], months=max(0, 4 - number))
    _work(found.w1, months=2)
    return found


def _work(branch, months):
    """So many months of the quarter with everything that is monthly, and one general meeting and lesson."""
    for month in QUARTER.months[:months]:
        for kind in ("committee_meeting", "committee_study", "group_study", "themed_day"):
            meeting(branch, kind, month.first + timedelta(days=9))
    if months:
        meeting(branch, "general_meeting", QUARTER.first + timedelta(days=20))
        meeting(branch, "party_lesson", QUARTER.first + timedelta(days=30))
