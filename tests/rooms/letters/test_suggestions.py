"""Suggestions from the poster to the benefit; complaints past the branch; nobody finds out who wrote what."""

import logging
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import Http404

from tests.rooms.letters.test_letters import ask, board, code_in, refused, who
from zhibu import analytics, rulebook
from zhibu.core.calendar import Quarter
from zhibu.letters import actions, queries
from zhibu.letters.models import Missive, Proposal
from zhibu.notices import keeping
from zhibu.notices.actions.sheets import board_of
from zhibu.notices.throttle import Throttle
from zhibu.record.models import Entry
from zhibu.register.models import Post
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking

__all__ = ["board", "who"]
pytestmark = pytest.mark.django_db
CANARY = "ynbcanaryynb"
DUE = date(2026, 8, 31)


@pytest.fixture(autouse=True)
def _fresh():
    Throttle.forget_all()
    keeping.forget_pages()


def letter_at(town, now, text="空压机改联动", kind="suggestion", **more):
    return actions.receive(
        organisation=town.mining, kind=kind, text=text, receipt=f"r{Missive.objects.count()}", now=now, **more
    )


def adopted(town, who, now):
    row = actions.take_up_suggestion(
        who["li"], letter=letter_at(town, now), title="空压机改为联动控制", now=now
    )
    owner = town.people["zhao"].pk
    return actions.adopt_suggestion(
        who["li"], proposal=row, owner=owner, due_on=DUE, answer="采纳，八月底前改完。", now=now
    )


def carried_out(town, who, now, row):
    measure = Undertaking.objects.get(source="letters.suggestion", source_id=row.pk)
    undertakings.report_done(who["li"], undertaking=measure, result="已改", now=now)
    return measure


@pytest.fixture
def said(caplog, capfd, tmp_path):
    """What was logged, printed and written to files since."""
    caplog.set_level(logging.DEBUG)

    def read():
        files = [path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()]
        return "".join([caplog.text, *capfd.readouterr(), *files])

    return read


class TestTheWay:
    def test_who_may_not_and_what_may_not(self, town, who, now):
        letter = letter_at(town, now, name="孙小民")
        take = lambda by="li", title="改联动", **more: actions.take_up_suggestion(
            who[by], letter=letter, title=title, now=now, **more
        )
        assert refused(lambda: take("qian")) == ["letters.no_mandate"]
        assert refused(lambda: take(title=" ")) == ["letters.title_needed"]
        assert refused(lambda: take(title="打13812345678")) == ["letters.numbers"]
        # the sender's own name cannot be confirmed into the register
        assert refused(lambda: take(title="孙小民建议改联动", named=True)) == ["letters.names"]
        question = letter_at(town, now, kind="question")
        assert refused(
            lambda: actions.take_up_suggestion(who["li"], letter=question, title="问", now=now)
        ) == ["letters.not_a_suggestion"]
        row = take()
        assert refused(take) == ["letters.taken_up"]
        assert refused(lambda: actions.decline_suggestion(who["li"], proposal=row, reason=" ", now=now)) == [
            "letters.reason_needed"
        ]
        benefit = actions.Benefit("省电", "财务部", 80_000_00)
        assert "letters.wrong_state" in refused(
            lambda: actions.confirm_benefit(who["li"], proposal=row, benefit=benefit, now=now)
        )

    def test_from_letter_to_benefit(self, town, who, now):
        row = adopted(town, who, now)
        benefit = actions.Benefit("每季节电八千度", "财务部", 6_400_00, 120)
        confirm = lambda by="li", **more: actions.confirm_benefit(
            who[by], proposal=row, benefit=benefit, now=now, **more
        )
        assert refused(confirm) == ["letters.not_carried_out"]
        measure = carried_out(town, who, now, row)
        assert (measure.kind, measure.owner_id, measure.due_on) == ("measure", town.people["zhao"].pk, DUE)
        assert refused(lambda: confirm("zhao")) == ["letters.no_mandate"]
        confirm()
        done = actions.thank_sender(who["li"], proposal=row, thanks="谢谢", award_fen=200_00, now=now)
        assert (done.state, done.benefit_fen, done.benefit_hours, done.confirmed_by, done.award_fen) == (
            "done", 6_400_00, 120, "财务部", 200_00,
        )  # fmt: skip
        assert refused(lambda: actions.thank_sender(who["li"], proposal=row, thanks="谢谢", now=now)) == [
            "letters.thanked"
        ]
        found = queries.sums(who["li"], 2026)
        assert [(each.received, each.adopted, each.done, each.fen, each.hours) for each in found] == [
            (1, 1, 1, 6_400_00, 120)
        ]
        acts = list(Entry.objects.order_by("sequence", "id").values_list("act", flat=True))
        assert acts == [
            "letters.take_up_suggestion", "letters.answer_letter", "undertakings.undertake",
            "letters.adopt_suggestion", "undertakings.report_done", "letters.confirm_benefit",
            "letters.thank_sender",
        ]  # fmt: skip

    def test_not_adopted_with_a_reason(self, town, who, now):
        row = actions.take_up_suggestion(who["li"], letter=letter_at(town, now), title="改联动", now=now)
        kept = actions.decline_suggestion(who["li"], proposal=row, reason="电机功率不够", now=now)
        letter = Missive.objects.get()
        assert (kept.state, queries.answer_of(letter), Undertaking.objects.count()) == (
            "declined", "电机功率不够", 0,
        )  # fmt: skip

    def test_handed_on_without_being_lost(self, town, who, now):
        letter = letter_at(town, now)
        later = now + timedelta(days=1)
        forward = lambda by="li", to=town.committee, reason="归机修车间": actions.forward_letter(
            who[by], letter=letter, to=to, reason=reason, now=later
        )
        assert refused(lambda: forward("zhao")) == ["letters.no_mandate"]
        assert refused(lambda: forward(to=town.mining)) == ["letters.no_such_place"]
        # branches do not see each other: it goes up, and from there down
        assert refused(lambda: forward(to=town.depot)) == ["letters.no_such_place"]
        assert refused(lambda: forward(reason=" ")) == ["letters.reason_needed"]
        assert forward().origin == town.mining
        moved = forward("sun", to=town.depot)
        assert (moved.organisation, moved.origin, moved.held_since, moved.due_on) == (
            town.depot, town.mining, date(2026, 7, 21), letter.due_on,
        )  # fmt: skip
        # the branch that handed it on sees who has it now, and no longer what it says
        assert [(each.pk, each.organisation_id) for each in queries.forwarded(who["li"])] == [
            (moved.pk, town.depot.pk)
        ]
        with pytest.raises(Http404):
            queries.letter_for(who["li"], moved.pk)
        assert refused(forward)[0] == "letters.no_mandate"

    def test_on_paper(self, town, who, now):
        enter = lambda by="li", kind="suggestion", text="加装扶手": actions.enter_letter(
            who[by], organisation=town.mining, kind=kind, text=text, now=now
        )
        assert refused(lambda: enter("zhao")) == ["letters.no_mandate"]
        assert refused(lambda: enter(kind="complaint")) == ["letters.past_the_branch"]
        assert refused(lambda: enter(text=" ")) == ["letters.empty"]
        made = enter()
        assert (made.receipt, made.person_id, made.due_on) == (None, None, date(2026, 8, 3))

    def test_evidence_for_the_reviewer(self, town, who, now):
        row = adopted(town, who, now)
        carried_out(town, who, now, row)
        actions.confirm_benefit(
            who["li"], proposal=row, benefit=actions.Benefit("省电", "财务部", 1, 1), now=now
        )
        book = rulebook.load(())
        facts = {name: fact for name, fact in book.facts.items() if name.startswith("letters.sugg")}
        assert set(facts) <= set(book.standards["S28"].reviewed[0].supported_by)
        quarter, path = Quarter(2026, 3), town.mining.path
        found = analytics.facts_for(book, tuple(sorted(facts)), path, path + "0", quarter.first, quarter.last)
        assert found[town.mining.pk] == dict.fromkeys(sorted(facts), 1)


class TestNobodyFindsOut:
    def test_it_stands_on_the_desk_of_whoever_answers_it(self, town, now, enter, settings):
        settings.ZHIBU_SECOND_FACTOR = "none"
        Post.objects.create(
            person=town.people["zhou"], organisation=town.committee, kind="discipline_officer", since=date(2020, 1, 1),
            known_at=1,
        )  # fmt: skip
        actions.receive(organisation=town.mining, kind="complaint", text="x", receipt="c", now=now)
        desks = {name: enter(town.people[name]).get("/").content.decode() for name in ("zhou", "chen", "li")}
        assert {name: "1 件来信待答复" in page for name, page in desks.items()} == {
            "zhou": True, "chen": False, "li": False,
        }  # fmt: skip

    def test_a_complaint_passes_the_branch(self, client, town, who, board, settings, enter):
        settings.ZHIBU_SECOND_FACTOR = "none"
        # the branch's own discipline officer is of the branch, and does not see it either
        code = code_in(ask(client, board, f"书记{CANARY}", "complaint"))
        letter = Missive.objects.get()
        assert (letter.organisation, letter.origin) == (town.committee, town.mining)
        officer = Post.objects.create(
            person=town.people["sun"], organisation=town.committee, kind="discipline_officer",
            since=date(2020, 1, 1), known_at=1,
        )  # fmt: skip
        for name in ("li", "wang", "chen", "zhao"):
            by = enter(town.people[name])
            assert by.get(f"/letters/{letter.pk}/").status_code == 404, name
            for path in ("/letters/", "/letters/suggestions/", "/"):
                page = by.get(path).content.decode()
                assert (CANARY in page, f"/letters/{letter.pk}/" in page) == (False, False), (name, path)
            assert queries.waiting_under(who[name], date(2026, 9, 30)) == (0, 0)
            assert queries.forwarded(who[name]) == []
            assert queries.sums(who[name], 2026) == []
        by = enter(officer.person)
        assert CANARY in by.get(f"/letters/{letter.pk}/").content.decode()
        by.post(f"/letters/{letter.pk}/answer-complaint/", {"answer": "已核实"})
        assert "已核实" in client.post(f"{board}ask/receipt/", {"code": code}).content.decode()
        # what the record says of it, it says at the superior
        assert set(Entry.objects.values_list("act", "organisation_id")) <= {
            ("letters.answer_complaint", town.committee.pk),
        }

    def test_names_and_numbers_are_warned_of_before_sending(self, client, board):
        sent = ask(client, board, "张师傅电话13812345678，请改排班", "suggestion")
        page = sent.content.decode()
        assert (sent.status_code, "张师傅" in page, 'name="noticed"' in page) == (409, True, True)
        assert Missive.objects.count() == 0
        assert (
            ask(client, board, "张师傅电话13812345678，请改排班", "suggestion", noticed="on").status_code
            == 200
        )
        # what is kept in confidence may name people: that is what it is for
        assert ask(client, board, "张主任收礼", "complaint").status_code == 200

    def test_no_person_address_agent_or_time_anywhere(self, client, who, board, now, said):
        page = client.get(f"{board}ask/new/suggestion/").content.decode()
        token = page.split('name="token" value="')[1].split('"')[0]
        mark = {"HTTP_USER_AGENT": f"agent-{CANARY}", "REMOTE_ADDR": "203.0.113.77"}
        client.post(f"{board}ask/new/suggestion/", {"text": f"改{CANARY}", "token": token}, **mark)
        row = actions.take_up_suggestion(
            who["li"], letter=Missive.objects.get(), title="改联动", now=now + timedelta(days=1)
        )
        assert row.taken_up_on == date(2026, 7, 21)
        kept = everything() + said()
        assert [each for each in (CANARY, "203.0.113.77", "agent-") if each in kept] == []
        letter = Missive.objects.get()
        times = [
            name for name, value in vars(letter).items() if hasattr(value, "hour") or name.endswith("_at")
        ]
        # as evidence it is known from the end of its day, the same for every letter of the day
        midnight = datetime(2026, 7, 21, tzinfo=ZoneInfo("Asia/Shanghai"))
        assert letter.known_at == midnight.timestamp() * 1000
        times.remove("known_at")
        assert (times, letter.person_id, Entry.objects.filter(act="letters.receive").count()) == ([], None, 0)


def everything():
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(str(cursor.fetchall()))
    return "".join(found)


def test_the_register_as_a_member_and_the_poster(town, who, now, enter):
    row = adopted(town, who, now)
    board_of(town.mining)
    zhao = enter(town.people["chen"])
    page = zhao.get("/letters/suggestions/").content.decode()
    assert ("空压机改为联动控制" in page, "空压机改联动" in page) == (True, False)
    one = zhao.get(f"/letters/suggestions/{row.pk}/").content.decode()
    assert ("采纳，八月底前改完" in one, f"/letters/{row.missive_id}/" in one, "落实措施" in one) == (
        False, False, True,
    )  # fmt: skip
    assert "/ask/new/suggestion/" in zhao.get("/letters/suggestions/poster/").content.decode()
    # another branch has no such page
    assert enter(town.people["qian"]).get(f"/letters/suggestions/{row.pk}/").status_code in {404, 403}
    assert Proposal.objects.count() == 1


def test_the_pages_of_whoever_deals_with_it(town, who, now, enter, settings):
    settings.ZHIBU_SECOND_FACTOR = "none"
    letter = letter_at(town, now)
    li = enter(town.people["li"])
    li.post(f"/letters/{letter.pk}/take-up/", {"title": "改为联动控制"})
    row = Proposal.objects.get()
    base = f"/letters/suggestions/{row.pk}/"
    told = {"owner": town.people["zhao"].pk, "due_on": "2026-08-31", "answer": "采纳"}
    li.post(f"{base}adopt/", told)
    carried_out(town, who, now, row)
    li.post(f"{base}benefit/", {"told": "节电", "fen": "6400", "hours": "12", "confirmed_by": "财务部"})
    li.post(f"{base}thank/", {"thanks": "谢谢", "award_fen": "200"})
    row.refresh_from_db()
    assert (row.state, row.benefit_fen, row.benefit_hours, row.award_fen) == ("done", 6_400_00, 12, 200_00)
    assert "¥6,400.00" in (page := li.get(base).content.decode()) or "6,400.00" in page
    li.post("/letters/enter/", {"kind": "suggestion", "text": "加扶手"})
    paper = Missive.objects.latest("id")
    assert li.get(f"/letters/{paper.pk}/forward/").status_code == 200
    li.post(f"/letters/{paper.pk}/forward/", {"to": town.committee.pk, "reason": "归机修"})
    assert town.committee.name in li.get("/letters/suggestions/").content.decode()


class TestSmallTask:
    def test_not_by_others_not_a_complaint_not_twice_and_no_numbers(self, client, town, who, board, now):
        ask(client, board, "楼道灯坏了", "suggestion")
        letter, due = Missive.objects.get(), now.date()
        values = {"letter": letter, "text": "修好楼道灯", "due_on": due, "now": now}
        assert refused(lambda: actions.open_task(who["qian"], **values)) == [
            "letters.no_mandate", "letters.no_mandate",
        ]  # fmt: skip
        assert refused(lambda: actions.open_task(who["li"], **values | {"text": "电话13800138000"})) == [
            "letters.numbers"
        ]
        assert refused(lambda: actions.open_task(who["li"], **values | {"text": "帮陈预备修灯"})) == [
            "letters.names"
        ]
        actions.open_task(who["li"], **values)
        assert refused(lambda: actions.open_task(who["li"], **values)) == ["letters.task_opened"]

    def test_members_read_the_task_and_are_not_led_to_the_letter(self, client, town, who, board, now):
        ask(client, board, "楼道灯坏了，夜里摔了一跤", "suggestion", name="王大爷")
        letter = Missive.objects.get()
        row = actions.open_task(who["li"], letter=letter, text="修好楼道灯", due_on=now.date(), now=now)
        assert (row.kind, row.text, row.source, row.source_told, row.resolution, row.problem) == (
            "small_task", "修好楼道灯", "letters.task", "群众来信", "", "",
        )  # fmt: skip
        letter.refresh_from_db()
        assert letter.state == "received"
        assert ("王大爷" in str(list(Entry.objects.values())), "摔" in str(list(Entry.objects.values()))) == (
            False,
            False,
        )
