"""Cases from their first day to their last, over HTTP, on the days they would be entered.

An applicant becomes an archived full member across the change of the rules in May 2026; a committee is renewed from its
reminder to its filing; an innovation project goes from its call to its acceptance; a procedure of one's own is one file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import docx
import pytest
from django.urls import reverse

from tests.journeys.casework import Work, applicant, at_work, candidates, ids, table, vote
from tests.people import person
from zhibu import rulebook
from zhibu.procedures.models import Case
from zhibu.register.models import Membership, Post, Term

pytestmark = pytest.mark.django_db

OVERLAY = Path(__file__).parents[2] / "examples" / "overlay"


@pytest.fixture
def work(db: Any, settings: Any) -> Work:
    return at_work(settings)


@pytest.fixture
def overlay(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation that names the shipped example in its environment."""
    monkeypatch.setenv(rulebook.OVERLAYS_VARIABLE, str(OVERLAY))
    rulebook.forget()
    yield
    monkeypatch.undo()
    rulebook.forget()


@pytest.fixture
def archive(work: Work) -> Callable[[Case], dict[str, bytes]]:
    """The case file, taken over HTTP, every checksum of it compared."""

    def taken(case: Case) -> dict[str, bytes]:
        answer = work.send("li", reverse("procedures:export_case", args=[case.pk]), reason="移交档案")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            content = {name: packed.read(name) for name in packed.namelist()}
        sums = dict(reversed(line.split("  ", 1)) for line in content["SHA256SUMS"].decode().splitlines())
        assert sums == {
            name: sha256(each).hexdigest() for name, each in content.items() if name != "SHA256SUMS"
        }
        return content

    return taken


def words(content: bytes) -> str:
    paper = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in paper.paragraphs), *cells])


# ------------------------------------------------------------------------------------------------- admission
def to_prospect(work: Work, case: Case) -> None:
    """Until the superior's consent: the rules of 2014 on the way, those of 2026 on the day of the consent."""
    li, talker = "li", ids(work, "li")[0]
    work.file(li, case, "application_letter")
    work.step(li, case, "apply", "2025-06-03")
    work.step(li, case, "talk", "2025-06-20", v_talker=talker)
    work.step(li, case, "activist_selected", "2025-07-01", role="branch_committee", v_nominated_by="members")
    work.step("sun", case, "activist_filed", "2025-07-04", reply="filed")
    work.step(li, case, "mentors_named", "2025-07-08", people=ids(work, "m0", "m1"))
    work.step(li, case, "examined", "2026-01-05", v_opinion="表现良好")
    work.step(li, case, "examined", "2026-07-01", v_opinion="表现良好")
    proposed = {"role": "branch_committee", "v_opinions_heard": "on"}
    work.on("2026-06-30")
    assert "2026-07-01" in work.page(li, reverse("procedures:case", args=[case.pk]))
    work.step(li, case, "prospect_proposed", "2026-07-02", **proposed)
    # the consent of 2026 is not the filing of 2014: an answer given in April would still be entered as it was given
    assert work.refused("sun", case, "prospect_consented", "2026-07-06", reply="filed")
    work.step("sun", case, "prospect_consented", "2026-07-06", reply="consented")


def to_meeting(work: Work, case: Case) -> None:
    """From the notice to the ballot of the general meeting."""
    li = "li"
    # before the result is known the sponsors wait
    notice = work.publish(li, case, "prospect_publicised", "2026-07-07")
    assert "发展对象公示" in work.refused(
        li, case, "sponsors_named", "2026-07-08", people=ids(work, "m0", "m1")
    )
    assert "公示" in work.refused(li, case, "prospect_publicised", "2026-07-13", v_at_unit="on")
    work.result(li, notice, "2026-07-14")
    work.step(li, case, "prospect_publicised", "2026-07-14", v_at_unit="on")
    work.step(li, case, "sponsors_named", "2026-07-15", people=ids(work, "m0", "m1"))
    work.step(li, case, "politically_reviewed", "2026-07-20", role="branch", v_method="talk")
    work.step("sun", case, "jointly_reviewed", "2026-07-24", role="superior")
    work.step("sun", case, "trained", "2026-07-29", role="superior", v_days=3)
    work.step(li, case, "committee_reviewed", "2026-08-03", role="branch_committee")
    work.step("sun", case, "pre_reviewed", "2026-08-06", reply="pre_reviewed")
    work.step(li, case, "form_completed", "2026-08-10")
    told = {"v_performance": "表现突出", "v_signed_by": ids(work, "li")[0]}
    # exactly half of twelve is not more than half: the counts decide, whoever enters them
    work.step(li, case, "admitted_by_meeting", "2026-08-18", **told, **vote(12, 6, 6))
    assert case.steps.latest("pk").outcome == "void"
    work.step(li, case, "admitted_by_meeting", "2026-08-20", **told, **vote(12, 11, 10, no=1))


def to_oath(work: Work, case: Case) -> None:
    """Approval above, and what follows it."""
    li, talker = "li", ids(work, "qian")[0]
    work.step(li, case, "admission_submitted", "2026-08-21")
    # whom the superior sends to talk is one of its own
    work.step("sun", case, "committee_talk", "2026-09-01", role="approving", v_talker=talker)
    work.step("sun", case, "admission_approved", "2026-09-10", reply="approved", **vote(9, 8, 8))
    work.step(li, case, "admission_announced", "2026-09-12")
    work.step("sun", case, "admission_filed", "2026-09-15", reply="filed")
    work.step(li, case, "assigned", "2026-09-15")
    work.step(li, case, "oath", "2026-10-01", role="branch")


def to_archive(work: Work, case: Case) -> None:
    """Probation, conversion, archive."""
    li = "li"
    work.step(li, case, "probation_examined", "2027-02-20", v_opinion="认真履行义务")
    work.step(li, case, "conversion_applied", "2027-07-26")
    work.step(li, case, "conversion_reviewed", "2027-08-10", role="branch_committee", v_opinions_heard="on")
    # the probation runs from the meeting, not from the approval; a day before it is over is too early
    early = work.refused(li, case, "converted_by_meeting", "2027-08-19", **vote(12, 11, 11))
    assert "2027-08-20" in early
    work.step(li, case, "converted_by_meeting", "2027-08-25", **vote(12, 11, 11))
    work.step(li, case, "conversion_submitted", "2027-08-26")
    work.step("sun", case, "conversion_approved", "2027-09-10", reply="approved", **vote(9, 9, 9))
    work.step(li, case, "conversion_announced", "2027-09-13")
    work.file(
        li, case, "application_form", "activist_register", "probation_register", "political_review_report"
    )
    work.step("sun", case, "archived", "2027-09-20", role="superior")


def test_from_the_application_to_the_archive(work: Work, archive: Any) -> None:
    who = applicant(work, "孙申请", date(2025, 6, 3))
    case = work.open("li", "admission", "2025-06-03", person=who.pk)
    to_prospect(work, case)
    to_meeting(work, case)
    to_oath(work, case)
    to_archive(work, case)
    case.refresh_from_db()
    assert (case.state, case.ended_on) == ("ended", date(2027, 9, 20))
    who.refresh_from_db()
    spells = Membership.objects.filter(person=who).order_by("since").values_list("stage", "since")
    assert list(spells) == [
        ("applicant", date(2025, 6, 3)), ("activist", date(2025, 7, 1)), ("prospect", date(2026, 7, 14)),
        ("probationary_member", date(2026, 8, 20)), ("full_member", date(2027, 8, 20)),
    ]  # fmt: skip
    assert (who.joined_on, who.full_since) == (date(2026, 8, 20), date(2027, 8, 20))
    cautioned = [row for row in case.steps.values_list("taken_on", "cautions") if row[1]]
    assert cautioned == [(date(2026, 8, 18), ["no_quorum"])]
    content = archive(case)
    told = {name: words(each) for name, each in content.items() if name.endswith(".docx")}
    assert [name for name in content if name.endswith(".pdf")]
    assert any("接收预备党员的大会决议" in name and "2026年8月20日" in text for name, text in told.items())
    assert not [name for name in told if "入党志愿书" in name and "填写参考" not in name]
    assert "已了结" in work.page("li", reverse("procedures:case", args=[case.pk]))


# --------------------------------------------------------------------------------------------------- renewal
@pytest.fixture
def expiring(work: Work) -> Term:
    return term_of(work)


def term_of(work: Work) -> Term:
    """A term of three years that ends on 2026-11-30."""
    return Term.objects.create(
        organisation=work.town.mining, elected_on=date(2023, 11, 30), expires_on=date(2026, 11, 30),
        valid_until=date(2026, 11, 30), seats=3, known_at=1,
    )  # fmt: skip


def test_a_renewal_from_its_reminder_to_its_approval(work: Work, expiring: Term) -> None:
    openings = reverse("procedures:openings")
    work.on("2026-05-29")
    assert "应着手换届" not in work.page("li", openings)
    work.on("2026-06-01")
    assert "应着手换届" in work.page("li", openings)
    renewed(work, work.open("li", "renewal", "2026-06-01", v_committee="on", v_seats=3))


def renewed(work: Work, case: Case) -> None:
    """From the superior's reminder to the archive; the register has the new committee."""
    li = "li"
    work.step("sun", case, "reminded", "2026-06-02", role="superior")
    work.step(li, case, "requested", "2026-09-01", role="branch")
    work.step("sun", case, "replied", "2026-09-05", reply="consented")
    three = work.refused(
        li,
        case,
        "candidates_proposed",
        "2026-09-10",
        role="branch_committee",
        people=ids(work, "li", "wang", "zhao"),
    )
    assert "20" in three
    four = ids(work, "li", "wang", "m0", "m1")
    work.step(li, case, "candidates_proposed", "2026-09-10", role="branch_committee", people=four)
    work.step("sun", case, "candidates_reviewed", "2026-09-15", reply="consented")
    work.file(li, case, "work_report", "method", "ballot_paper")
    work.step(li, case, "work_reported", "2026-10-10")
    work.step(li, case, "voters_counted", "2026-10-10", role="branch", v_voters=12, v_excluded=0)
    # a candidate does not watch the count
    assert work.refused(li, case, "scrutineers_agreed", "2026-10-10", people=ids(work, "m0"))
    work.step(li, case, "scrutineers_agreed", "2026-10-10", people=ids(work, "m3"))
    work.step(li, case, "tellers_appointed", "2026-10-10", role="branch_committee", people=ids(work, "m4"))
    counts = {"n_expected": 12, "n_present": 11, "n_issued": 11, "n_returned": 11, "n_seats": 3}
    lines = candidates(work, [("li", 11, 0), ("wang", 9, 2), ("m0", 8, 3), ("m1", 5, 6)])
    work.step(li, case, "election", "2026-10-10", candidates=lines, **counts)
    work.step(li, case, "elected", "2026-10-10", people=ids(work, "li", "wang", "m0"))
    work.step(
        li, case, "first_session", "2026-10-10", people=ids(work, "wang"), n_expected=3, n_present=3, n_issued=3,
        n_returned=3, n_seats=1, candidates=candidates(work, [("wang", 3, 0)]),
    )  # fmt: skip
    work.step(li, case, "result_reported", "2026-10-12")
    work.step("sun", case, "members_filed", "2026-10-20", reply="filed")
    work.step("sun", case, "secretary_approved", "2026-10-20", reply="approved")
    held = Post.objects.filter(organisation=work.town.mining, until=None, in_committee=1)
    assert sorted(held.values_list("person__name", "kind", "since")) == sorted(
        (name, kind, date(2026, 10, 10)) for name, kind in (
            ("李书记", "committee_member"), ("矿工00", "committee_member"), ("王副书记", "committee_member"),
            ("王副书记", "secretary"),
        )
    )  # fmt: skip
    former = Post.objects.get(person=work.town.people["li"], kind="secretary")
    assert former.until == date(2026, 10, 10)
    work.step("wang", case, "term_recorded", "2026-10-21", role="branch", v_years=3)
    work.step("wang", case, "duties_divided", "2026-10-21", **vote(3, 3, 3))
    work.step("wang", case, "archived", "2026-10-22")
    term = Term.objects.filter(organisation=work.town.mining, ended_on=None).get()
    assert (term.elected_on, term.valid_until, term.seats) == (date(2026, 10, 10), date(2029, 10, 10), 3)
    case.refresh_from_db()
    assert (case.state, case.ended) == ("ended", "filed")


# ---------------------------------------------------------------------------------------- innovation project
def call(work: Work) -> Case:
    """The committee's call: planned and issued."""
    case = work.open("sun", "innovation_call", "2026-07-01", title="创新立项", v_title="创新立项")
    assert case.organisation == work.town.committee
    days = {"v_proposals_from": "2026-07-10", "v_proposals_until": "2026-09-10", "v_midterm_on": "2026-12-15"}
    work.step("sun", case, "planned", "2026-07-01", v_budget="5000.00", v_final_on="2027-06-10", **days)
    work.step("sun", case, "issued", "2026-07-02")
    return case


def scored(work: Work, case: Case) -> None:
    """Three reviewers score, one of them first says that he has an interest."""
    names = ("qian", "dong", "xue")
    barred = work.refused(
        "sun",
        case,
        "scored",
        "2026-09-21",
        v_reviewer=ids(work, "dong")[0],
        v_related="on",
        v_points=95,
        v_reason="很好",
    )
    assert "应当回避" in barred
    for name, points in zip(names, (90, 84, 78), strict=True):
        work.step(
            "sun",
            case,
            "scored",
            "2026-09-21",
            v_reviewer=ids(work, name)[0],
            v_points=points,
            v_reason="选题实",
        )


def test_an_innovation_project_from_the_call_to_its_acceptance(work: Work, archive: Any) -> None:
    round_of_2026, li = call(work), "li"
    # the calendar of the call above is filled in: no branch types it again
    work.on("2026-07-15")
    offered = work.offered(li, reverse("procedures:open_case", args=["innovation_project"]))
    assert [str(offered[f"v_{name}"]) for name in ("proposals_until", "final_on")] == [
        "2026-09-10",
        "2027-06-10",
    ]
    case = accepted(work)
    assert (case.state, case.ended, round_of_2026.state) == ("ended", "shared", "running")
    assert archive(case)
    # scores with their reasons, and the ledger of spending, leave as tables; talks with people do not
    assert [row[3:7] for row in table(work, "sun", "innovation_project", "scored")] == [
        (work.town.people[name].name, "否", points, "选题实")
        for name, points in (("qian", 90), ("dong", 84), ("xue", 78))
    ]
    spent = [("资料费", 600, "P-1", "购书"), ("活动费", 800, "P-2", "场地")]
    assert [row[3:7] for row in table(work, "li", "innovation_project", "spent")] == spent
    assert table(work, "qian", "innovation_project", "scored") == []
    for name, step in (("innovation_project", "decided"), ("admission", "talked"), ("nothing", "scored")):
        assert work.client("sun").get(f"/procedures/rules/{name}/{step}.xlsx").status_code == 404


def accepted(work: Work) -> Case:
    """A project from its opening until it is accepted and shared."""
    li = "li"
    calendar = {
        "v_proposals_from": "2026-07-10", "v_proposals_until": "2026-09-10", "v_midterm_on": "2026-12-15",
        "v_final_on": "2027-06-10",
    }  # fmt: skip
    case = work.open(
        li, "innovation_project", "2026-07-15", title="党员责任区", v_title="党员责任区", **calendar
    )
    work.step(li, case, "topic_chosen", "2026-07-20", **vote(12, 11, 11))
    for line, yuan in (("materials", "600.00"), ("activities", "900.00")):
        work.step(li, case, "budgeted", "2026-07-21", v_line=line, v_amount=yuan, v_basis="按上年价格")
    team = {"people": ids(work, "m0", "m1"), "v_summary": "划分责任区"}
    assert "预算" in work.refused(li, case, "proposed", "2026-09-01", v_asked="1500.01", **team)
    assert "2026-09-10" in work.refused(li, case, "proposed", "2026-09-11", v_asked="1500.00", **team)
    work.step(li, case, "proposed", "2026-09-10", v_asked="1500.00", **team)
    # a superior names reviewers from all its branches: the committee of Depot
    for name, called in (("dong", "董评审"), ("xue", "薛评审")):
        who = work.town.people[name] = person(called, name, work.town.depot)
        seat = {"organisation": work.town.depot, "kind": "committee_member", "in_committee": 1}
        Post.objects.create(person=who, since=date(2020, 1, 1), known_at=1, **seat)
    work.step("sun", case, "reviewers_named", "2026-09-14", people=ids(work, "qian", "dong", "xue"))
    work.file(li, case, "proposal", "slides")
    work.step(li, case, "presented", "2026-09-20", role="branch")
    scored(work, case)
    much = work.refused(
        "sun", case, "decided", "2026-09-25", reply="approved", v_level="key", v_granted="2000.01"
    )
    assert "2,000.00" in much or "2000" in much
    work.step("sun", case, "decided", "2026-09-25", reply="approved", v_level="key", v_granted="1400.00")
    notice = work.publish("sun", case, "published", "2026-09-28")
    work.result("sun", notice, "2026-10-15")
    work.step("sun", case, "published", "2026-10-15")
    spent = {"v_line": "materials", "v_purpose": "购书"}
    work.step(li, case, "spent", "2026-11-01", v_amount="600.00", v_voucher="P-1", **spent)
    over = work.refused(li, case, "spent", "2026-11-02", v_amount="800.01", v_voucher="P-2", **spent)
    assert "支出合计超过资助经费" in over
    work.step(
        li,
        case,
        "spent",
        "2026-11-02",
        v_amount="800.00",
        v_voucher="P-2",
        v_line="activities",
        v_purpose="场地",
    )
    work.file(li, case, "midterm_paper", "final_paper")
    work.step("sun", case, "midterm", "2026-12-15", role="superior", outcome="rectify", v_opinion="补充台账")
    assert "中期整改" in work.refused(li, case, "settled", "2026-12-20", v_returned="0")
    work.step(li, case, "rectified", "2027-01-10")
    work.step(li, case, "settled", "2027-05-20", v_returned="0")
    work.step("sun", case, "final_defended", "2027-06-10", role="superior", v_opinion="达到目标")
    work.step("sun", case, "accepted", "2027-06-20", reply="approved", v_grade="excellent")
    work.step("sun", case, "shared", "2027-06-25", role="superior")
    case.refresh_from_db()
    return case


# --------------------------------------------------------------------------------- a procedure of one's own
@pytest.fixture
def tours(work: Work, overlay: None) -> Case:
    """A study tour of the overlay, opened over its page."""
    work.on("2026-08-31")
    assert "现场教学活动审批" in work.page("li", reverse("procedures:openings"))
    assert "现场教学活动审批" in work.page("li", reverse("procedures:procedures"))
    assert "出发日期" in work.page("li", reverse("procedures:open_case", args=["study_tour"]))
    tour = {"title": "红色教育基地", "v_theme": "重走长征路", "v_leaves_on": "2026-09-20"}
    return work.open("li", "study_tour", "2026-08-31", **tour)


def test_a_procedure_of_ones_own_is_one_file(work: Work, tours: Case) -> None:
    li, case = "li", reverse("procedures:case", args=[tours.pk])
    work.step(li, tours, "discussed", "2026-09-01", role="branch_committee", **vote(3, 3, 3))
    # fifteen days ahead, by the file: the workbench says so
    desk = work.page(li, "/")
    assert "红色教育基地：提交申请" in desk
    assert "9月5日前" in desk[desk.find("红色教育基地") - 400 :][:400]
    form = work.page(li, reverse("procedures:take_step", args=[tours.pk, "applied"]))
    assert 'name="v_days"' in form
    assert 'name="v_budget"' in form
    assert "不超过 3 天" in work.refused(li, tours, "applied", "2026-09-02", v_days=4, v_budget="3000.00")
    work.step(li, tours, "applied", "2026-09-02", v_days=2, v_budget="3000.00")
    paper = work.client(li).get(reverse("procedures:document", args=[tours.pk, "application"]))
    assert "重走长征路" in words(paper.content)
    assert "3,000.00" in words(paper.content)
    work.on("2026-09-03")
    assert "红色教育基地" in work.page("sun", reverse("procedures:inbox"))
    work.step("sun", tours, "approved", "2026-09-03", reply="approved")
    notice = work.publish(li, tours, "published", "2026-09-04")
    work.result(li, notice, "2026-09-09")
    work.step(li, tours, "published", "2026-09-09")
    work.step(li, tours, "leaders_named", "2026-09-10", people=ids(work, "wang", "m0"))
    work.step(li, tours, "paid", "2026-09-15", v_amount="2000.00", v_voucher="P-1")
    over = work.refused(li, tours, "paid", "2026-09-16", v_amount="1000.01", v_voucher="P-2")
    assert "支出合计超过预算" in over
    work.step(li, tours, "taught", "2026-09-20", v_place="纪念馆")
    # what falls due stands on the workbench of the branch, from the file alone
    work.on("2026-09-22")
    assert re.search("红色教育基地：[^<]+", work.page(li, "/"))
    work.step(li, tours, "shared", "2026-09-28", role="general_meeting")
    assert "已分享" in work.page(li, case)
    tours.refresh_from_db()
    assert (tours.state, tours.ended) == ("ended", "shared")


def test_without_its_file_nobody_knows_it(work: Work) -> None:
    work.on("2026-08-31")
    assert "现场教学" not in work.page("li", reverse("procedures:openings"))
    assert work.client("li").get(reverse("procedures:open_case", args=["study_tour"])).status_code == 404
