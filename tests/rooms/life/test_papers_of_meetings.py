"""Minutes, attendance sheet and book as Word and PDF: what stands in them, who gets them, hostile text stays text."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from datetime import date, time, timedelta

import docx
import pytest

from zhibu.core.calendar import Quarter
from zhibu.core.refusal import Refused
from zhibu.life import actions, queries, sheets
from zhibu.life.told import Held, Item, Missing
from zhibu.record.models import Entry
from zhibu.ui.document import Document
from zhibu.ui.typeset import Typeset

DAY = date(2026, 7, 16)
HOSTILE = (
    '#eval("1") #read("/etc/passwd") #include "x.typ" #image("/etc/passwd") $x^2$ *b* _i_ `c` <l> @r // c /* d */ \\ '
    '{{ 7*7 }} {% now "Y" %} ${7*7} </w:t><w:br/> &lt; <!ENTITY x SYSTEM "file:///etc/passwd"> [link](http://x) \x01\x07'
)
PRINTED = re.sub(r"[\x00-\x08]", "", HOSTILE)


def recorded(town, now, kind="general_meeting", **held):
    people = town.people
    told = {
        "held_on": DAY, "starts_at": time(16), "place": "二楼", "title": "半年工作会", "chair": people["li"].pk,
        "minute_taker": people["wang"].pk, "minutes": "一、讨论\n李书记讲话。\n（一）意见\n同意。",
        "agenda": [Item("工作报告", "committee_report", "同意报告")],
        "missing": [Missing(people["zhao"].pk, "excused", "出差")], "details": {"committee_report.opinions": "甲\n乙"},
    }  # fmt: skip
    return actions.record(
        town.li, organisation=town.mining, kind=kind, now=now, held=Held(**(told | held)), close=False
    )


def text_of_word(content):
    word = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return [each.text for each in word.paragraphs if each.text.strip()], cells


def text_of_pdf(content, tmp_path, *options):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    (tmp_path / "p.pdf").write_bytes(content)
    told = ["pdftotext", *options, str(tmp_path / "p.pdf"), "-"]
    return subprocess.run(told, check=True, capture_output=True, text=True).stdout


def made(kind):
    return Typeset(made=DAY) if kind == "pdf" else Document()


def test_the_minutes_line_by_line(town, now):
    session = recorded(town, now)
    actions.decide(town.li, session=session, position=1, yes=2, no=0, abstain=0, now=now)
    actions.note_remark(
        town.li, session=session, person=town.people["wang"].pk, text="同意", item="工作报告", now=now
    )
    actions.note_remark(town.li, session=session, speaker="技术员", text="补充一点", now=now)
    sheet = Document()
    sheets.put_minutes(sheet, queries.paper_of(session))
    assert text_of_word(sheet.bytes())[0] == [
        "采矿党支部党员大会记录",
        "时间：2026年7月16日 16:00",
        "地点：二楼",
        "主题：半年工作会",
        "主持人：李书记",
        "记录人：王副书记",
        "到会：应到 4 人，实到 3 人，请假 1 人",
        "法定人数：应到 4，有表决权 3，实到 3（有表决权 2）：达到法定人数（≥ 2）",
        "未到会：赵党员（出差）",
        "一、工作报告",
        "王副书记：同意",
        "表决：应到有表决权 3，实到 2；赞成 2，不赞成 0，弃权 0：通过（≥ 2）",
        "决议：同意报告",
        "二、党员提出的意见",
        "1. 甲",
        "2. 乙",
        "三、发言",
        "技术员：补充一点",
        "四、会议记录",
        "一、讨论",
        "李书记讲话。",
        "（一）意见",
        "同意。",
        "主持人（签字）：　　　　　　　记录人（签字）：",
        "（本记录尚未归档）",
    ]


def test_the_same_words_in_the_pdf(town, now, tmp_path):
    session = recorded(town, now)
    both = {}
    for kind in ("docx", "pdf"):
        sheet = made(kind)
        sheets.put_minutes(sheet, queries.paper_of(session))
        both[kind] = sheet.bytes()
    word = "".join(text_of_word(both["docx"])[0])
    pdf = text_of_pdf(both["pdf"], tmp_path)
    told = [re.sub(r"\s|—\d—", "", each).partition("主持人（签字）")[0] for each in (pdf, word)]
    assert told[0] == told[1]


def test_the_attendance_sheet(town, now):
    sheet = Document()
    sheets.put_attendance(sheet, queries.paper_of(recorded(town, now)))
    lines, cells = text_of_word(sheet.bytes())
    assert lines[0] == "采矿党支部党员大会签到表"
    assert [cells[at : at + 4] for at in range(5, len(cells), 5)] == [
        ["1", "陈预备", "预备党员", "实到"], ["2", "李书记", "正式党员", "实到"],
        ["3", "王副书记", "正式党员", "实到"], ["4", "赵党员", "正式党员", "请假（出差）"],
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_hostile_text_stays_text(town, now, tmp_path, kind):
    session = recorded(
        town, now, title=HOSTILE[:120], minutes=HOSTILE, agenda=[Item(HOSTILE[:160], "committee_report", HOSTILE)],
        details={"committee_report.report": HOSTILE}, missing=[Missing(town.people["zhao"].pk, "excused", "#v(1cm)")],
    )  # fmt: skip
    session.place = "#pagebreak()"
    session.save()
    sheet = made(kind)
    paper = queries.paper_of(session)
    sheets.put_minutes(sheet, paper)
    sheets.put_attendance(sheet, paper)
    content = sheet.bytes()
    if kind == "docx":
        lines, cells = text_of_word(content)
        told = "\n".join([*lines, *cells])
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        assert [name for name in names if "vba" in name.lower() or "embed" in name.lower()] == []
    else:
        told = text_of_pdf(content, tmp_path)
    squeezed = re.sub(r"\s|—\d—", "", told)
    assert squeezed.count(re.sub(r"\s", "", PRINTED)) == 3
    assert "地点：#pagebreak()" in squeezed
    assert "请假（#v(1cm)）" in squeezed


class TestBook:
    def test_only_by_who_may_and_recorded(self, town, now):
        quarter = Quarter.of(DAY)
        for other in (town.chen, town.qian, town.sun):
            with pytest.raises(Refused) as refused:
                actions.export_book(
                    other, organisation=town.mining, quarter=quarter, sheet=Document(), form="docx", now=now
                )
            assert refused.value.codes == ("life.no_mandate",)
        assert Entry.objects.filter(act="life.export_book").count() == 0

    @pytest.mark.parametrize("kind", ["docx", "pdf"])
    def test_the_closed_meetings_of_the_quarter_in_order(self, town, now, tmp_path, kind):
        for days, close in ((3, True), (10, True), (1, False), (40, True)):
            session = recorded(
                town, now, "committee_meeting", held_on=DAY - timedelta(days=days), title=f"会{days}"
            )
            if close:
                actions.close_minutes(town.li, session=session, now=now)
        sheet = made(kind)
        count = actions.export_book(
            town.li, organisation=town.mining, quarter=Quarter.of(DAY), sheet=sheet, form=kind, now=now
        )
        content = sheet.bytes()
        told = "\n".join(text_of_word(content)[0]) if kind == "docx" else text_of_pdf(content, tmp_path)
        assert count == 2
        assert re.findall(r"主题：(会\d+)", told.replace(" ", "")) == ["会10", "会3"]
        entry = Entry.objects.get(act="life.export_book")
        assert json.loads(entry.values) == {"form": kind, "meetings": 2, "quarter": "2026Q3"}


class TestPages:
    @pytest.mark.parametrize(("path", "kind"), [
        ("minutes.docx", "vnd.openxmlformats-officedocument.wordprocessingml.document"), ("minutes.pdf", "pdf"),
        ("attendance.docx", "vnd.openxmlformats-officedocument.wordprocessingml.document"), ("attendance.pdf", "pdf"),
    ])  # fmt: skip
    def test_a_member_may_take_what_a_member_may_see(self, town, enter, now, path, kind):
        session = recorded(town, now)
        assert enter(town.people["qian"]).get(f"/life/{session.pk}/{path}").status_code == 404
        found = enter(town.people["chen"]).get(f"/life/{session.pk}/{path}")
        assert (found.status_code, found["Content-Type"]) == (200, f"application/{kind}")
        assert found["Content-Disposition"].startswith("attachment")

    def test_no_other_form(self, town, enter, now):
        session = recorded(town, now)
        assert enter(town.people["li"]).get(f"/life/{session.pk}/minutes.html").status_code == 404

    def test_the_book_is_not_for_everyone(self, town, enter, now):
        recorded(town, now)
        assert enter(town.people["chen"]).get("/life/book/").status_code == 404
        client = enter(town.people["li"])
        assert client.get("/life/book/").status_code == 200
        found = client.post("/life/book/", {"quarter": "2026Q3", "form": "pdf"})
        assert (found["Content-Type"], found.content[:5]) == ("application/pdf", b"%PDF-")
