"""In English no page speaks Chinese of its own: names, titles and other data that people typed are theirs."""

from __future__ import annotations

import html
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

from zhibu.accounts.models import User
from zhibu.record.management.commands.flush import _without_triggers
from zhibu.record.models import Entry
from zhibu.register.models import Person

ROOMS = (
    "record",
    "register",
    "accounts",
    "dues",
    "notices",
    "undertakings",
    "life",
    "procedures",
    "premises",
    "pledges",
    "integrity",
    "production",
    "concerns",
    "assessment",
    "study",
    "letters",
    "search",
)
HAN = re.compile(r"[\u3400-\u9fff]+")
# a row of the record is sealed, and so is the rulebook that a run was computed by
SEALED = {"zb_entry", "zb_rulebook_snapshot"}
# one page of a kind looks like the next; a release reads more of each
EACH, PAGES = 1, 190
EACH_OF_A_RELEASE, PAGES_OF_A_RELEASE = 3, 400
# forms that do no harm when they are sent empty
FORMS = {
    "dues:agree", "dues:propose_relief", "dues:record_extra", "dues:record_payment", "dues:use_funds", "life:file_document", "life:plan", "life:record", "life:record_examination", "life:record_talk",
    "notices:publish", "register:add_person", "register:appoint", "register:create_organisation",
    "register:import_roster", "register:record_mobile", "register:transfer", "assessment:open_rectification",
    "account_change_password",
}  # fmt: skip
# the other language says its own name, and the seal is a picture
OWN = re.compile(
    r"<select name=\"language\".*?</select>|lang=\"zh-CN\">.*?</button>|<span class=\"(?:zb|pb|sc)-seal\"[^>]*>[支公]</span>",
    re.DOTALL,
)
# what a bank wrote and what hangs on a wall in China is marked as Chinese, for whoever has it read aloud
MARKED = re.compile(r"<(td|div|textarea)\b[^>]* lang=\"zh-CN\"[^>]*>.*?</\1>", re.DOTALL)
# words a Chinese workbook has to contain stand in quotation marks; values of the record are data
QUOTED = re.compile(r"“[^”]*”")
RECORDED = re.compile(r"<dl class=\"zb-facts.*?</dl>|<td data-label=\"Who\">.*?</td>", re.DOTALL)
SILENT = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)


def strange(text: str) -> str:
    """The text with every Chinese character moved out of the way, each to a character of its own."""
    return HAN.sub(lambda found: "".join(chr(ord(c) - 0x3400 + 0xF0000) for c in found[0]), text)


def moved(value: Any) -> Any:
    if isinstance(value, str):
        return strange(value)
    if isinstance(value, dict):
        return {moved(key): moved(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [moved(each) for each in value]
    return value


def estrange() -> None:
    """Rewrite what people typed, so that Chinese left on a page can only be the page's own."""
    # the books of dues take no change: for once the database looks away
    with _without_triggers("default"):
        for room in ROOMS:
            for model in apps.get_app_config(room).get_models():
                fields = [
                    field
                    for field in model._meta.concrete_fields
                    if isinstance(field, models.CharField | models.TextField | models.JSONField)
                    and not field.primary_key
                ]
                if fields and model._meta.db_table not in SEALED:
                    rewrite(model, fields)


def rewrite(model: type[models.Model], fields: list[Any]) -> None:
    """Every text of a table; the statement is one of our own, for Django's of many rows takes a hundred times as long."""
    key, names = model._meta.pk.column, [field.attname for field in fields]
    changed = []
    for pk, *values in model._default_manager.values_list("pk", *names).iterator():
        new = [moved(value) for value in values]
        if new != values:
            prepared = [
                field.get_db_prep_save(each, connection) for field, each in zip(fields, new, strict=True)
            ]
            changed.append((*prepared, pk))
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{key}" = %s', changed)


@dataclass
class Company:
    """What the record seals of names, which no estranging reaches, and the pages of those who walked."""

    sealed_names: frozenset[str]
    pages: dict[tuple[str, int], list[tuple[str, str]]] = field(default_factory=dict)

    def walked_by(
        self, username: str, client: Client, each: int = EACH, pages: int = PAGES
    ) -> list[tuple[str, str]]:
        """The pages that a walk reaches; walked once."""
        client.force_login(User.objects.get(username=username), backend="zhibu.accounts.backends.PhoneOrName")
        if (username, each) not in self.pages:
            self.pages[username, each] = list(walked(client, each, pages))
        return self.pages[username, each]


@pytest.fixture(scope="module")
def company(django_db_setup: None, django_db_blocker: Any) -> Iterator[Company]:
    if connection.vendor != "sqlite":
        pytest.skip("the pages are the same on PostgreSQL")
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", branches=8, seed=3, stdout=StringIO(), stderr=StringIO())
        names = set(Entry.objects.values_list("actor_name", flat=True))
        found = Company(frozenset(names & set(Person.objects.values_list("name", flat=True))))
        estrange()
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def english(company: Company, db: None, settings: Any) -> Iterator[Client]:
    settings.ZHIBU_SECOND_FACTOR = "none"
    client = Client()
    client.cookies["django_language"] = "en"
    yield client
    # the language of the last request stays with the thread
    translation.deactivate()


def said(page: str) -> str:
    """What a reader meets: the texts between marks, and the attributes that are shown or read aloud."""
    shown = " ".join(
        re.findall(r"(?:title|alt|placeholder|aria-label|data-label|content|value)=\"([^\"]*)\"", page)
    )
    return html.unescape(re.sub(r"<[^>]*>", "\n", page) + "\n" + shown)


def walked(client: Client, each: int, pages: int) -> Iterator[tuple[str, str]]:
    """Follow the links from the first page to page, so many of every kind. Gives the address and what it says."""
    waiting, seen, kinds = deque(["/"]), {"/"}, Counter[str]()
    while waiting and sum(kinds.values()) < pages:
        address = waiting.popleft()
        try:
            name = resolve(urlsplit(address).path).view_name
        except Resolver404:
            continue
        if kinds[name] >= each or "logout" in name:
            continue
        answer = client.get(address, follow=True)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        kinds[name] += 1
        page = answer.content.decode()
        yield address, page
        for link in re.findall(r"<a\b[^>]*\bhref=\"([^\"#]+)", page):
            target = urljoin(address, html.unescape(link))
            if target.startswith("/") and target not in seen:
                seen.add(target)
                waiting.append(target)


def chinese(page: str, *, record: bool = False, names: frozenset[str] = frozenset()) -> list[str]:
    bare = MARKED.sub("", SILENT.sub("", OWN.sub("", page)))
    if record:
        bare = RECORDED.sub("", bare)
    return [
        line.strip()
        for line in QUOTED.sub("", said(bare)).splitlines()
        if any(found not in names for found in HAN.findall(line))
    ]


WALKERS = [("jituan", 40), ("shuji", 40), ("dangyuan", 8), ("admin", 8)]


@pytest.mark.slow
@pytest.mark.parametrize(("username", "least"), WALKERS)
def test_pages_speak_english(english: Client, company: Company, username: str, least: int) -> None:
    """A page of every kind."""
    in_english(company, company.walked_by(username, english), least)


@pytest.mark.release
@pytest.mark.parametrize(("username", "least"), WALKERS)
def test_more_pages_speak_english(english: Client, company: Company, username: str, least: int) -> None:
    """Several of every kind, in states that the first may not have been in."""
    pages = company.walked_by(username, english, EACH_OF_A_RELEASE, PAGES_OF_A_RELEASE)
    in_english(company, pages, least)


def in_english(company: Company, pages: list[tuple[str, str]], least: int) -> None:
    left: dict[str, str] = {}
    for address, page in pages:
        for text in chinese(page, record=address.startswith("/record/"), names=company.sealed_names):
            left.setdefault(text, address)
    assert not left, "\n".join(
        f"{address}: {text}" for text, address in sorted(left.items(), key=lambda e: e[1])
    )
    assert len(pages) >= least, f"only {len(pages)} pages were reached"


def test_the_door_speaks_english(english: Client) -> None:
    for address in ("/sign-in/", "/nothing-here/"):
        page = english.get(address, follow=True).content.decode()
        assert not chinese(page), address


@pytest.mark.slow
def test_complaints_speak_english(english: Client, company: Company) -> None:
    """A form sent empty is complained of in English, and a future day is refused in it."""
    left, complaints = [], 0
    for address, page in company.walked_by("jituan", english):
        if resolve(urlsplit(address).path).view_name not in FORMS or 'method="post"' not in page:
            continue
        days = {
            name: "2099-12-31"
            for mark in re.findall(r"<input\b[^>]*type=\"date\"[^>]*>", page)
            for name in re.findall(r" name=\"(\w+)\"", mark)
        }
        for sent in ({}, days):
            answer = english.post(address, sent).content.decode()
            complaints += 'class="zb-errors"' in answer
            left += [f"{address}: {text}" for text in chinese(answer)]
    assert not left, "\n".join(left)
    assert complaints >= len(FORMS) // 2
