"""Entries are chained; whatever is done to them behind our back is found."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from zhibu import record
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.record import past
from zhibu.record.canonical import digest_of
from zhibu.record.models import Anchor, Entry, Head
from zhibu.record.verification import GUARDED, anchor, missing_guards, verify
from zhibu.record.writing import content_of
from zhibu.register.models import Organisation, Person

NOW = datetime(2026, 7, 3, 8, 30, tzinfo=UTC)
LI = Actor(
    user=7,
    person=70,
    name="李书记",
    mandates=(
        Mandate("member", 1, "0001", frozenset({"life.view"}), Reach.OWN),
        Mandate("secretary", 1, "0001", frozenset({"life.*"}), Reach.OWN),
    ),
)


@pytest.fixture
def branch(db):
    return Organisation.objects.create(code="B1", name="采矿一队党支部", kind="branch", path="0001")


@pytest.fixture
def subject(db):
    return Person.objects.create(name="赵党员")


def fill(organisation, count, actor=LI):
    drafts = [
        record.Draft(
            actor, "life.close_minutes", ("zb_session", n), organisation, NOW + timedelta(minutes=n), {"n": n}
        )
        for n in range(1, count + 1)
    ]
    return record.write_many(drafts)


@contextmanager
def unguarded():
    """What someone with the database in hand can do: put the triggers aside."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            before, after = [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]
        else:
            # what is still to be checked at the end would forbid the change of a table
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
            )
            tables = [name for (name,) in cursor.fetchall()]
            before = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            after = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        for statement in before:
            cursor.execute(statement)
        yield cursor
        for statement in after:
            cursor.execute(statement)


def kinds(**options):
    return sorted({fault.kind for fault in verify(**options).faults})


def test_an_entry_says_who_did_what_where_and_when(branch, subject):
    entry = record.write(
        LI, "life.close_minutes", subject, organisation=branch, now=NOW, present=18, note="电话13812345678"
    )
    kept = Entry.objects.get()
    assert kept.pk == entry.pk
    assert content_of(kept) == (
        branch.pk,
        1,
        "life.close_minutes",
        7,
        70,
        "李书记",
        "secretary",
        "zb_person",
        subject.pk,
        '{"note":"电话138****5678","present":18}',
        "2026-07-03T08:30:00.000000Z",
    )
    assert kept.digest == digest_of("0" * 64, content_of(kept))
    assert verify().ok


def test_each_organisation_has_a_chain_of_its_own_and_the_installation_has_chain_0(branch, subject):
    other = Organisation.objects.create(code="B2", name="采矿二队党支部", kind="branch", path="0002")
    record.write_many(
        [
            record.Draft(LI, "register.transfer", subject, other, NOW, {}),
            record.Draft(LI, "register.transfer", subject, branch, NOW, {}),
            record.Draft(LI, "register.transfer", subject, other, NOW, {}),
            record.Draft(None, "register.import_roster", None, None, NOW, {}),
        ]
    )
    written = list(Entry.objects.order_by("id").values_list("organisation_id", "sequence", "actor_post"))
    assert written == [(other.pk, 1, ""), (branch.pk, 1, ""), (other.pk, 2, ""), (0, 1, "system")]
    assert verify() == record.Verification(3, 4, 0, ())
    assert verify(other.pk) == record.Verification(1, 2, 0, ())


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_outside_the_act_s_transaction():
    with pytest.raises(RuntimeError, match="transaction"):
        record.write(LI, "life.close_minutes", ("zb_session", 1), organisation=1)
    assert Entry.objects.count() == 0


def test_a_rolled_back_act_leaves_no_gap(branch, subject):
    fill(branch, 2)
    point = transaction.savepoint()
    record.write(LI, "life.close_minutes", subject, organisation=branch, now=NOW)
    transaction.savepoint_rollback(point)
    fill(branch, 1)
    assert list(Entry.objects.values_list("sequence", flat=True).order_by("sequence")) == [1, 2, 3]
    assert verify().ok


def test_an_unsaved_subject_is_refused(branch):
    with pytest.raises(TypeError, match="not saved"):
        record.write(LI, "register.add_person", Person(name="未存"), organisation=branch)


def test_writing_one_entry_takes_three_statements_once_the_chain_has_begun(
    branch, subject, django_assert_num_queries
):
    fill(branch, 1)
    with django_assert_num_queries(3):
        record.write(LI, "life.close_minutes", subject, organisation=branch, now=NOW)


# --- what the database refuses -------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE zb_entry SET actor_name = '别人'",
        "DELETE FROM zb_entry",
        "UPDATE zb_anchor SET root = ''",
        "DELETE FROM zb_anchor",
        "UPDATE zb_chain_head SET sequence = sequence - 1",
        "DELETE FROM zb_chain_head",
    ],
)
def test_the_database_refuses_changes(branch, statement):
    fill(branch, 3)
    anchor(NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify() == record.Verification(1, 3, 1, ())


@pytest.mark.postgres
def test_postgresql_refuses_to_truncate(branch):
    fill(branch, 1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE zb_entry")


def test_the_orm_is_refused_as_well(branch):
    (entry,) = fill(branch, 1)
    entry.actor_name = "别人"
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.delete()


def test_a_missing_trigger_is_reported(branch):
    assert missing_guards() == []
    with unguarded():
        assert len(missing_guards()) == len(GUARDED) + len(past.pasts())
        assert kinds() == ["guard"]
    assert missing_guards() == []


# --- what verification finds, with the triggers put aside ---------------------------------------------


def test_an_edit_is_found_in_every_column(branch):
    fill(branch, 3)
    edits = {
        "act": "'life.open'",
        "actor_user": "8",
        "actor_person": "NULL",
        "actor_name": "'王'",
        "actor_post": "'member'",
        "subject_table": "'zb_x'",
        "subject_id": "99",
        '"values"': "'{\"n\":9}'",
        "at": "'2026-07-03 08:31:00'",
        "previous": f"'{'1' * 64}'",
    }
    for column, value in edits.items():
        point = transaction.savepoint()
        with unguarded() as cursor:
            cursor.execute(f"UPDATE zb_entry SET {column} = {value} WHERE sequence = 2")
        assert "edited" in kinds(), column
        transaction.savepoint_rollback(point)
        assert verify().ok


def test_a_deleted_entry_is_found(branch):
    fill(branch, 3)
    with unguarded() as cursor:
        cursor.execute("DELETE FROM zb_entry WHERE sequence = 2")
    assert kinds() == ["missing"]


def test_exchanged_entries_are_found(branch):
    fill(branch, 4)
    with unguarded() as cursor:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            cursor.execute("UPDATE zb_entry SET sequence = %s WHERE sequence = %s", [new, old])
    assert kinds() == ["broken", "edited"]


def test_an_inserted_entry_is_found(branch):
    fill(branch, 3)
    with unguarded():
        for sequence in (3, 2):
            Entry.objects.filter(sequence=sequence).update(sequence=sequence + 1)
        false = Entry.objects.get(sequence=1)
        false.pk, false.sequence, false.previous = None, 2, false.digest
        false.digest = digest_of(false.previous, content_of(false))
        false.save(force_insert=True)
    assert kinds() == ["broken", "edited", "head"]


def test_a_truncated_chain_is_found_by_its_head(branch):
    fill(branch, 3)
    with unguarded() as cursor:
        cursor.execute("DELETE FROM zb_entry WHERE sequence = 3")
    assert kinds() == ["truncated"]
    with unguarded() as cursor:
        cursor.execute("DELETE FROM zb_entry")
    assert kinds() == ["truncated"]


def rewrite(branch):
    """Truncate, edit and hash everything again, heads and anchors included: the perfect forgery."""
    with unguarded() as cursor:
        cursor.execute("DELETE FROM zb_entry WHERE sequence > 2")
        previous = "0" * 64
        for entry in Entry.objects.order_by("sequence"):
            entry.actor_name, entry.previous = "别人", previous
            entry.digest = previous = digest_of(previous, content_of(entry))
            entry.save()
        Head.objects.filter(pk=branch.pk).update(sequence=2, digest=previous)
        cursor.execute("DELETE FROM zb_anchor")


def test_a_rewritten_chain_is_found_by_an_anchor_kept_elsewhere(branch):
    fill(branch, 3)
    kept = anchor(NOW)
    fill(branch, 2)
    assert verify(root=kept.root, last_entry=kept.last_entry).ok
    rewrite(branch)
    assert verify().ok
    assert kinds(root=kept.root, last_entry=kept.last_entry) == ["anchor"]


def test_an_anchor_in_the_database_finds_a_rewritten_chain_too(branch):
    fill(branch, 3)
    anchor(NOW)
    with unguarded() as cursor:
        cursor.execute("DELETE FROM zb_entry WHERE sequence = 3")
        second = Entry.objects.get(sequence=2)
        cursor.execute("UPDATE zb_chain_head SET sequence = 2, digest = %s", [second.digest])
    assert kinds() == ["anchor"]


# --- the command -----------------------------------------------------------------------------------


def run(*words):
    out = StringIO()
    try:
        call_command("record", *words, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_verifies_and_anchors(branch):
    fill(branch, 3)
    code, printed = run("anchor", "--json")
    made = Anchor.objects.get()
    assert (code, json.loads(printed)["anchor"]) == (0, f"{made.last_entry}:{made.root}")
    assert run("verify") == (0, "chains 1, entries 3, anchors 1, faults 0\n")
    code, printed = run("verify", "--anchor", f"{made.last_entry}:{made.root}", "--json")
    assert (code, json.loads(printed)) == (
        0,
        {"ok": True, "chains": 1, "entries": 3, "anchors": 2, "faults": []},
    )
    rewrite(branch)
    assert run("verify")[0] == 0
    code, printed = run("verify", "--anchor", f"{made.last_entry}:{made.root}")
    assert code == 5
    assert "anchor: the chains up to entry" in printed


def test_a_malformed_anchor_is_an_error_of_the_command(db):
    with pytest.raises(CommandError, match="NUMBER:ROOT"):
        run("verify", "--anchor", "abc")


def test_an_installation_is_never_flushed(branch, monkeypatch):
    from django.test import utils

    monkeypatch.delattr(utils._TestState, "saved_data")
    with pytest.raises(CommandError, match="append-only"):
        call_command("flush", interactive=False)


# --- promise 23 in small: every kind of tampering, many times -----------------------------------------


def test_ten_thousand_entries_are_written_in_batches_and_verified(branch):
    fill(branch, 10_000)
    assert verify() == record.Verification(1, 10_000, 0, ())
