"""axe-core looks at every page of concerns and integrity, of letters and practices, and at the doors that stand open to all.

As secretary, as discipline officer of the committee, as its officer, as a member, and as a visitor; on a desk and a phone.
"""

from datetime import date, timedelta

import pytest

from tests.journeys.test_accessible import AXE, look
from tests.people import township
from tests.rooms.letters.test_browser import as_someone
from tests.rooms.study.people import with_study
from tests.town import NOW
from zhibu.concerns import actions as concerns
from zhibu.concerns import answers
from zhibu.concerns.actions.analysing import Measure
from zhibu.core.calendar import Quarter
from zhibu.integrity import actions as integrity
from zhibu.letters import actions as letters
from zhibu.notices.actions.sheets import board_of
from zhibu.register.models import Post
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.told import Undertaken

TODAY = NOW.date()
LONG = "关于把检修班、运行班、后勤班三个班组夜班后的热水供应时间统一延长到交接班以后的建议" * 2
pytestmark = [
    pytest.mark.browser,
    pytest.mark.release,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not AXE.exists(), reason="no axe-core; ./dev up installs it"),
]


@pytest.fixture
def town(transactional_db, settings, tmp_path):
    settings.ZHIBU_TODAY, settings.ZHIBU_SECOND_FACTOR = TODAY.isoformat(), "none"
    settings.ZHIBU_PAPERS = tmp_path / "papers"
    found = township()
    for name, kind in (("zhou", "discipline_officer"), ("sun", "committee_officer")):
        Post.objects.create(
            person=found.people[name],
            organisation=found.committee,
            kind=kind,
            since=date(2020, 1, 1),
            known_at=1,
        )
    return found


def surveyed(town):
    """A survey being answered, one counted whose words wait, one of too few, the analysis with its measures."""
    ask = lambda who, place, day, **more: concerns.open_survey(
        town.actors[who], organisation=place, kind="mood", audience="everyone", closes_on=day.date() + timedelta(days=5),
        now=day, **more,
    )  # fmt: skip
    before = NOW - timedelta(days=60)
    counted = ask("li", town.mining, before)
    for each in range(12):
        given = {"state": "good", "first": f"夜班热水{each}", "group": "members" if each % 2 else "masses"}
        answers.put(counted.code, f"n{each}", given)
    concerns.count_survey(town.li, survey=counted, now=before + timedelta(days=6))
    few = ask("qian", town.depot, before)
    concerns.count_survey(town.qian, survey=few, now=before + timedelta(days=6))
    running = ask("li", town.mining, NOW)
    cards = ask("qian", town.depot, NOW, slips_count=10)
    analysis = concerns.write_analysis(
        town.li, organisation=town.mining, quarter=Quarter(2026, 2), findings="平稳", now=NOW
    )
    measure = Measure("水箱小", "换水箱", town.people["zhao"].pk, TODAY + timedelta(days=9))
    concerns.add_measure(town.li, analysis=analysis, measure=measure, now=NOW)
    return counted, running, cards, analysis


def cared(town):
    """One of each kind: a difficulty, a conflict, a visit to somebody not in the register, a help plan."""
    people, due = town.people, TODAY + timedelta(days=9)
    told = (
        ("difficulty", {"problem": LONG[:80]}), ("conflict", {"problem": "更衣柜"}), ("care_visit", {"whom": "检修班张师傅"}),
        ("help_plan", {"about": people["chen"].pk}), ("talent_contact", {"whom": "李工"}),
    )  # fmt: skip
    rows = []
    for kind, more in told:
        what = Undertaken(kind, text=LONG[:60], owner=people["wang"].pk, due_on=due, **more)
        rows.append(undertakings.undertake(town.li, organisation=town.mining, what=what, now=NOW))
    return rows


def checked(town):
    """Duties handed out, a check with a finding that was put right and one that was not."""
    integrity.assign_duties(town.li, organisation=town.mining, now=NOW)
    check = integrity.record_check(
        town.li,
        organisation=town.mining,
        text="党费和活动经费",
        result="账目清楚",
        owner=town.people["zhao"].pk,
        now=NOW,
    )
    for problem in ("附件不全", LONG[:80]):
        integrity.add_finding(
            town.li,
            check=check,
            problem=problem,
            text="补齐",
            owner=town.people["wang"].pk,
            due_on=TODAY,
            now=NOW,
        )
    return check


def written(town, who):
    """A letter of each kind; suggestions in each state; a practice of the other branch, a draft of one's own."""
    send = lambda kind, number: letters.receive(
        organisation=town.mining, kind=kind, text=LONG, receipt=f"{kind}{number}", now=NOW, name="张三"
    )
    sent = [send(kind, 0) for kind in ("question", "suggestion", "complaint")]
    rows = [
        letters.take_up_suggestion(who["li"], letter=send("suggestion", each), title=LONG[:60], now=NOW)
        for each in range(1, 4)
    ]
    letters.decline_suggestion(who["li"], proposal=rows[1], reason="占用消防通道", now=NOW)
    letters.adopt_suggestion(
        who["li"], proposal=rows[2], owner=town.people["wang"].pk, due_on=TODAY, answer="采纳", now=NOW
    )
    shared = letters.write_bulletin(
        who["qian"],
        organisation=town.depot,
        kind="practice",
        title=LONG[:60],
        body=LONG,
        topic="cost",
        now=NOW,
    )
    letters.submit_bulletin(who["qian"], bulletin=shared, now=NOW)
    letters.publish_bulletin(who["sun"], bulletin=shared, now=NOW)
    own = letters.write_bulletin(
        who["li"], organisation=town.mining, kind="practice", title="x", body="x", now=NOW
    )
    return sent, rows, shared, own


def addresses(town):
    """Who opens what."""
    who = {name: with_study(each) for name, each in town.actors.items()}
    counted, running, cards, analysis = surveyed(town)
    rows, check, (sent, proposals, shared, draft) = cared(town), checked(town), written(town, who)
    board = board_of(town.mining).address
    surveys, numbers = "/concerns/surveys/", [each.pk for each in proposals]
    kinds = ("help_plan", "care_visit", "difficulty", "conflict")
    secretary = [
        "/concerns/", "/concerns/?quarter=2026Q2", f"/concerns/analyses/{analysis.pk}/", f"/concerns/analyses/{analysis.pk}/measure/",
        "/concerns/analyses/write/", "/concerns/matters/", "/concerns/matters/?state=ended", "/concerns/care/",
        f"{surveys}{running.pk}/poster/", f"{surveys}{running.pk}/cancel/", f"{surveys}{counted.pk}/words/",
        *(f"/undertakings/{each.pk}/" for each in rows), *(f"/undertakings/new/?kind={kind}" for kind in kinds),
        "/integrity/", "/integrity/?year=2025", "/integrity/promise/", "/integrity/promise/?for=others", "/integrity/duties/",
        "/integrity/checks/new/", f"/integrity/checks/{check.pk}/", f"/integrity/checks/{check.pk}/finding/",
        "/letters/", f"/letters/{sent[0].pk}/", f"/letters/{sent[0].pk}/answer/", f"/letters/{sent[1].pk}/take-up/",
        f"/letters/{sent[1].pk}/forward/", f"/letters/{sent[1].pk}/task/", "/letters/enter/", "/letters/suggestions/",
        "/letters/suggestions/poster/", *(f"/letters/suggestions/{each}/" for each in numbers),
        f"/letters/suggestions/{numbers[0]}/adopt/", f"/letters/suggestions/{numbers[0]}/decline/",
        "/letters/bulletins/", "/letters/bulletins/write/", "/letters/bulletins/write/?kind=practice", "/letters/practices/",
        "/letters/practices/?q=没有", f"/letters/bulletins/{shared.pk}/", f"/letters/bulletins/{shared.pk}/take-over/",
        f"/letters/bulletins/{draft.pk}/", f"/letters/bulletins/{draft.pk}/edit/", "/letters/portal/", "/",
    ]  # fmt: skip
    member = [
        "/concerns/", "/concerns/matters/", "/concerns/care/", "/integrity/", "/letters/", "/letters/write/", "/letters/practices/",
        "/letters/suggestions/", "/undertakings/small/",
    ]  # fmt: skip
    above = [
        "/concerns/branches/",
        "/concerns/branches/?only=missing",
        "/integrity/branches/",
        "/concerns/",
        "/letters/",
    ]
    return {
        "": [
            f"/survey/{running.code}/", f"/survey/{cards.code}/", f"/survey/{counted.code}/", f"/portal/{board}/",
            f"/portal/{board}/posts/", f"/portal/{board}/ask/", f"/portal/{board}/ask/receipt/", f"/portal/{board}/?q=x",
            *(f"/portal/{board}/ask/new/{kind}/" for kind in ("question", "suggestion", "complaint")), f"/board/{board}/",
        ],
        "li": secretary, "chen": member, "sun": above,
        "zhou": ["/letters/", f"/letters/{sent[2].pk}/", f"/letters/{sent[2].pk}/answer-complaint/"],
        "qian": [f"{surveys}{cards.pk}/poster/", "/concerns/?quarter=2026Q2", "/concerns/surveys/open/", "/concerns/care/"],
    }  # fmt: skip


def test_axe_finds_nothing(desk, live_server, town):
    desk.add_init_script(path=AXE)
    found = {}
    for name, pages in addresses(town).items():
        if name:
            as_someone(desk, town, name, live_server)
        found |= {(name, *where): told for where, told in look(desk, pages).items()}
    assert found == {}


def test_axe_finds_nothing_where_something_is_wrong(desk, town):
    """A form sent wrongly, a warning before sending, a receipt, what was sent."""
    pages = addresses(town)
    desk.add_init_script(path=AXE)
    survey, suggest = pages[""][0], pages[""][-3]
    found = {}

    def seen(name):
        told = desk.evaluate("""async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
            each => each.id + ": " + each.nodes.map(node => node.html.slice(0, 160)).join(" | "))""")
        if told:
            found[name] = told

    desk.goto(suggest)
    desk.locator("[name=text]").fill("请找王师傅13800138000")
    desk.get_by_role("button", name="提交").click()
    desk.wait_for_selector("text=像是有他人的姓名或号码")
    seen("warned")
    desk.locator("[name=noticed]").check()
    desk.get_by_role("button", name="提交").click()
    desk.wait_for_selector(".pb-code")
    seen("sent")
    desk.goto(survey)
    desk.get_by_role("button", name="提交").click()
    desk.wait_for_selector("text=还没有选或写任何一题")
    seen("nothing answered")
    desk.locator("textarea").fill("王师傅说要热水")
    desk.get_by_role("button", name="提交").click()
    desk.wait_for_selector("[name=noticed]")
    seen("survey warned")
    desk.locator("[name=noticed]").check()
    desk.get_by_role("button", name="提交").click()
    desk.wait_for_selector("text=已收到，谢谢")
    seen("thanks")
    assert found == {}
