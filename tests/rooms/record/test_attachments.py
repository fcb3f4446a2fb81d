"""Attachments: kept under their digest, recorded, and handed out as they were given."""

from datetime import UTC, datetime

import pytest

from tests.rooms.record.test_files import PDF, png
from zhibu import record
from zhibu.core.authority import Actor
from zhibu.core.refusal import Refused
from zhibu.record.attachments import content_of_attachment, place_of, tidy_name
from zhibu.record.models import Attachment, Entry
from zhibu.register.models import Organisation, Person

NOW = datetime(2026, 7, 3, 8, 30, tzinfo=UTC)
LI = Actor(7, 70, "李书记", ())


@pytest.fixture
def given(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    branch = Organisation.objects.create(code="B1", name="采矿一队党支部", kind="branch", path="0001")
    return {
        "subject": Person.objects.create(name="赵"),
        "organisation": branch,
        "read_verb": "life.view",
        "now": NOW,
    }


def test_a_hostile_file_leaves_nothing_behind(given, tmp_path):
    with pytest.raises(Refused):
        record.attach(LI, name="x.pdf", content=b"MZ", **given)
    assert (Attachment.objects.count(), Entry.objects.count(), list(tmp_path.iterdir())) == (0, 0, [])


def test_a_file_is_kept_recorded_and_given_back(given):
    made = record.attach(LI, name="../照片 1.PNG", content=png(), **given)
    assert (made.name, made.kind, made.size, made.read_verb) == ("照片 1.png", "png", len(png()), "life.view")
    assert content_of_attachment(made) == png()
    entry = Entry.objects.get()
    assert (entry.act, entry.subject_table, entry.organisation_id) == (
        "record.attach",
        "zb_person",
        given["organisation"].pk,
    )
    again = record.attach(LI, name="同一张", content=png(), **given)
    assert place_of(again.sha256) == place_of(made.sha256)


def test_an_altered_file_is_not_given_out(given):
    made = record.attach(LI, name="a.pdf", content=PDF, **given)
    place_of(made.sha256).write_bytes(b"something else")
    with pytest.raises(ValueError, match="altered"):
        content_of_attachment(made)


@pytest.mark.parametrize(
    ("name", "kind", "tidy"),
    [
        ("会议记录.docx", "docx", "会议记录.docx"),
        ("a.exe", "pdf", "a.exe.pdf"),
        ("C:\\用户\\照片.JPG", "jpeg", "照片.jpg"),
        ("../../etc/passwd", "pdf", "passwd.pdf"),
        ("x\r\nSet-Cookie: a.pdf", "pdf", "xSet-Cookie: a.pdf"),
        ("", "pdf", "附件.pdf"),
        ("长" * 300, "png", "长" * 196 + ".png"),
    ],
)
def test_names_are_made_safe(name, kind, tidy):
    assert tidy_name(name, kind) == tidy


def test_of_a_photograph_nothing_is_kept_but_the_picture(given):
    from tests.rooms.premises.test_home import PLACE, exif, jpeg, segment

    photograph = jpeg(exif(6), segment(0xFE, b"by Zhang"), tail=PLACE)
    assert (PLACE in photograph, b"by Zhang" in photograph) == (True, True)
    kept = content_of_attachment(record.attach(LI, name="a.jpg", content=photograph, **given))
    assert (PLACE in kept, b"by Zhang" in kept, kept[:2], kept[-2:]) == (
        False,
        False,
        b"\xff\xd8",
        b"\xff\xd9",
    )


@pytest.mark.parametrize("content", [png(width=100_000), png(width=20_000, height=20_000)])
def test_a_picture_that_would_fill_the_memory_is_refused(given, content):
    with pytest.raises(Refused) as refused:
        record.attach(LI, name="a.png", content=content, **given)
    assert (refused.value.codes, Attachment.objects.count()) == (("file.picture_too_large",), 0)
