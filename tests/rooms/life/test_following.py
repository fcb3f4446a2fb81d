"""Resolutions become undertakings in one step, and what is late comes back to the agenda."""

from datetime import date, timedelta

import pytest

from zhibu.core.refusal import Refused
from zhibu.life import actions, queries
from zhibu.life.queries.following import follow_choices
from zhibu.life.told import Held, Item
from zhibu.notices.models import Notice
from zhibu.record.models import Entry
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.told import Undertaken

DAY = date(2026, 7, 16)


@pytest.fixture
def session(town, now):
    agenda = [
        Item("三号泵漏水", "safety", "限期修好"),
        Item("通报上月党费"),
        Item("合理化建议", "suggestions", "试行一月"),
    ]
    held = Held(DAY, agenda=agenda)
    return actions.record(town.li, organisation=town.mining, kind="committee_meeting", held=held, now=now)


def test_not_without_the_mandate_nor_for_nothing(town, session, now):
    what = [Undertaken("resolution", "修好", town.people["zhao"].pk, now.date())]
    for who in ("chen", "qian", "sun"):
        with pytest.raises(Refused) as refused:
            actions.follow_up(getattr(town, who), session=session, what=what, now=now)
        assert refused.value.codes == ("life.no_mandate",)
    with pytest.raises(Refused) as refused:
        actions.follow_up(town.li, session=session, what=[], now=now)
    assert refused.value.codes == ("life.nothing_to_follow",)
    bad = [*what, Undertaken("resolution", "", town.people["zhao"].pk, now.date())]
    with pytest.raises(Refused):
        actions.follow_up(town.li, session=session, what=bad, now=now)
    assert Undertaking.objects.count() == 0


def test_what_is_proposed_for_each_item(town, session, now):
    found = queries.decided(town.li, session, now.date())
    assert [(each.kind, each.text, each.initial["use"]) for each in found] == [
        ("resolution", "限期修好", True), ("resolution", "通报上月党费", False), ("measure", "试行一月", True),
    ]  # fmt: skip


def test_one_page_from_resolution_to_owner(town, session, now, enter):
    client, url = enter(town.people["li"]), f"/life/{session.pk}/follow-up/"
    assert client.get(url).status_code == 200
    told = {"item0-use": "on", "item0-text": "换密封圈", "item0-kind": "resolution", "item1-kind": "resolution",
            "item2-use": "on", "item2-text": "试行一月", "item2-kind": "measure", "item2-owner": town.people["chen"].pk,
            "item2-due_on": (now.date() + timedelta(days=30)).isoformat()}  # fmt: skip
    assert client.post(url, told).status_code == 200
    assert Undertaking.objects.count() == 0
    whole = {**told, "item0-owner": town.people["zhao"].pk, "item0-due_on": now.date().isoformat()}
    assert client.post(url, whole).status_code == 302
    rows = Undertaking.objects.order_by("id").values_list(
        "kind", "text", "problem", "resolution", "owner__name", "source", "source_id", "source_told"
    )
    assert list(rows) == [
        ("resolution", "换密封圈", "", "限期修好", "赵党员", "life.session", session.pk, "支部委员会会议 2026-07-16：三号泵漏水"),
        ("measure", "试行一月", "合理化建议", "试行一月", "陈预备", "life.session", session.pk, "支部委员会会议 2026-07-16：合理化建议"),
    ]  # fmt: skip
    assert Entry.objects.filter(act="life.follow_up").count() == 1
    page = client.get(f"/life/{session.pk}/").content.decode()
    assert "换密封圈" in page
    assert [line.item.title for line in client.get(url).context["lines"]] == ["通报上月党费"]


def test_what_is_late_comes_back_by_itself(town, session, now):
    what = [Undertaken("resolution", "换密封圈", town.people["zhao"].pk, now.date())]
    actions.follow_up(town.li, session=session, what=what, now=now)

    def offered(kind, days):
        rows = queries.proposals(town.mining, kind, now.date() + timedelta(days=days))
        return [each.title for each in rows if "换密封圈" in each.title]

    assert offered("committee_meeting", 1) == ["督办：换密封圈（赵党员）"]
    assert (offered("committee_meeting", 0), offered("general_meeting", 1)) == ([], [])


def test_a_list_of_rectifications_becomes_undertakings_and_the_next_meeting_is_told(town, now, enter):
    details = {"problems": ["学习不经常", "联系群众少"], "rectifications": ["每周半天学习", "每月下一次班组"]}
    session = actions.record(
        town.li, organisation=town.mining, kind="organisational_life_meeting", now=now, close=False,
        held=Held(DAY, details=details),
    )  # fmt: skip
    client, url = enter(town.people["li"]), f"/life/{session.pk}/follow-up/"
    assert "落实决议" in client.get(f"/life/{session.pk}/").content.decode()
    lines = client.get(url).context["lines"]
    assert [(each.item.title, each.item.kind, each.initial["use"]) for each in lines] == [
        ("每周半天学习", "rectification", True), ("每月下一次班组", "rectification", True),
    ]  # fmt: skip
    due, who = (now.date() + timedelta(days=30)).isoformat(), town.people["wang"].pk
    told = {}
    for number, text in enumerate(details["rectifications"]):
        told |= {f"item{number}-use": "on", f"item{number}-text": text, f"item{number}-kind": "rectification",
                 f"item{number}-owner": who, f"item{number}-due_on": due}  # fmt: skip
    assert client.post(url, told).status_code == 302
    first, second = Undertaking.objects.order_by("id")
    assert [(each.problem, each.text, each.kind) for each in (first, second)] == [
        ("学习不经常", "每周半天学习", "rectification"), ("联系群众少", "每月下一次班组", "rectification"),
    ]  # fmt: skip
    Undertaking.objects.filter(pk=first.pk).update(state="closed", result="学了八次")
    later = queries.setting(town.mining, None, "organisational_life_meeting", DAY + timedelta(days=180))
    assert later.values["details"] == {
        "rectified": ["每周半天学习：已完成。学了八次", f"每月下一次班组：办理中，{due}前完成"]
    }
    # another kind is told nothing, nor is the meeting itself
    assert (
        queries.setting(town.mining, None, "committee_meeting", DAY + timedelta(days=180)).values["details"]
        == {}
    )
    assert queries.setting(town.mining, None, "organisational_life_meeting", DAY).values["details"] == {}
    assert client.get(url).context["lines"] == []


def test_what_union_and_league_are_promised_is_proposed_as_support(town, now):
    held = Held(DAY, agenda=[Item("听取工会工作汇报", "mass_organisations", "添置两张球桌")])
    session = actions.record(town.li, organisation=town.mining, kind="committee_meeting", held=held, now=now)
    (found,) = queries.decided(town.li, session, now.date())
    assert (found.kind, found.text) == ("support_task", "添置两张球桌")
    assert "small_task" not in dict(follow_choices())


def test_a_resolution_goes_to_the_board_as_it_was_decided_and_is_read_first(town, session, now, enter):
    client = enter(town.people["li"])
    page = client.get(f"/life/{session.pk}/").content.decode()
    address = next(
        each
        for each in page.split('"')
        if each.startswith("/notices/publish/?") and "kind=resolution" in each
    )
    form = client.get(address.replace("&amp;", "&")).content.decode()
    assert ('value="三号泵漏水"' in form, "限期修好" in form, Notice.objects.count()) == (True, True, 0)
    assert "kind=resolution" not in enter(town.people["chen"]).get(f"/life/{session.pk}/").content.decode()


def test_each_line_of_what_union_and_league_are_promised_becomes_support(town, now):
    held = Held(
        DAY, agenda=[Item("听取工会汇报", "mass_organisations", "同意")],
        details={"mass_organisations.support": ["解决班组饮水机", "团费补助"]},
    )  # fmt: skip
    session = actions.record(town.li, organisation=town.mining, kind="committee_meeting", held=held, now=now)
    found = queries.decided(town.li, session, now.date())
    assert [(each.kind, each.text, each.problem) for each in found] == [
        ("support_task", "同意", "听取工会汇报"), ("support_task", "解决班组饮水机", "解决班组饮水机"), ("support_task", "团费补助", "团费补助"),
    ]  # fmt: skip


def test_the_problem_of_a_themed_day_is_followed_to_its_result(town, now):
    session = actions.record(
        town.li, organisation=town.mining, kind="themed_day", now=now,
        held=Held(DAY, details={"problem": "三号泵密封漏液", "problem_result": "先换垫片，根因待查"}),
    )  # fmt: skip
    (line,) = queries.decided(town.li, session, now.date())
    assert (line.title, line.kind, line.problem, line.initial["use"]) == (
        "三号泵密封漏液", "production_problem", "三号泵密封漏液", True,
    )  # fmt: skip
    what = Undertaken(
        line.kind,
        line.text,
        town.people["wang"].pk,
        due_on=line.due_on,
        problem=line.problem,
        source=line.source,
    )
    actions.follow_up(town.li, session=session, what=[what], now=now)
    assert [each.followed for each in queries.decided(town.li, session, now.date())] == [True]
