"""Those who were not there: made up, exempt, missed stay apart; voices are answered; who is away is kept in contact with."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.core.authority import Mandate, Reach
from zhibu.core.calendar import Quarter
from zhibu.core.refusal import Refused
from zhibu.life import actions, queries
from zhibu.life.forms import CorrectForm
from zhibu.life.models import Attendance
from zhibu.life.models.missing import Exemption, MakeUp, Voice
from zhibu.life.models.mobile import Contact, MobileCard
from zhibu.life.queries import away, missed
from zhibu.life.queries.visits import visits_in
from zhibu.life.told import Held, Item, Missing
from zhibu.record.models import Entry
from zhibu.register.models import MobileSpell

DAY = date(2026, 7, 2)
OWN = frozenset({"life.report_make_up", "life.write_voice", "life.keep_card"})


def own(town, who):
    """The actor with what every member holds for oneself."""
    person = town.people[who]
    mandate = Mandate("member", town.mining.pk, town.mining.path, OWN, Reach.SELF)
    town.actors[who] = replace(
        town.actors[who], person=person.pk, mandates=(*town.actors[who].mandates, mandate)
    )
    return town.actors[who]


def codes(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.codes


@pytest.fixture
def session(town, now):
    held = Held(
        DAY, agenda=[Item("安全", "safety", "每班查一次")], minutes="会议记录全文",
        missing=[Missing(town.people["chen"].pk, "excused", "倒班"), Missing(town.people["zhao"].pk, "absent")],
    )  # fmt: skip
    return actions.record(town.li, organisation=town.mining, kind="general_meeting", held=held, now=now)


def standings(person, today):
    return [row.standing for row in missed.missed_by(person.pk, today)]


class TestMakeUp:
    def test_not_for_others_and_not_who_was_there(self, town, session, now):
        chen = own(town, "chen")
        who = [town.people["chen"].pk]
        for actor in (chen, town.qian, town.sun):
            assert codes(
                actions.record_make_up, actor, session=session, people=who, way="talk", done_on=DAY, now=now
            ) == ("life.no_mandate",)
        assert codes(
            actions.report_make_up, own(town, "wang"), session=session, way="study", done_on=DAY, now=now
        ) == ("life.was_not_missing",)
        assert codes(actions.report_make_up, town.qian, session=session, way="study", done_on=DAY, now=now)
        assert MakeUp.objects.count() == 0

    def test_neither_before_the_meeting_nor_tomorrow(self, town, session, now):
        chen = own(town, "chen")
        for day in (DAY - timedelta(days=1), now.date() + timedelta(days=1)):
            assert codes(
                actions.report_make_up, chen, session=session, way="study", done_on=day, now=now
            ) == ("life.make_up_day",)

    def test_told_confirmed_and_recorded_and_the_attendance_stays(self, town, session, now):
        chen, person, today = own(town, "chen"), town.people["chen"], now.date()
        assert standings(person, today) == ["due"]
        row = actions.report_make_up(chen, session=session, way="study", done_on=today, now=now)
        assert standings(person, today) == ["reported"]
        town.actors["chen"] = replace(chen, mandates=(*chen.mandates, *town.li.mandates))
        assert codes(actions.confirm_make_up, town.chen, make_up=row, now=now) == ("life.own_make_up",)
        actions.confirm_make_up(town.li, make_up=row, now=now)
        assert standings(person, today) == ["made_up"]
        assert codes(actions.confirm_make_up, town.li, make_up=row, now=now) == ("life.not_reported",)
        assert Attendance.objects.get(session=session, person=person).state == "excused"
        acts = list(Entry.objects.order_by("id").values_list("act", flat=True))
        assert acts[-2:] == ["life.report_make_up", "life.confirm_make_up"]

    def test_returned_with_a_word_and_told_again(self, town, session, now):
        chen, today = own(town, "chen"), now.date()
        row = actions.report_make_up(chen, session=session, way="study", done_on=today, now=now)
        assert codes(actions.return_make_up, town.li, make_up=row, reason=" ", now=now) == (
            "life.reason_needed",
        )
        actions.return_make_up(town.li, make_up=row, reason="还没看决议", now=now)
        assert standings(town.people["chen"], today) == ["returned"]
        again = actions.report_make_up(chen, session=session, way="talk", done_on=today, now=now)
        assert (again.pk, again.state, again.answer) == (row.pk, "reported", "")

    def test_several_at_once_by_a_second_sitting(self, town, session, now):
        people = [town.people["chen"].pk, town.people["zhao"].pk]
        rows = actions.record_make_up(
            town.li, session=session, people=people, way="second_sitting", done_on=now.date(), now=now
        )
        assert [(row.state, row.in_time) for row in rows] == [("confirmed", 1)] * 2
        late = MakeUp.objects.first()
        assert codes(
            actions.record_make_up,
            town.li,
            session=session,
            people=people,
            way="talk",
            done_on=now.date(),
            now=now,
        ) == ("life.made_up_already",)
        assert late.held_on == DAY

    def test_the_term_is_the_rule_of_the_day_and_late_is_shown(self, town, session, now):
        later = now + timedelta(days=40)
        assert standings(town.people["chen"], DAY + timedelta(days=30)) == ["due"]
        assert standings(town.people["chen"], DAY + timedelta(days=31)) == ["missed"]
        row = actions.record_make_up(
            town.li,
            session=session,
            people=[town.people["chen"].pk],
            way="talk",
            done_on=later.date(),
            now=later,
        )[0]
        assert row.in_time == 0
        assert missed.missed_by(town.people["chen"].pk, later.date())[0].mark[1] == "part"


class TestExempt:
    def test_by_the_committee_only_and_no_diagnosis_in_the_record(self, town, session, now):
        values = {
            "organisation": town.mining,
            "person": town.people["chen"].pk,
            "ground": "ill",
            "since": DAY,
            "now": now,
        }
        assert codes(actions.exempt, town.qian, **values) == ("life.no_mandate",)
        assert codes(actions.exempt, town.li, **{**values, "person": town.people["qian"].pk}) == (
            "life.not_a_member",
        )
        row = actions.exempt(town.li, **values)
        assert standings(town.people["chen"], now.date()) == ["exempt"]
        assert standings(town.people["zhao"], now.date()) == ["due"]
        assert codes(actions.exempt, town.li, **values) == ("life.exempt_already",)
        assert "ill" not in Entry.objects.get(act="life.exempt").values
        actions.record_make_up(
            town.li,
            session=session,
            people=[town.people["chen"].pk],
            way="visit",
            done_on=now.date(),
            now=now,
        )
        assert standings(town.people["chen"], now.date()) == ["made_up"]
        actions.end_exemption(town.li, exemption=row, until=now.date(), now=now)
        assert Exemption.objects.get().until == now.date()

    def test_the_five_are_counted_apart(self, town, session, now):
        actions.exempt(
            town.li, organisation=town.mining, person=town.people["chen"].pk, ground="old", since=DAY, now=now
        )
        quarter = Quarter(2026, 3)
        rows = missed.missed_in(town.mining, now.date() + timedelta(days=60), quarter)
        found = missed.reached(town.mining, quarter, rows)
        assert found == missed.Reached(expected=4, attended=2, made_up=0, exempt=1, waiting=0, missed=1)

    def test_the_roll_of_later_meetings_leaves_them_out_and_keeps_their_vote(self, town, session, now):
        """Expected on 2 July: four. Chen is exempt from 10 July; the roll of the 20th holds three, the votes all."""
        day, chen = date(2026, 7, 20), town.people["chen"]
        before = (session.expected_count, session.expected_voters, session.half_present)
        actions.exempt(
            town.li, organisation=town.mining, person=chen.pk, ground="old", since=date(2026, 7, 10), now=now
        )
        roll = queries.roll(town.mining, "general_meeting", day)
        assert [each.person for each in roll if each.exempt] == [chen.pk]
        assert [each.exempt for each in queries.roll(town.mining, "general_meeting", date(2026, 7, 9))] == [
            False
        ] * len(roll)
        form = queries.setting(town.mining, None, "general_meeting", day)
        assert (form.values["excused"], form.due) == ([chen.pk], len(roll) - 1)
        later = actions.record(
            town.li, organisation=town.mining, kind="general_meeting", now=now,
            held=Held(day, minutes="会议记录全文", missing=[Missing(chen.pk), Missing(town.people["zhao"].pk)]),
        )  # fmt: skip
        session.refresh_from_db()
        assert (session.expected_count, session.expected_voters, session.half_present) == before
        assert (later.expected_count, later.present_count, later.excused_count, later.absent_count) == (
            before[0] - 1, before[0] - 2, 1, 0,
        )  # fmt: skip
        assert later.expected_voters == before[1]
        assert Attendance.objects.get(session=later, person=chen).state == "exempt"
        assert [row.standing for row in missed.missed_by(chen.pk, day)] == ["exempt", "due"]
        # half of the roll is asked of whoever is on it, need they come or not
        alone = actions.record(
            town.li, organisation=town.mining, kind="themed_day", now=now,
            held=Held(
                day, missing=[Missing(each.person) for each in roll if each.person != town.people["li"].pk]
            ),
        )  # fmt: skip
        assert (alone.expected_count, alone.present_count, alone.half_present) == (before[0] - 1, 1, 0)
        # who comes all the same was there as anyone
        came = actions.record(
            town.li, organisation=town.mining, kind="group_study", held=Held(day), now=now
        )  # fmt: skip
        assert (came.expected_count, came.present_count) == (before[0], before[0])

    def test_a_correction_leaves_the_exempt_as_they_were(self, town, now):
        day, chen = date(2026, 7, 20), town.people["chen"]
        actions.exempt(town.li, organisation=town.mining, person=chen.pk, ground="old", since=DAY, now=now)
        held = Held(day, missing=[Missing(chen.pk)], minutes="会议记录全文")
        session = actions.record(
            town.li, organisation=town.mining, kind="general_meeting", held=held, now=now
        )
        rows, agenda = queries.attendance_of(session), queries.agenda_of(session)
        form = CorrectForm(session=session, attendance=rows, agenda=agenda)
        assert form.initial["excused"] == [chen.pk]
        given = {
            **{k: v for k, v in form.initial.items() if v is not None},
            "reason": "补写",
            "excused": [chen.pk],
        }
        form = CorrectForm(given, session=session, attendance=rows, agenda=agenda)
        assert form.is_valid(), form.errors
        assert form.changes()["attendance"] == {}


class TestVisits:
    def exempt(self, town, now, since=date(2026, 4, 10)):
        values = {"organisation": town.mining, "person": town.people["chen"].pk, "ground": "old"}
        return actions.exempt(town.li, since=since, now=now, **values)

    def due(self, town, today):
        (visit,) = visits_in(town.mining, today)
        return visit.visited_on, visit.due_on, visit.late

    def test_who_may_and_on_which_day(self, town, now):
        row = self.exempt(town, now)
        assert codes(actions.record_visit, town.qian, exemption=row, held_on=now.date(), now=now) == (
            "life.no_mandate",
        )
        for day in (date(2026, 4, 9), now.date() + timedelta(days=1)):
            assert codes(actions.record_visit, town.li, exemption=row, held_on=day, now=now) == (
                "life.visit_day",
            )
        assert Contact.objects.count() == 0

    def test_due_by_the_rule_and_once_recorded_due_anew(self, town, session, now):
        row, today = self.exempt(town, now), now.date()
        assert self.due(town, today) == (None, date(2026, 7, 10), True)
        actions.record_visit(town.li, exemption=row, held_on=date(2026, 7, 15), now=now, promised="修水管")
        assert self.due(town, today) == (date(2026, 7, 15), date(2026, 10, 15), False)
        assert "修水管" not in str(Entry.objects.get(act="life.record_visit").values)
        # a visit that brought a meeting home was a visit
        actions.record_make_up(
            town.li, session=session, people=[town.people["chen"].pk], way="visit", done_on=today, now=now
        )
        assert self.due(town, today)[0] == today

    def test_from_the_workbench_in_two_interactions(self, town, enter, now):
        row = self.exempt(town, now)
        client = enter(town.people["li"])
        page = client.get("/").content.decode()
        assert f"/life/exempt/{row.pk}/visit/" in page
        form = client.get(f"/life/exempt/{row.pk}/visit/").context["form"]
        answer = client.post(
            f"/life/exempt/{row.pk}/visit/",
            {name: field.initial or "" for name, field in form.fields.items()},
        )
        assert answer.status_code == 302
        assert Contact.objects.values_list("way", "reached").get() == ("visit", 1)
        assert f"/life/exempt/{row.pk}/visit/" not in client.get("/").content.decode()
        assert enter(town.people["qian"]).get(f"/life/exempt/{row.pk}/visit/").status_code == 404


@given(
    made=st.sampled_from([None, "reported", "confirmed", "returned"]),
    exempt_from=st.one_of(st.none(), st.integers(-5, 5)), length=st.one_of(st.none(), st.integers(1, 9)),
    days=st.integers(0, 60), frozen=st.booleans(),
)  # fmt: skip
def test_one_standing_and_the_right_one(made, exempt_from, length, days, frozen):
    """Whatever is recorded, a missed meeting stands in exactly one place."""
    row = {"held_on": DAY, "person_id": 1, "session_id": 1, "person__name": "甲", "session__title": "会", "session__kind": "x",
           "reason": "", "state": "exempt" if frozen else "absent"}  # fmt: skip
    rows = {(1, 1): MakeUp(state=made, way="study", done_on=DAY)} if made else {}
    since = DAY + timedelta(days=exempt_from) if exempt_from is not None else None
    until = since + timedelta(days=length) if since and length else None
    exempt = [(1, since, until)] if since else []
    found = missed._missed(row, DAY + timedelta(days=days), rows, exempt)
    free = frozen or (since is not None and since <= DAY and (until is None or until > DAY))
    told = (
        {"confirmed": "made_up"}.get(made, made)
        if made
        else "exempt"
        if free
        else "due"
        if days <= 30
        else "missed"
    )
    assert (found.standing, found.open) == (told, told in {"due", "missed", "returned"})


class TestLetters:
    def test_asked_answered_and_read_by_nobody_else(self, town, session, now, enter):
        chen = own(town, "chen")
        assert codes(actions.write_voice, chen, kind="question", text=" ", now=now) == ("life.voice_empty",)
        row = actions.write_voice(chen, kind="question", text="倒班的怎么算", session=session, now=now)
        for who in ("qian", "zhao", "chen"):
            assert codes(actions.answer_voice, getattr(town, who), voice=row, answer="按班次", now=now)
        actions.answer_voice(town.li, voice=row, answer="按班次", adopted=True, now=now)
        assert codes(actions.answer_voice, town.li, voice=row, answer="再答", now=now) == (
            "life.answered_already",
        )
        assert "倒班的怎么算" not in str(list(Entry.objects.values_list("values", flat=True)))
        page = enter(town.people["chen"]).get(f"/life/missed/{session.pk}/").content.decode()
        for words in ("每班查一次", "会议记录全文", "倒班的怎么算", "按班次", "支部采纳"):
            assert words in page
        assert enter(town.people["wang"]).get(f"/life/missed/{session.pk}/").status_code == 404


class TestAway:
    def spell(self, town, who="chen", since=DAY, place="广东省深圳市", branch=None):
        person = town.people[who]
        return MobileSpell.objects.create(
            person=person, organisation=branch or town.mining, place=place, since=since
        )

    def test_a_contact_is_recorded_by_the_branch_alone(self, town, now):
        spell = self.spell(town)
        values = {"spell": spell, "way": "phone", "reached": True, "held_on": now.date(), "now": now}
        for who in ("qian", "chen", "zhao"):
            assert codes(actions.record_contact, getattr(town, who), **values) == ("life.no_mandate",)
        assert codes(actions.record_contact, town.li, **{**values, "held_on": DAY - timedelta(days=1)}) == (
            "life.contact_day",
        )
        actions.record_contact(town.li, **values)
        assert list(Contact.objects.values_list("reached", "by_name")) == [(1, "李书记")]

    def test_the_clock_from_fresh_to_lost(self, town, now):
        spell = self.spell(town, since=date(2025, 12, 1))
        person = town.people["chen"].pk

        def standing(day):
            return away.away_of(person, day).standing

        assert [standing(date(2026, 3, 1)), standing(date(2026, 3, 2))] == ["fresh", "due"]
        Contact.objects.create(organisation=town.mining, person_id=person, way="phone", reached=0,
                               held_on=date(2026, 3, 5), entered_on=date(2026, 3, 5), by_name="x")  # fmt: skip
        assert [standing(date(2026, 3, 10)), standing(date(2026, 5, 31)), standing(date(2026, 6, 1))] == [
            "searching", "searching", "lost",
        ]  # fmt: skip
        actions.record_contact(town.li, spell=spell, way="visit", reached=True, held_on=DAY, now=now)
        assert standing(now.date()) == "fresh"

    def test_found_in_the_city_only_by_who_is_found_too(self, town, now):
        mine, theirs = self.spell(town), self.spell(town, "qian", place="深圳", branch=town.depot)
        chen, qian = own(town, "chen"), own(town, "qian")
        assert codes(actions.keep_card, town.li, spell=mine, city="深圳", shares=True, now=now) == (
            "life.not_yours_to_share",
        )
        first = actions.keep_card(
            chen, spell=mine, city="广东省深圳市", contact="13800001111", shares=True, now=now
        )
        second = actions.keep_card(qian, spell=theirs, city="深圳", contact="13900002222", now=now)
        assert (first.city, second.city) == ("深圳", "深圳")
        assert (away.neighbours(first), away.neighbours(second)) == ([], [])
        second = actions.keep_card(
            qian, spell=theirs, city="深圳", contact="13900002222", shares=True, now=now
        )
        assert away.neighbours(first) == [away.Neighbour("钱外人", "仓储党支部", "13900002222")]
        assert "13900002222" not in str(list(MobileCard.objects.values())) + str(list(Entry.objects.values()))

    def test_what_was_seen_goes_home_and_to_the_city_when_wanted(self, town, now):
        mine, theirs = self.spell(town), self.spell(town, "qian", place="深圳", branch=town.depot)
        chen, qian = own(town, "chen"), own(town, "qian")
        actions.keep_card(chen, spell=mine, city="深圳", shares=True, now=now)
        card = actions.keep_card(qian, spell=theirs, city="深圳", shares=True, now=now)
        actions.write_voice(chen, kind="finding", text="先锋岗设在窗口", city="深圳", now=now)
        actions.write_voice(chen, kind="finding", text="只给支部看", now=now)
        assert [each.text for each in away.shared_in(card)] == ["先锋岗设在窗口"]
        assert [each.text for each in missed.voices_to(town.mining)] == ["只给支部看", "先锋岗设在窗口"]
        assert missed.voices_to(town.depot) == []
        assert Voice.objects.count() == 2

    def test_pages_and_who_may_not(self, town, now, enter):
        spell = self.spell(town, since=date(2025, 12, 1))
        for url in (
            f"/life/away/{spell.pk}/",
            f"/life/away/{spell.pk}/contact/",
            f"/life/away/{spell.pk}/card/",
        ):
            assert enter(town.people["qian"]).get(url).status_code == 404
            assert enter(town.people["li"]).get(url).status_code == 200
        page = enter(town.people["li"]).get(f"/life/away/{spell.pk}/").content.decode()
        assert "失联党员处置" in page
        assert "陈预备" in enter(town.people["li"]).get("/life/away/").content.decode()
        assert "陈预备" not in enter(town.people["qian"]).get("/life/away/").content.decode()


@pytest.mark.parametrize(("text", "city"), [
    ("广东省深圳市", "深圳"), ("深圳", "深圳"), ("广西壮族自治区南宁市", "南宁"), (" 上 海 市 ", "上海"), ("", ""), ("沙市", "沙市"),
    ("广东省深圳市南山区工地", "深圳"), ("湖北省荆州市沙市区", "荆州"), ("湖南省津市市", "津市"),
])  # fmt: skip
def test_one_city_is_one_city(text, city):
    assert away.plain_city(text) == city
