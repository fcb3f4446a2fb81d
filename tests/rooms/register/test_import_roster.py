"""Importing a roster: the samples, all or nothing, again and again, and back."""

from __future__ import annotations

import json
from datetime import date

import pytest

from zhibu.record.models import Entry, ImportBatch
from zhibu.register import actions, imports, secrets
from zhibu.register.models import (
    Membership,
    MobileSpell,
    Organisation,
    Person,
    PhoneToken,
    Post,
)

from .conftest import NOW, TODAY, import_file, officer_at, sample

pytestmark = pytest.mark.django_db


def import_clean(committee):
    return import_file(committee, sample("roster-clean")[0])


def counts() -> dict[str, int]:
    models = (Organisation, Person, PhoneToken, Membership, Post, MobileSpell)
    return {model.__name__: model.objects.count() for model in models}


def test_the_clean_roster_gives_what_it_should(committee):
    _data, expected = sample("roster-clean")
    report = import_clean(committee)
    shown = report.to_json()
    assert {key: shown[key] for key in expected if key != "spot_checks"} == {
        key: value for key, value in expected.items() if key != "spot_checks"
    }
    assert shown["imported"] == 233
    assert shown["refused"] == []
    stages = Membership.objects.filter(until=None)
    assert stages.count() == 233
    assert stages.filter(stage="probationary_member").count() == 11
    assert Person.objects.filter(sex="2").count() == 91
    assert (Post.objects.count(), MobileSpell.objects.count()) == (32, 6)
    by_branch = {name: stages.filter(organisation__name=name).count() for name in expected["by_branch"]}
    assert by_branch == expected["by_branch"]


def test_every_spot_checked_person_is_as_in_the_file(committee):
    _data, expected = sample("roster-clean")
    import_clean(committee)
    seen = []
    for spot in expected["spot_checks"]:
        person = Person.objects.get(
            name=spot["name"], memberships__organisation__name=spot["branch"], memberships__until=None
        )
        seen.append(
            {
                **{key: spot[key] for key in ("excel_row", "name", "branch")},
                "id_last4": secrets.open_id(person.id_sealed)[-4:],
                "born": person.born_on.isoformat(),
                "joined": person.joined_on.isoformat(),
                "full_since": person.full_since.isoformat(),
                "phone": secrets.open_phone(person.phone_sealed),
            }
        )
    assert seen == expected["spot_checks"]


def test_the_sample_is_refused_at_its_ten_rows_and_nothing_is_written(committee):
    data, expected = sample("roster-sample")
    before = counts()
    report = actions.import_roster(
        officer_at(committee),
        organisation=committee,
        data=data,
        filename="roster-sample.xlsx",
        today=TODAY,
        now=NOW,
    )
    refused = [
        {key: each.to_json()[key] for key in ("excel_row", "column", "cause")} for each in report.refused
    ]
    assert refused == expected["refused"]
    assert (report.data_rows, report.imported) == (expected["data_rows"], expected["imported"])
    assert all(each.message and each.remedy for each in report.refused)
    assert counts() == before
    assert ImportBatch.objects.count() == 0
    assert Entry.objects.count() == 0


def test_a_dry_run_writes_nothing(committee):
    data, _expected = sample("roster-clean")
    before = counts()
    report = imports.check(officer_at(committee), committee, data, "roster-clean.xlsx", TODAY)
    assert (report.data_rows, report.counts["new"], report.imported) == (233, 233, 0)
    assert counts() == before


def test_no_clear_number_is_in_a_report_or_in_the_record(committee):
    data, _expected = sample("roster-sample")
    report = imports.check(officer_at(committee), committee, data, "roster-sample.xlsx", TODAY)
    told = json.dumps(report.stored(), ensure_ascii=False)
    import_clean(committee)
    told += "".join(entry.values for entry in Entry.objects.all())
    numbers = [secrets.open_id(sealed) for sealed in Person.objects.values_list("id_sealed", flat=True)]
    assert [number for number in numbers if number in told] == []


def test_the_same_file_twice_changes_nothing(committee):
    import_clean(committee)
    before = counts()
    again = import_clean(committee)
    assert again.changes_nothing
    assert (again.imported, again.counts["unchanged"]) == (0, 233)
    assert counts() == before
    assert ImportBatch.objects.count() == 1


def test_members_belonged_to_their_branch_on_every_past_day(committee):
    import_clean(committee)
    for day in (date(2025, 3, 31), date(2025, 12, 31), date(2026, 9, 30)):
        joined = Person.objects.filter(joined_on__lte=day).count()
        roll = Membership.objects.filter(since__lte=day).exclude(until__lte=day)
        assert roll.count() == joined
        full = Person.objects.filter(full_since__lte=day).count()
        assert roll.filter(stage="full_member").count() == full


def test_undo_takes_back_exactly_what_was_created(committee):
    before = counts()
    report = import_clean(committee)
    batch = ImportBatch.objects.get(pk=report.batch)
    actions.undo_import(officer_at(committee), batch=batch, now=NOW)
    assert counts() == before
    assert ImportBatch.objects.get().state == "undone"
    assert list(Entry.objects.values_list("act", flat=True)) == [
        "register.import_roster",
        "register.undo_import",
    ]
