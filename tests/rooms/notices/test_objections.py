"""Objections: refused, received, examined, answered, recorded; read by whoever handles them alone."""

from datetime import date, timedelta

import pytest

from tests.people import actor
from zhibu.core.authority import Reach
from zhibu.core.refusal import Refused
from zhibu.notices import actions, queries
from zhibu.notices.models import Objection
from zhibu.record.models import Entry
from zhibu.register.models import Post


@pytest.fixture
def notice(town, now):
    return actions.publish(
        town.li, organisation=town.mining, kind="admission", subject=town.people["zhou"].pk,
        opens_on=date(2026, 7, 20), now=now,
    )  # fmt: skip


@pytest.fixture
def objection(notice, now):
    return actions.receive(
        notice=notice,
        text="请核实公示对象的入职时间",
        name="吴群众",
        contact="分机 8123",
        receipt="A",
        now=now,
    )


def codes(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.codes


class TestActs:
    def test_refused(self, town, now, notice, objection):
        letter = {"channel": "letter", "received_on": now.date(), "text": "信", "now": now}
        for outsider in (town.qian, town.chen, town.zhao, town.sun):
            for act in (
                lambda who: actions.record_objection(who, notice=notice, **letter),
                lambda who: actions.examine_objection(who, objection=objection, now=now),
                lambda who: actions.answer_objection(
                    who, objection=objection, finding="x", answer="x", now=now
                ),
            ):
                assert "notices.no_mandate" in codes(lambda act=act, who=outsider: act(who))
        answer = {"objection": objection, "finding": "x", "answer": "x", "now": now}
        assert codes(lambda: actions.answer_objection(town.li, **answer)) == ("notices.not_examined",)
        early = letter | {"received_on": date(2026, 7, 19)}
        assert codes(lambda: actions.record_objection(town.li, notice=notice, **early)) == (
            "notices.day_impossible",
        )
        assert codes(
            lambda: actions.record_objection(town.li, notice=notice, **(letter | {"text": " \x07 "}))
        ) == ("notices.objection_empty",)
        assert Objection.objects.count() == 1

    def test_done_once_and_recorded(self, town, now, notice, objection):
        actions.examine_objection(town.li, objection=objection, now=now)
        assert codes(lambda: actions.examine_objection(town.li, objection=objection, now=now)) == (
            "notices.already_examined",
        )
        for missing in ({"finding": " "}, {"answer": ""}):
            values = {"finding": "已核实", "answer": "已核实，属实"} | missing
            with pytest.raises(Refused):
                actions.answer_objection(town.li, objection=objection, now=now, **values)
        done = actions.answer_objection(
            town.li, objection=objection, finding="查了档案", answer="已核实", affects=True, now=now
        )
        assert (done.state, done.answered_on, done.affects) == ("answered", now.date(), 1)
        assert codes(
            lambda: actions.answer_objection(town.li, objection=objection, finding="x", answer="x", now=now)
        ) == ("notices.already_answered",)
        entries = Entry.objects.order_by("sequence").values_list("act", "values")
        assert [act for act, _values in entries] == [
            "notices.publish", "notices.examine_objection", "notices.answer_objection",
        ]  # fmt: skip
        # what was said, by whom, and what was found stands sealed in the row and nowhere in the record
        assert not any(
            said in values for _act, values in entries for said in ("吴群众", "8123", "入职", "查了档案")
        )
        stored = str(Objection.objects.values().get())
        assert not any(said in stored for said in ("吴群众", "8123", "入职", "查了档案"))

    def test_on_paper_and_after_the_end(self, town, now, notice):
        later = now + timedelta(days=7)
        actions.record_result(town.li, notice=notice, result="无异议", now=later)
        late = actions.record_objection(
            town.li, notice=notice, channel="letter", received_on=date(2026, 7, 26), text="信", now=later
        )
        assert (late.late, late.number, late.channel, late.receipt) == (1, 1, "letter", None)
        notice.refresh_from_db()
        assert (notice.has_result, notice.outcome) == (1, "clear")

    def test_comments_on_a_disclosure_hold_nothing_up(self, town, now):
        dues = actions.publish(
            town.li,
            organisation=town.mining,
            kind="dues",
            opens_on=date(2026, 7, 20),
            closes_on=date(2026, 7, 24),
            now=now,
        )
        actions.receive(notice=dues, text="请公布明细", receipt="B", now=now)
        done = actions.record_result(town.li, notice=dues, result="已公开", now=now + timedelta(days=7))
        assert (done.objections, done.outcome) == (0, "clear")


class TestCorrecting:
    def test_refused(self, town, now, notice):
        values = {"notice": notice, "reason": "错字", "title": "改", "now": now}
        assert codes(lambda: actions.correct(town.chen, **values)) == ("notices.no_mandate",)
        for changes, code in (
            ({"reason": ""}, "notices.reason_needed"),
            ({"title": ""}, "notices.nothing_changed"),
            ({"closes_on": date(2026, 7, 23)}, "notices.made_shorter"),
            ({"closes_on": date(9999, 12, 31)}, "notices.too_long"),
            ({"text": "身份证 11010519491231002X"}, "notices.identity_number"),
            ({"now": now + timedelta(days=5)}, "notices.window_over"),
        ):
            assert code in codes(lambda changes=changes: actions.correct(town.li, **(values | changes)))

    def test_both_sheets_stay_in_the_proof(self, town, now, notice):
        corrected = now + timedelta(hours=3)
        actions.correct(
            town.li,
            notice=notice,
            reason="错字",
            title="更正后的标题",
            closes_on=date(2026, 7, 28),
            now=corrected,
        )
        first, second = queries.proof(notice, now + timedelta(days=1))
        notice.refresh_from_db()
        assert (notice.title, notice.working_days) == ("更正后的标题", 7)
        assert [each.whole and each.in_record for each in (first, second)] == [True, True]
        assert (first.shown_from, first.shown_until, second.shown_from, second.shown_until) == (
            now, corrected, corrected, None,
        )  # fmt: skip
        assert first.sheet.title == "关于周积极拟列为发展对象的公示"
        after = queries.proof(notice, now + timedelta(days=30))[1]
        assert after.shown_until.isoformat() == "2026-07-28T23:59:59+08:00"

    def test_a_changed_sheet_is_found_out(self, town, now, notice):
        notice.sheets.update(text="别的内容")
        assert [each.whole for each in queries.proof(notice, now)] == [False]
        notice.sheets.update(sha256="0" * 64)
        assert [each.in_record for each in queries.proof(notice, now)] == [False]


class TestPages:
    def test_who_may_look(self, town, now, enter, notice, objection):
        urls = (f"/notices/{notice.pk}/objections/", f"/notices/objection/{objection.pk}/")
        for person in ("zhao", "chen", "qian"):
            client = enter(town.people[person])
            assert {client.get(url).status_code for url in urls} == {404}
        assert enter(town.people["chen"]).get(f"/notices/{notice.pk}/").status_code == 200
        client = enter(town.people["li"])
        assert {client.get(url).status_code for url in urls} == {200}
        # unopened it says nothing
        assert "吴群众" not in client.get(urls[1]).content.decode()

    def test_the_sponsor_finds_nothing(self, town, now, enter):
        barred = actions.publish(
            town.li, organisation=town.mining, kind="admission", subject=town.people["zhou"].pk,
            opens_on=date(2026, 7, 20), barred=[town.people["wang"].pk], now=now,
        )  # fmt: skip
        found = actions.receive(notice=barred, text="请核实", receipt="C", now=now)
        client = enter(town.people["wang"])
        assert client.get(f"/notices/{barred.pk}/objections/").status_code == 404
        assert client.get(f"/notices/objection/{found.pk}/").status_code == 404
        assert "查看异议" not in client.get(f"/notices/{barred.pk}/").content.decode()
        assert "件异议待答复" not in client.get("/").content.decode()
        assert "1 件异议待答复" in enter(town.people["li"]).get("/").content.decode()

    def test_from_the_workbench_to_the_answer(self, town, now, enter, notice, objection):
        client = enter(town.people["li"])
        url = f"/notices/objection/{objection.pk}/"
        assert client.post(f"{url}examine/", {"zb_token": "a"}).status_code == 302
        page = client.get(url).content.decode()
        assert "吴群众" in page
        assert "请核实公示对象的入职时间" in page
        assert client.post(f"{url}answer/", {"finding": "", "answer": ""}).status_code == 200
        sent = client.post(f"{url}answer/", {"finding": "查了档案", "answer": "已核实", "zb_token": "b"})
        assert sent.status_code == 302
        assert "查了档案" in client.get(url).content.decode()
        assert client.get(f"/notices/{notice.pk}/proof/").status_code == 200
        assert client.get(f"/notices/{notice.pk}/sheet/").status_code == 200

    def test_superior_may_see_and_answer(self, town, now, enter, notice, objection):
        Post.objects.create(
            person=town.people["sun"],
            organisation=town.committee,
            kind="committee_officer",
            since=date(2015, 7, 1),
            known_at=1,
        )
        assert enter(town.people["sun"]).get(f"/notices/objection/{objection.pk}/").status_code == 200
        above = actor(
            town.people["sun"], "committee_officer", town.committee, frozenset({"notices.*"}), Reach.BELOW
        )
        assert actions.examine_objection(above, objection=objection, now=now).state == "examining"

    def test_the_board_of_ones_own(self, town, enter):
        client = enter(town.people["li"])
        assert "还没有公示栏" in client.get("/notices/board/").content.decode()
        assert client.post("/notices/board/renew/", {"zb_token": "c"}).status_code == 302
        page = client.get("/notices/board/poster/").content.decode()
        assert '<svg class="zb-square"' in page
        assert enter(town.people["chen"]).post("/notices/board/renew/").status_code == 404

    def test_days_at_the_end_of_the_calendar(self, town, now, enter, notice):
        client = enter(town.people["li"])
        last = {"opens_on": "9999-12-31", "closes_on": "9999-12-31", "title": "x", "text": "x", "reason": "x"}
        for url, data in (
            ("/notices/publish/", last | {"kind": "other"}),
            (f"/notices/{notice.pk}/reopen/", last),
            (f"/notices/{notice.pk}/correct/", last),
            (
                f"/notices/{notice.pk}/posting/",
                {"kind": "unit", "place": "x", "from_on": "0001-01-01", "until_on": "9999-12-31"},
            ),
        ):
            assert client.post(url, data).status_code in {200, 409}
