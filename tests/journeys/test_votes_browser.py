"""Three votes as branches hold them, in the browser, at their own sizes: an election, an appraisal, an admission."""

import io
import zipfile

import pytest

from tests.people import township
from tests.rooms.ballots.conftest import NOW
from tests.rooms.ballots.devices import devices
from zhibu.ballots import box, queries
from zhibu.ballots.models import Ballot

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FULL = pytest.mark.release


@pytest.fixture
def device(browser, live_server):
    yield from devices(browser, live_server)


@pytest.fixture
def hall(transactional_db, settings, tmp_path):
    """A branch of Li's with so many voters; the probationer comes on top."""
    settings.ZHIBU_TODAY, settings.ZHIBU_PAPERS = NOW.date().isoformat(), tmp_path / "papers"
    return lambda voters: township(members=voters - 3)


class Chair:
    """Li at a desk, who runs the vote through its pages."""

    def __init__(self, device, town):
        self.town, self.page = town, device(town.people["li"], 1440)

    def open(self, rule, title, *, way="paper", names=None, seats=0):
        page = self.page
        page.goto(f"/ballots/open/?organisation={self.town.mining.pk}&rule={rule}&title={title}")
        page.check(f'input[name="way"][value="{way}"]')
        for name in names or ():
            page.fill(".zb-people-input", self.town.people[name].name)
            page.keyboard.press("Enter")
        if seats:
            page.fill("#id_seats", str(seats))
        self.press()
        self.ballot = Ballot.objects.get()
        return self.ballot

    def press(self):
        self.page.click("form[method=post] .btn-primary")
        self.page.wait_for_load_state()

    def go(self, place=""):
        self.page.goto(f"/ballots/{self.ballot.pk}/{place}")

    def do(self, place):
        self.go(place)
        self.press()

    def officials(self, scrutineers, tellers):
        self.go("officials/")
        for field, names in (("scrutineers", scrutineers), ("tellers", tellers)):
            for name in names:
                self.pick(field, name)
        self.press()

    def pick(self, field, name):
        self.page.fill(f"#id_{field}", self.town.people[name].name)
        self.page.locator(f"#id_{field}").press("Enter")

    def absent(self, names):
        self.go("present/")
        for name in names:
            line = self.ballot.voters.get(person=self.town.people[name])
            self.page.uncheck(f'input[name="present"][value="{line.pk}"]')
        self.press()

    def tally(self, values):
        """Both tellers' sheets are entered: each finds the same."""
        for official in queries.tellers(self.ballot):
            self.enter(official, values)

    def enter(self, official, values):
        self.go(f"tally/?teller={official.pk}")
        for field, value in values.items():
            self.page.fill(f"#id_{field}", str(value))
        self.press()

    def told(self):
        self.go()
        return self.page.inner_text("main")

    def sheet(self):
        with self.page.expect_download() as downloading:
            self.page.get_by_text("计票结果报告单（Word）").click()
        with open(downloading.value.path(), "rb") as file, zipfile.ZipFile(io.BytesIO(file.read())) as opened:
            return opened.read("word/document.xml").decode()


@pytest.mark.parametrize("voters", [pytest.param(8), pytest.param(23, marks=FULL)])
def test_a_branch_elects_its_committee_on_paper(device, hall, voters):
    town = hall(voters)
    chair = Chair(device, town)
    chair.open("branch-election", "换届选举", names=("li", "wang", "zhao", "m0"), seats=3)
    chair.officials(["m2"], ["m3", "m4"])
    chair.do("start/")
    chair.go("print/")
    papers = chair.page.locator(".zb-ballot-paper")
    assert papers.count() == voters
    # in stroke order of surnames: 王 4, 李 7, 矿 8, 赵 9
    assert [each.split("\t")[0].strip() for each in papers.first.locator("tbody tr").all_inner_texts()] == [
        "王副书记", "李书记", "矿工00", "赵党员", "另选人：", "另选人：", "另选人：",
    ]  # fmt: skip
    chair.absent(["m1"])
    there = voters - 1
    for name, place, code in (("m0", "start/", 404), ("m0", "tally/", 404), ("qian", "", 404)):
        assert device(town.people[name]).goto(f"/ballots/{chair.ballot.pk}/{place}").status == code
    assert "赞成" not in chair.told()
    chair.do("close/")
    first, second = queries.tellers(chair.ballot)
    # the tellers do not agree at first: nothing is decided
    sheet = {"issued": there, "returned": there, "void": 1}
    # a valid paper names three at most, so that sums above three times the valid papers could not be
    for place, yes in enumerate((there - 2, there - 1, 2, there - 2)):
        sheet |= {f"n{place}_yes": yes, f"n{place}_no": there - 1 - yes, f"n{place}_abstain": 0}
    chair.enter(first, sheet)
    chair.enter(second, {**sheet, "n0_yes": there - 3, "n0_no": 2})
    assert queries.outcome_of(Ballot.objects.get()) is None
    chair.enter(second, sheet)
    outcome = queries.outcome_of(Ballot.objects.get())
    assert set(outcome.elected) == {"李书记", "王副书记", "赵党员"}
    told = chair.told()
    assert f"应到会有表决权 {voters}，实到 {there}" in told
    document = chair.sheet()
    assert all(name in document for name in ("王副书记", "李书记", "赵党员", "矿工00", "监票人", "计票人"))
    assert chair.page.problems == []


@pytest.mark.parametrize("voters", [pytest.param(6, marks=FULL), pytest.param(40, marks=FULL)])
def test_a_branch_appraises_its_members_by_secret_vote_on_phones(device, hall, voters):
    town = hall(voters)
    chair, people = Chair(device, town), town.people
    names = ["li", "wang", "zhao", *(f"m{number}" for number in range(voters - 3))]
    # opened as the step of the case opens it: everyone is on the paper, the way is the secret one
    chair.page.goto(f"/ballots/open/?organisation={town.mining.pk}&rule=member-appraisal&title=民主评议")
    chair.press()
    chair.ballot = Ballot.objects.get()
    assert (chair.ballot.way, chair.ballot.choices.count()) == ("secret", voters + 1)
    chair.officials(["zhao"], ["wang", "m0"])
    phones = {name: device(people[name]) for name in names}
    for name in ("wang", "m0"):
        phones[name].goto(f"/ballots/{chair.ballot.pk}/teller/")
        phones[name].click('[data-do="key"]')
        phones[name].locator("[data-has-key]").wait_for(state="visible")
    chair.do("start/")
    for page in phones.values():
        page.goto(f"/ballots/{chair.ballot.pk}/vote/")
        page.click('[data-do="ticket"]')
        page.locator('[data-step="wait"]').wait_for(state="visible")
    chair.do("casting/")
    for place, page in enumerate(phones.values()):
        page.locator('[data-step="mark"]').wait_for(state="visible", timeout=60_000)
        if place == 0:
            by_hand(page, voters + 1)
        else:
            page.evaluate(MARK_ALL, place % 3 + 1)
        page.locator('[data-step="review"]').wait_for(state="visible")
        page.click('[data-do="cast"]')
        page.locator('[data-step="done"]').wait_for(state="visible")
    assert box.count(chair.ballot.code) == voters
    chair.go("screen/")
    assert "优秀" not in chair.page.content()
    chair.do("close/")
    for name in ("wang", "m0"):
        phones[name].goto(f"/ballots/{chair.ballot.pk}/teller/")
        phones[name].click('[data-do="count"]')
        phones[name].locator("[data-say]:visible, .zb-callout").first.wait_for()
    phones["m0"].get_by_text("两名计票人的结果相同").wait_for(timeout=60_000)
    vote = queries.vote_of(Ballot.objects.get())
    expected = [1] + [place % 3 + 1 for place in range(1, voters)]
    excellent, good, passing = (expected.count(grade) for grade in (1, 2, 3))
    assert {tuple(sorted(each.grades.items())) for each in vote.subjects} == {
        tuple(sorted({grade: number for grade, number in grades if number}.items()))
        for grades in [list(zip(grade_names(chair.ballot), (excellent, good, passing), strict=False))]
    }
    phones["li"].locator("[data-check]").wait_for(state="visible", timeout=60_000)
    assert [page.problems for page in phones.values()] == [[]] * voters


def grade_names(ballot):
    return queries.row_of(ballot).grades.names


def by_hand(page, questions):
    """One question at a time, with the keyboard alone: the first grade of each, then on."""
    for _each in range(questions):
        page.keyboard.press("ArrowDown")  # from 不评, which is ticked, round to the first
        page.click('[data-do="next"]')


MARK_ALL = """(grade) => {
    const next = document.querySelector('[data-do="next"]');
    for (const question of document.querySelectorAll("[data-question]")) {
        question.querySelector(`input[value="${grade}"]`).click();
        next.click();
    }
}"""


@pytest.mark.parametrize("voters", [pytest.param(12, marks=FULL)])
def test_a_general_meeting_admits_a_member_with_two_written_opinions(device, hall, voters):
    town = hall(voters)
    chair = Chair(device, town)
    chair.open("admission", "接收周积极为预备党员")
    for name, opinion in (("m0", "yes"), ("m1", "no")):
        line = chair.ballot.voters.get(person=town.people[name])
        chair.go(f"opinion/{line.pk}/")
        chair.page.select_option("#id_opinion", opinion)
        chair.press()
    chair.officials(["m2"], ["m3", "m4"])
    chair.do("start/")
    chair.absent([])
    there = voters - 2
    chair.do("close/")
    chair.tally(
        {"issued": there, "returned": there, "void": 0, "n0_yes": there - 3, "n0_no": 2, "n0_abstain": 1}
    )
    outcome = queries.outcome_of(Ballot.objects.get())
    # 12 have a vote, 10 are there, 7 of them and one in writing are for it: more than half of 12
    assert (outcome.carried, outcome.majority.count) == (True, there - 2)
    told = chair.told()
    assert "书面" in told
    assert "通过" in told
    assert "结论：通过" in chair.sheet()
