"""The public board gathers by itself: answers, posts and results of procedures, each while its days run, nobody named."""

from datetime import date, timedelta

import pytest

from tests.rooms.letters.test_letters import _fresh, ask, board, who  # noqa: F401 - fixtures
from zhibu.letters import actions
from zhibu.letters.models import Missive
from zhibu.notices import gathering, keeping
from zhibu.notices.models import Board
from zhibu.notices.shelf import shelf
from zhibu.procedures.models import Case, StepTaken

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(town, board):  # noqa: F811 - the fixture above
    return f"/board/{Board.objects.get(organisation=town.mining).address}/"


@pytest.fixture
def on(client, address, settings):
    def shown(day, rest=""):
        settings.ZHIBU_TODAY = day.isoformat()
        keeping.forget_pages()
        shelf.forget()
        return client.get(address + rest).content.decode()

    return shown


def test_an_answer_stands_there_for_its_days_and_then_on_the_portal_alone(client, town, who, board, on, now):  # noqa: F811
    ask(client, board, name="陈预备", kind="suggestion", noticed="1")
    letter = Missive.objects.get()
    actions.answer_letter(who["li"], letter=letter, answer="采纳。", now=now)
    assert "班前会" not in on(now.date())
    actions.publish_answer(who["li"], letter=letter, asked="班前会能否讲规程？", answer="可以。", now=now)
    for page in (on(now.date()), on(now.date(), "feed/")):
        assert ("班前会能否讲规程？" in page, "陈预备" in page) == (True, False)
    assert f"/ask/{Missive.objects.get().address}/" in on(now.date())
    last = now.date() + timedelta(days=90)
    assert ["班前会" in on(day) for day in (last - timedelta(days=1), last + timedelta(days=1))] == [
        True,
        False,
    ]
    actions.take_down_answer(who["li"], letter=Missive.objects.get(), reason="有误", now=now)
    assert "班前会" not in on(now.date())


def test_a_post_once_somebody_else_published_it(town, who, on, now):  # noqa: F811
    made = actions.write_bulletin(
        who["li"], organisation=town.mining, kind="news", title="义务植树", body="种了五十棵树。", now=now
    )
    actions.submit_bulletin(who["li"], bulletin=made, now=now)
    assert "义务植树" not in on(now.date())
    actions.publish_bulletin(who["wang"], bulletin=made, now=now)
    assert ("义务植树" in on(now.date()), "义务植树" in on(now.date(), "feed/")) == (True, True)
    assert "义务植树" not in on(now.date() + timedelta(days=61))


def case(place, now, *, step="resolution_published", person=None, ended="carried_out", reversed_=0):
    made = Case.objects.create(
        organisation=place, procedure="decision_4plus2", person=person, title="机耕道硬化", opened_on=now.date(),
        digest="0", state="ended", ended=ended, ended_on=now.date(), entered_on=now.date(),
    )  # fmt: skip
    StepTaken.objects.create(
        case=made, organisation=place, procedure="decision_4plus2", step=step, taken_on=now.date(), outcome="done",
        role="branch", digest="0", entered_on=now.date(), reversed=reversed_,
    )  # fmt: skip


@pytest.mark.parametrize(("values", "told"), [
    ({}, True), ({"step": "opinions_sought"}, False), ({"reversed_": 1}, False), ({"ended": "rejected"}, False),
    ({"person": True}, False),
])  # fmt: skip
def test_a_result_whose_rule_published_it_and_never_one_about_a_person(town, on, now, values, told):
    if values.get("person"):
        values = values | {"person": town.people["chen"]}
    case(town.mining, now, **values)
    assert ("机耕道硬化：已实施并公开" in on(now.date())) is told
    assert "机耕道硬化" not in on(now.date() + timedelta(days=31))


def test_another_board_tells_nothing_of_it_and_the_door_keeps_the_windows(town, now):
    case(town.depot, now)
    board_ = Board.objects.create(organisation=town.mining, address="aaaaaaa")
    assert gathering.told_on(board_, now.date()) == []
    line = gathering.Told(gathering.Heading.POSTS, "甲", "乙", date(2026, 7, 1), date(2026, 7, 2))
    gathering.register(provider := lambda _board, _today: [line])
    try:
        assert [gathering.told_on(board_, date(2026, 7, day)) for day in (1, 3)] == [[line], []]
    finally:
        gathering._providers.remove(provider)
