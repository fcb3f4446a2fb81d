"""A second roster: what changes, what is refused, what an undo does with it; and two at the same time."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from zhibu.core.refusal import Refused
from zhibu.record.models import Entry, ImportBatch
from zhibu.register import actions, secrets
from zhibu.register.models import Membership, MobileSpell, Organisation, Person, PhoneToken, Post

from .conftest import NOW, TODAY, import_file, officer_at
from .rosters import people, workbook

WHEN = {"today": TODAY, "now": NOW}


@pytest.fixture
def first(committee):
    return import_file(committee, workbook(people(6, branches=2)))


def state():
    """Everything that a person's row and belonging say, without keys that grow."""
    rows = Membership.objects.order_by("person__name", "since", "id")
    phones = {person.pk: secrets.open_phone(person.phone_sealed) for person in Person.objects.all()}
    spells = rows.values_list(
        "person_id", "organisation", "party_group", "stage", "since", "until", "dues_monthly_fen"
    )
    columns = ("pk", "position", "education", "joined_on", "full_since", "phone_index")
    return (
        sorted(Person.objects.values_list(*columns)), list(spells), phones, PhoneToken.objects.count(),
        sorted(Post.objects.values_list("person", "kind", "until")), sorted(MobileSpell.objects.values_list("place")),
    )  # fmt: skip


def changed():
    rows = people(6, branches=2)
    rows[0]["工作岗位"] = "退休人员"
    rows[1]["手机号码"] = "13800138000"
    rows[2]["党小组"] = "第一党小组"
    rows[3]["月交党费标准"] = 20
    rows[4]["党内职务"] = "党支部书记"
    rows[5] |= {"是否流动党员": "是", "外出地点": "深圳"}
    return rows


@pytest.mark.django_db
def test_only_what_differs_is_changed_recorded_and_taken_back(committee, first):
    before = state()
    report = import_file(committee, workbook(changed()))
    assert [(each["row"], each["fields"]) for each in report.changes] == [
        (3, ["position"]), (4, ["phone"]), (5, ["group"]), (6, ["dues"]), (7, ["posts"]), (8, ["mobile"]),
    ]  # fmt: skip
    assert (report.counts["new"], report.counts["changed"], report.imported) == (0, 6, 6)
    assert Entry.objects.filter(act="register.import_roster").count() == 2
    assert import_file(committee, workbook(changed())).changes_nothing
    actions.undo_import(officer_at(committee), batch=ImportBatch.objects.get(pk=report.batch), now=NOW)
    assert state() == before


@pytest.mark.django_db
def test_an_empty_cell_erases_nothing(committee, first):
    rows = people(6, branches=2)
    for row in rows:
        row |= {"手机号码": "", "工作岗位": "", "月交党费标准": "", "党小组": "", "转正日期": row["转正日期"]}
    assert import_file(committee, workbook(rows)).changes_nothing


@pytest.mark.django_db
def test_a_person_in_another_branch_of_the_sheet_is_transferred(committee, first):
    rows = people(6, branches=2)
    rows[0]["所在党支部"] = rows[5]["所在党支部"]
    report = import_file(committee, workbook(rows))
    assert [each.cause for each in report.cautions] == ["moves_branch"]
    person = Person.objects.get(name=rows[0]["姓名"])
    open_spell = Membership.objects.get(person=person, until=None)
    assert (open_spell.organisation.name, open_spell.since) == (rows[5]["所在党支部"], TODAY)


@pytest.mark.django_db
def test_another_name_or_an_earlier_stage_is_refused(committee, first):
    rows = people(6, branches=2)
    rows[0]["姓名"] = "另一个"
    rows[1] |= {"人员类别": "预备党员", "转正日期": ""}
    report = import_file(committee, workbook(rows))
    assert [(each.excel_row, each.cause) for each in report.refused] == [
        (3, "name_differs"),
        (4, "stage_goes_back"),
    ]
    assert report.imported == 0


@pytest.mark.django_db
def test_people_of_a_neighbour_are_refused_without_a_word_about_them(committee, first):
    neighbour = Organisation.objects.create(
        code="002", name="邻县党委", kind="primary_committee", path="0002"
    )
    rows = people(1)
    rows[0]["姓名"] = "冒名者"
    report = import_file(neighbour, workbook(rows), actor=officer_at(neighbour))
    assert [(each.cause, each.params) for each in report.refused] == [("id_elsewhere", {})]
    assert people(1)[0]["姓名"] not in str(report.to_json())


@pytest.mark.django_db
def test_an_undo_is_refused_when_something_was_built_on_it(committee, first):
    sun = officer_at(committee)
    batch = ImportBatch.objects.get(pk=first.batch)
    person = Person.objects.first()
    actions.edit_person(sun, person=person, version=1, changes={"position": "保管员"}, now=NOW)
    branch = Membership.objects.filter(person=person, until=None).get().organisation
    actions.appoint(sun, person=person, organisation=branch, kind="secretary", since=TODAY, **WHEN)
    with pytest.raises(Refused) as refused:
        actions.undo_import(sun, batch=batch, now=NOW)
    told = refused.value.refusals[0].told()
    assert refused.value.codes == ("built_upon",)
    assert "已修改的人员 1" in told
    assert Person.objects.count() == 6


@pytest.mark.django_db
def test_a_branch_secretary_imports_into_the_own_branch_only(committee, first):
    from zhibu.core.authority import Actor, Mandate, Reach

    branch = Organisation.objects.filter(kind="branch").first()
    secretary = Actor(
        2, None, "书记李",
        (Mandate("secretary", branch.pk, branch.path, frozenset({"register.import_roster"}), Reach.OWN),),
    )  # fmt: skip
    rows = people(8, branches=1)[6:]
    for row in rows:
        row["所在党支部"] = ""
    assert import_file(branch, workbook(rows), actor=secretary).imported == 2
    rows[0]["所在党支部"] = "新的党支部"
    report = import_file(branch, workbook(rows), actor=secretary)
    assert [each.cause for each in report.refused] == ["branch_other", "branch_other"]


@pytest.mark.django_db(transaction=True)
def test_the_same_roster_twice_at_once_is_imported_once(live_server):
    # asking for the server gives SQLite a file: threads cannot share a database in memory
    committee = Organisation.objects.create(code="001", name="党委", kind="primary_committee", path="0001")
    data = workbook(people(40, branches=2))
    reports, problems = [], []

    def work():
        try:
            reports.append(import_file(committee, data))
        except Exception as problem:  # noqa: BLE001 - shown by the assertion
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert sorted(report.imported for report in reports) == [0, 0, 40]
    assert (Person.objects.count(), Organisation.objects.count()) == (40, 9)
