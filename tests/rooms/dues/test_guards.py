"""The database itself keeps the ledger, whatever a program or a person with a shell tries."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.rooms.dues.conftest import JUNE
from zhibu.dues import actions
from zhibu.dues.models import DuesPosting, Voucher
from zhibu.record.verification import missing_guards

KEPT = ("zb_dues_voucher", "zb_dues_posting", "zb_dues_effect", "zb_dues_closing")


def refused(statement, *params):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


@pytest.fixture
def filled(books):
    made = books.collect()
    actions.close_month(books.town.li, organisation=books.town.mining, month=JUNE, now=books.now)
    return made


@pytest.mark.parametrize("table", KEPT)
def test_no_row_is_changed_or_deleted(filled, table):
    column = "month_on" if table != "zb_dues_voucher" else "book_on"
    refused(f"UPDATE {table} SET {column} = {column}")
    refused(f"DELETE FROM {table}")
    if connection.vendor == "postgresql":
        refused(f"TRUNCATE {table} CASCADE")


def insert(table, **changed):
    """A copy of the first row of a table with some columns changed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id LIMIT 1")
        names = [each[0] for each in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True)) | changed
    del row["id"]
    marks = ", ".join(["%s"] * len(row))
    refused(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())


def test_a_posting_balances_by_its_own_shape(filled, books):
    july = {"book_on": JUNE.next().first.toordinal()}
    voucher = Voucher.objects.order_by("pk").first()
    insert("zb_dues_posting", fen=0, person_id=None, turn=9, **july)
    insert("zb_dues_posting", fen=-5, person_id=None, turn=9, **july)
    insert("zb_dues_posting", debit="cash", credit="cash", turn=9, **july)
    assert DuesPosting.objects.filter(voucher=voucher).count() == voucher.lines


def test_nothing_enters_a_closed_month(filled):
    insert("zb_dues_voucher", number=99)
    insert("zb_dues_posting", turn=9)


def test_a_posting_belongs_to_the_voucher_it_was_made_with(books):
    books.collect()
    insert("zb_dues_posting", line=99, turn=9)
    insert("zb_dues_posting", organisation_id=books.town.depot.pk, turn=9)
    insert("zb_dues_posting", book_on=JUNE.next().first.toordinal(), turn=9)


def test_nothing_is_replaced(filled):
    """INSERT OR REPLACE of SQLite deletes what it replaces without asking the triggers of DELETE."""
    july = JUNE.next().first.toordinal()
    if connection.vendor == "sqlite":
        for table in KEPT:
            refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        refused(
            "INSERT OR REPLACE INTO zb_dues_voucher (organisation_id, number, kind, book_on, posted_on, channel, memo,"
            " rulebook, lines, total_fen, actor_name, at, known_at)"
            f" SELECT organisation_id, number, kind, {july}, {july}, '', '', '', lines, 1, actor_name, at, 0"
            " FROM zb_dues_voucher"
        )
    else:
        refused(
            "INSERT INTO zb_dues_voucher SELECT * FROM zb_dues_voucher ON CONFLICT (id) DO UPDATE SET total_fen = 1"
        )
    assert list(Voucher.objects.values_list("number", "total_fen")) == [(1, 17522), (2, 17522)]


def test_a_month_of_a_member_is_charged_once(books):
    books.collect()
    insert("zb_dues_posting")


def test_a_reversal_is_the_exact_opposite(books):
    made = books.collect()
    first = DuesPosting.objects.filter(voucher=made).order_by("pk").first()
    given = {"voucher_id": made.pk, "reverses_id": first.pk, "person_id": first.person_id, "turn": 3}
    insert("zb_dues_posting", **given, debit="receivable", credit="cash", fen=first.fen + 1)
    insert("zb_dues_posting", **given, debit="receivable", credit="bank", fen=first.fen)
    insert("zb_dues_posting", **given, debit="cash", credit="receivable", fen=first.fen)


def test_a_missing_trigger_is_reported(db):
    assert missing_guards() == []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER zb_dues_closing_keep_UPDATE")
        else:
            cursor.execute("ALTER TABLE zb_dues_closing DISABLE TRIGGER USER")
    assert missing_guards() == ["zb_dues_closing: the trigger against changes is missing"]
