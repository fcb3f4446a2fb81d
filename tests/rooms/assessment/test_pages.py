"""Pages: a fixed number of queries whatever the rows, forms that keep what was typed, files that open clean."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.rooms.assessment.company import NOW, QUARTER, TODAY, company, meeting, place
from zhibu import rulebook
from zhibu.assessment import actions, queries
from zhibu.assessment.models import Result, Review, Run
from zhibu.assessment.queries import evidence
from zhibu.record.models import Entry

CODE = QUARTER.code
MANY = 55


def opened(firm):
    return actions.open_run(
        firm.actor("officer"), organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW
    )[0]


def count(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(found)


QUERIES = {
    "committees/{east}/{code}/": 13,
    "committees/{east}/{code}/heat/": 12,
    "committees/{east}/{code}/overview/": 13,
    "committees/{east}/year/2026/": 8,
    "branches/{e1}/{code}/": 10,
    "branches/{e1}/{code}/S12/": 22,
    "branches/{e1}/{code}/review/": 16,
}


@pytest.mark.parametrize("rows", [1, 3, MANY])
def test_queries_do_not_grow_with_the_rows(db, client, settings, rows):
    """The same literal counts with one, three and fifty-five branches, and as many records of the branch."""
    settings.ZHIBU_TODAY = TODAY.isoformat()
    firm = company(branches=max(rows, 2))
    for number in range(rows):
        meeting(firm.e1, "committee_meeting", QUARTER.first + timedelta(days=number))
    actions.publish(firm.actor("officer"), run=opened(firm), today=TODAY, now=NOW)
    client.force_login(firm.user("officer"), backend="zhibu.accounts.backends.PhoneOrName")
    found = {
        address: count(client, "/assessment/" + address.format(east=firm.east.pk, e1=firm.e1.pk, code=CODE))
        for address in QUERIES
    }
    assert found == QUERIES


def fields_of(body):
    """What a form would send: every input with its value, ticked boxes only."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", body):
        attrs = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attrs.get("type") == "checkbox" and "checked" not in tag:
            continue
        if "name" in attrs and attrs["name"] != "q":
            found.setdefault(attrs["name"], []).append(attrs.get("value", ""))
    return found


def test_reviewing_by_the_page_saves_links_and_goes_to_the_next(firm, run, enter):
    client, address = enter("officer"), f"/assessment/branches/{firm.e1.pk}/{CODE}/review/"
    sent = fields_of(client.get(address).content.decode())
    session = queries.linkable(firm.e1, QUARTER)[0]
    sent |= {
        "S08-spirit-points": ["1.1"],
        "S08-spirit-comment": ["团结"],
        "S08-spirit-evidence": [session.value],
        "next": ["1"],
    }
    answer = client.post(address, sent)
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/assessment/branches/{firm.e2.pk}/{CODE}/review/",
    )
    row = Review.objects.get()
    assert (row.points_micro, row.comment, json.loads(row.evidence)) == (
        1_100_000,
        "团结",
        [list(session.link)],
    )
    assert client.post(address, sent)["Location"] == answer["Location"], "sent twice, done once"
    assert Entry.objects.filter(act="assessment.review").count() == 1
    body = client.get(address).content.decode()
    assert "团结" in body
    assert session.told in client.get(f"/assessment/branches/{firm.e1.pk}/{CODE}/S08/").content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"S08-spirit-points": "1.3"}, "不能大于 1.2"),
        ({"S08-spirit-points": "多"}, "S08"),
        ({"S08-spirit-comment": "只有评语"}, "还须给分"),
        ({"S08-spirit-na": "on"}, "须写明理由"),
        ({"S08-spirit-points": "1", "S08-spirit-comment": "长" * 401}, "S08"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(firm, run, enter, typed, said):
    client, address = enter("officer"), f"/assessment/branches/{firm.e1.pk}/{CODE}/review/"
    answer = client.post(address, typed)
    body = answer.content.decode()
    assert (answer.status_code, Review.objects.count()) == (200, 0)
    assert said in body
    assert all(value == "on" or value in body for value in typed.values())


def test_a_stale_page_is_a_conflict_with_both_versions(firm, run, judge, enter):
    client, address = enter("officer"), f"/assessment/branches/{firm.e1.pk}/{CODE}/review/"
    sent = fields_of(client.get(address).content.decode())
    judge("e1", "S08", "spirit", 60, comment="先存的", who="east_officer", version=0)
    sent |= {"S08-spirit-points": ["0.9"], "S08-spirit-comment": ["后存的"], "S13-models-points": ["1"]}
    answer = client.post(address, sent)
    body = answer.content.decode()
    assert (answer.status_code, "先存的" in body, "后存的" in body, "S13" in body) == (409, True, True, True)
    assert Review.objects.get().comment == "先存的"


def test_publishing_too_early_shows_the_refusal_on_a_page(firm, enter):
    client = enter("officer")
    client.post(f"/assessment/committees/{firm.group.pk}/2026Q3/open/")
    answer = client.post(f"/assessment/runs/{Run.objects.get().pk}/publish/")
    assert (answer.status_code, "季度结束后再公布" in answer.content.decode()) == (409, True)
    assert client.get(f"/assessment/runs/{Run.objects.get().pk}/publish/").status_code == 405


def test_filters_and_bands(firm, run, enter):
    client, address = enter("officer"), f"/assessment/committees/{firm.group.pk}/{CODE}/"
    for show, names in (
        ("last", ["东山4队"]),
        # nobody whom the scheme calls weak is ahead, however the others stand
        ("advanced", []),
        ("new", []),
        ("no_self", ["东山1队", "东山4队"]),
    ):
        body = client.get(address, {"show": show}).content.decode()
        table = body[body.find("<tbody>") : body.find("</tbody>")]
        assert all(name in table for name in names), show
        assert ("<tbody>" in body) == bool(names), show
    assert "没有符合条件的支部" in client.get(address, {"q": "没有这个名字"}).content.decode()
    for sort in ("place", "-points", "name", "change", "self_points", "';drop"):
        assert client.get(address, {"sort": sort, "page": "9" * 9}).status_code == 200


def test_an_empty_installation_says_what_to_do(db, client, settings):
    from tests.people import JOINED, person
    from zhibu.accounts.models import User
    from zhibu.register.models import Post

    settings.ZHIBU_TODAY = TODAY.isoformat()
    top = place("G", "新党委", "primary_committee", "0001")
    who = person("新干事", "xgs", top)
    Post.objects.create(person=who, organisation=top, kind="committee_officer", since=JOINED, known_at=1)
    client.force_login(
        User.objects.create_user("new", person=who), backend="zhibu.accounts.backends.PhoneOrName"
    )
    for rest in (
        f"{CODE}/",
        f"{CODE}/heat/",
        f"{CODE}/overview/",
        "year/2026/",
        f"{CODE}/export.xlsx",
        f"{CODE}/export.docx",
    ):
        assert client.get(f"/assessment/committees/{top.pk}/{rest}").status_code == 200, rest
    assert "还没有支部" in client.get(f"/assessment/committees/{top.pk}/{CODE}/").content.decode()


def test_exports_open_clean(firm, enter):
    """A branch may be called =1+1: the cell is text, in the sheet as in the report."""
    from zhibu.record import sheets

    firm.e1.name = "=1+1党支部"
    firm.e1.save()
    actions.publish(firm.actor("officer"), run=opened(firm), today=TODAY, now=NOW)
    client, address = enter("officer"), f"/assessment/committees/{firm.group.pk}/{CODE}/export."
    book = client.get(address + "xlsx").content
    with zipfile.ZipFile(io.BytesIO(book)) as found:
        assert not [name for name in found.namelist() if b"<f>" in found.read(name)]
    found = sheets.read(
        book, [sheets.Column("name", "党支部", (), True), sheets.Column("points", "得分", (), False)]
    )
    assert {row.text("name") for row in found.rows} >= {"=1+1党支部", firm.w1.name}
    paper = client.get(address + "docx").content
    with zipfile.ZipFile(io.BytesIO(paper)) as found:
        text = found.read("word/document.xml").decode()
    assert ("=1+1党支部" in text, 'w:w="11906"' in text, 'w:h="16838"' in text) == (True, True, True)
    entries = Entry.objects.filter(act="assessment.export").values_list("organisation_id", "values")
    assert [(where, json.loads(values)["format"]) for where, values in entries] == [
        (firm.group.pk, "xlsx"),
        (firm.group.pk, "docx"),
    ]


def test_a_long_name_and_english(firm, run, enter, settings):
    firm.e1.name = "长" * 120
    firm.e1.save()
    actions.compute(firm.actor("officer"), run=run, now=NOW + timedelta(hours=1))
    client = enter("officer")
    client.cookies["django_language"] = "en"
    with translation.override("zh-hans"):  # what a page speaks is not left to the next test
        body = client.get(f"/assessment/committees/{firm.group.pk}/{CODE}/").content.decode()
    assert "长" * 120 in body
    assert Result.objects.get(branch=firm.e1).branch_name == "长" * 120


def test_no_column_of_evidence_is_shown_as_the_database_names_it():
    """Every column shown has a heading in words, and so has every word the database keeps in it."""
    book = rulebook.load(())
    free = {"title", "name"}
    told = evidence._of_procedures()
    wrong = []
    for table in book.tables.values():
        for column in table.show:
            if evidence.heading(column) == column:
                wrong.append(f"{table.id}.{column}: no heading")
            if table.columns[column].type != "text" or column in free:
                continue
            words = evidence._teller(table.id, column, table.columns[column].type)
            values = told.get(column) if table.id in {"cases", "steps"} else None
            known = list(values or getattr(evidence.LABELS.get((table.id, column)), "values", ()))
            known = known or list(book.session_kinds)
            wrong += [f"{table.id}.{column}: {value}" for value in known if words(value) == value]
    assert wrong == []


def test_the_numbers_of_a_standard_are_told_in_words_at_first_whole_then_what_changed():
    book = rulebook.load()
    told = [
        (since.isoformat(), [(part.id, weight) for part, weight, _asks in parts])
        for since, parts in queries.terms_shown(book, book.standard("S26"))
    ]
    assert told == [
        ("2020-01-01", [("length", 110), ("result", 60), ("everyone", 80), ("openness", 100)]),
        ("2026-05-11", [("length", 150), ("everyone", 100), ("openness", 40)]),
    ]


def test_no_standard_shows_a_name_of_the_rulebook(firm, enter):
    client = enter("officer")
    for standard in rulebook.load().standards:
        page = client.get(f"/assessment/standards/{standard}/").content.decode()
        assert re.findall(r"\bw_\w+|\w+ = \d", re.sub(r"<[^>]*>", " ", page)) == [], standard


def test_branches_of_one_name_are_told_apart_on_the_heat_map(firm, enter):
    firm.w1.name = firm.e1.name = "机关党支部"
    firm.w1.save()
    firm.e1.save()
    page = enter("officer").get(f"/assessment/committees/{firm.group.pk}/{CODE}/heat/?order=tree")
    assert [row["label"] for row in page.context["heat"]["rows"]] == [
        "机关党支部（东山公司党委）",
        "东山2队党支部",
        "东山3队党支部",
        "东山4队党支部",
        "研究室党支部",
        "机关党支部（西边公司党委）",
        "西边2队党支部",
    ]
