"""People are told of a meeting, answer on their own page, and are told again when it changes."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import person
from zhibu.accounts.channels import ADDRESS, Channel, Mailbox
from zhibu.core.refusal import Refused
from zhibu.life import actions, queries
from zhibu.life.models import Session
from zhibu.life.planned import Invitation
from zhibu.life.told import Held, Item, Missing
from zhibu.record import vault
from zhibu.record.models import Entry, Letter

DAY = date(2026, 7, 23)
HOUR = {"planned_on": DAY, "starts_at": time(16, 0), "place": "二楼会议室"}


def convened(town, now, kind="general_meeting", **more):
    session = actions.plan(town.li, organisation=town.mining, kind=kind, planned_on=DAY, now=now)
    return actions.convene(town.li, session=session, now=now, **{**HOUR, **more})


def told(session):
    rows = Invitation.objects.filter(session=session).order_by("person__initials")
    return [
        (row.person.name, row.role, row.votes, row.reply, row.withdrawn)
        for row in rows.select_related("person")
    ]


@pytest.fixture
def ways(town, settings, now):
    """Zhao has a confirmed mailbox, Chen an unconfirmed one, the branch a group."""
    settings.ZHIBU_MAIL_FROM = "zhibu@example.org"
    for name, confirmed in (("zhao", now), ("chen", None)):
        Mailbox.objects.create(
            person=town.people[name],
            address_sealed=vault.seal(f"{name}@example.org", ADDRESS),
            confirmed_at=confirmed,
        )
    return Channel.objects.create(
        organisation=town.mining, kind="wecom", name="支部群", key_sealed="x", connected_at=now
    )


class TestForeseenAsHeld:
    """What the replies foresee is what the meeting counts: expected, votes, quorum, by the rule of each matter."""

    AGENDA = (Item("接收李明", "admission"), Item("工作报告", "committee_report"))

    def held(self, town, now, answers, *, exempt=("zhao",), agenda=AGENDA):
        for name in exempt:
            actions.exempt(
                town.li, organisation=town.mining, person=town.people[name].pk, ground="ill",
                since=date(2026, 7, 1), now=now,
            )  # fmt: skip
        session = actions.plan(
            town.li, organisation=town.mining, kind="general_meeting", planned_on=DAY, agenda=agenda, now=now
        )
        session = actions.convene(town.li, session=session, now=now, **HOUR)
        for name, answer in answers.items():
            told = replace(town.chen, person=town.people[name].pk, name=name)
            actions.reply(told, session=session, answer=answer, reason="出差", now=now)
        seen = queries.foreseen(session)
        away = [
            Missing(town.people[name].pk)
            for name in ("li", "wang", "zhao", "chen")
            if answers.get(name) != "coming"
        ]
        at = now + (DAY - now.date())
        held = Held(DAY, missing=away, agenda=agenda)
        session = actions.hold(town.li, session=session, held=held, now=at)
        return seen, session

    @given(
        st.fixed_dictionaries({name: st.sampled_from(("none", "coming", "excused", "cannot")) for name in ("li", "wang", "zhao", "chen")}),
        st.sets(st.sampled_from(("wang", "zhao", "chen"))), st.sampled_from(((), AGENDA, AGENDA[1:])),
    )  # fmt: skip
    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_whoever_answers_what(self, town, now, answers, exempt, agenda):
        said = {name: answer for name, answer in answers.items() if answer != "none"}
        with transaction.atomic():
            seen, session = self.held(town, now, said, exempt=exempt, agenda=agenda)
            quorums = [queries.quorum(session, tag) for tag in ("", *(each.tag for each in agenda))]
            assert (seen.expected, seen.voters, seen.coming, seen.voters_coming, seen.needed) == (
                session.expected_count, session.expected_voters, session.present_count, session.voters_present,
                max(each.needed for each in quorums),
            )  # fmt: skip
            assert seen.certain == all(each.reached for each in quorums)
            transaction.set_rollback(True)

    def test_who_need_not_come_is_neither_expected_nor_silent_and_keeps_the_vote(self, town, now, ways):
        seen, session = self.held(town, now, {"li": "coming", "wang": "coming"}, agenda=())
        assert (seen.expected, seen.exempt, seen.voters, seen.silent) == (3, 1, 3, 1)
        assert seen.told == (
            "应到 3 人（有表决权 3 人）：参加 2，请假 0，不能参加 0，未回复 1。另有 1 人可不到会，表决权不变。"
        )
        assert (session.expected_count, session.expected_voters) == (3, 3)

    def test_the_matter_decides(self, town, now):
        """Two of four voters are half, which is a quorum; a person is admitted only by more than half."""
        person("吴矿工", "wkg", town.mining)
        seen, _session = self.held(town, now, {"li": "coming", "wang": "coming"})
        assert (seen.voters, seen.needed, seen.certain) == (4, 3, False)
        assert seen.judged == "按议题“接收李明”的规定，有表决权的到会至少 3 人，还差 1 人，尚有 1 人未回复。"
        assert (seen.asked.source, seen.asked.article) == ("development-rules-2026", "19")

    def test_nobody_reminds_who_need_not_come(self, town, now, ways):
        actions.exempt(
            town.li,
            organisation=town.mining,
            person=town.people["zhao"].pk,
            ground="old",
            since=now.date(),
            now=now,
        )
        session = convened(town, now)
        actions.tell(town.li, session=session, now=now + timedelta(hours=2))
        assert Entry.objects.get(act="life.tell").values.count('"asked":3') == 1
        assert Letter.objects.filter(recipient_id=town.people["zhao"].pk).count() == 1

    def test_who_need_not_come_is_told_so_where_the_answer_is_asked_for(self, town, now, enter):
        actions.exempt(
            town.li, organisation=town.mining, person=town.people["chen"].pk, ground="old", since=now.date(), now=now
        )  # fmt: skip
        session = convened(town, now)
        for name, told in (("chen", True), ("zhao", False)):
            client = enter(town.people[name])
            pages = [
                client.get(path).content.decode()
                for path in ("/life/invitations/", f"/life/{session.pk}/notice/", "/")
            ]
            assert ["您可不到会" in page for page in pages] == [told] * 3, name

    def test_a_seat_on_the_committee_is_another_matter(self, town, now):
        actions.exempt(
            town.li,
            organisation=town.mining,
            person=town.people["zhao"].pk,
            ground="old",
            since=now.date(),
            now=now,
        )
        assert queries.foreseen(convened(town, now, "committee_meeting")).expected == 3


class TestConvene:
    def test_refused(self, town, now):
        session = actions.plan(
            town.li, organisation=town.mining, kind="general_meeting", planned_on=DAY, now=now
        )
        with pytest.raises(Refused) as refused:
            actions.convene(town.chen, session=session, now=now, **HOUR)
        assert refused.value.codes == ("life.no_mandate",)
        with pytest.raises(Refused) as refused:
            actions.convene(
                town.li, session=session, now=now, **{**HOUR, "planned_on": DAY - timedelta(days=9)}
            )
        assert refused.value.codes == ("life.already_over",)
        with pytest.raises(Refused) as refused:
            actions.convene(town.li, session=session, now=now, **HOUR, joint=[town.committee])
        assert refused.value.codes == ("life.not_a_neighbour",)
        assert (Invitation.objects.count(), Letter.objects.count()) == (0, 0)

    @pytest.mark.parametrize(
        ("kind", "names"),
        [
            ("general_meeting", ["陈预备", "李书记", "王副书记", "赵党员"]),
            ("committee_meeting", ["李书记", "王副书记", "赵党员"]),
        ],
    )
    def test_the_register_of_the_day_says_who(self, town, now, kind, names):
        session = convened(town, now, kind)
        assert [row[0] for row in told(session)] == names
        assert sum(row[2] for row in told(session)) == 3

    def test_a_group_observers_and_another_branch(self, town, now):
        group = actions.plan(
            town.li, organisation=town.mining, party_group=town.second_group, kind="group_meeting", planned_on=DAY, now=now
        )  # fmt: skip
        actions.convene(town.li, session=group, now=now, **HOUR, observers=[town.people["zhou"].pk])
        assert [(row[0], row[1]) for row in told(group)] == [
            ("陈预备", "expected"), ("赵党员", "expected"), ("周积极", "observer"),
        ]  # fmt: skip
        joint = convened(town, now, "themed_day", joint=[town.depot])
        assert [(row[0], row[2]) for row in told(joint)] == [
            ("陈预备", 0), ("李书记", 1), ("钱外人", 0), ("孙组织员", 0), ("王副书记", 1), ("赵党员", 1),
        ]  # fmt: skip
        assert queries.joint_of(joint) == [(town.depot.pk, "仓储党支部", 2, 0)]

    def test_letters_hold_title_time_and_place(self, town, now, ways):
        session = convened(town, now)
        rows = list(
            Letter.objects.order_by("channel").values_list(
                "channel", "recipient_id", "title", "body", "state"
            )
        )
        text = "时间：7月23日 周四 16:00\n地点：二楼会议室\n请在平台“工作台”回复能否参加。"
        assert rows == [
            ("email", town.people["zhao"].pk, "会议通知：支部党员大会", text, "waiting"),
            ("wecom", ways.pk, "会议通知：支部党员大会", text, "waiting"),
        ]
        entry = Entry.objects.get(act="life.convene", subject_id=session.pk)
        assert '"letters":2' in entry.values

    def test_another_hour_asks_anew_and_another_place_does_not(self, town, now, ways):
        session = convened(town, now)
        actions.reply(town.chen, session=session, answer="coming", now=now)
        session = actions.convene(town.li, session=session, now=now, **{**HOUR, "place": "一楼"})
        assert [row[3] for row in told(session)] == ["coming", "none", "none", "none"]
        session = actions.convene(town.li, session=session, now=now, **{**HOUR, "starts_at": time(9, 0)})
        assert [row[3] for row in told(session)] == ["none"] * 4
        # those that had not gone out are replaced: nobody reads three hours of one meeting
        titles = Letter.objects.filter(channel="wecom").order_by("id").values_list("title", "state")
        assert list(titles) == [
            ("会议通知：支部党员大会", "replaced"), ("会议变更：支部党员大会", "replaced"), ("会议改期：支部党员大会", "waiting"),
        ]  # fmt: skip

    def test_cancelled_goes_out_without_its_reason(self, town, now, ways):
        session = convened(town, now)
        actions.cancel(town.li, session=session, reason="王副书记住院", now=now)
        letter = Letter.objects.get(channel="wecom", state="waiting")
        assert letter.title == "会议取消：支部党员大会"
        assert letter.body == "时间：7月23日 周四 16:00\n地点：二楼会议室\n会议取消，请不要前往。"

    def test_who_left_is_let_go(self, town, now):
        session = convened(town, now)
        from zhibu.register.models import Membership

        Membership.objects.filter(person=town.people["chen"]).update(until=date(2026, 7, 22))
        session = actions.convene(town.li, session=session, now=now, **HOUR)
        assert [(row[0], row[4]) for row in told(session)] == [
            ("陈预备", 1),
            ("李书记", 0),
            ("王副书记", 0),
            ("赵党员", 0),
        ]


class TestReply:
    def test_refused(self, town, now):
        session = convened(town, now)
        for who, values, code in (
            (town.qian, {"answer": "coming"}, "life.not_invited"),
            (town.chen, {"answer": "none"}, "life.no_answer"),
            (town.chen, {"answer": "excused", "reason": " "}, "life.reason_needed"),
        ):
            with pytest.raises(Refused) as refused:
                actions.reply(who, session=session, now=now, **values)
            assert refused.value.codes == (code,)
        with pytest.raises(Refused):
            actions.reply(town.chen, session=session, answer="coming", now=now + timedelta(days=9))

    def test_the_reason_stays_in_the_branch(self, town, now):
        session = convened(town, now)
        actions.reply(town.chen, session=session, answer="excused", reason="住院", now=now)
        assert told(session)[0][3] == "excused"
        assert "住院" not in Entry.objects.get(act="life.reply").values
        actions.reply(town.chen, session=session, answer="coming", now=now)
        row = Invitation.objects.get(session=session, person=town.people["chen"])
        assert (row.reply, row.reason) == ("coming", "")

    def test_the_quorum_is_foreseen_in_words(self, town, now):
        session = convened(town, now)
        seen = queries.foreseen(session)
        assert seen.told == "应到 4 人（有表决权 3 人）：参加 0，请假 0，不能参加 0，未回复 4。"
        assert seen.judged == "有表决权的到会至少 2 人，还差 2 人，尚有 3 人未回复。"
        for who in (town.li, town.wang, town.chen):
            actions.reply(who, session=session, answer="coming", now=now)
        assert queries.foreseen(session).judged == "有表决权的到会至少 2 人，已有 2 人回复参加，够了。"
        for who in (town.li, town.wang):
            actions.reply(who, session=session, answer="cannot", now=now)
        assert queries.foreseen(session).judged == "有表决权的到会至少 2 人，未回复的都来也不够，建议改期。"
        assert queries.foreseen(convened(town, now, "themed_day")).judged == ""

    def test_who_has_no_account_is_named_to_whoever_convenes(self, town, now, enter):
        session = convened(town, now)
        page = f"/life/{session.pk}/"
        # whoever signs in has one
        shown = enter(town.people["li"]).get(page).content.decode()
        assert "3 人没有账号，在系统里看不到通知：" in shown
        actions.reply(town.chen, session=session, answer="coming", now=now)
        assert len(queries.unreached(queries.replies_of(session))) == 2
        assert "没有账号" not in enter(town.people["chen"]).get(page).content.decode()

    def test_the_silent_are_reminded_once_an_hour(self, town, now, ways):
        session = convened(town, now)
        with pytest.raises(Refused) as refused:
            actions.tell(town.li, session=session, now=now + timedelta(minutes=5))
        assert refused.value.codes == ("life.told_just_now",)
        actions.reply(
            type(town.chen)(1, town.people["zhao"].pk, "赵党员", town.chen.mandates), session=session, answer="coming", now=now
        )  # fmt: skip
        # the one with a mailbox has answered; the group is reminded
        assert actions.tell(town.li, session=session, now=now + timedelta(hours=2)) == 1


class TestPages:
    def test_from_the_plan_to_the_notice(self, town, enter, now):
        plan = actions.draft_plan(town.li, organisation=town.mining, year=2026, now=now)
        line = plan.items.get(kind="committee_meeting", until_on=date(2026, 7, 31))
        client = enter(town.people["li"])
        page = client.get(f"/life/plan/?item={line.pk}")
        assert page.status_code == 200
        data = {
            "planned_on": "2026-07-23", "starts_at": "16:00", "place": "二楼", "agenda-TOTAL_FORMS": "0",
            "agenda-INITIAL_FORMS": "0", "then": "now",
        }  # fmt: skip
        answer = client.post(f"/life/plan/?item={line.pk}", data)
        session = Session.objects.get()
        assert (answer["Location"], session.state) == (f"/life/{session.pk}/", "convened")
        line.refresh_from_db()
        assert (line.session_id, line.day) == (session.pk, DAY)
        page = client.get(f"/life/{session.pk}/").content.decode()
        assert "应到 3 人" in page
        assert "逐人回复" in page

    def test_a_notice_without_hour_and_place_is_none(self, town, enter):
        client = enter(town.people["li"])
        data = {"planned_on": "2026-07-23", "agenda-TOTAL_FORMS": "0", "agenda-INITIAL_FORMS": "0"}
        page = client.post("/life/plan/?kind=general_meeting", {**data, "then": "now"})
        assert page.context["form"].errors.keys() == {"starts_at", "place"}
        assert client.post("/life/plan/?kind=general_meeting", {**data, "then": "later"}).status_code == 302

    def test_answered_from_the_own_page(self, town, enter, now):
        session = convened(town, now)
        client = enter(town.people["chen"])
        assert "支部党员大会" in client.get("/life/invitations/").content.decode()
        answer = client.post(
            f"/life/{session.pk}/reply/", {"answer": "excused", "reason": "当班", "then": "invitations"}
        )
        assert answer["Location"] == "/life/invitations/"
        page = client.get(f"/life/{session.pk}/").content.decode()
        # a member sees the counts, not who and why
        assert "请假 1" in page
        assert "逐人回复" not in page
        assert client.post(f"/life/{session.pk}/reply/", {"answer": "excused"}).status_code == 409

    def test_a_guest_of_another_branch_sees_the_notice_alone(self, town, enter, now):
        session = convened(town, now, "themed_day", joint=[town.depot])
        client = enter(town.people["sun"])
        assert client.get(f"/life/{session.pk}/").status_code == 404
        page = client.get(f"/life/{session.pk}/notice/").content.decode()
        assert "二楼会议室" in page
        assert "李书记" not in page
        assert client.get(f"/life/{convened(town, now).pk}/notice/").status_code == 404

    def test_the_workbench_asks(self, town, enter, now):
        session = convened(town, now)
        client = enter(town.people["chen"])
        assert "请假" in client.get("/").content.decode()
        answer = client.post(f"/life/{session.pk}/reply/", {"answer": "coming", "then": "workbench"})
        assert answer["Location"] == "/"


class TestTogether:
    def test_one_record_is_read_by_every_branch_that_was_told_and_by_nobody_else(self, town, now, enter):
        alone = convened(town, now, "themed_day")
        session = convened(town, now, "joint_activity", joint=[town.depot])
        for who, hosts in (("li", True), ("qian", False), ("sun", True)):
            (found,) = queries.joint_sessions(getattr(town, who))
            assert (found.session, found.partners, found.hosts) == (session, (("仓储党支部", 2, 0),), hosts)
        client = enter(town.people["qian"])
        page = client.get(f"/life/joint/{session.pk}/").content.decode()
        assert ("采矿党支部" in page, "通知 2 人，回复参加 0 人" in page, "李书记" in page) == (
            True,
            True,
            False,
        )
        assert [client.get(f"/life/{each.pk}/").status_code for each in (session, alone)] == [404, 404]
        assert client.get(f"/life/joint/{alone.pk}/").status_code == 404
        Invitation.objects.filter(session=session, organisation=town.depot).update(withdrawn=1)
        assert queries.joint_sessions(town.qian) == []
        assert client.get(f"/life/joint/{session.pk}/").status_code == 404
