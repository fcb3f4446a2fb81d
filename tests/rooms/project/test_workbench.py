"""The first page: what is due and by when, what waits, how one stands; a fixed number of queries for each role."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.rooms.assessment.company import NOW, QUARTER, TODAY, company, meeting
from tests.rooms.project.parts_read import watched
from zhibu import record
from zhibu.assessment import actions
from zhibu.core.calendar import Quarter, Span
from zhibu.dues.models import DuesPosting, Voucher
from zhibu.life import actions as life
from zhibu.life.models import Attendance
from zhibu.project import workbench
from zhibu.project.workbench import whole
from zhibu.register.models import Post
from zhibu.undertakings.models import Undertaking

RUNNING = Quarter.of(TODAY)
QUERIES = {"officer": 40, "east_officer": 40, "secretary": 54, "member": 22}


@pytest.fixture
def firm(db):
    return company()


@pytest.fixture
def enter(client, settings):
    def sign_in(firm, name, today=TODAY):
        settings.ZHIBU_TODAY = today.isoformat()
        client.force_login(firm.user(name), backend="zhibu.accounts.backends.PhoneOrName")
        return client

    return sign_in


@pytest.mark.parametrize("rows", [2, 3, 55])
def test_queries_do_not_grow_with_the_rows(db, enter, rows):
    firm = company(branches=rows)
    for number in range(rows):
        meeting(firm.e1, "committee_meeting", RUNNING.first + timedelta(days=number % 19))
    officer = firm.actor("officer")
    run, _cautions = actions.open_run(officer, organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW)
    actions.publish(officer, run=run, today=TODAY, now=NOW)
    found = {}
    for who in QUERIES:
        client = enter(firm, who)
        client.get("/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/").status_code == 200
        found[who] = len(seen)
    assert found == QUERIES


@pytest.mark.parametrize("who", ["officer", "east_officer", "secretary", "member"])
def test_parts_name_every_room_they_are_read_from(firm, enter, monkeypatch, who):
    """What is kept by rooms must not be read from others: it would stay as it was after their acts."""
    found = watched(monkeypatch)
    assert enter(firm, who).get("/").status_code == 200
    assert found == []


def test_what_is_due_has_a_day_a_rule_and_one_step(firm):
    desk = workbench.branch_desk(workbench.Parts(firm.actor("secretary"), date(2026, 8, 20)), firm.e1)
    tones = [line.tone for line in desk.due]
    assert tones == sorted(tones, key=["overdue", "soon", "open"].index), "the overdue first"
    late = next(line for line in desk.due if line.tone == "overdue")
    assert (late.when, late.note) == ("逾期 20 天", "2026年7月")
    coming = [line for line in desk.due if line.when.endswith("前")]
    assert all(line.when == "8月31日前" for line in coming if line.note == "2026年8月")
    assert all(line.rule_url.startswith(("/assessment/branches/", "/procedures/rules/")) for line in desk.due)
    steps = {line.step_url.partition("?")[0] for line in desk.due}
    assert "/life/record/" in steps


@pytest.mark.parametrize("post", ["secretary", "committee_member", "discipline_officer", "dues_collector"])
def test_a_step_is_offered_to_whom_its_page_lets_in(firm, enter, post):
    Post.objects.filter(person=firm.people["secretary"]).update(kind=post)
    today = date(2026, 8, 20)
    desk = workbench.branch_desk(workbench.Parts(firm.actor("secretary", today), today), firm.e1)
    client, steps = enter(firm, "secretary", today), [line.step_url for line in desk.due if line.step_url]
    assert [url for url in steps if client.get(url, follow=True).status_code not in {200, 409}] == []
    if post == "secretary":
        assert len(steps) > 5
    # whoever may record meetings and not collect dues is not sent to the books
    assert any(url.startswith("/dues/") for url in steps) == (post in {"secretary", "dues_collector"})


def test_a_line_without_a_window_begins_with_no_dot(firm, enter):
    body = enter(firm, "secretary", date(2026, 8, 20)).get("/").content.decode()
    assert "<small> · " not in body
    assert "<small>· " not in body


def test_who_owes_what_is_said_in_words(firm):
    desk = workbench.committee_desk(workbench.Parts(firm.actor("officer"), date(2026, 8, 20)), firm.group)
    owed = {each.name: each for each in desk.lagging}
    assert firm.e1.name in owed
    assert owed[firm.e1.name].above == firm.east.name
    assert "党员集中学习 差 1" in owed[firm.e1.name].owed
    assert len(set(owed[firm.e1.name].owed)) == len(owed[firm.e1.name].owed), "nothing is said twice"
    for kind in ("committee_meeting", "committee_study", "group_study", "themed_day"):
        meeting(firm.e2, kind, date(2026, 7, 10), known=1)
    after = workbench.committee_desk(workbench.Parts(firm.actor("officer"), date(2026, 8, 20)), firm.group)
    mine = next((each.owed for each in after.lagging if each.name == firm.e2.name), ())
    assert "党员集中学习 差 1" not in mine


def test_what_waits_for_whom(firm):
    officer, secretary = firm.actor("officer"), firm.actor("secretary")

    def waiting(desk):
        return [each.what for each in desk.waiting]

    assert waiting(workbench.committee_desk(workbench.Parts(officer, TODAY), firm.group)) == [
        "开展上季度考核"
    ]
    run, _cautions = actions.open_run(officer, organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW)
    assert waiting(workbench.committee_desk(workbench.Parts(officer, TODAY), firm.group)) == ["评审并公布"]
    assert (
        waiting(workbench.committee_desk(workbench.Parts(firm.actor("east_officer"), TODAY), firm.east)) == []
    )
    assert "季度自评" in waiting(workbench.branch_desk(workbench.Parts(secretary, TODAY), firm.e1))
    actions.publish(officer, run=run, today=TODAY, now=NOW)
    actions.appeal(secretary, run=run, branch=firm.e1, standard="S12", text="理由", now=NOW)
    assert waiting(workbench.committee_desk(workbench.Parts(officer, TODAY), firm.group)) == [
        "答复申诉并定案",
        "答复申诉",
    ]
    assert (
        waiting(workbench.committee_desk(workbench.Parts(firm.actor("west_officer"), TODAY), firm.west)) == []
    )


def test_a_branch_is_not_told_its_place_before_publication(firm):
    officer = firm.actor("officer")
    run, _cautions = actions.open_run(officer, organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW)
    assert workbench.branch_desk(workbench.Parts(firm.actor("secretary"), TODAY), firm.e1).place is None
    actions.publish(officer, run=run, today=TODAY, now=NOW)
    place = workbench.branch_desk(workbench.Parts(firm.actor("secretary"), TODAY), firm.e1).place
    assert (place.place, place.of) == (1, 4)


def test_a_member_is_compared_with_nobody(firm, enter):
    body = enter(firm, "member").get("/").content.decode()
    assert "我的学习" in body
    assert "名次" not in body


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("2026-07", "2026年7月"),
        ("2026Q3", "2026年第三季度"),
        ("2026H1", "上半年"),
        ("2026H2", "下半年"),
        ("2026", "本年"),
    ],
)
def test_windows_in_words(code, told):
    assert workbench.window_told(Span(date(2026, 1, 1), date(2026, 12, 31), code)) == told


def test_days_are_short():
    assert workbench.day_told(date(2026, 11, 30)) == "11月30日"


@pytest.mark.django_db(transaction=True)
def test_a_desk_is_kept_until_something_is_recorded_at_its_own_places(enter, settings):
    """What another branch records costs it nothing; what its own or its superior's record is there at the next look."""
    firm = company()
    settings.ZHIBU_KEEP_SUMS = True
    record.forget_sums()
    client, officer = enter(firm, "secretary"), firm.actor("officer")
    client.get("/")

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/")
        return len(seen)

    still = asked()
    meeting(firm.w1, "committee_meeting", TODAY)
    with transaction.atomic():
        record.write(officer, "life.record", None, organisation=firm.w1, now=NOW)
    assert (still < 15, asked()) == (True, still)
    for place in (firm.e1, firm.e1.parent, firm.group):
        with transaction.atomic():
            record.write(officer, "life.record", None, organisation=place, now=NOW)
        assert (asked() > still, asked()) == (True, still)
    record.forget_sums()


@pytest.mark.django_db(transaction=True)
def test_a_kept_desk_shows_what_was_just_recorded(enter, settings):
    """On the branch's what it plans; on the committee's that its quarter is being assessed."""
    firm = company()
    settings.ZHIBU_KEEP_SUMS = True
    record.forget_sums()

    def shown(who: str, words: str) -> bool:
        return words in enter(firm, who).get("/").content.decode()

    secretary, officer = firm.actor("secretary"), firm.actor("officer")
    before = shown("secretary", "冬季检修碰头"), shown("officer", "开展上季度考核")
    life.plan(
        secretary, organisation=firm.e1, kind="committee_meeting", planned_on=TODAY + timedelta(days=3),
        title="冬季检修碰头", now=NOW,
    )  # fmt: skip
    actions.open_run(officer, organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW)
    after = shown("secretary", "冬季检修碰头"), shown("officer", "开展上季度考核")
    assert (before, after) == ((False, True), (True, False))
    record.forget_sums()


def test_a_desk_looks_also_where_its_person_has_rows(firm):
    """Attendance at another branch's meeting, dues charged there, an undertaking left behind there."""
    actor = firm.actor("secretary")
    person = actor.person

    def elsewhere():
        return whole._places(actor, TODAY) & {firm.w1.pk, firm.w2.pk, firm.e2.pk}

    assert (elsewhere(), firm.e1.pk in whole._places(actor, TODAY)) == (frozenset(), True)
    held = meeting(firm.w1, "joint_meeting", TODAY)
    Attendance.objects.create(
        session=held,
        organisation=firm.w1,
        person_id=person,
        state="present",
        held_on=TODAY - timedelta(days=300),
    )
    first = TODAY.replace(day=1)
    voucher = Voucher.objects.create(
        organisation=firm.w2, number=1, kind="charge", book_on=first, posted_on=TODAY, lines=1, total_fen=100,
        rulebook="x", actor_name="x", at=NOW,
    )  # fmt: skip
    DuesPosting.objects.create(
        voucher=voucher, organisation=firm.w2, book_on=first, posted_on=TODAY, person_id=person, month_on=first,
        debit="receivable", credit="dues", fen=100,
    )  # fmt: skip
    Undertaking.objects.create(
        organisation=firm.e2,
        kind="resolution",
        visibility="branch",
        text="x",
        owner_id=person,
        opened_on=TODAY,
    )
    assert elsewhere() == {firm.w1.pk, firm.w2.pk, firm.e2.pk}
