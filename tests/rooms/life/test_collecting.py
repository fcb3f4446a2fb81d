"""Opinions before an organisational life meeting: given by members, told without names, carried into the minutes."""

from datetime import date, time, timedelta

import pytest

from tests.rooms.life.test_missed import codes, own
from zhibu.life import actions, queries
from zhibu.life.models.missing import Voice
from zhibu.life.queries import collecting, missed
from zhibu.life.told import Held
from zhibu.record.models import Entry

DAY = date(2026, 7, 28)


@pytest.fixture
def arranged(town, now):
    """A life meeting of the committee, which its ordinary members are not told of."""
    planned = actions.plan(
        town.li, organisation=town.mining, kind="committee_life_meeting", planned_on=DAY, now=now
    )
    return actions.convene(
        town.li, session=planned, planned_on=DAY, starts_at=time(9), place="会议室", now=now
    )


def give(actor, session, now, text="夜班的党课少，请单独排"):
    return actions.write_voice(actor, kind="beforehand", text=text, session=session, now=now)


class TestGiving:
    def test_not_where_nothing_is_asked(self, town, now):
        lesson = actions.plan(town.li, organisation=town.mining, kind="party_lesson", planned_on=DAY, now=now)
        chen = own(town, "chen")
        assert codes(give, chen, lesson, now) == ("life.asks_no_opinions",)
        assert codes(give, chen, None, now) == ("life.asks_no_opinions",)

    def test_not_before_the_notice_nor_after_the_meeting(self, town, now):
        planned = actions.plan(
            town.li, organisation=town.mining, kind="organisational_life_meeting", planned_on=DAY, now=now
        )
        chen = own(town, "chen")
        assert codes(give, chen, planned, now) == ("life.asks_no_longer",)
        told = actions.convene(
            town.li, session=planned, planned_on=DAY, starts_at=time(9), place="室", now=now
        )
        give(chen, told, now)
        after = now + timedelta(days=9)
        held = actions.hold(town.li, session=told, held=Held(DAY), now=after)
        assert codes(give, chen, held, after) == ("life.asks_no_longer",)

    def test_not_by_another_branch_not_empty_not_without_end(self, town, arranged, now):
        qian, chen = own(town, "qian"), own(town, "chen")
        assert codes(give, qian, arranged, now) in {("life.nobody",), ("life.not_of_the_meeting",)}
        assert codes(give, chen, arranged, now, text=" ") == ("life.voice_empty",)
        for number in range(20):
            give(chen, arranged, now, text=f"第{number}条")
        assert codes(give, chen, arranged, now) == ("life.opinions_enough",)

    def test_every_member_gives_one_without_waiting_for_an_answer(self, town, arranged, now):
        give(own(town, "chen"), arranged, now)
        assert [(each.kind, each.text) for each in Voice.objects.all()] == [
            ("beforehand", "夜班的党课少，请单独排")
        ]
        assert missed.waiting_in(town.mining) == (0, 0)
        assert missed.voices_to(town.mining) == []
        assert Entry.objects.order_by("id").last().act == "life.write_voice"
        # the entry says that something was written, not what
        assert "夜班" not in str(Entry.objects.order_by("id").last().__dict__)


class TestTold:
    def test_the_page_of_holding_begins_with_what_came_and_what_was_written_before(self, town, arranged, now):
        give(own(town, "chen"), arranged, now, text="一\n二")
        give(own(town, "zhao"), arranged, now, text="三")
        actions.edit_minutes(
            town.li, session=arranged, version=arranged.version, title=arranged.title, place="会议室",
            minutes="事先写的提纲", agenda=[], now=now, details={"theme": "作风"},
        )  # fmt: skip
        arranged.refresh_from_db()
        setting = queries.setting(town.mining, None, arranged.kind, DAY, arranged)
        assert setting.values["details"] == {"opinions": ["一 二", "三"], "theme": "作风"}
        assert setting.values["minutes"] == "事先写的提纲"

    def test_what_is_written_on_the_spot_begins_with_it_too(self, town, arranged, now):
        give(own(town, "chen"), arranged, now)
        assert queries.minutes_initial(arranged)["details"] == {"opinions": ["夜班的党课少，请单独排"]}

    def test_names_are_told_to_nobody(self, town, enter, arranged, now, settings):
        give(own(town, "chen"), arranged, now)
        li = enter(town.people["li"])
        pages = [li.get(f"/life/{arranged.pk}/opinions/"), li.get(f"/life/{arranged.pk}/")]
        assert [page.status_code for page in pages] == [200, 200]
        assert "夜班的党课少，请单独排" in pages[0].content.decode()
        assert "征求到 1 条" in pages[1].content.decode()
        assert town.people["chen"].name not in pages[0].content.decode()


class TestPages:
    def test_a_member_who_was_not_told_gives_one_from_the_own_page(self, town, enter, arranged, now):
        chen = enter(town.people["chen"])
        assert f"/life/{arranged.pk}/opinions/" in chen.get("/life/invitations/").content.decode()
        page = chen.get(f"/life/{arranged.pk}/opinions/")
        token = page.content.decode().split('name="zb_token" value="')[1].split('"')[0]
        sent = chen.post(f"/life/{arranged.pk}/opinions/send/", {"text": "多听班组的", "zb_token": token})
        assert sent.status_code == 302
        again = chen.post(f"/life/{arranged.pk}/opinions/send/", {"text": "多听班组的", "zb_token": token})
        assert again.status_code == 302
        assert Voice.objects.count() == 1
        page = chen.get(f"/life/{arranged.pk}/opinions/").content.decode()
        assert "多听班组的" in page
        # what others gave is for whoever writes the minutes
        assert "征求到的意见" not in page

    def test_not_another_branch_and_not_a_meeting_that_asks_nothing(self, town, enter, arranged, now):
        lesson = actions.plan(town.li, organisation=town.mining, kind="party_lesson", planned_on=DAY, now=now)
        assert enter(town.people["qian"]).get(f"/life/{arranged.pk}/opinions/").status_code == 404
        assert enter(town.people["li"]).get(f"/life/{lesson.pk}/opinions/").status_code == 404

    def test_after_the_meeting_nobody_is_asked(self, town, enter, arranged, now):
        give(own(town, "chen"), arranged, now)
        held = actions.hold(town.li, session=arranged, held=Held(DAY), now=now + timedelta(days=9))
        assert collecting.asking(town.people["chen"].pk, DAY) == []
        page = enter(town.people["chen"]).get(f"/life/{held.pk}/opinions/").content.decode()
        assert "送到支部" not in page
        assert "夜班的党课少，请单独排" in page
