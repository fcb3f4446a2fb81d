"""Pledges: who may make, confirm and take back one; what the public board and the papers show of it, and what never."""

import struct
import zlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.people import person
from zhibu.core.authority import Mandate, Reach
from zhibu.core.refusal import Refused
from zhibu.notices.models import Board, Notice
from zhibu.pledges import actions, policies, queries
from zhibu.record.attachments import content_of_attachment
from zhibu.record.models import Attachment, Entry
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.policies import visible_to
from zhibu.undertakings.told import Undertaken

TEXT = "班前会必讲一条安全要点。\n带好两名青年职工。"


def member(town, name):
    """Someone of Mining with nothing but their membership."""
    person, node = town.people[name], town.mining
    verbs = frozenset({"pledges.make", "undertakings.undertake", "undertakings.report_progress"})
    own = Mandate("member", node.pk, node.path, frozenset({"pledges.view", "undertakings.view"}), Reach.OWN)
    return replace(
        town.chen, user=person.pk, person=person.pk, name=person.name,
        mandates=(own, Mandate("member", node.pk, node.path, verbs, Reach.SELF)),
    )  # fmt: skip


def made(town, now, name="chen", text=TEXT, **more):
    return actions.make(
        member(town, name), organisation=town.mining, person=town.people[name].pk, text=text, now=now, **more
    )


@pytest.fixture
def picture():
    """A PNG of one point."""
    chunk = lambda kind, body: (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    )
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def codes(act, *args, **values):
    with pytest.raises(Refused) as refused:
        act(*args, **values)
    return [each.code for each in refused.value.refusals]


class TestMaking:
    def test_one_makes_ones_own_until_the_end_of_the_year(self, town, now):
        row = made(town, now)
        assert (row.kind, row.owner_id, row.text, row.due_on, row.visibility, row.state) == (
            "pledge", town.people["chen"].pk, TEXT, date(2026, 12, 31), "public", "open",
        )  # fmt: skip
        assert [each.act for each in Entry.objects.order_by("id")] == [
            "undertakings.undertake",
            "pledges.make",
        ]
        assert not Notice.objects.exists()

    def test_not_for_another_not_twice_not_empty_and_no_numbers(self, town, now):
        chen, zhao = town.people["chen"].pk, town.people["zhao"].pk
        values = {"organisation": town.mining, "now": now, "text": TEXT}
        assert codes(actions.make, member(town, "chen"), person=zhao, **values) == ["pledges.not_yours"]
        assert codes(actions.make, town.qian, person=zhao, **values) == ["pledges.not_yours"]
        assert codes(actions.make, town.li, person=town.people["qian"].pk, **values) == [
            "undertakings.not_of_the_branch"
        ]
        values["text"] = "努力工作"
        assert codes(actions.make, town.li, person=chen, **values) == ["pledges.say_what"]
        values["text"] = "我是 11010519491231002X，保证做好本职工作。"
        assert codes(actions.make, town.li, person=chen, **values) == ["notices.identity_number"]
        made(town, now)
        values["text"] = TEXT
        assert codes(actions.make, town.li, person=chen, **values) == ["pledges.made_already"]
        assert Undertaking.objects.count() == 1

    def test_a_photograph_is_kept_in_the_branch_and_nothing_but_a_picture(self, town, now, picture):
        assert codes(made, town, now, photo=("承诺.png", b"%PDF-1.4 x")) == ["file.broken"]
        assert not Undertaking.objects.exists()
        row = made(town, now, photo=("承诺.png", picture))
        assert [(each.subject_id, each.kind, each.read_verb) for each in Attachment.objects.all()] == [
            (row.pk, "png", "page")
        ]


class TestPublishing:
    def test_the_branch_confirms_and_it_stands_on_the_board_until_the_year_is_over(self, town, now, client):
        row = made(town, now)
        (notice,) = actions.publish(town.li, organisation=town.mining, pledges=[row.pk], now=now)
        assert (notice.kind, notice.title, notice.text, notice.reply, notice.opens_on, notice.closes_on) == (
            "pledge", "陈预备（党员）的承诺", TEXT, "comment", date(2026, 7, 20), date(2026, 12, 31),
        )  # fmt: skip
        assert (notice.subject_id, notice.purpose_table, notice.purpose_id) == (
            row.owner_id, "zb_undertaking", row.pk,
        )  # fmt: skip
        address = f"/board/{Board.objects.get().address}/{notice.address}/"
        assert shown_on(client, address, "2026-12-31") == (200, True)
        assert shown_on(client, address, "2027-01-01") == (410, False)

    def test_not_by_whoever_made_it_nor_without_the_post(self, town, now):
        row, own = made(town, now), made(town, now, "li")
        values = {"organisation": town.mining, "now": now}
        assert codes(actions.publish, town.li, pledges=[row.pk, own.pk], **values) == ["pledges.own_pledge"]
        assert codes(actions.publish, town.qian, pledges=[row.pk], **values) == ["pledges.no_mandate"]
        assert codes(actions.publish, town.chen, pledges=[own.pk], **values) == ["pledges.no_mandate"]
        assert codes(actions.publish, town.li, pledges=[], **values) == ["pledges.nothing_chosen"]
        assert codes(actions.publish, town.li, pledges=[row.pk, 99999], **values) == [
            "pledges.nothing_chosen"
        ]
        assert not Notice.objects.exists()
        actions.publish(town.wang, pledges=[row.pk, own.pk], **values)
        assert codes(actions.publish, town.wang, pledges=[row.pk], **values) == ["pledges.not_waiting"]
        assert Notice.objects.count() == 2

    def test_who_left_the_branch_is_not_published(self, town, now):
        row = made(town, now)
        town.people["chen"].memberships.update(until=now.date())
        assert codes(actions.publish, town.li, organisation=town.mining, pledges=[row.pk], now=now) == [
            "pledges.not_waiting"
        ]


class TestWithdrawing:
    def test_it_leaves_the_board_with_its_notice_and_may_be_made_anew(self, town, now, client):
        row = made(town, now)
        (notice,) = actions.publish(town.li, organisation=town.mining, pledges=[row.pk], now=now)
        actions.withdraw(town.li, pledge=row, reason="本人要求修改", now=now)
        row.refresh_from_db()
        notice.refresh_from_db()
        assert (row.state, row.result, notice.withdrawn) == ("given_up", "本人要求修改", 1)
        assert shown_on(client, f"/board/{Board.objects.get().address}/{notice.address}/", "2026-07-20") == (
            410, False,
        )  # fmt: skip
        again = made(town, now, text="每天把设备点检做完，不漏一项。")
        (anew,) = actions.publish(town.li, organisation=town.mining, pledges=[again.pk], now=now)
        assert (anew.withdrawn, Notice.objects.count()) == (0, 2)

    def test_refused_to_its_owner_to_others_and_without_a_reason(self, town, now):
        row, own = made(town, now), made(town, now, "li")
        assert codes(actions.withdraw, town.li, pledge=own, reason="改", now=now) == ["pledges.own_pledge"]
        assert codes(actions.withdraw, member(town, "chen"), pledge=row, reason="改", now=now) == [
            "pledges.no_mandate", "pledges.own_pledge",
        ]  # fmt: skip
        assert codes(actions.withdraw, town.li, pledge=row, reason=" ", now=now) == ["pledges.reason_needed"]

    def test_a_public_pledge_is_neither_given_up_nor_handed_over_beside_the_board(self, town, now, settings):
        settings.ZHIBU_TODAY = "2026-07-20"
        row = made(town, now)
        actions.publish(town.li, organisation=town.mining, pledges=[row.pk], now=now)
        values = {"undertaking": row, "reason": "x", "now": now}
        assert codes(undertakings.give_up, town.li, **values) == ["pledges.on_the_board"]
        assert codes(undertakings.hand_over, town.li, owner=town.people["zhao"].pk, **values) == [
            "pledges.on_the_board"
        ]


class TestReading:
    def test_who_has_and_who_has_not(self, town, now):
        shown, waits = made(town, now, "chen"), made(town, now, "zhao")
        actions.publish(town.li, organisation=town.mining, pledges=[shown.pk], now=now)
        rows = queries.promises(town.mining, 2026, now.date())
        assert [(each.name, each.told, each.state, each.pledge) for each in rows] == [
            ("陈预备", "党员", "shown", shown.pk), ("李书记", "书记", "none", None), ("王副书记", "副书记", "none", None),
            ("赵党员", "宣传委员、党小组长", "waits", waits.pk),
        ]  # fmt: skip
        assert queries.counted(rows) == {"all": 4, "none": 2, "waits": 1, "shown": 1, "over": 0}
        assert [each.state for each in queries.promises(town.mining, 2026, date(2027, 1, 5))] == [
            "over", "none", "none", "over",
        ]  # fmt: skip
        assert queries.to_publish(town.mining, now.date(), town.people["zhao"].pk) == 0
        assert queries.to_publish(town.mining, now.date(), town.people["li"].pk) == 1

    def test_members_see_what_was_promised_and_the_committee_who_has_not(self, town, now, enter):
        made(town, now, "zhao")
        names = lambda who: [row.name for row in enter(town.people[who]).get("/pledges/").context["rows"]]
        assert (names("chen"), names("li")) == (["赵党员"], ["陈预备", "李书记", "王副书记", "赵党员"])
        assert enter(town.people["qian"]).get(f"/pledges/?organisation={town.mining.pk}").status_code == 404

    def test_from_the_workbench_to_the_board(self, town, now, enter):
        phone = enter(town.people["chen"])
        assert "本年承诺未作" in phone.get("/").content.decode()
        answer = phone.post("/pledges/new/", {"text": TEXT, "zb_token": "a"})
        assert answer.status_code == 302
        assert "本年承诺未作" not in phone.get("/").content.decode()
        desk = enter(town.people["li"])
        assert "确认并公示承诺" in desk.get("/").content.decode()
        row = Undertaking.objects.get()
        assert desk.post("/pledges/publish/", {"pledge": [row.pk], "zb_token": "b"}).status_code == 302
        cards = desk.get("/pledges/cards/").content.decode()
        assert (cards.count('class="zb-square"'), cards.count("<section>")) == (1, 4)
        assert desk.get("/pledges/cards/?form=badge").content.decode().count('class="zb-square"') == 0
        assert TEXT.splitlines()[0] in desk.get("/pledges/wall/").content.decode()

    def test_other_pages_are_closed_to_members_and_to_other_branches(self, town, now, enter):
        row = made(town, now)
        for who in ("chen", "qian"):
            client = enter(town.people[who])
            of = f"?organisation={town.mining.pk}"
            seen = [client.get(f"/pledges/{page}{of}").status_code for page in ("publish/", "cards/")]
            seen.append(client.get(f"/pledges/{row.pk}/withdraw/").status_code)
            seen.append(client.get(f"/pledges/new/{of}&for=others").status_code)
            assert seen == [404] * 4, who


def shown_on(client, address, day):
    """(status, whether the words are there) for a visitor on a day."""
    from django.conf import settings
    from django.test import override_settings

    from zhibu.notices.shelf import shelf

    shelf.forget()
    with override_settings(ZHIBU_TODAY=day):
        assert day == settings.ZHIBU_TODAY
        answer = client.get(address)
    return answer.status_code, TEXT.splitlines()[0] in answer.content.decode()


def test_the_limits_of_a_pledge_are_what_an_undertaking_holds():
    assert Undertaking._meta.get_field("text").max_length == policies.MOST_TEXT


def test_the_year_of_a_pledge_is_that_of_its_last_day(town, now):
    made(town, now)
    later = now + timedelta(days=200)
    assert later.year == 2027
    assert made(town, later).due_on == date(2027, 12, 31)


def test_a_long_pledge_is_whole_on_its_page_and_short_in_lists(town, now, enter):
    long = "\n".join(f"第{n}件：" + "做好本职工作，" * 12 for n in range(10))
    row = made(town, now, text=long)
    assert (len(long) > 800, row.text, len(str(row))) == (True, long.strip(), 120)
    assert codes(made, town, now, name="li", text="好" * 1001) == ["pledges.say_what"]
    desk = enter(town.people["li"])
    assert "第9件" in desk.get(f"/undertakings/{row.pk}/").content.decode()
    assert "第9件" not in desk.get("/undertakings/?kind=pledge").content.decode()
    assert "第9件" not in desk.get("/pledges/").content.decode()
    actions.publish(town.li, organisation=town.mining, pledges=[row.pk], now=now)
    assert "第9件" in desk.get("/pledges/wall/").content.decode()


def test_what_a_camera_wrote_does_not_stay_with_the_photograph(town, now, picture):
    text = b"tEXtGPS 30.1,104.2"
    told = (len(text) - 4).to_bytes(4) + text + b"\0\0\0\0"
    made(town, now, photo=("承诺.png", picture[:33] + told + picture[33:]))
    assert content_of_attachment(Attachment.objects.get()) == picture


def test_criticism_and_help_is_seen_by_the_two_and_the_committee_alone(town, now):
    chen, zhao = town.people["chen"].pk, town.people["zhao"].pk
    town.people["mate"] = person("同组党员", "tzdy", town.mining)
    what = Undertaken(
        "criticism_help", "每周一起过一遍班前会", zhao, date(2026, 9, 30), about=chen, problem="班前会不讲"
    )
    row = undertakings.undertake(town.li, organisation=town.mining, what=what, now=now)
    sees = lambda actor: visible_to(actor, Undertaking.objects.filter(pk=row.pk)).exists()
    who = (town.li, town.sun, member(town, "chen"), member(town, "zhao"), member(town, "mate"), town.qian)
    assert [sees(each) for each in who] == [True, True, True, True, False, False]
    # a goal set by the branch is the member's, the committee's and nobody else's; it stands on the year of the member
    goal = undertakings.undertake(
        town.li,
        organisation=town.mining,
        what=Undertaken("post_goal", "三季度漏检为零", chen, date(2026, 9, 30)),
        now=now,
    )
    sees = lambda actor: visible_to(actor, Undertaking.objects.filter(pk=goal.pk)).exists()
    assert [sees(each) for each in who] == [True, True, True, False, False, False]
    year = queries.year_of(member(town, "chen"), chen, town.mining, 2026, now.date())
    assert [each["text"] for each in year.undertaken] == ["每周一起过一遍班前会", "三季度漏检为零"]
