"""An installation of the first issue had monthly totals only: its migration keeps every sum, also as it was known before."""

from datetime import date

import pytest
from django.apps import apps as present
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.people import organisation
from zhibu.dues.models import DuesBook, DuesEffect, DuesPosting, Voucher
from zhibu.dues.queries import balances
from zhibu.record.verification import missing_guards

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture
def before(transactional_db):
    """The database as it was before the ledger took the totals over."""
    call_command("migrate", "dues", "0004", verbosity=0)
    yield MigrationExecutor(connection).loader.project_state([("dues", "0004_guards")]).apps
    call_command("migrate", "dues", verbosity=0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_totals_become_openings(before):
    place = organisation("T-M", "采矿党支部", "branch", "0001")
    month, past = before.get_model("dues", "DuesMonth"), before.get_model("dues", "PastDuesMonth")
    common = {"organisation_id": place.pk, "members_due": 4}
    month.objects.create(
        **common, month_on=MAY, due_fen=17522, received_fen=17522, in_time_fen=17522, members_paid=4, entered_on=MAY,
        known_at=1_000,
    )  # fmt: skip
    # June was entered too high and partly paid, then put right
    june = month.objects.create(
        **common, month_on=JUNE, due_fen=17522, received_fen=17522, in_time_fen=10020, members_paid=4, entered_on=JUNE,
        known_at=3_000, version=2,
    )  # fmt: skip
    past.objects.filter(key=june.pk).delete()
    past.objects.create(
        **common, key=june.pk, month_on=JUNE, due_fen=20000, received_fen=10020, in_time_fen=10020, members_paid=3,
        known_at=2_000, superseded_at=3_000,
    )  # fmt: skip
    call_command("migrate", "dues", verbosity=0)
    assert "zb_dues_month" not in connection.introspection.table_names()
    assert "duesmonth" not in present.all_models["dues"]
    sums = balances.month_sums([place.pk], MAY, JUNE)
    assert {key[1]: (row.due_fen, row.received_fen, row.in_time_fen, row.members_due, row.members_paid, row.charged) for key, row in sums.items()} == {
        MAY: (17522, 17522, 17522, 4, 4, 1), JUNE: (17522, 17522, 10020, 4, 4, 1),
    }  # fmt: skip
    # what was known at 2,000 is still to be read, and nobody is named
    rows = DuesEffect.objects.filter(month_on=JUNE).order_by("known_at")
    assert list(rows.values_list("known_at", "due_fen", "received_fen", "charged")) == [
        (2_000, 20000, 10020, 1),
        (3_000, -2478, 7502, 0),
    ]
    assert list(Voucher.objects.order_by("number").values_list("number", "kind", "book_on", "total_fen")) == [
        (1, "opening", MAY, 35044), (2, "opening", JUNE, 30020), (3, "opening", JUNE, 9980),
    ]  # fmt: skip
    assert DuesBook.objects.get().last_number == 3
    assert set(DuesPosting.objects.values_list("person_id", flat=True)) == {None}
    standing = balances.standing(balances.funds([place.pk])[place.pk])
    assert (standing.cash_fen, standing.receivable_fen) == (35044, 0)
    assert missing_guards() == []
