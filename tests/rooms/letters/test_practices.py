"""Practices: written once, reviewed, read across branches and never on the portal, taken over with credit."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.people import organisation
from tests.rooms.letters.test_letters import board, refused, who
from zhibu.letters import actions, queries
from zhibu.letters.models import Bulletin
from zhibu.notices.shelf import shelf
from zhibu.record.models import Entry

pytestmark = pytest.mark.django_db
__all__ = ["board", "who"]
BODY = "一、解决什么问题\n隐患交接不清\n二、怎么做\n接班人复述"


@pytest.fixture
def practice(town, who, now):
    def practice(title="班前五分钟", *, published=True, **more):
        values = {"kind": "practice", "title": title, "body": BODY, "topic": "safety"} | more
        made = actions.write_bulletin(who["li"], organisation=town.mining, now=now, **values)
        actions.submit_bulletin(who["li"], bulletin=made, now=now)
        return actions.publish_bulletin(who["wang"], bulletin=made, now=now) if published else made

    return practice


def titles(actor, **more):
    return {row.title for row in queries.practices(actor, **more)}


def test_refused(town, who, now, practice):
    assert refused(lambda: practice(body=" ")) == ["letters.body_needed"]
    assert refused(lambda: practice(body="身份证110101199003078515")) == ["letters.numbers"]
    made, waiting = practice(), practice("没审的", published=False)
    news = actions.write_bulletin(
        who["li"], organisation=town.mining, kind="news", title="x", body="x", topic="safety", now=now
    )
    assert news.topic == ""
    take = lambda name, row, place="depot", body="照做": refused(
        lambda: actions.take_over(
            who[name], organisation=getattr(town, place), bulletin=row, body=body, now=now
        )
    )
    assert take("chen", made) == ["letters.no_mandate"]
    assert take("li", made, "mining") == ["letters.own_practice"]
    waiting.refresh_from_db()
    assert take("qian", waiting) == ["letters.other_state"]
    assert take("qian", news) == ["letters.no_practice", "letters.other_state"]
    assert take("qian", made, body=" ") == ["letters.body_needed"]
    assert refused(
        lambda: actions.edit_bulletin(
            who["li"], bulletin=waiting, kind="news", title="x", body="x", version=waiting.version, now=now
        )
    ) == ["letters.other_kind"]


def test_taken_over_with_credit_once(town, who, now, practice):
    made = practice()
    take = lambda: actions.take_over(
        who["qian"], organisation=town.depot, bulletin=made, body="改为指认", now=now
    )
    taken = take()
    assert (taken.follows_id, taken.title, taken.topic, taken.state) == (
        made.pk,
        made.title,
        "safety",
        "draft",
    )
    assert queries.adopters(made) == []
    actions.submit_bulletin(who["qian"], bulletin=taken, now=now)
    actions.publish_bulletin(who["sun"], bulletin=taken, now=now)
    assert queries.adopters(made) == [taken]
    assert [row.times for row in queries.practices(who["chen"], own=True)] == [1]
    assert refused(take) == ["letters.taken_over_already"]
    # whoever took it over keeps the credit when it is withdrawn
    actions.withdraw_bulletin(who["li"], bulletin=made, reason="更新", now=now)
    assert queries.bulletin_for(who["qian"], taken.pk).follows_id == made.pk
    assert Entry.objects.filter(act="letters.take_over", subject_id=taken.pk).count() == 1


def test_read_across_branches_once_published_and_under_the_same_top(town, who, practice):
    other = organisation("X", "外系统党支部", "branch", "00020001")
    Bulletin.objects.create(
        organisation=other, kind="practice", title="外系统做法", body="a", state="published", author_user=0,
        published_on=date(2026, 7, 1),
    )  # fmt: skip
    made, waiting = practice(), practice("没审的", published=False)
    assert {name: titles(who[name]) for name in ("li", "chen", "qian", "sun")} == {
        name: {"班前五分钟"} for name in ("li", "chen", "qian", "sun")
    }
    seen = {name: {row.pk for row in queries.bulletins(who[name])} for name in ("li", "qian", "sun")}
    assert seen == {
        "li": {made.pk, waiting.pk}, "qian": {made.pk}, "sun": {made.pk, waiting.pk},
    }  # fmt: skip


def test_found_by_words_topic_and_own(who, practice):
    practice()
    for more, number in (
        ({"search": "交接 复述"}, 1),
        ({"search": "没有"}, 0),
        ({"topic": "cost"}, 0),
        ({"topic": "safety"}, 1),
        ({"own": True}, 0),
    ):
        assert len(titles(who["qian"], **more)) == number


def test_never_on_the_portal(client, board, practice):
    made = practice()
    shelf.forget()
    assert (made.address, made.text is not None) == (None, True)
    for page in ("", "posts/", "posts/?kind=practice", "?q=隐患"):
        text = client.get(f"{board}{page}").content.decode()
        assert "班前五分钟" not in text
        assert "好做法" not in text


def test_pages(town, who, now, practice, enter):
    made, client = practice(), enter(town.people["qian"])
    assert "班前五分钟" in client.get("/letters/practices/?q=交接&topic=nonsense").content.decode()
    page = client.get(f"/letters/bulletins/{made.pk}/").content.decode()
    assert "借鉴到本支部" in page
    # a person of another branch is not named
    assert town.people["li"].name not in page
    taken = client.post(f"/letters/bulletins/{made.pk}/take-over/", {"body": "改为指认"}, follow=True)
    assert f"借鉴自{town.mining.name}" in taken.content.decode()
    sent = {"topic": "cost", "title": "修旧利废", "body": "分拣"}
    assert client.post("/letters/bulletins/write/?kind=practice", sent).status_code == 302
    row = Bulletin.objects.get(title="修旧利废")
    assert (row.kind, row.topic, row.organisation_id) == ("practice", "cost", town.depot.pk)
    sent |= {"title": "修旧利废二", "version": "1"}
    assert client.post(f"/letters/bulletins/{row.pk}/edit/", sent).status_code == 302
    assert "一、解决什么问题" in client.get("/letters/bulletins/write/?kind=practice").content.decode()


@pytest.fixture
def before(transactional_db):
    """The database as it was when practices had a table of their own."""
    call_command("migrate", "production", "0001", verbosity=0)
    yield MigrationExecutor(connection).loader.project_state([("production", "0001_work")]).apps
    call_command("migrate", "production", verbosity=0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_practices_of_earlier_versions_become_bulletins(before):
    place = organisation("T-M", "采矿党支部", "branch", "00010001")
    create = before.get_model("production", "Practice").objects.create
    common = {
        "organisation_id": place.pk,
        "field": "cost",
        "problem": "浪费配件",
        "written_on": date(2026, 6, 1),
    }
    first = create(**common, title="修旧利废", method="分拣", effect="省四万")
    create(**common, title="借来的", method="照做", follows_id=first.pk)
    create(**common, title="内部", method="不外传", shared=0)
    create(**common, title="撤了", method="x", withdrawn=1)
    call_command("migrate", "production", verbosity=0)
    names = ("title", "kind", "topic", "state", "published_on", "follows__title", "author_user", "address")
    day = date(2026, 6, 1)
    assert list(Bulletin.objects.order_by("id").values_list(*names)) == [
        ("修旧利废", "practice", "cost", "published", day, None, 0, None),
        ("借来的", "practice", "cost", "published", day, "修旧利废", 0, None),
        ("内部", "practice", "cost", "draft", None, None, 0, None),
        ("撤了", "practice", "cost", "withdrawn", day, None, 0, None),
    ]
    assert (
        Bulletin.objects.get(title="修旧利废").body
        == "一、解决什么问题\n浪费配件\n二、怎么做\n分拣\n三、效果\n省四万"
    )
    from zhibu.search.finding import find

    assert find(Bulletin.objects.all(), "浪费配件").total == 2
