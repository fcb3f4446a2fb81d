"""Whatever is typed, sent twice over or cut short: an answer, never a broken page, and nothing half done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qs
from zlib import crc32

import pytest
from django.core.cache import cache as kept
from django.db import connection, transaction
from django.test import Client

from tests.journeys import typed, walker
from tests.journeys.planted import TODAY, Garden, own_models, plant
from tests.journeys.walker import BACKEND, Walk, Walker

pytestmark = pytest.mark.django_db
# a draft is kept whatever is in it; the session and the token of a form are not the act
NOT_THE_ACT = {"zb_minutes_draft", "zb_sign_in", "zb_submission"}
ROLES = ("officer_a", "secretary", "operator")
PAGES = ("A", "A1", "A1g")
# board, portal and screens are for people who never signed in, and their forms carry a signed token of its own; a payment platform has no
# session and signs what it says
WITHOUT_TOKEN = {
    "board_beside:plan", "board_beside:zones", "board:board", "board:feed", "board:past", "board:public_notice", "board:receipt", "board:send_objection", "dues:settle_order",
    "portal:ask", "portal:bulletin", "portal:front", "portal:question", "portal:receipt", "portal:send", "portal:work",
    "portal_study:file", "portal_study:material", "portal_study:shelf", "screen:screen", "screen:screen_of", "screen:worker",
    "survey:survey",
}  # fmt: skip


@pytest.fixture(scope="module")
def garden(django_db_setup, django_db_blocker) -> Iterator[Garden]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield plant()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _demonstration_day(settings) -> None:
    settings.ZHIBU_TODAY = TODAY.isoformat()
    settings.ZHIBU_SECOND_FACTOR = "none"
    kept.clear()


def pages(garden: Garden, rows: int) -> list[walker.Address]:
    owners = frozenset(garden.places[code].path for code in PAGES)
    return walker.addresses(garden, walker.rows_of(garden, rows, owners))


def found_forms(
    garden: Garden, rows: int
) -> dict[tuple[str, str], tuple[Walker, walker.Address, typed.Typed]]:
    """One form of each address, with a role that may open it."""
    found: dict[tuple[str, str], tuple[Walker, walker.Address, typed.Typed]] = {}
    every = pages(garden, rows)
    for who in ROLES:
        role = Walker(Walk(garden), who)
        for address in every:
            if any(name == address.name for name, _action in found) or address.name == "project:workbench":
                continue
            page = role.go("get", address)
            if page.status_code == 200 and "text/html" in page["Content-Type"]:
                for form in typed.forms_of(page.content.decode()):
                    target = form.action or address.url
                    key = (address.name, target.rstrip("0123456789/"))
                    if not target.startswith(("/sign-in/out", "/language")):
                        found.setdefault(key, (role, address, form))
    return found


@cache
def counting() -> str:
    """One text that counts the rows of every table, for it is asked thousands of times."""
    tables = sorted({model._meta.db_table for model in own_models()} - NOT_THE_ACT)
    return " UNION ALL ".join(f"SELECT '{table}', COUNT(*) FROM {table}" for table in tables)


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(counting())
        return dict(cursor.fetchall())


def send(role: Walker, url: str, data: dict[str, Any], before: dict[str, int]) -> str:
    """What was wrong with the answer to a form, in a word; "" when nothing was."""
    written: list[str] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(('INSERT INTO "zb_', 'DELETE FROM "zb_')):
            written.append(sql)
        return execute(sql, *rest)

    with transaction.atomic():
        with connection.execute_wrapper(watch):
            response = role.client.post(url, data)
        # a full number and a new secret address are shown on the page itself, once
        refused = response.status_code not in (204, 302) and not url.endswith(("/reveal", "/feed/open/"))
        half = refused and written and counts() != before
        transaction.set_rollback(True)
    role.client.cookies = role.cookies.copy()
    if response.status_code >= 500:
        return "broken"
    return (
        "half saved" if half and "attachment" not in response.headers.get("Content-Disposition", "") else ""
    )


@pytest.mark.slow
def test_no_form_breaks_or_saves_by_halves(garden):
    """Each form with two of the wrong texts, and two of its fields with one that is wrong for them.

    Others for each form, so that every text meets dozens of forms; a release types all of them into all.
    """
    fill_in(garden, every=False)


@pytest.mark.release
def test_no_form_breaks_whatever_is_typed(garden):
    fill_in(garden, every=True)


def some(texts: tuple[str, ...], seed: str, number: int) -> tuple[str, ...]:
    """A few of the texts, others for each seed, the same in each run; between them the forms get all."""
    start = crc32(seed.encode()) % max(len(texts), 1)
    return (*texts, *texts)[start : start + min(number, len(texts))]


def fill_in(garden: Garden, *, every: bool) -> None:
    wrong: Counter[str] = Counter()
    before, sent = counts(), 0
    forms = found_forms(garden, 5 if every else 2)
    for (name, _action), (role, address, form) in forms.items():
        url, people = form.action or address.url, form.people()
        sensible = {**form.values}
        evil = typed.EVIL if every else some(typed.EVIL, url, 2)
        bad = [(f"all {text[:12]!r}", {**sensible, **dict.fromkeys(people, text)}) for text in evil]
        bad += [("all repeated", {**sensible, **{each: ["1", "x"] for each in people}}), ("nothing", {})]
        for each in people if every else some(tuple(people), url, 2):
            texts = typed.OF_TYPE.get(form.types[each], ("\x00", "9" * 30))
            if not every:
                texts = some(texts, f"{name}.{each}", 1)
            bad += [(f"{each}={text[:12]!r}", {**sensible, each: text}) for text in texts]
        for told, data in bad:
            if what := send(role, url, data, before):
                wrong[f"{what}: {name} {url} {told}"] += 1
            sent += 1
    print(f"\n{len(forms)} forms, {sent} times sent")
    assert not wrong, "\n".join(wrong)


ASKED = (
    "page=-1", "page=0", "page=99999999999999999999", "page=x", "page=٣", "sort=evil", "sort=-", "q=%00", "q=%ff%fe", "q=" + "x" * 5000,
    "quarter=2026Q9", "quarter=9999Q4", "quarter=0000Q1", "organisation=abc", "organisation=99999999999999999999",
    "organisation=-1", "organisation=٣", "branch=99999999999999999999", "branch=%00", "group=9999999999999999", "person=%00", "parent=%F0%9F%80%84",
    "month=2026-13", "month=0000-01", "month=9999-12", "since=0001-01-01&until=9999-12-31", "since=x&before=99999999999999999999",
    "before=999999999999999999999999", "kind=evil&state=evil&stage=evil&band=evil&sex=9", "live=%00", "order=x", "year=0", "act=%00",
    "kind=general_meeting&tag=%00&title=%00", "next=%00", "month=٢٠٢٦-٠١", "year=9999", "state=" + "x" * 3000,
)  # fmt: skip
IN_THE_ADDRESS = {
    "quarter": ("2026Q9", "9999Q4", "0000Q1", "2000Q1", "1999Q4", "2026q1", "%00", "٢٠٢٦Q1"),
    "standard": ("S99", "%00", "s12", "S" * 3000), "year": ("0", "1999", "2000", "2100", "99999999999999999999"),
    "format": ("exe", "xlsx%00"),
}  # fmt: skip


@pytest.fixture
def read() -> Iterator[set[str]]:
    """The names of parameters that pages look for."""
    with walker.reading() as names:
        yield names


@pytest.mark.slow
def test_no_address_breaks(garden, read):
    """Every page is asked with what is wrong for the parameters it looks for."""
    ask(garden, read)


@pytest.mark.release
def test_no_address_breaks_whatever_is_asked(garden):
    ask(garden, None)


def ask(garden: Garden, read: set[str] | None) -> None:
    wrong: Counter[str] = Counter()
    asked = 0
    for who in ("officer_a", "secretary"):
        role = Walker(Walk(garden), who)
        for name, url, queries in odd_addresses(garden):
            if read is not None:
                # daily each page as one of the two, its like always as the same
                if (crc32(name.encode()) % 2 == 0) != (who == "secretary"):
                    continue
                read.clear()
            # first without any, which shows what the page looks for
            for query in ("", *queries):
                if query and read is not None and read.isdisjoint(parse_qs(query, keep_blank_values=True)):
                    continue
                with transaction.atomic():
                    status = role.client.get(f"{url}?{query}" if query else url).status_code
                    transaction.set_rollback(True)
                role.client.cookies = role.cookies.copy()
                asked += 1
                if status >= 500:
                    wrong[f"{name} {url[:120]} {query[:60]}"] += 1
    print(f"\n{asked} odd addresses")
    assert asked > (1000 if read is None else 400)
    assert not wrong, "\n".join(wrong)


def odd_addresses(garden: Garden) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Names, addresses, and what each is asked."""
    for address in walker.addresses(garden, walker.rows_of(garden, 1, frozenset({garden.places["A1"].path}))):
        if not address.table:
            yield address.name, address.url, ASKED
        else:
            yield address.name, address.url.replace(f"/{address.key}", "/99999999999999999999", 1), ()
            yield address.name, address.url, ("page=-1&sort=evil&q=%00",)
    for code in ("A", "A1"):
        key = garden.places[code].pk
        for begin in (f"/assessment/committees/{key}/", f"/assessment/branches/{key}/"):
            for quarter in IN_THE_ADDRESS["quarter"]:
                yield from (
                    ("quarter", f"{begin}{quarter}/{rest}", ())
                    for rest in ("", "heat/", "overview/", "review/", "rectify/")
                )
            yield from (("year", f"{begin}year/{year}/", ()) for year in IN_THE_ADDRESS["year"])
            yield from (("standard", f"{begin}2026Q2/{each}/", ()) for each in IN_THE_ADDRESS["standard"])
            yield from (("format", f"{begin}2026Q2/export.{each}", ()) for each in IN_THE_ADDRESS["format"])
    yield from (("standard", f"/assessment/standards/{each}/", ()) for each in IN_THE_ADDRESS["standard"])


def test_every_form_needs_its_token(garden):
    """Without the token against forged requests nothing is looked at, whoever asks."""
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(garden.users["officer_a"], backend=BACKEND)
    statuses: Counter[int] = Counter()
    for address in walker.addresses(garden, walker.rows_of(garden, 1, frozenset({garden.places["A1"].path}))):
        if address.name not in WITHOUT_TOKEN:
            statuses[strict.post(address.url, {"reason": "x"}).status_code] += 1
    assert set(statuses) == {403}, statuses


def test_what_needs_no_token_heeds_no_sign_in(garden):
    """The addresses without it are these and no more; whoever is signed in, a forged request does nothing there."""
    exempt = {name for name, _route, view in walker.routes() if getattr(view, "csrf_exempt", False)}
    assert exempt == WITHOUT_TOKEN
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(garden.users["officer_a"], backend=BACKEND)
    before, wrong = counts(), []
    for address in walker.addresses(garden, walker.rows_of(garden, 1, frozenset({garden.places["A1"].path}))):
        if address.name in WITHOUT_TOKEN:
            status = strict.post(address.url, {"reason": "x"}).status_code
            if status not in (400, 404, 405):
                wrong.append((address.url, status))
    assert not wrong
    assert counts() == before
