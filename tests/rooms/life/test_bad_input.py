"""Bad input at every door of the room and of study: what a file holds, and what a template says."""

import io
import json
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from tests.rooms.life.test_papers_of_meetings import HOSTILE, text_of_word
from zhibu import rulebook
from zhibu.life import actions
from zhibu.life.models import FiledDocument, Session
from zhibu.life.told import Held, Item
from zhibu.record.models import Attachment, ImportBatch
from zhibu.study.models import Material, StudyRecord

DAY = date(2026, 7, 16)
ENTITY = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d>&a;</d>'


def office(**parts):
    """A sound Word file with parts put in or written anew."""
    sound, made = io.BytesIO(), io.BytesIO()
    Document().save(sound)
    with zipfile.ZipFile(sound) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            kept | {name.replace("__", "/"): value for name, value in parts.items()}
        ).items():
            archive.writestr(name, content)
    return made.getvalue()


HOSTILE_FILES = {
    "macro": office(**{"word__vbaProject.bin": b"x"}),
    "entity": office(**{"word__document.xml": ENTITY}),
    "bomb": office(**{"word__document.xml": b"<d>" + b" " * 60_000_000}),
    "program": b"MZ\x90\x00",
}


@pytest.mark.parametrize("bad", HOSTILE_FILES)
def test_hostile_files_are_refused_at_every_door_and_leave_nothing(town, now, enter, settings, bad):
    settings.ZHIBU_SECOND_FACTOR = "none"
    session = actions.record(
        town.li, organisation=town.mining, kind="general_meeting", held=Held(DAY), now=now
    )
    li = enter(town.people["li"])
    summons = {"planned_on": "2026-07-30", "starts_at": "16:00", "place": "", "title": "", "then": "now"}
    doors = {
        f"/life/{session.pk}/attach/": {},
        "/life/documents/file/": {"kind": "year_plan", "title": "计划", "covers_on": "2026-01"},
        "/life/plan/?kind=general_meeting": summons,
        "/study/library/publish/": {
            "title": "资料", "kind": "document", "subject": "other", "audience": "branch", "minutes": 10,
        },
        "/study/import/": {},
    }  # fmt: skip
    for path, data in doors.items():
        for name in ("材料.docx", "结果.csv"):
            answer = li.post(path, data | {"file": SimpleUploadedFile(name, HOSTILE_FILES[bad])})
            # 302: back to the page with a word, as for a name nobody asked for; what counts is what was kept
            assert answer.status_code in {200, 302, 409}, (path, name)
    left = [rows.objects.count() for rows in (Attachment, FiledDocument, Material, StudyRecord, ImportBatch)]
    assert (left, Session.objects.count()) == ([0] * 5, 1)


KIND = """
kinds:
  probe:
    title: {zh: 试验会, en: Probe}
    expects: members
    level: local
    sources: [{document: group-opinion, article: "3"}]
    agenda:
      - {title: {zh: %s, en: Item}}
    minutes: {zh: %s, en: Minutes}
"""


def test_a_template_with_hostile_text_stays_text(town, now, enter, settings, tmp_path, monkeypatch):
    """A kind an overlay brings: its template is offered, written and printed as the words it is."""
    hostile = HOSTILE.split("\x01")[0].strip()
    (tmp_path / "overlay.yaml").write_text("layer: local\ntitle: {zh: 本地, en: Local}\n", "utf-8")
    told = json.dumps(f"会议记录 {hostile}", ensure_ascii=False)
    title = json.dumps("议题 <b>{{ 7*7 }}</b>", ensure_ascii=False)
    (tmp_path / "session_kinds.yaml").write_text(KIND % (title, told), "utf-8")
    monkeypatch.setenv(rulebook.OVERLAYS_VARIABLE, str(tmp_path))
    assert list(rulebook.check((tmp_path,)).problems) == []
    held = Held(DAY, agenda=[Item("议题 <b>{{ 7*7 }}</b>")])
    session = actions.record(town.li, organisation=town.mining, kind="probe", held=held, now=now, close=False)
    settings.ZHIBU_SECOND_FACTOR = "none"
    li = enter(town.people["li"])
    page = li.get(f"/life/{session.pk}/minutes/")
    template = page.context["form"]["minutes"].value()
    assert template == f"会议记录 {hostile}"
    body = page.content.decode()
    assert (hostile in body, "<b>{{ 7*7 }}</b>" in body, "<b>49" in body) == (False, False, False)
    session = actions.edit_minutes(
        town.li, session=session, version=session.version, title="试验会", place="", minutes=f"{template}\n一",
        agenda=held.agenda, now=now,
    )  # fmt: skip
    actions.close_minutes(town.li, session=session, now=now)
    lines, _cells = text_of_word(li.get(f"/life/{session.pk}/minutes.docx").content)
    assert [line for line in lines if "会议记录 " in line and hostile[:20] in line]
    assert [line for line in lines if "议题 <b>{{ 7*7 }}</b>" in line]
