"""Integrity: who signs, who answers for what, what a check found and how it was reported back, and who sees it."""

from dataclasses import replace
from datetime import date, timedelta

from tests.rooms.pledges.test_pledges import codes, picture  # noqa: F401 - a fixture
from zhibu.core.authority import Mandate, Reach
from zhibu.core.norms import Signers
from zhibu.integrity import actions, queries
from zhibu.integrity.queries import promises
from zhibu.record.models import Entry
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking


def own(actor, node):
    """With what a member may do for oneself."""
    verbs = frozenset({"integrity.sign_promise", "undertakings.undertake", "undertakings.report_done"})
    return replace(
        actor, mandates=(*actor.mandates, Mandate("member", node.pk, node.path, verbs, Reach.SELF))
    )


def signed(town, now, name="li"):
    return actions.sign_promise(
        own(town.actors[name], town.mining), organisation=town.mining, person=town.people[name].pk, now=now
    )


class TestPromise:
    def test_for_nobody_else_not_twice_and_paper_with_the_paper(self, town, now, picture):  # noqa: F811
        people, values = town.people, {"organisation": town.mining, "now": now}
        for who in ("chen", "zhao", "sun", "qian"):
            assert codes(actions.sign_promise, getattr(town, who), person=people["li"].pk, **values) == [
                "integrity.not_yours"
            ]
        # a post gives the branch's filing, never a signature for oneself without one's own mandate
        assert codes(actions.sign_promise, town.li, person=people["li"].pk, **values) == [
            "integrity.not_yours"
        ]
        assert codes(actions.sign_promise, town.li, person=people["zhao"].pk, **values) == [
            "integrity.paper_needed"
        ]
        actions.sign_promise(town.li, person=people["zhao"].pk, paper=("承诺.png", picture), **values)
        assert codes(
            actions.sign_promise, town.li, person=people["zhao"].pk, paper=("承诺.png", picture), **values
        ) == ["integrity.signed_already"]
        assert Undertaking.objects.count() == 1

    def test_its_words_are_kept_as_they_were_signed(self, town, now):
        row = signed(town, now)
        letter = queries.rule()
        assert (row.kind, row.text, row.due_on, row.visibility, row.resolution) == (
            "promise_letter", "2026 年廉政承诺书", date(2026, 12, 31), "committee", letter.words.zh.strip(),
        )  # fmt: skip
        assert [each.act for each in Entry.objects.order_by("id")] == [
            "undertakings.undertake", "integrity.sign_promise",
        ]  # fmt: skip

    def test_who_has_and_who_has_not(self, town, now):
        signed(town, now)
        found = queries.signers(town.mining, 2026, now.date())
        assert [(each.name, each.asked, each.signed_on) for each in found] == [
            ("李书记", True, now.date()), ("王副书记", True, None), ("赵党员", True, None), ("陈预备", False, None),
        ]  # fmt: skip
        assert queries.unsigned(town.people["li"].pk, now.date()) is None
        assert queries.unsigned(town.people["chen"].pk, now.date()) is None
        assert queries.unsigned(town.people["wang"].pk, now.date()) == (
            town.mining.pk, "采矿党支部", date(2026, 3, 31),
        )  # fmt: skip
        # a new year asks anew
        assert queries.unsigned(town.people["li"].pk, date(2027, 1, 2))[2] == date(2027, 3, 31)

    def test_a_rule_may_ask_every_member(self, town, now, monkeypatch):
        letter = replace(queries.rule(), signed_by=Signers.MEMBERS)
        monkeypatch.setattr(promises, "rule", lambda: letter)
        assert queries.unsigned(town.people["chen"].pk, now.date()) is not None
        assert [each.asked for each in queries.signers(town.mining, 2026, now.date())] == [True] * 4


class TestDuties:
    def test_not_by_those_without_the_post(self, town, now):
        for who in ("chen", "zhao", "sun", "qian"):
            assert codes(actions.assign_duties, getattr(town, who), organisation=town.mining, now=now) == [
                "integrity.no_mandate"
            ]

    def test_the_days_to_come_go_to_who_holds_the_posts_and_only_once(self, town, now):
        rows = actions.assign_duties(town.li, organisation=town.mining, now=now)
        held = {(row.source, row.owner.name, row.due_on) for row in rows}
        end = date(2026, 12, 31)
        assert held == {
            ("integrity.duty.first_responsible", "李书记", end), ("integrity.duty.both_duties", "王副书记", end),
            ("integrity.duty.supervision", "李书记", end), ("integrity.duty.education", "赵党员", end),
            ("integrity.duty.admission_in_order", "李书记", end), ("integrity.duty.dues_open", "李书记", end),
        }  # fmt: skip
        assert codes(actions.assign_duties, town.li, organisation=town.mining, now=now) == [
            "integrity.all_given"
        ]
        # put off or handed over, it is the same line of the list
        undertakings.extend(
            town.wang, undertaking=rows[0], due_on=end + timedelta(days=10), reason="年底集中检查", now=now
        )
        assert queries.to_assign(town.mining, now.date()) == []
        given_up = undertakings.give_up(town.wang, undertaking=rows[0], reason="重新分工", now=now)
        assert [each.duty.id for each in queries.to_assign(town.mining, now.date())] == [
            given_up.source.rpartition(".")[2]
        ]


class TestChecks:
    def recorded(self, town, now):
        return actions.record_check(
            town.li, organisation=town.mining, text="上半年承诺履行", result="查出一个问题",
            owner=town.people["zhao"].pk, now=now,
        )  # fmt: skip

    def found(self, town, now, check, **more):
        values = {
            "problem": "报销附件不全", "text": "补齐附件，今后先审后报", "owner": town.people["zhao"].pk,
            "due_on": now.date() + timedelta(days=30), **more,
        }  # fmt: skip
        return actions.add_finding(town.li, check=check, now=now, **values)

    def test_refused(self, town, now):
        for who in ("chen", "zhao", "qian"):
            assert codes(
                actions.record_check, getattr(town, who), organisation=town.mining, text="甲", result="乙",
                owner=town.people["zhao"].pk, now=now,
            ) == ["integrity.no_mandate"]  # fmt: skip
        check = self.recorded(town, now)
        assert codes(self.found, town, now, check, problem=" ") == ["undertakings.problem_needed"]
        assert codes(self.found, town, now, self.found(town, now, check)) == ["integrity.not_a_check"]

    def test_problem_correction_feedback(self, town, now):
        check = self.recorded(town, now)
        row = self.found(town, now, check)
        undertakings.report_done(town.li, undertaking=row, result="附件已补齐", now=now)
        assert codes(undertakings.close, town.li, undertaking=row, now=now) == ["undertakings.closing_needed"]
        undertakings.close(town.li, undertaking=row, now=now, note="7月20日支委会通报，已告知报销人")
        (one,) = queries.checks(town.li, town.mining, 2026, now.date())
        assert (one.row, one.row.result, one.open, len(one.findings)) == (check, "查出一个问题", 0, 1)
        (point,) = one.findings
        assert (point.row.problem, point.row.result, point.feedback, point.fed_back_on) == (
            "报销附件不全", "附件已补齐", "7月20日支委会通报，已告知报销人", now.date(),
        )  # fmt: skip

    def test_branches_beside_each_other(self, town, now):
        signed(town, now)
        self.found(town, now, self.recorded(town, now))
        assert [
            (each.name, each.asked, each.signed, each.duties, each.late, each.checks, each.findings)
            for each in queries.standings(town.sun, now.date())
        ] == [("采矿党支部", 3, 1, 0, 0, 1, 1), ("仓储党支部", 1, 0, 0, 0, 0, 0)]
        assert queries.standings(town.chen, now.date()) == []


class TestPages:
    def test_a_member_sees_no_list_and_no_checks(self, town, now, enter):
        check = TestChecks().recorded(town, now)
        client = enter(town.people["chen"])
        page = client.get("/integrity/").content.decode()
        assert ("应签" in page, "上半年承诺履行" in page, "阅读并签署" in page) == (False, False, True)
        assert client.get(f"/integrity/checks/{check.pk}/").status_code == 404
        assert client.get("/integrity/branches/").status_code == 404
        assert client.get("/integrity/promise/?for=others").status_code == 404

    def test_one_step_from_the_workbench(self, town, now, enter):
        client = enter(town.people["wang"])
        page = client.get("/").content.decode()
        assert f"/integrity/promise/?organisation={town.mining.pk}" in page
        assert "本年廉政承诺书未签" in page
        sheet = client.get(f"/integrity/promise/?organisation={town.mining.pk}")
        token = sheet.content.decode().split('name="zb_token" value="')[1].split('"')[0]
        answer = client.post(f"/integrity/promise/?organisation={town.mining.pk}", {"zb_token": token})
        assert answer.status_code == 302
        assert "本年廉政承诺书未签" not in client.get("/").content.decode()
        assert "应签 3 人，已签 1 人" in client.get("/integrity/").content.decode()

    def test_lists_ask_the_database_as_often_for_one_as_for_three(
        self, town, now, enter, django_assert_max_num_queries
    ):
        client = enter(town.people["li"])
        for _each in range(3):
            self.found = TestChecks().found(town, now, TestChecks().recorded(town, now))
        client.get("/integrity/")
        with django_assert_max_num_queries(34):
            assert client.get("/integrity/").status_code == 200
