"""Half-year marks: when they are asked, who gives which, and who sees them; the year of a member on one page."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.pledges.test_pledges import codes, made, member
from zhibu import rulebook
from zhibu.ballots.models import Ballot
from zhibu.core.authority import Mandate, Reach
from zhibu.core.snapshot import plain
from zhibu.pledges import actions, queries
from zhibu.pledges.actions.marking import Given
from zhibu.pledges.halves import half_of, half_on
from zhibu.pledges.models import Mark
from zhibu.record.models import Entry

JUNE = datetime(2026, 6, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
KEPT, PARTLY = Given("kept"), Given("partly", "少讲了两次")


def own(town, name):
    """Someone of Mining who may mark their own half-year."""
    actor = member(town, name)
    self_ = Mandate("member", town.mining.pk, town.mining.path, frozenset({"pledges.mark_self"}), Reach.SELF)
    return replace(actor, mandates=(*actor.mandates, self_))


def leader(town, name, group):
    actor = member(town, name)
    verbs = frozenset({"pledges.mark_group"})
    return replace(actor, mandates=(Mandate("group_leader", group.pk, group.path, verbs, Reach.OWN),))


def stored():
    return [
        (each.person.name, each.year, each.half, each.stage, each.level, each.words)
        for each in Mark.objects.select_related("person").order_by("id")
    ]


@pytest.fixture
def pledged(town):
    """Chen, of the second group, and Li, of the first, have pledged."""
    made(town, JUNE, "chen")
    made(town, JUNE, "li")
    return town


class TestHalves:
    @pytest.mark.parametrize(
        ("day", "code", "due_on"),
        [
            (date(2026, 1, 1), "2025H2", date(2026, 1, 15)), (date(2026, 6, 14), "2025H2", date(2026, 1, 15)),
            (date(2026, 6, 15), "2026H1", date(2026, 7, 15)), (date(2026, 12, 15), "2026H1", date(2026, 7, 15)),
            (date(2026, 12, 16), "2026H2", date(2027, 1, 15)),
        ],
    )  # fmt: skip
    def test_the_one_that_is_asked(self, day, code, due_on):
        found = half_on(day, 15, 15)
        assert (found.code, found.due_on) == (code, due_on)

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 90), st.integers(0, 90))
    def test_it_has_opened_and_the_next_has_not(self, day, before, after):
        found = half_on(day, before, after)
        following = half_of(*((found.year, 2) if found.half == 1 else (found.year + 1, 1)), before, after)
        assert found.opens_on <= day < following.opens_on


class TestMarking:
    def test_one_marks_oneself_and_nobody_else(self, pledged):
        town, chen = pledged, pledged.people["chen"].pk
        values = {"organisation": town.mining, "given": KEPT, "now": JUNE}
        assert codes(actions.mark_self, own(town, "zhao"), person=chen, **values) == ["pledges.not_your_mark"]
        assert codes(actions.mark_self, town.qian, person=chen, **values) == ["pledges.not_your_mark"]
        # without a pledge there is nothing to hold it against
        zhao = town.people["zhao"].pk
        assert codes(actions.mark_self, own(town, "zhao"), person=zhao, **values) == ["pledges.not_asked"]
        values["given"] = Given("splendid")
        assert codes(actions.mark_self, own(town, "chen"), person=chen, **values) == ["pledges.no_level"]
        assert not Mark.objects.exists()
        actions.mark_self(own(town, "chen"), organisation=town.mining, person=chen, given=PARTLY, now=JUNE)
        assert stored() == [("陈预备", 2026, 1, "self", "partly", "少讲了两次")]
        entry = Entry.objects.get(act="pledges.mark_self")
        assert entry.values == '{"half":"2026H1"}'

    def test_the_group_marks_its_own_members_and_its_leader_not_themselves(self, pledged):
        town, chen, li = pledged, pledged.people["chen"].pk, pledged.people["li"].pk
        own, other = leader(town, "zhao", town.second_group), leader(town, "zhao", town.first_group)
        give = lambda actor, group, people: codes(
            actions.mark_group, actor, group=group, given=dict.fromkeys(people, KEPT), now=JUNE
        )
        assert give(town.qian, town.second_group, [chen]) == ["pledges.no_mandate"]
        assert give(other, town.second_group, [chen]) == ["pledges.no_mandate"]
        assert give(other, town.first_group, [chen]) == ["pledges.not_asked"]
        assert give(own, town.second_group, [chen, li]) == ["pledges.not_asked"]
        assert give(own, town.second_group, []) == ["pledges.nothing_marked"]
        assert give(leader(town, "chen", town.second_group), town.second_group, [chen]) == [
            "pledges.own_mark"
        ]
        actions.mark_group(own, group=town.second_group, given={chen: KEPT}, now=JUNE)
        assert stored() == [("陈预备", 2026, 1, "group", "kept", "")]

    def test_the_branch_marks_all_but_whoever_enters_it_and_may_correct_itself(self, pledged):
        town, chen, li = pledged, pledged.people["chen"].pk, pledged.people["li"].pk
        give = lambda actor, given: actions.mark_branch(
            actor, organisation=town.mining, given=given, now=JUNE
        )
        assert codes(give, own(town, "chen"), {li: KEPT}) == ["pledges.no_mandate"]
        assert codes(give, town.li, {chen: KEPT, li: KEPT}) == ["pledges.own_mark"]
        give(town.wang, {chen: KEPT, li: KEPT})
        give(town.li, {chen: PARTLY})
        assert stored() == [
            ("李书记", 2026, 1, "branch", "kept", ""), ("陈预备", 2026, 1, "branch", "partly", "少讲了两次"),
        ]  # fmt: skip

    def test_a_pledge_made_after_the_half_year_is_not_asked_for_it(self, town, now):
        made(town, now, "chen")
        assert queries.marked(town.mining, queries.asked_half(now.date()), now.date()) == []
        assert queries.own_mark_due(town.people["chen"].pk, now.date()) is None
        later = date(2026, 12, 20)
        assert [each.name for each in queries.marked(town.mining, queries.asked_half(later), later)] == [
            "陈预备"
        ]


class TestPages:
    def test_from_the_workbench_in_one_step_each_and_seen_by_those_alone(self, pledged, enter, settings):
        town, chen = pledged, pledged.people["chen"].pk
        enter(town.people["chen"])
        settings.ZHIBU_TODAY = "2026-06-20"
        phone = enter(town.people["chen"])
        settings.ZHIBU_TODAY = "2026-06-20"
        assert "上半年自评" in phone.get("/").content.decode()
        told = {"level": "partly", "words": "少讲了两次", "zb_token": "a"}
        assert phone.post("/pledges/half-year/own/", told)["Location"] == f"/pledges/year/{chen}/"
        assert "少讲了两次" in phone.get(f"/pledges/year/{chen}/").content.decode()
        assert "学时" in phone.get(f"/pledges/year/{chen}/").content.decode()
        assert "上半年自评" not in phone.get("/").content.decode()
        assert phone.get("/pledges/half-year/").status_code == 404

        desk = enter(town.people["li"])
        settings.ZHIBU_TODAY = "2026-06-20"
        assert "半年支部评" in desk.get("/").content.decode()
        page = desk.get("/pledges/half-year/").content.decode()
        assert ("少讲了两次" in page, "自己的由其他支部委员评" in page) == (True, True)
        told = {f"level_{chen}": "kept", f"words_{chen}": "班前会条条讲到", "zb_token": "b"}
        assert desk.post("/pledges/half-year/", told).status_code == 302
        assert "半年支部评" not in desk.get("/").content.decode()
        year = desk.get(f"/pledges/year/{chen}/").content.decode()
        assert ("班前会条条讲到" in year, "学时" in year) == (True, False)

        # the leader of the group enters its mark and reads no other; a member of another branch finds nothing
        town.people["zhao"].posts.exclude(kind="group_leader").delete()
        lead = enter(town.people["zhao"])
        settings.ZHIBU_TODAY = "2026-06-20"
        page = lead.get("/pledges/half-year/group/").content.decode()
        assert ("陈预备" in page, "少讲了两次" in page, "班前会条条讲到" in page) == (True, False, False)
        seen = [lead.get(f"/pledges/{each}").status_code for each in (f"year/{chen}/", "half-year/")]
        assert seen == [404, 404]
        assert enter(town.people["qian"]).get(f"/pledges/year/{chen}/").status_code == 404


def test_the_year_has_what_was_given_and_nothing_of_another(pledged):
    town, chen = pledged, pledged.people["chen"].pk
    actions.mark_self(own(town, "chen"), organisation=town.mining, person=chen, given=KEPT, now=JUNE)
    zone = actions.draw_zone(
        town.li, organisation=town.mining, kind="zone", title="三号泵房", holder=chen, now=JUNE
    )
    found = queries.year_of(town.li, chen, town.mining, 2026, JUNE.date())
    assert (found.promise.person, found.zones, found.undertaken, found.honours) == (chen, [zone], [], [])
    assert [(half.code, sorted(marks)) for half, marks in found.marks] == [
        ("2026H1", ["self"]),
        ("2026H2", []),
    ]
    assert (found.attended, found.test, found.hours) == (queries.Attended(0, 0), None, None)
    later = JUNE + timedelta(days=365)
    assert queries.year_of(town.li, chen, town.mining, 2027, later.date()).marks[0][1] == {}


def test_what_the_workbench_counts_is_what_the_page_lists(pledged):
    town, today = pledged, JUNE.date()
    chen, li = town.people["chen"].pk, town.people["li"].pk
    count = lambda stage, besides=None, group=None: queries.lacking(town.mining, today, stage, besides, group)
    assert (count("branch"), count("branch", li), count("group", None, town.second_group)) == (2, 1, 1)
    assert len(queries.marked(town.mining, queries.asked_half(today), today)) == 2
    actions.mark_branch(town.wang, organisation=town.mining, given={chen: KEPT}, now=JUNE)
    assert (count("branch"), count("branch", li)) == (1, 0)
    town.people["li"].memberships.update(until=today)
    assert count("branch") == 0
    values = {"organisation": town.mining, "kind": "zone", "now": JUNE}
    zone = actions.draw_zone(town.li, title="三号泵房", holder=chen, **values)
    actions.draw_zone(town.li, title="四号泵房", holder=chen, **values)
    assert queries.unseen(town.mining, today) == 2
    actions.check_zone(town.li, zone=zone, checked_on=today, found="地面有油", now=JUNE)
    later = today + timedelta(days=60)
    assert (queries.unseen(town.mining, today), queries.unseen(town.mining, later)) == (1, 1)
    assert [each.state for each in queries.zones(town.mining, later)] == ["late", "unseen"]


def test_of_the_test_of_the_year_one_sees_ones_own_grades_unless_too_few_answered(pledged):
    town, chen = pledged, pledged.people["chen"].pk
    rule = json.dumps(plain(rulebook.load(()).votes["member-appraisal"]), ensure_ascii=False)
    ballot = Ballot.objects.create(
        organisation=town.mining, code="T1", rule="member-appraisal", rule_text=rule, title="民主评议", way="paper",
        voted_on=date(2026, 12, 20),
    )  # fmt: skip
    ballot.choices.create(person=town.people["chen"], name="陈预备", position=1)
    ballot.choices.create(person=town.people["zhao"], name="赵党员", position=2)
    told = lambda person: queries.year_test(town.mining, 2026, person)
    assert queries.year_test(town.mining, 2025, chen) is None
    assert (told(chen).counted, told(chen).grades) == (False, ())
    counted = {
        "all_members": 9, "expected": 8, "present": 8,
        "grades": {"陈预备": {"excellent": 3, "qualified": 5}, "赵党员": {"qualified": 8}},
    }  # fmt: skip
    ballot.state, ballot.vote = "counted", json.dumps(counted, ensure_ascii=False)
    ballot.save()
    assert (told(chen).withheld, told(chen).grades) == (False, (("优秀", 3), ("合格", 5)))
    assert told(town.people["li"].pk).grades == ()
    ballot.vote = '{"withheld": true}'
    ballot.save()
    assert (told(chen).withheld, told(chen).grades) == (True, ())


SEPTEMBER, DECEMBER = JUNE + timedelta(days=90), JUNE + timedelta(days=190)
"""Of 2026: the half-year asked is still the first, and late; and the second one is asked."""


class TestLate:
    def test_an_earlier_half_year_is_entered_late_with_the_day_it_was_entered(self, pledged):
        town, chen = pledged, pledged.people["chen"].pk
        give = lambda code, given, now=DECEMBER: actions.mark_branch(
            town.wang, organisation=town.mining, given={chen: given}, now=now, code=code
        )
        for code in ("2026H3", "2024H1", "x", "2027H1"):
            assert codes(give, code, KEPT) == ["pledges.no_such_half"]
        # it opens when it opens
        assert codes(give, "2026H2", KEPT, SEPTEMBER) == ["pledges.no_such_half"]
        give("2026H1", PARTLY)
        (row,) = Mark.objects.all()
        assert (row.year, row.half, row.level, row.given_on) == (2026, 1, "partly", DECEMBER.date())
        assert Entry.objects.get(act="pledges.mark_branch").at.date() == DECEMBER.date()
        # what was given of an earlier half-year stays as it was; the one asked now may be corrected
        assert codes(give, "2026H1", KEPT) == ["pledges.half_closed"]
        give("2026H2", PARTLY)
        give("", KEPT)
        assert [(each.half, each.level) for each in Mark.objects.order_by("half")] == [
            (1, "partly"),
            (2, "kept"),
        ]

    def test_oneself_and_the_group_too_and_nobody_of_a_pledge_made_later(self, pledged):
        town, chen = pledged, pledged.people["chen"].pk
        made(town, SEPTEMBER, "zhao")
        late = {"now": DECEMBER, "code": "2026H1"}
        alone = {"organisation": town.mining, "given": KEPT}
        zhao = town.people["zhao"].pk
        assert codes(actions.mark_self, own(town, "zhao"), person=zhao, **alone, **late) == [
            "pledges.not_asked"
        ]
        actions.mark_self(own(town, "chen"), person=chen, **alone, **late)
        actions.mark_group(
            leader(town, "zhao", town.second_group), group=town.second_group, given={chen: KEPT}, **late
        )
        assert [(each.stage, each.half, each.given_on) for each in Mark.objects.order_by("id")] == [
            ("self", 1, DECEMBER.date()), ("group", 1, DECEMBER.date()),
        ]  # fmt: skip
        missing = lambda name: queries.own_missing(town.people[name].pk, town.mining, 2026, DECEMBER.date())
        assert (missing("chen"), missing("zhao"), missing("li")) == (
            {"2026H2"},
            {"2026H2"},
            {"2026H1", "2026H2"},
        )

    def test_on_the_pages_it_is_called_late(self, pledged, enter, settings):
        town, chen = pledged, pledged.people["chen"].pk
        phone = enter(town.people["chen"])
        settings.ZHIBU_TODAY = "2026-12-27"
        assert "half=2026H1" in phone.get(f"/pledges/year/{chen}/").content.decode()
        page = phone.get("/pledges/half-year/own/?half=2026H1").content.decode()
        assert ("2026-07-15" in page, "补记" in page) == (True, True)
        told = {"level": "kept", "words": "", "zb_token": "a"}
        assert phone.post("/pledges/half-year/own/?half=2026H1", told).status_code == 302
        assert "2026-12-27 补记" in phone.get(f"/pledges/year/{chen}/").content.decode()
        assert "不再改" in phone.get("/pledges/half-year/own/?half=2026H1").content.decode()
        assert phone.get("/pledges/half-year/own/?half=2020H1").status_code == 404
        desk = enter(town.people["li"])
        settings.ZHIBU_TODAY = "2026-12-27"
        page = desk.get("/pledges/half-year/?half=2026H1").content.decode()
        # of years without a pledge nothing is offered
        assert ("2026-12-27 补记" in page, "half=2026H1" in page, "half=2025H2" in page) == (
            True, True, False,
        )  # fmt: skip
        told = {f"level_{chen}": "partly", f"words_{chen}": "", "zb_token": "b"}
        assert desk.post("/pledges/half-year/?half=2026H1", told)["Location"].endswith("half=2026H1")
        assert (Mark.objects.get(stage="branch").half, Mark.objects.count()) == (1, 2)


def test_the_test_of_the_year_is_asked_at_its_end_and_until_it_is_counted(pledged, enter, settings):
    town = pledged
    asked = lambda year, month, day: queries.test_asked(town.mining, date(year, month, day))
    assert [asked(2026, 11, 29), asked(2027, 2, 1)] == [None, None]
    assert (asked(2026, 11, 30).year, asked(2027, 1, 31).year, asked(2027, 1, 31).ballot) == (
        2026,
        2026,
        None,
    )
    assert queries.test_asked(town.depot, date(2026, 12, 20)) is None
    desk = enter(town.people["li"])
    settings.ZHIBU_TODAY = "2026-12-20"
    page = desk.get("/").content.decode()
    assert ("2026 年度党员民主测评" in page, "rule=member-appraisal" in page) == (True, True)
    rule = json.dumps(plain(rulebook.load(()).votes["member-appraisal"]), ensure_ascii=False)
    ballot = Ballot.objects.create(
        organisation=town.mining, code="T2", rule="member-appraisal", rule_text=rule, title="测评", way="named",
        voted_on=date(2027, 1, 5), state="casting",
    )  # fmt: skip
    assert (asked(2027, 1, 6).ballot, asked(2027, 1, 6).state, queries.year_test(town.mining, 2026).ballot) == (
        ballot.pk, "casting", ballot.pk,
    )  # fmt: skip
    # whoever may vote is asked on the own desk, until the vote was given
    voter = ballot.voters.create(person=town.people["chen"], number=1, name="陈预备")
    phone = enter(town.people["chen"])
    settings.ZHIBU_TODAY = "2027-01-06"
    assert f"/ballots/{ballot.pk}/vote/" in phone.get("/").content.decode()
    voter.named_choice = "{}"
    voter.save()
    assert f"/ballots/{ballot.pk}/vote/" not in phone.get("/").content.decode()
    ballot.state = "counted"
    ballot.save()
    assert asked(2027, 1, 6) is None
