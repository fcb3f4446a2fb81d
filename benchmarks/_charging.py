"""Makes so many members, charges them a month, and prints as JSON what it took: `python -m benchmarks._charging NUMBER`.

The loop asks for each member what the plan asks for all, and is timed over 500 of them.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from zhibu.core.calendar import Month

PER_BRANCH = 20
LOOPED = 500


def measure(members: int) -> dict[str, Any]:
    """One size, in the installation ZHIBU_HOME names."""
    from django.core.management import call_command
    from django.db import transaction

    from zhibu.core.authority import Actor
    from zhibu.core.calendar import Month
    from zhibu.dues.actions.books import locked
    from zhibu.dues.actions.charging import raised
    from zhibu.dues.queries import charging
    from zhibu.register.models import Organisation

    call_command("migrate", verbosity=0)
    fill(members)
    # the rulebook is read once in a process; that is not what is measured
    charging.practice_on(datetime(2026, 6, 1, tzinfo=UTC).date())
    places = {each.pk: each for each in Organisation.objects.filter(kind="branch")}
    month, now = Month(2026, 6), datetime(2026, 7, 20, 2, tzinfo=UTC)
    started = time.perf_counter()
    planned = charging.plan(sorted(places), month, now.date())
    told = time.perf_counter() - started
    by_branch: dict[int, list[charging.Planned]] = {}
    for each in planned:
        by_branch.setdefault(each.organisation, []).append(each)
    actor = Actor(1, 1, "benchmark", ())
    started = time.perf_counter()
    with transaction.atomic():
        for place, rows in by_branch.items():
            raised(actor, locked(places[place]), rows, month, posted_on=now.date(), now=now)
    written = time.perf_counter() - started
    return {
        "branches": len(places),
        "planned": told,
        "written": written,
        "loop": loop(month, min(LOOPED, members)),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


def fill(members: int) -> None:
    """Branches of twenty, everybody with a confirmed base."""
    from django.db import transaction

    from zhibu.dues.models import Base
    from zhibu.dues.secrets import seal_base
    from zhibu.project.demo.bulk import insert
    from zhibu.register.models import Membership, Organisation, Person

    since = datetime(2020, 1, 1, tzinfo=UTC).toordinal()
    first = datetime(2026, 1, 1, tzinfo=UTC).toordinal()
    branches = -(-members // PER_BRANCH)
    with transaction.atomic():
        insert(Organisation, ("id", "code", "name", "kind", "path", "founded_on"), (
            (n + 1, f"B{n}", f"第{n}党支部", "branch", f"{n // 9000:04d}{n % 9000 + 1:04d}", since) for n in range(branches)
        ))  # fmt: skip
        insert(Person, ("id", "name", "initials"), ((n + 1, f"党员{n}", "dy") for n in range(members)))
        insert(Membership, ("person_id", "organisation_id", "stage", "since"), (
            (n + 1, n // PER_BRANCH + 1, "full_member", since) for n in range(members)
        ))  # fmt: skip
        names = (
            "person_id", "organisation_id", "payer", "since_on", "sealed", "origin", "declared_on", "declared_by", "confirmed_on",
        )  # fmt: skip
        insert(Base, names, (
            (n + 1, n // PER_BRANCH + 1, "monthly_paid", first, seal_base(300_000 + n % 900_000), "member", first, "x", first)
            for n in range(members)
        ))  # fmt: skip


def loop(month: Month, count: int) -> float:
    """Seconds a member, asked for one by one."""
    from zhibu.core.levy import Member, charge
    from zhibu.dues import secrets
    from zhibu.dues.models import Base, DuesPosting, Hardship
    from zhibu.dues.queries.charging import practice_on
    from zhibu.register.models import Membership

    started = time.perf_counter()
    for number in range(1, count + 1):
        levy, practice = practice_on(month.first)
        spell = Membership.objects.select_related("person").get(person_id=number)
        bases = [secrets.spell_of(each) for each in Base.objects.filter(person_id=number, replaced=0)]
        list(Hardship.objects.filter(person_id=number))
        list(DuesPosting.objects.filter(person_id=number, month_on=month.first))
        charge(levy, Member(tuple(bases), spell.person.joined_on), month, practice)
    return (time.perf_counter() - started) / count


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measure(int(sys.argv[1]))))
