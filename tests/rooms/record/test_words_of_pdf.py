"""Words of a PDF somebody sent: read in a child with limits, whatever the file may be."""

import zlib
from resource import RUSAGE_CHILDREN, getrusage

import pytest

from tests.typeset import typeset
from zhibu.record.files import inspect, words


def made(*objects):
    """A PDF of bare objects and the table of where they lie."""
    content, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = len(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, len(content),
    )  # fmt: skip


def stream(content):
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PLAIN = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> /Font << /F 6 0 R >> >> >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
LOOP = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> /Length 5 >>\nstream\n/X Do\nendstream"
HOSTILE = {
    "garbage": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF",
    "a tree of pages in itself": lambda: made(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"),
    "a billion pages": lambda: made(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R] /Count 1000000000 >>"),
    "a stream that unpacks to 100 MB": lambda: one(bytes(100 * 2**20)),
    "a form within itself": lambda: one(b"/X Do"),
    "two million operators": lambda: one(b"q Q " * 1_000_000),
}


def one(content):
    """A single page that does this."""
    return made(CATALOGUE, ONE_PAGE, PLAIN, stream(content), LOOP, FONT)


def test_words_of_every_page_across_the_ends_of_lines():
    found = words.words_of(
        typeset(
            "顶板支护作业规程：先检查后作业，先支护后开采，严禁空顶作业。\n#pagebreak()\n瓦斯 WS-12 检查"
        ),
        "pdf",
        500,
    )
    assert found == "顶板支护作业规程：先检查后作业，先支护后开采，严禁空顶作业。瓦斯 WS-12 检查"
    assert words.words_of(typeset("顶板支护"), "pdf", 2) == "顶板"


def test_pages_beyond_the_limit_are_not_read(monkeypatch):
    monkeypatch.setattr(words, "PDF_PAGES", 1)
    assert words.words_of(typeset("甲\n#pagebreak()\n乙"), "pdf", 50) == "甲"


def test_the_files_below_are_read_but_for_what_is_wrong_with_them():
    assert words.words_of(one(b"BT /F 1 Tf 1 0 0 1 1 1 Tm (abc) Tj ET"), "pdf", 50) == "abc"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_has_no_words_and_ends_soon(name, monkeypatch):
    monkeypatch.setattr(words, "PDF_SECONDS", 2)
    content = HOSTILE[name]()
    inspect(content, {"pdf"})
    began = spent()
    assert words.words_of(content, "pdf", 500) == ""
    assert spent() - began < words.PDF_SECONDS + 1


def spent():
    """Seconds of the processor that children took: on the clock a busy machine takes longer."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
