"""A round of appraisal over HTTP, from its case to its result: secret votes, the cap on excellent, nothing below five."""

import base64
import json
from contextlib import contextmanager

import pytest

from tests.journeys.casework import at_work, ids
from tests.rooms.ballots.voting import Device, open_paper, public_of, teller_key
from zhibu.ballots import box
from zhibu.ballots.models import Ballot
from zhibu.procedures.models import Case
from zhibu.record.models import Entry

pytestmark = pytest.mark.django_db
TELLERS = ("wang", "m0")
DAY = "2026-12-01"


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.ZHIBU_PAPERS, settings.ALLOWED_HOSTS = tmp_path / "papers", ["*"]


def json_of(work, who, address, **values):
    answer = work.client(who).post(
        address, json.dumps(values), "application/json", headers={"host": "localhost"}
    )
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def begun(settings, members):
    """A case of this year's appraisal up to its ballot, and the vote opened from its step."""
    work = at_work(settings, members=members)
    case = work.open("li", "member_appraisal", "2026-11-20", v_year=2026)
    work.step("li", case, "planned", "2026-11-20", role="branch_committee")
    work.step("li", case, "talked", "2026-11-24")
    work.step("li", case, "self_appraised", "2026-11-28", role="party_group")
    work.step("li", case, "mutually_appraised", "2026-11-30", role="party_group")
    work.on(DAY)
    page = work.page("li", f"/procedures/{case.pk}/step/tested/")
    address = next(
        part.split('"')[0] for part in page.split('href="')[1:] if part.startswith("/ballots/open/")
    )
    address = address.replace("&amp;", "&")
    work.sent("li", address, **work.offered("li", address), roll_source="members")
    ballot = Ballot.objects.get()
    assert (ballot.way, ballot.origin) == ("secret", f"procedures.case:{case.pk}:tested")
    at = f"/ballots/{ballot.pk}/"
    work.sent("li", at + "officials/", scrutineers=ids(work, "zhao"), tellers=ids(work, *TELLERS))
    for place, who in enumerate(TELLERS):
        json_of(work, who, at + "teller/key/", key=public_of(teller_key(place)))
    with here(work, "li"):
        work.sent("li", at + "start/")
    return work, case, at


@contextmanager
def here(work, who):
    """A secret vote is started from a page that has cryptography."""
    client = work.client(who)
    before, client.defaults = client.defaults, {**client.defaults, "HTTP_HOST": "localhost"}
    yield
    client.defaults = before


def voted(work, at, marks):
    """Every phone takes a ticket; the box is opened; every paper is cast; both tellers count. The named marks by person."""
    ballot, phones = Ballot.objects.get(), {}
    for who in marks:
        phones[who] = Device(ballot.code, ballot.key_modulus)
        got = json_of(work, who, at + "ticket/", blinded=phones[who].blinded.message.hex())
        phones[who].take(bytes.fromhex(got["signature"]))
    work.sent("li", at + "casting/")
    keys = [teller_key(place).public_key() for place in range(2)]
    for who, device in phones.items():
        paper = device.paper(marks[who], keys, ballot.paper_bytes)
        answer = work.client("li").generic(
            "POST", f"/box/{ballot.code}/", paper, "application/octet-stream", headers={"host": "localhost"}
        )
        assert answer.status_code == 201
    assert box.count(ballot.code) == len(marks)
    work.sent("li", at + "close/")
    for place, who in enumerate(TELLERS):
        sealed = work.client(who).get(at + "teller/papers/").json()["papers"]
        opened = [
            open_paper(base64.b64decode(each), place, teller_key(place), 2, ballot.code) for each in sealed
        ]
        json_of(work, who, at + "tally/", papers=sorted(opened))


def opinions(work, case, best):
    """The committee's opinions: so many excellent, the others qualified, one choice for each person on the form."""
    work.on("2026-12-08")
    address = f"/procedures/{case.pk}/step/opinions_formed/"
    form = work.client("li").get(address).context["form"]
    people = [name for name in form.fields if name.startswith("g_")]
    labels = {name: form.fields[name].label for name in people}
    graded = [name for name in people if labels[name] != work.town.people["chen"].name]
    grades = {name: "excellent" if place < best else "qualified" for place, name in enumerate(graded)}
    return form, {"role": "branch_committee", "n_present": 2, **grades}


def test_a_branch_appraises_its_members_from_the_case_to_the_filed_result(settings):
    work, case, at = begun(settings, 5)
    voters = ["li", "wang", "zhao", *(f"m{number}" for number in range(5))]
    names = Ballot.objects.get().choices.count()
    voted(work, at, {who: "1" * names if place < 5 else "2" * names for place, who in enumerate(voters)})
    # what was counted stands in the step's form, and is entered as it was counted
    work.step("li", case, "tested", DAY)
    vote = case.steps.get(step="tested").vote
    assert (vote["returned"], {tuple(sorted(each.items())) for each in vote["grades"].values()}) == (
        8, {(("basically_qualified", 0), ("excellent", 5), ("qualified", 3), ("unqualified", 0))},
    )  # fmt: skip
    # the committee grades each person; what the phones said stands beside the name
    form, values = opinions(work, case, best=4)
    assert form.fields["g_0"].needed == "测评：优秀 5、合格 3"
    assert not {"v_graded", "v_ungraded", "v_unqualified", "grades"} & set(form.fields)
    work.refused("li", case, "tested", "2026-12-02")
    work.step("li", case, "opinions_formed", "2026-12-08", **values)
    formed = case.steps.get(step="opinions_formed")
    # nine members, the probationary one with them: a third is three, four are cautioned against
    assert formed.cautions == ["too_many_excellent"]
    assert formed.values == {"graded": 8, "ungraded": 1, "unqualified": 0}
    assert sorted(formed.vote["given"].values()) == ["excellent"] * 4 + ["qualified"] * 4
    work.step("sun", case, "reported", "2026-12-10", reply="returned")
    _form, values = opinions(work, case, best=3)
    work.step("li", case, "opinions_formed", "2026-12-11", **values)
    assert case.steps.filter(step="opinions_formed").latest("pk").cautions == []
    work.step("sun", case, "reported", "2026-12-14", reply="filed")
    work.step("li", case, "told_each", "2026-12-20")
    work.step("li", case, "results_used", "2026-12-22", v_opened=0)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.ended) == ("ended", "appraised")
    written = "".join(json.dumps(each.values, ensure_ascii=False) for each in Entry.objects.all())
    assert not [each for each in ("excellent", "优秀") if each in written.replace("too_many_excellent", "")]


def test_four_answers_say_nothing_and_the_round_goes_on(settings):
    """No address tells how four people marked; the step is taken with the numbers, and nobody's counts come with it."""
    work, case, at = begun(settings, 1)
    names = Ballot.objects.get().choices.count()
    voted(work, at, dict.fromkeys(("li", "wang", "zhao", "m0"), "1" * names))
    assert json.loads(Ballot.objects.get().vote) == {"withheld": True}
    for address in (
        at,
        at + "screen/",
        at + "sheet/",
        f"/procedures/{case.pk}/step/tested/",
        f"/procedures/{case.pk}/",
    ):
        answer = work.client("li").get(address)
        assert "优秀 4" not in answer.content.decode(errors="replace")
    page = work.page("li", f"/procedures/{case.pk}/step/tested/")
    assert "任何人都看不到结果" in page
    work.step("li", case, "tested", DAY)
    vote = case.steps.get(step="tested").vote
    assert (vote["returned"], vote.get("grades")) == (4, None)
    # nor is what somebody counted by hand kept: the rule is the same for paper
    work.sent("li", f"/procedures/steps/{case.steps.get(step='tested').pk}/reverse/", reason="重新登记")
    lines = "\n".join(f"{work.town.people[who].name} 4 0 0 0" for who in ("li", "wang"))
    work.step("li", case, "tested", DAY, grades=lines, n_all_members=5, n_present=4, n_issued=4, n_returned=4)
    vote = case.steps.filter(step="tested", reversed=0).get().vote
    assert set(map(str, vote["grades"].values())) == {"{}"}
    form, values = opinions(work, case, best=1)
    assert {each.needed for name, each in form.fields.items() if name.startswith("g_")} == {"没有测评票数"}
    work.step("li", case, "opinions_formed", "2026-12-08", **values)
    assert case.steps.get(step="opinions_formed").values["graded"] == 2
