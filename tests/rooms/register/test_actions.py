"""Acts of the register: who may not, what is not possible, what is done, what is recorded."""

from __future__ import annotations

import json
from datetime import date

import pytest

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refused
from zhibu.record.models import Entry
from zhibu.register import actions, queries
from zhibu.register.models import Membership, MobileSpell, Organisation, Person, Placement, Post, Term
from zhibu.ui.doors import Stale

from .conftest import NOW, TODAY, officer_at
from .rosters import id_number

pytestmark = pytest.mark.django_db
WHEN = {"today": TODAY, "now": NOW}
NOBODY = Actor(9, None, "外人钱", ())


@pytest.fixture
def sun(committee):
    return officer_at(committee)


@pytest.fixture
def mine(sun, committee):
    return actions.create_organisation(
        sun, parent=committee, name="采矿一队党支部", kind="branch", unit_type="production", now=NOW
    )


@pytest.fixture
def depot(sun, committee):
    return actions.create_organisation(sun, parent=committee, name="仓储党支部", kind="branch", now=NOW)


@pytest.fixture
def group(sun, mine):
    return actions.create_organisation(sun, parent=mine, name="第一党小组", kind="party_group", now=NOW)


@pytest.fixture
def zhao(sun, mine):
    return actions.add_person(
        sun, organisation=mine, name="赵党员", id_number=id_number(date(1980, 5, 6), 7), stage="full_member",
        since=date(2020, 1, 1), phone="13912345678", full_since=date(2010, 1, 1), joined_on=date(2009, 1, 1), **WHEN,
    )  # fmt: skip


def codes(refused):
    return refused.value.codes


def last():
    entry = Entry.objects.order_by("-id").first()
    return entry.act, json.loads(entry.values)


# --- organisations


def test_who_may_not_set_up_an_organisation(committee):
    with pytest.raises(Refused) as refused:
        actions.create_organisation(NOBODY, parent=committee, name="甲党支部", kind="branch", now=NOW)
    assert codes(refused) == ("not_permitted",)


def test_an_organisation_is_set_up_with_place_code_and_record(sun, committee, mine, depot, group):
    rows = list(Organisation.objects.values_list("name", "path", "code"))
    assert rows == [
        ("第三分公司党委", "0001", "001"),
        ("采矿一队党支部", "00010001", "001.001"),
        ("第一党小组", "000100010001", "001.001.001"),
        ("仓储党支部", "00010002", "001.002"),
    ]
    assert last()[0] == "register.create_organisation"
    assert mine.initials == "ckyddzb"


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [("采矿一队党支部", "branch", "name_taken"), ("某党小组", "party_group", "kind_not_below")],
)
def test_what_cannot_be_set_up(sun, committee, mine, name, kind, code):
    with pytest.raises(Refused) as refused:
        actions.create_organisation(sun, parent=committee, name=name, kind=kind, now=NOW)
    assert codes(refused) == (code,)


def test_a_move_takes_the_whole_subtree_and_keeps_where_it_was(sun, committee, mine, group):
    general = actions.create_organisation(
        sun, parent=committee, name="矿山党总支", kind="general_branch", now=NOW
    )
    actions.move_organisation(sun, organisation=mine, parent=general, reason="批复〔2026〕1号", **WHEN)
    rows = dict(Organisation.objects.values_list("name", "path"))
    assert rows["采矿一队党支部"] == general.path + "0001"
    assert rows["第一党小组"] == general.path + "00010001"
    assert list(Placement.objects.order_by("since").values_list("parent", "until")) == [
        (committee.pk, TODAY), (general.pk, None),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        actions.move_organisation(sun, organisation=general, parent=general, reason="x", **WHEN)
    assert set(codes(refused)) <= {"kind_not_below", "below_itself"}


def test_an_edit_of_an_older_version_is_stale(sun, mine):
    changes = {"name": "采矿一大队党支部"}
    actions.edit_organisation(sun, organisation=mine, version=1, changes=changes, **WHEN)
    with pytest.raises(Stale) as stale:
        actions.edit_organisation(sun, organisation=mine, version=1, changes={"name": "另一名称"}, **WHEN)
    assert [(row.theirs, row.mine) for row in stale.value.rows] == [("采矿一大队党支部", "另一名称")]
    assert Placement.objects.get().name == "采矿一队党支部"


def test_an_organisation_with_people_is_not_dissolved(sun, mine, zhao, group):
    with pytest.raises(Refused) as refused:
        actions.close_organisation(sun, organisation=mine, closed_on=TODAY, reason="撤并", **WHEN)
    assert codes(refused) == ("people_left",)
    actions.leave(sun, person=zhao, because="transferred_away", until=TODAY, **WHEN)
    actions.close_organisation(sun, organisation=mine, closed_on=TODAY, reason="撤并", **WHEN)
    assert set(Organisation.objects.exclude(closed_on=None).values_list("name", flat=True)) == {
        mine.name,
        group.name,
    }


def test_a_term_is_as_long_as_the_rules_say_and_ends_the_one_before(sun, mine):
    first = actions.record_term(sun, organisation=mine, elected_on=date(2021, 3, 1), seats=5, **WHEN)
    assert (first.number, first.valid_until) == (1, date(2024, 3, 1))
    second = actions.record_term(
        sun, organisation=mine, elected_on=date(2024, 3, 5), seats=5, shifted_to=date(2027, 9, 1), **WHEN
    )
    assert (second.number, second.valid_until) == (2, date(2027, 9, 1))
    assert Term.objects.get(number=1).ended_on == date(2024, 3, 5)
    with pytest.raises(Refused) as refused:
        actions.record_term(
            sun, organisation=mine, elected_on=date(2025, 3, 5), seats=5, shifted_to=date(2030, 1, 1), **WHEN
        )
    assert codes(refused) == ("shift_too_long",)
    with pytest.raises(Refused) as refused:
        actions.record_term(sun, organisation=mine, elected_on=date(2023, 1, 1), seats=5, **WHEN)
    assert codes(refused) == ("day_too_early",)


# --- posts


def test_a_post_is_for_full_members_of_the_branch(sun, mine, depot, zhao, group):
    with pytest.raises(Refused) as refused:
        actions.appoint(sun, person=zhao, organisation=depot, kind="secretary", since=TODAY, **WHEN)
    assert codes(refused) == ("not_a_member_here",)
    with pytest.raises(Refused) as refused:
        actions.appoint(sun, person=zhao, organisation=mine, kind="group_leader", since=TODAY, **WHEN)
    assert codes(refused) == ("post_not_here",)
    post = actions.appoint(
        sun,
        person=zhao,
        organisation=mine,
        kind="secretary",
        since=date(2026, 1, 1),
        duties="全面工作",
        **WHEN,
    )
    assert (post.in_committee, post.has_duties) == (1, 1)
    assert last()[0] == "register.appoint"
    with pytest.raises(Refused) as refused:
        actions.appoint(sun, person=zhao, organisation=mine, kind="secretary", since=TODAY, **WHEN)
    assert codes(refused) == ("post_held",)
    actions.appoint(sun, person=zhao, organisation=group, kind="group_leader", since=TODAY, **WHEN)
    actions.dismiss(sun, post=post, until=TODAY, **WHEN)
    assert Post.objects.get(pk=post.pk).until == TODAY


def test_who_may_not_appoint(mine, zhao):
    with pytest.raises(Refused) as refused:
        actions.appoint(NOBODY, person=zhao, organisation=mine, kind="secretary", since=TODAY, **WHEN)
    assert codes(refused) == ("not_permitted",)


# --- people


def test_a_person_known_elsewhere_is_refused_without_saying_where(sun, depot, zhao):
    with pytest.raises(Refused) as refused:
        actions.add_person(
            sun, organisation=depot, name="赵党员", id_number=id_number(date(1980, 5, 6), 7), stage="full_member",
            since=TODAY, **WHEN,
        )  # fmt: skip
    assert codes(refused) == ("id_elsewhere",)
    assert "采矿" not in str(refused.value)


def test_belonging_goes_on_from_spell_to_spell(sun, mine, depot, zhao, group):
    actions.assign_group(sun, person=zhao, party_group=group, since=date(2026, 2, 1), **WHEN)
    actions.appoint(sun, person=zhao, organisation=mine, kind="secretary", since=date(2026, 1, 1), **WHEN)
    actions.record_mobile(sun, person=zhao, place="深圳", since=date(2026, 3, 1), **WHEN)
    actions.transfer(sun, person=zhao, organisation=depot, since=date(2026, 5, 1), remark="信 1 号", **WHEN)
    spells = Membership.objects.filter(person=zhao).order_by("since")
    assert list(spells.values_list("organisation", "party_group", "since", "until", "ended_because")) == [
        (mine.pk, None, date(2020, 1, 1), date(2026, 2, 1), "group"),
        (mine.pk, group.pk, date(2026, 2, 1), date(2026, 5, 1), "transfer"),
        (depot.pk, None, date(2026, 5, 1), None, ""),
    ]
    assert Post.objects.get().until == date(2026, 5, 1)
    assert MobileSpell.objects.get().organisation_id == depot.pk
    # both branches can tell what happened
    assert Entry.objects.filter(act="register.transfer").count() == 2
    actions.end_mobile(sun, person=zhao, until=TODAY, **WHEN)
    actions.leave(sun, person=zhao, because="deceased", until=TODAY, **WHEN)
    assert not Membership.objects.filter(person=zhao, until=None).exists()


@pytest.mark.parametrize(
    ("act", "more", "code"),
    [
        (actions.transfer, {"since": date(2027, 1, 1)}, "day_in_future"),
        (actions.transfer, {"since": date(2019, 1, 1)}, "day_too_early"),
        (actions.change_stage, {"since": TODAY, "stage": "applicant"}, "stage_not_next"),
        (actions.leave, {"until": TODAY, "because": "no reason"}, "reason_unknown"),
        (actions.end_mobile, {"until": TODAY}, "not_mobile"),
    ],
)
def test_what_is_not_possible(sun, depot, zhao, act, more, code):
    given = {"organisation": depot, **more} if act is actions.transfer else more
    with pytest.raises(Refused) as refused:
        act(sun, person=zhao, **given, **WHEN)
    assert codes(refused) == (code,)


def test_stages_go_forward_and_set_the_days_that_count(sun, mine):
    person = actions.add_person(
        sun, organisation=mine, name="周积极", id_number=id_number(date(1995, 5, 6), 8), stage="prospect",
        since=date(2024, 1, 1), **WHEN,
    )  # fmt: skip
    actions.change_stage(sun, person=person, stage="probationary_member", since=date(2025, 6, 1), **WHEN)
    actions.change_stage(sun, person=person, stage="full_member", since=date(2026, 6, 1), **WHEN)
    person.refresh_from_db()
    assert (person.joined_on, person.full_since) == (date(2025, 6, 1), date(2026, 6, 1))
    assert [spell.began_because for spell in Membership.objects.order_by("since")] == [
        "recorded",
        "stage",
        "stage",
    ]


def test_a_new_phone_is_found_and_the_old_one_no_longer(sun, zhao):
    actions.edit_person(sun, person=zhao, version=1, changes={}, phone="138-0000-1111", now=NOW)

    def found(needle):
        return [row.person_id for row in queries.members(sun, queries.Filters(needle=needle), TODAY)]

    assert (found("0000"), found("1234")) == ([zhao.pk], [])
    values = last()[1]
    assert (values["phone"], "13800001111" in json.dumps(values)) == (True, False)


def test_the_first_committee_only_once(db):
    operator = Actor(1, None, "管理员", ())
    found = {"unit_type": "production", "kind": "primary_committee", **WHEN}
    organisation, person = actions.found_first_committee(
        operator, name="县矿业集团党委", officer="李组织", **found
    )
    assert (organisation.path, person.name, Post.objects.get().kind) == (
        "0001",
        "李组织",
        "committee_officer",
    )
    with pytest.raises(Refused) as refused:
        actions.found_first_committee(operator, name="又一个", officer="", **found)
    assert codes(refused) == ("not_empty",)
    assert Person.objects.count() == 1
