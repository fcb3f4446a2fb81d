"""Acts: refused, done, recorded."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.rooms.undertakings.doings import SOURCE, undertaken
from zhibu.core.authority import Mandate, Reach
from zhibu.core.norms import Proof
from zhibu.core.refusal import Refused
from zhibu.record.models import Entry
from zhibu.undertakings import actions, policies, queries
from zhibu.undertakings.models import Helper, Step, Undertaking
from zhibu.undertakings.told import Undertaken

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"


def codes(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.codes


def own_verbs(actor, organisation):
    """The actor as a member with what is one's own."""
    verbs = frozenset({"undertakings.undertake", "undertakings.report_done", "undertakings.report_progress"})
    own = Mandate("member", organisation.pk, organisation.path, verbs, Reach.SELF)
    return replace(actor, mandates=(*actor.mandates, own))


class TestUndertake:
    def test_by_whom_it_may_not(self, town, now):
        for who in ("chen", "qian", "sun"):
            assert codes(undertaken, town, now, by=who) == ("undertakings.no_mandate",)
        assert (Undertaking.objects.count(), Entry.objects.count()) == (0, 0)

    @pytest.mark.parametrize(("values", "code"), [
        ({"text": "  "}, "undertakings.text_needed"),
        ({"due_on": None}, "undertakings.due_needed"),
        ({"kind": "production_problem"}, "undertakings.problem_needed"),
        ({"kind": "care", "due_on": None}, "undertakings.person_needed"),
        ({"owner": "qian"}, "undertakings.not_of_the_branch"),
        ({"kind": "nonsense"}, "undertakings.no_such_kind"),
    ])  # fmt: skip
    def test_not_what_the_kind_asks(self, town, now, values, code):
        assert codes(undertaken, town, now, **values) == (code,)

    def test_not_until_yesterday(self, town, now):
        assert codes(undertaken, town, now, due_on=now.date() - timedelta(days=1)) == (
            "undertakings.due_past",
        )

    def test_a_follow_up_is_the_superior_s_to_set(self, town, now):
        assert codes(undertaken, town, now, kind="follow_up") == ("undertakings.no_mandate",)
        verbs = frozenset({"undertakings.undertake"})
        above = Mandate("committee_officer", town.committee.pk, town.committee.path, verbs, Reach.BELOW)
        town.actors["sun"] = replace(town.sun, mandates=(above,))
        assert undertaken(town, now, by="sun", owner="li", kind="follow_up").visibility == "committee"

    def test_a_member_pledges_for_nobody_else(self, town, now):
        town.actors["chen"] = own_verbs(town.chen, town.mining)
        pledge = undertaken(town, now, by="chen", owner="chen", kind="pledge", text="带好一名徒弟")
        assert (pledge.visibility, pledge.keeper_id) == ("public", town.people["chen"].pk)
        assert codes(undertaken, town, now, by="chen", owner="zhao", kind="pledge") == (
            "undertakings.no_mandate",
        )
        assert queries.published(town.mining) == [pledge]

    def test_done_and_recorded_without_its_words(self, town, now):
        row = undertaken(
            town, now, problem="泵漏水", resolution="限期修好", source=SOURCE,
            helpers=[town.people["chen"].pk, town.people["zhao"].pk],
        )  # fmt: skip
        day = now.date() + timedelta(days=10)
        assert (row.state, row.visibility, row.owner_id, row.keeper_id, row.due_on, row.first_due_on) == (
            "open", "branch", town.people["zhao"].pk, town.people["li"].pk, day, day,
        )  # fmt: skip
        assert list(Helper.objects.values_list("person__name", flat=True)) == ["陈预备"]
        assert list(Step.objects.values_list("kind", "taken_on", "by_name")) == [
            ("opened", now.date(), "李书记")
        ]
        entry = Entry.objects.get()
        assert (entry.act, entry.subject_table, entry.subject_id) == (
            "undertakings.undertake", "zb_undertaking", row.pk,
        )  # fmt: skip
        assert json.loads(entry.values) == {
            "kind": "resolution", "due_on": day.isoformat(), "source": "life.session", "source_id": 7,
        }  # fmt: skip

    def test_a_group_leader_for_the_own_group(self, town, now):
        what = Undertaken("resolution", "学完材料", town.people["zhao"].pk, now.date())
        for group in (None, town.first_group):
            refused = codes(
                actions.undertake, town.zhao, organisation=town.mining, party_group=group, what=what, now=now
            )
            assert refused == ("undertakings.no_mandate",)
        row = actions.undertake(
            town.zhao, organisation=town.mining, party_group=town.second_group, what=what, now=now
        )
        assert row.party_group == town.second_group


class TestReport:
    def test_not_by_others(self, town, now):
        row = undertaken(town, now)
        for who in ("chen", "qian", "sun"):
            for act, words in (
                (actions.report_done, {"result": "好了"}),
                (actions.report_progress, {"text": "一半"}),
            ):
                assert codes(act, getattr(town, who), undertaking=row, now=now, **words) == (
                    "undertakings.not_yours",
                )

    def test_not_without_a_result(self, town, now):
        row = undertaken(town, now)
        assert codes(actions.report_done, town.zhao, undertaking=row, result=" ", now=now) == (
            "undertakings.result_needed",
        )

    def test_a_kind_that_asks_for_a_file_needs_it(self, town, now, monkeypatch):
        found = policies.kinds()
        found["resolution"] = replace(found["resolution"], proof=Proof.FILE)
        monkeypatch.setattr(policies, "kinds", lambda: found)
        row = undertaken(town, now, kind="resolution")
        assert codes(actions.report_done, town.zhao, undertaking=row, result="已签", now=now) == (
            "undertakings.file_needed",
        )
        assert Undertaking.objects.get().state == "open"

    def test_a_promise_of_a_year_is_over_with_its_day_and_nobody_is_late_with_it(self, town, now):
        town.actors["chen"] = own_verbs(town.chen, town.mining)
        row = undertaken(
            town, now, by="chen", owner="chen", kind="pledge", text="带好一名徒弟", due_on=now.date()
        )
        later = now.date() + timedelta(days=1)
        report = {"undertaking": row, "result": "带出来了", "now": now}
        assert codes(actions.report_done, town.chen, **report) == ("undertakings.lapses",)
        assert (
            queries.reminders(town.chen, now.date())
            == queries.reminders(town.li, later, branch=town.mining)
            == []
        )
        seen = lambda day, state="": [each["id"] for each in queries.listed(town.li, today=day, state=state)]
        assert (seen(now.date()), seen(later), seen(later, "overdue"), seen(later, "all")) == (
            [row.pk], [], [], [row.pk],
        )  # fmt: skip
        assert (queries.marks(row, now.date()), queries.marks(row, later), queries.behind(town.li, later)) == (
            [("办理中", "open")], [("已到期", "idle")], [],
        )  # fmt: skip

    def test_a_helper_may_and_the_secretary_for_them(self, town, now):
        row = undertaken(town, now, helpers=[town.people["chen"].pk])
        actions.report_progress(town.chen, undertaking=row, text="拆下来了", now=now)
        actions.report_done(town.li, undertaking=row, result="换了密封圈，不漏了", now=now)
        row.refresh_from_db()
        assert (row.state, row.done_on, row.result, row.version) == (
            "done",
            now.date(),
            "换了密封圈，不漏了",
            3,
        )
        assert list(Entry.objects.order_by("id").values_list("act", flat=True)) == [
            "undertakings.undertake", "undertakings.report_progress", "undertakings.report_done",
        ]  # fmt: skip
        assert "密封圈" not in str(list(Entry.objects.values()))


class TestEnd:
    def done(self, town, now, **values):
        row = undertaken(town, now, **values)
        return actions.report_done(
            town.zhao if row.owner_id == town.people["zhao"].pk else town.li,
            undertaking=row,
            result="修好了",
            now=now,
        )

    def test_never_one_s_own_work(self, town, now):
        row = self.done(town, now, owner="li")
        assert codes(actions.close, town.li, undertaking=row, now=now) == ("undertakings.own_work",)
        assert actions.close(town.wang, undertaking=row, now=now).state == "closed"

    def test_not_by_members_and_not_before_it_is_done(self, town, now):
        row = undertaken(town, now)
        assert codes(actions.close, town.li, undertaking=row, now=now) == ("undertakings.wrong_state",)
        row = actions.report_done(town.zhao, undertaking=row, result="修好了", now=now)
        for who in ("chen", "qian", "sun"):
            assert codes(actions.close, getattr(town, who), undertaking=row, now=now) == (
                "undertakings.not_to_confirm",
            )

    def test_in_time_is_by_the_day_it_was_done(self, town, now):
        row = self.done(town, now)
        closed = actions.close(town.li, undertaking=row, now=now + timedelta(days=30))
        assert (closed.state, closed.in_time, closed.ended_on) == (
            "closed",
            1,
            now.date() + timedelta(days=30),
        )
        late = undertaken(town, now)
        after = now + timedelta(days=11)
        late = actions.report_done(town.zhao, undertaking=late, result="修好了", now=after)
        assert actions.close(town.li, undertaking=late, now=after).in_time == 0

    def test_sent_back_it_counts_from_anew(self, town, now):
        row = self.done(town, now)
        assert codes(actions.send_back, town.li, undertaking=row, reason="", now=now) == (
            "undertakings.reason_needed",
        )
        back = actions.send_back(town.li, undertaking=row, reason="还在滴水", now=now)
        assert (back.state, back.done_on, back.result) == ("open", None, "")

    def test_given_up_with_a_reason(self, town, now):
        row = undertaken(town, now)
        ended = actions.give_up(town.li, undertaking=row, reason="设备已报废", now=now)
        assert (ended.state, ended.result, ended.in_time) == ("given_up", "设备已报废", 0)
        assert codes(actions.report_done, town.zhao, undertaking=row, result="好了", now=now) == (
            "undertakings.wrong_state",
        )

    def test_put_off_the_first_day_stays(self, town, now):
        row = undertaken(town, now)
        first = row.due_on
        assert codes(actions.extend, town.li, undertaking=row, due_on=first, reason="等件", now=now) == (
            "undertakings.not_later",
        )
        later = actions.extend(
            town.li, undertaking=row, due_on=first + timedelta(days=20), reason="等件", now=now
        )
        assert (later.due_on, later.first_due_on, later.extensions) == (first + timedelta(days=20), first, 1)

    def test_handed_over(self, town, now):
        row = undertaken(town, now, helpers=[town.people["chen"].pk])
        assert codes(
            actions.hand_over, town.li, undertaking=row, owner=town.people["qian"].pk, reason="调走", now=now
        ) == ("undertakings.not_of_the_branch",)
        row = actions.hand_over(
            town.li, undertaking=row, owner=town.people["wang"].pk, reason="调走", now=now
        )
        assert (row.owner_id, row.helpers.count()) == (town.people["wang"].pk, 0)
        assert codes(actions.report_done, town.zhao, undertaking=row, result="好了", now=now) != ()

    def test_care_is_closed_by_who_gives_it_and_seen_by_nobody_else(self, town, now):
        row = undertaken(
            town, now, kind="care", owner="wang", about=town.people["chen"].pk, due_on=None, text="陪护"
        )
        seen = [who for who in ("li", "wang", "zhao", "chen", "sun", "qian") if self.sees(town, who, row)]
        assert seen == ["li", "wang", "chen"]
        town.actors["li"] = replace(town.li, person=town.people["zhao"].pk)
        assert codes(actions.report_done, town.li, undertaking=row, result="好了", now=now) == (
            "undertakings.not_yours",
        )
        assert actions.report_done(town.wang, undertaking=row, result="已出院", now=now).state == "closed"

    @staticmethod
    def sees(town, who, row):
        return queries.listed(getattr(town, who), today=row.opened_on, state="all").filter(pk=row.pk).exists()


class TestClaim:
    def small(self, town, now, **values):
        return undertaken(town, now, kind="small_task", owner="li", text="修好楼道灯", **values)

    def member(self, town, name="chen"):
        own = Mandate(
            "member", town.mining.pk, town.mining.path, frozenset({"undertakings.claim"}), Reach.SELF
        )
        return replace(town.actors[name], mandates=(*town.actors[name].mandates, own))

    def test_not_without_a_membership_and_not_what_is_not_claimed(self, town, now):
        row = self.small(town, now)
        assert codes(actions.claim, town.chen, undertaking=row, now=now) == ("undertakings.members_claim",)
        assert codes(actions.claim, self.member(town, "qian"), undertaking=row, now=now) == (
            "undertakings.not_of_the_branch",
        )
        other = undertaken(town, now, owner="li")
        assert codes(actions.claim, self.member(town), undertaking=other, now=now) == (
            "undertakings.claimed_already",
        )

    def test_whoever_is_first_has_it_and_it_ends_with_thanks(self, town, now):
        row = self.small(town, now)
        assert [len(each) for each in queries.small_tasks(town.chen, now.date())] == [1, 0]
        assert [each.text for each in queries.reminders(town.li, now.date())] == []
        taken = actions.claim(self.member(town), undertaking=row, now=now)
        assert (taken.owner_id, taken.keeper_id) == (town.people["chen"].pk, town.people["li"].pk)
        assert codes(actions.claim, self.member(town, "zhao"), undertaking=row, now=now) == (
            "undertakings.claimed_already",
        )
        actions.report_done(town.chen, undertaking=row, result="换好了", now=now)
        assert codes(actions.close, town.li, undertaking=row, now=now) == ("undertakings.closing_needed",)
        actions.close(town.li, undertaking=row, note="夜班的同志说谢谢", now=now)
        waiting, rest = queries.small_tasks(town.chen, now.date())
        assert (waiting, [(each["text"], each["thanks"]) for each in rest]) == (
            [], [("修好楼道灯", "夜班的同志说谢谢")],
        )  # fmt: skip

    def test_what_waits_stands_on_the_desk_of_whoever_could_do_it(self, town, now):
        from zhibu.project.workbench.undertakings import small_lines

        row = self.small(town, now)
        desk = lambda name: [
            (each.what, each.step_url, each.due_on)
            for each in small_lines(self.member(town, name), now.date())
        ]
        # not on that of whoever wrote it down, nor in another branch
        assert (desk("li"), desk("qian")) == ([], [])
        assert desk("chen") == [("修好楼道灯", "/undertakings/small/", row.due_on)]
        assert small_lines(town.chen, now.date()) == ()
        other = self.small(town, now)
        assert [each[0] for each in desk("chen")] == ["2 件微心愿等人认领"]
        for each in (row, other):
            actions.claim(self.member(town), undertaking=each, now=now)
        assert desk("zhao") == []
        assert [each.id for each in queries.reminders(town.chen, now.date())] == [row.pk, other.pk]

    def test_its_form_asks_nobody_s_name(self, town, now, enter):
        client, page = enter(town.people["li"]), "/undertakings/new/?kind=small_task"
        form = client.get(page).context["form"]
        assert list(form.fields) == ["text", "due_on"]
        client.post(page, {"text": "修好楼道灯", "due_on": now.date().isoformat()})
        row = Undertaking.objects.get()
        assert (row.kind, row.owner_id, policies.is_unclaimed(row)) == (
            "small_task",
            town.people["li"].pk,
            True,
        )
