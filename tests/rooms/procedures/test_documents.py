"""Papers made from a case, and the case file: who may have them, what they say, that the archive proves itself."""

import io
import json
import zipfile
from datetime import date
from hashlib import sha256

import docx
import pytest
from django.http import Http404

from tests.rooms.procedures.conftest import at
from zhibu.core.refusal import Refused
from zhibu.procedures import actions, queries
from zhibu.record.models import Entry

TODAY = date(2026, 6, 20)


@pytest.fixture
def admission(cast, applicant, take):
    """An application, talked about and made an activist."""
    case = actions.open_case(
        cast.li, organisation=cast.mining, procedure="admission", person=applicant.pk,
        opened_on=date(2025, 1, 6), fields={}, now=at(date(2025, 1, 6)),
    )  # fmt: skip
    take(case, "apply", date(2025, 1, 6))
    take(case, "talk", date(2025, 1, 20), values={"talker": str(cast.people["li"].pk)})
    return case


def words(content):
    paper = docx.Document(io.BytesIO(content))
    return "\n".join(each.text for each in paper.paragraphs)


def test_outside_the_branch_there_is_no_paper(cast, admission):
    with pytest.raises(Http404):
        queries.case_for(cast.qian, admission.pk)


def test_a_paper_that_is_not_made_or_not_known_is_not_there(cast, admission):
    case = queries.case_for(cast.li, admission.pk)
    for name in ("application_letter", "nothing", "thought_report"):
        with pytest.raises(Http404):
            queries.document(cast.li, case, name, TODAY)


def test_a_sensitive_paper_is_for_whoever_takes_the_steps(cast, admission):
    case = queries.case_for(cast.wang, admission.pk)
    with pytest.raises(Http404):
        queries.document(cast.wang, case, "political_review_report", TODAY)
    assert queries.document(cast.li, case, "political_review_report", TODAY).content


def test_a_record_says_who_what_and_when(cast, admission):
    case = queries.case_for(cast.li, admission.pk)
    told = words(queries.document(cast.li, case, "talk_record", TODAY).content)
    assert admission.person.name in told
    assert "2025年1月20日" in told
    assert "{" not in told


def test_a_paper_of_a_step_to_come_is_left_to_be_filled_in(cast, admission):
    case = queries.case_for(cast.li, admission.pk)
    told = words(queries.document(cast.li, case, "prospect_request", TODAY).content)
    assert "发展对象人选请示" in told
    assert "＿＿" in told


def test_a_controlled_paper_is_never_made_only_its_data(cast, admission):
    case = queries.case_for(cast.li, admission.pk)
    told = words(queries.document(cast.li, case, "application_form", TODAY).content)
    assert "不是该表" in told
    assert "填写参考" in told


def test_the_case_file_is_not_for_onlookers_and_wants_a_reason(cast, admission):
    case = queries.case_for(cast.wang, admission.pk)
    before = Entry.objects.count()
    for who, reason, code in (
        (cast.wang, "看看", "procedures.no_mandate"),
        (cast.li, "  ", "procedures.reason_missing"),
    ):
        with pytest.raises(Refused) as refused:
            actions.export_case(who, case=case, reason=reason, now=at(TODAY))
        assert code in refused.value.codes
    assert Entry.objects.count() == before


def test_the_case_file_holds_every_paper_and_proves_it(cast, admission):
    actions.attach_paper(
        cast.li,
        case=admission,
        paper="application_letter",
        note="原件存党支部档案柜",
        now=at(date(2025, 1, 7)),
    )
    case = queries.case_for(cast.li, admission.pk)
    made = actions.export_case(cast.li, case=case, reason="移交档案", now=at(TODAY))
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    assert any(name.startswith("02 2025-01-20") and name.endswith(".docx") for name in content)
    assert any("原件存放处" in name for name in content)
    sums = dict(reversed(line.split("  ", 1)) for line in content["SHA256SUMS"].decode().splitlines())
    assert sums == {name: sha256(each).hexdigest() for name, each in content.items() if name != "SHA256SUMS"}
    entry = Entry.objects.order_by("-pk").first()
    assert entry.act == "procedures.export_case"
    assert json.loads(entry.values) == {"reason": "移交档案", "digest": sha256(made.content).hexdigest()}


def test_over_http(cast, admission, enter):
    page = enter(cast.people["li"])
    sheet = page.get(f"/procedures/{admission.pk}/").content.decode()
    assert f"/procedures/{admission.pk}/papers/talk_record/" in sheet
    answer = page.get(f"/procedures/{admission.pk}/papers/talk_record/")
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert page.get(f"/procedures/{admission.pk}/papers/nothing/").status_code == 404
    archive = page.post(f"/procedures/{admission.pk}/export/", {"reason": "移交档案"})
    assert (archive.status_code, archive["Content-Type"]) == (200, "application/zip")
    assert "用途" in page.post(f"/procedures/{admission.pk}/export/", {"reason": ""}).content.decode()
