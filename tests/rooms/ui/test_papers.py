"""Official documents of cases: every shipped template is laid out, what is known is filled in, the rest is a line."""

import io
from datetime import date

import docx
import pytest

from zhibu import rulebook
from zhibu.core.norms.papers import PLACES, Signer
from zhibu.ui.papers import BLANK, LABELS, PaperValues, lay_out

PAPERS = rulebook.load(()).papers
KNOWN = {name: f"〔{name}〕" for name in PLACES}
FULL = PaperValues(
    places=KNOWN,
    fields=[("学时", "24"), ("地点", "")],
    people=[["赵一", "正式党员", ""]],
    people_head=["姓名", "身份", "备注"],
    vote=["应到 23，实到 18：达到法定人数（应多于 11）"],
    history=[["派人谈话", "2026-03-01", "办结", "第7条"]],
    papers=["入党申请书", "谈话记录"],
    signed_on=date(2026, 3, 1),
    signers={Signer.BRANCH: "第一党支部", Signer.SUPERIOR: "机电公司党委"},
)


def words(content):
    """Everything written in a document, tables included."""
    paper = docx.Document(io.BytesIO(content))
    lines = [each.text for each in paper.paragraphs]
    return lines + [cell.text for table in paper.tables for row in table.rows for cell in row.cells]


def test_every_place_has_a_label():
    assert set(LABELS) == PLACES


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_a_template_is_filled_in_and_leaves_no_place_open(name):
    told = "\n".join(words(lay_out(PAPERS[name], FULL)))
    assert not [place for place in PLACES if "{" + place + "}" in told]
    assert "〔paper〕" in told
    if PAPERS[name].sign is Signer.SUPERIOR:
        assert "机电公司党委" in told
    if PAPERS[name].sign is Signer.BRANCH:
        assert "第一党支部" in told


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_what_is_not_known_is_left_to_the_pen(name):
    told = "\n".join(words(lay_out(PAPERS[name], PaperValues(places={"paper": "某纸"}))))
    assert told.startswith("某纸")
    assert BLANK in told
    assert "None" not in told


def test_the_whole_of_a_resolution():
    places = {
        "paper": "接收预备党员的决议", "procedure": "发展党员", "subject": "陈新", "branch": "第一党支部", "day": "2026年8月1日",
        "expected": "23", "present": "18", "in_favour": "17", "against": "1", "abstain": "0", "outcome": "通过",
        "article": "发展党员工作细则第二十条", "note": "",
    }  # fmt: skip
    values = PaperValues(
        places=places, vote=["赞成 17，应多于 11：通过"], signers={Signer.BRANCH: "第一党支部"}
    )
    assert [line for line in words(lay_out(PAPERS["resolution"], values)) if line] == [
        "接收预备党员的决议",
        "2026年8月1日，第一党支部召开会议，讨论陈新“发展党员”事项。",
        "应到会有表决权人数23人，实到会有表决权人数18人；赞成17人，反对1人，弃权0人。",
        "赞成 17，应多于 11：通过",
        "会议决定：通过。",
        "依据：发展党员工作细则第二十条。",
        "党支部书记签名：＿＿＿＿＿＿",
        "第一党支部",
    ]


def test_hostile_text_stays_text():
    told = words(lay_out(PAPERS["step-record"], PaperValues(places={"paper": "<w:p>{subject}\x00=1+1"})))
    assert told[0] == "<w:p>{subject}=1+1"
