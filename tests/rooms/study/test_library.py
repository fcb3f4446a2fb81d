"""The library: who may not, what is done, what is recorded; and that nobody finds what is not for them."""

import io
import json
import zipfile
from io import StringIO

import pytest
from django.core.management import call_command
from docx import Document

from tests.rooms.study.people import with_study
from tests.typeset import typeset
from zhibu.core.refusal import Refused
from zhibu.record.models import Entry
from zhibu.search.finding import find
from zhibu.search.keeping import keep
from zhibu.study import actions, policies, queries
from zhibu.study.actions.library import read_files
from zhibu.study.models import Material
from zhibu.study.told import Told

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>{{7*7}}"


@pytest.fixture
def who(town):
    """The people of the township with the verbs of study that their posts have."""
    return {name: with_study(actor) for name, actor in town.actors.items()}


@pytest.fixture
def put(town, who, now):
    def put(by, place, title, **more):
        file = more.pop("file", None)
        told = Told(title=title, **{"content": "内容", **more})
        return actions.publish_material(who[by], organisation=place, told=told, now=now, file=file)

    return put


def refused(call):
    with pytest.raises(Refused) as caught:
        call()
    return [each.code for each in caught.value.refusals]


def titles(actor, question):
    rows = queries.seen(actor)
    found, hits = queries.searched(rows, question)
    return sorted("".join(piece.text for piece in hit.title) for hit in hits), found.total


def word(*lines):
    made = Document()
    for line in lines:
        made.add_paragraph(line)
    table = made.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "工序", "验收"
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


class TestKeeping:
    def test_who_may_not(self, town, who, now):
        told = Told(title="资料", content="内容")
        for name in ("chen", "qian", "zhao"):
            assert refused(
                lambda name=name: actions.publish_material(
                    who[name], organisation=town.mining, told=told, now=now
                )
            ) == ["study.no_mandate"]

    def test_published_and_recorded(self, town, put):
        made = put("li", town.mining, "安全规程", tags=["班组", "班组", "  ", "师带徒"], subject="safety")
        assert (made.kind, made.audience, made.published_on.isoformat()) == (
            "article",
            "branch",
            "2026-07-20",
        )
        assert list(made.tags.order_by("id").values_list("word", flat=True)) == ["班组", "师带徒"]
        entry = Entry.objects.get(subject_table="zb_material", subject_id=made.pk)
        assert (entry.act, entry.organisation_id) == ("study.publish_material", town.mining.pk)

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            (Told(title=" ", content="x"), "study.title_needed"),
            (Told(title="空"), "study.material_empty"),
            (Told(title="链接", link="javascript:alert(1)"), "study.no_link"),
            (Told(title="链接", link="https://user@host/"), "study.no_link"),
            (Told(title="链接", link="http://[::1"), "study.no_link"),
        ],
    )
    def test_what_is_no_material(self, town, who, now, told, code):
        assert refused(
            lambda: actions.publish_material(who["li"], organisation=town.mining, told=told, now=now)
        ) == [code]

    def test_two_editors(self, town, who, now, put):
        made = put("li", town.mining, "一稿")
        actions.edit_material(
            who["li"], material=made, told=Told(title="二稿", content="y"), version=1, now=now
        )
        again = lambda: actions.edit_material(
            who["wang"], material=made, told=Told(title="三稿", content="z"), version=1, now=now
        )
        assert refused(again) == ["study.changed_meanwhile"]
        assert (titles(who["li"], "二稿")[0], titles(who["li"], "一稿")[0]) == (["二稿"], [])

    def test_withdrawn_is_gone_for_readers(self, town, who, now, put):
        made = put("li", town.mining, "作废的规程")
        assert refused(lambda: actions.withdraw_material(who["li"], material=made, reason=" ", now=now)) == [
            "study.reason_needed"
        ]
        actions.withdraw_material(who["li"], material=made, reason="已有新版", now=now)
        assert titles(who["chen"], "规程") == ([], 0)
        assert policies.visible_to(who["chen"], Material.objects.all()).count() == 0
        assert policies.visible_to(who["li"], Material.objects.all()).count() == 1


class TestWords:
    def test_the_words_of_a_word_file_are_found(self, town, who, put):
        put(
            "li",
            town.mining,
            "附件",
            kind="document",
            content="",
            file=("规程.docx", word("顶板支护作业", "敲帮问顶")),
        )
        assert [titles(who["chen"], each)[0] for each in ("支护", "问顶", "验收", "规程")] == [
            ["附件"],
            ["附件"],
            ["附件"],
            [],
        ]

    def test_the_words_of_a_pdf_are_found(self, town, who, put):
        paper = typeset("顶板支护作业须先敲帮问顶")
        put("li", town.mining, "矿压简报", kind="document", content="", file=("简报.pdf", paper))
        assert [titles(who["chen"], each)[0] for each in ("支护", "问顶", "简报", "验收")] == [
            ["矿压简报"],
            ["矿压简报"],
            ["矿压简报"],
            [],
        ]

    def test_files_that_came_before_they_were_read_are_read_once(self, town, who, put):
        """As an installation that is upgraded holds them; the nightly command, again, and after another way of reading."""
        made = [
            put("li", town.mining, "矿压简报", kind="document", content="", file=("简报.pdf", typeset("先敲帮问顶"))),
            put("li", town.mining, "规程", kind="document", content="", file=("规程.docx", word("顶板支护作业"))),
            put("li", town.mining, "照片", kind="document", content="", file=("照片.txt", "井口".encode())),
        ]  # fmt: skip
        put("li", town.mining, "没有文件", content="支护")
        for material in made:
            keep(material.text, title=material.title, body="")
        Material.objects.update(read_by=0)
        assert titles(who["chen"], "问顶") == ([], 0)
        told = StringIO()
        call_command("library", "read", "--json", stdout=told)
        assert json.loads(told.getvalue()) == {"read": 3, "changed": 3}
        assert [titles(who["chen"], each)[1] for each in ("问顶", "支护", "井口")] == [1, 2, 1]
        assert read_files() == (0, 0)
        assert read_files(everything=True) == (3, 0)
        call_command("library", "read", stdout=told)
        assert told.getvalue().endswith("读了 0 个文件，0 份资料多了能查到的文字\n")

    def test_plain_text_in_either_encoding(self, town, who, put):
        put("li", town.mining, "国标文本", content="", file=("a.txt", "瓦斯检查".encode("gb18030")))
        put("li", town.mining, "统一码文本", content="", file=("b.txt", "瓦斯浓度".encode()))
        assert titles(who["chen"], "瓦斯") == (["国标文本", "统一码文本"], 2)

    @pytest.mark.parametrize("bad", ["macro", "doctype", "bomb", "exe"])
    def test_hostile_files_are_refused_whole(self, town, who, put, bad):
        sound = word("x")
        with zipfile.ZipFile(io.BytesIO(sound)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        if bad == "macro":
            parts["word/vbaProject.bin"] = b"x"
        if bad == "doctype":
            parts["word/document.xml"] = (
                b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d>&a;</d>'
            )
        if bad == "bomb":
            parts["word/document.xml"] = b"<d>" + b" " * 60_000_000
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        content = b"MZ\x00\x00" if bad == "exe" else buffer.getvalue()
        codes = refused(lambda: put("li", town.mining, "坏文件", content="", file=("a.docx", content)))
        assert codes[0].startswith("file.")
        assert Material.objects.count() == 0


class TestRights:
    def test_who_finds_what(self, town, who, put):
        put("sun", town.committee, "镇党委安全文件")
        put("sun", town.committee, "镇党委安全内部", audience="committee")
        put("li", town.mining, "采矿安全学习")
        put("li", town.mining, "采矿安全支委", audience="committee")
        put("li", town.mining, "采矿安全公开", audience="public")
        put("qian", town.depot, "仓储安全学习")
        everyone = ["镇党委安全文件", "采矿安全公开"]
        assert {name: titles(who[name], "安全") for name in ("li", "chen", "zhao", "qian", "sun")} == {
            "li": (sorted([*everyone, "采矿安全学习", "采矿安全支委"]), 4),
            "chen": (sorted([*everyone, "采矿安全学习"]), 3),
            # a group leader belongs to the branch above the group
            "zhao": (sorted([*everyone, "采矿安全学习"]), 3),
            "qian": (sorted([*everyone, "仓储安全学习"]), 3),
            "sun": (sorted([*everyone, "镇党委安全内部", "采矿安全学习", "采矿安全支委", "仓储安全学习"]), 6),
        }

    def test_lists_objects_search_and_tags_agree(self, town, who, put):
        made = [
            put(by, place, f"安全{number}", audience=audience, tags=[f"标签{number}"])
            for number, (by, place, audience) in enumerate(
                [(by, place, a) for by, place in (("sun", town.committee), ("li", town.mining), ("qian", town.depot))
                 for a in ("committee", "branch", "public")]
            )
        ]  # fmt: skip
        for actor in who.values():
            seen = set(queries.seen(actor).values_list("pk", flat=True))
            assert {row["id"] for row in queries.listed(actor)} == seen
            assert set(find(queries.seen(actor), "安全", size=50).keys) == seen
            assert set(queries.tags_used(actor)) == {
                f"标签{n}" for n, each in enumerate(made) if each.pk in seen
            }
            for each in made:
                if each.pk in seen:
                    assert queries.material_for(actor, each.pk).pk == each.pk
                else:
                    with pytest.raises(Exception, match=str(each.pk)):
                        queries.material_for(actor, each.pk)


class TestPages:
    def test_published_searched_and_read(self, town, enter, settings):
        settings.ZHIBU_SECOND_FACTOR = "none"
        li = enter(town.people["li"])
        sent = li.post("/study/library/publish/", {
            "title": f"规程{HOSTILE}", "kind": "article", "subject": "safety", "audience": "branch",
            "content": f"交接班{HOSTILE}必须讲清", "tags": "班组、交接",
        }, follow=True)  # fmt: skip
        assert sent.status_code == 200
        page = li.get("/study/library/?q=交接").content.decode()
        assert "<mark>交接</mark>班" in page
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert li.get("/study/library/?q=没有的").content.decode().count("没有找到") == 1
        assert li.get("/study/library/?subject=safety&tag=班组").content.decode().count("zb-main") >= 1

    def test_a_file_is_handed_out_and_only_to_readers(self, town, who, enter, put, settings):
        settings.ZHIBU_SECOND_FACTOR = "none"
        made = put("li", town.mining, "附件", content="", file=("规程.docx", word("支护")))
        address = f"/study/attachments/{made.attachment_id}/"
        answer = enter(town.people["chen"]).get(address)
        assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
        assert answer["Content-Disposition"].startswith("attachment")
        assert enter(town.people["qian"]).get(address).status_code == 404
        assert enter(town.people["qian"]).get(f"/study/library/{made.pk}/").status_code == 404
        assert enter(town.people["chen"]).get(f"/study/library/{made.pk}/edit/").status_code == 404
