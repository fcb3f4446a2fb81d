"""Help plans that were deleted are gone from the files of PostgreSQL: tables, their old versions, what the planner remembers."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from tests.people import township
from tests.promises import attack
from tests.town import NOW
from zhibu.letters import actions as letters
from zhibu.undertakings import actions
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.told import Undertaken

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WORDS = {name: f"金丝雀{name}语" for name in ("计划", "称呼", "进展", "结果")}


def holding(folder):
    """(word, file) of every file of the database that has one of the words."""
    found = set()
    for path in sorted((folder / "base").rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        found |= {(name, path.name) for name, word in WORDS.items() if word.encode() in content}
    return found


def test_what_was_deleted_is_in_no_file_of_the_database():
    town = township()
    for number in range(12):
        what = Undertaken(
            "help_plan", text=WORDS["计划"], owner=town.people["wang"].pk, whom=WORDS["称呼"], due_on=NOW.date() + timedelta(days=9)
        )  # fmt: skip
        row = actions.undertake(town.li, organisation=town.mining, what=what, now=NOW)
        actions.agree(town.wang, undertaking=row, now=NOW)
        # long ones lie outside of their row
        actions.report_progress(town.wang, undertaking=row, text=WORDS["进展"] * (1 + number * 20), now=NOW)
        actions.report_done(town.wang, undertaking=row, result=WORDS["结果"] * (1 + number * 20), now=NOW)
    with connection.cursor() as cursor:
        folder = attack.postgres_folder(cursor)
        cursor.execute("ANALYZE")
        cursor.execute("CHECKPOINT")
        # it must see them before its silence means anything
        assert {name for name, _file in holding(folder)} == set(WORDS)
        call_command("forget", now=(NOW + timedelta(days=200)).isoformat())
        assert Undertaking.objects.count() == 0
        cursor.execute("CHECKPOINT")
        assert holding(folder) == set()


def test_after_the_night_nothing_tells_between_which_acts_a_letter_came():
    town = township()
    send = lambda number: letters.receive(
        organisation=town.mining, kind="complaint", text="x", receipt=f"c{number}", now=NOW
    )
    act = lambda: undertakings_of(town)
    for number in range(6):
        act()
        send(number)
    act()
    with connection.cursor() as cursor:

        def versions(table):
            cursor.execute(f"SELECT xmin::text::bigint FROM {table} ORDER BY id")
            return [version for (version,) in cursor.fetchall()]

        # entries have instants: each letter lies between two of them
        entries, came = versions("zb_entry"), versions("zb_missive")
        assert all(sum(each < letter for each in entries) == place + 1 for place, letter in enumerate(came))
        call_command("forget", now=(NOW + timedelta(hours=15)).isoformat())
        after = versions("zb_missive")
        assert (len(after), len(set(after)), min(after) > max(entries)) == (6, 1, True)


def undertakings_of(town):
    what = Undertaken("resolution", text="x", owner=town.people["wang"].pk, due_on=NOW.date())
    return actions.undertake(town.li, organisation=town.mining, what=what, now=NOW)
