"""A meeting of sixty, and of six hundred: its pages and papers, how they grow, and what the first paper costs.

In one process on a new SQLite file, through the whole stack of the server but the socket.
"""

import statistics
import time
from datetime import UTC, date, datetime

from benchmarks.report import Report

SIZES = (60, 600)
ROUNDS = 7
NOW = datetime(2026, 7, 16, 8, 0, tzinfo=UTC)
PAGES = {"meeting": "", "in session": "conduct/", "minutes being written": "minutes/"}


def made(number: int):
    """A branch of so many members and its meeting, with ten items, a remark of each of sixty, a decision an item."""
    from zhibu.accounts.models import User
    from zhibu.core.authority import Actor, Mandate, Reach
    from zhibu.life import actions
    from zhibu.life.told import Item
    from zhibu.register.models import Membership, Organisation, Person, Post

    branch = Organisation.objects.create(
        code=f"B{number}", name=f"{number}人党支部", short_name="", kind="branch", path=f"{number:04d}",
        founded_on=date(2000, 1, 1),
    )  # fmt: skip
    people = [
        Person.objects.create(name=f"党员{each:03d}", initials=f"dy{each:03d}", pinyin=f"dangyuan{each}")
        for each in range(number)
    ]
    for each in people:
        Membership.objects.create(
            person=each, organisation=branch, stage="full_member", since=date(2015, 1, 1), known_at=1
        )
    Post.objects.create(
        person=people[0],
        organisation=branch,
        kind="secretary",
        in_committee=1,
        since=date(2015, 1, 1),
        known_at=1,
    )
    user = User.objects.create_user(f"u{number}", person=people[0])
    verbs = frozenset({"life.*"})
    mandate = Mandate(
        post="secretary", organisation=branch.pk, path=branch.path, verbs=verbs, reach=Reach.OWN
    )
    actor = Actor(user=user.pk, person=people[0].pk, name=people[0].name, mandates=(mandate,))
    session = actions.plan(
        actor, organisation=branch, kind="general_meeting", planned_on=NOW.date(), now=NOW,
        agenda=[Item(f"议题{each}") for each in range(1, 11)],
    )  # fmt: skip
    session = actions.call_roll(actor, session=session, missing=[], now=NOW)
    for position in range(1, 11):
        actions.decide(actor, session=session, position=position, yes=number, no=0, abstain=0, now=NOW)
    for each in people[:60]:
        actions.note_remark(
            actor, session=session, person=each.pk, text="同意，建议分到班组。", item="议题1", now=NOW
        )
    return user, session


def median(call) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        call()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def run(report: Report) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction
    from django.test import Client

    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS.append("testserver")
    found = {}
    for number in SIZES:
        with transaction.atomic():
            user, session = made(number)
        client = Client()
        client.force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
        for name, path in PAGES.items():
            url = f"/life/{session.pk}/{path}"
            answer = client.get(url)
            if answer.status_code != 200:
                raise RuntimeError(f"{url}: {answer.status_code}")
            found[name, number] = median(lambda url=url, client=client: client.get(url))
            report.add(f"{name}, {number} people", found[name, number] * 1000, "ms CPU")
        if number == SIZES[0]:
            began = time.process_time()
            client.get(f"/life/{session.pk}/minutes.pdf")
            report.add("first PDF of a process (reads 20 MB of fonts)", time.process_time() - began, "s CPU")
        for name in ("minutes.pdf", "minutes.docx", "attendance.pdf"):
            url = f"/life/{session.pk}/{name}"
            found[name, number] = median(lambda url=url, client=client: client.get(url))
            report.add(f"{name}, {number} people", found[name, number] * 1000, "ms CPU")
    for name in (*PAGES, "minutes.pdf", "attendance.pdf"):
        report.add(
            f"growth of {name}, ten times the people", found[name, 600] / found[name, 60], "×", at_most=10
        )
