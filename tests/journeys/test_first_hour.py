"""The first hour: an empty installation, a roster with mistakes, the right one, a meeting, a quarter, a point opened.

What the machine's keeper does is typed at the command line; everyone else uses pages, with the passwords handed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.rooms.life.test_views import form_of
from tests.rooms.project.conftest import DATA, spoken
from zhibu.assessment.models import Run
from zhibu.life.models import Session
from zhibu.record import verify
from zhibu.record.models import Entry
from zhibu.register.models import Organisation, Person, Post

pytestmark = pytest.mark.django_db

COMMITTEE = "第三分公司党委"
OFFICER = "孔干事"
BRANCH = "采矿一队党支部"
TODAY = date(2026, 11, 21)
CHOSEN = "Kuangshan-2026-kaihui"


@pytest.fixture(autouse=True)
def one_day(settings: Any) -> Iterator[None]:
    settings.ZHIBU_TODAY = TODAY
    settings.ZHIBU_SECOND_FACTOR = "none"
    cache.clear()
    yield
    cache.clear()


def sign_in(name: str, password: str) -> Client:
    """Someone with a password of one use: signs in, and must choose another before anything else."""
    client = Client()
    assert client.post("/sign-in/", {"login": name, "password": password})["Location"] == "/"
    change = client.get("/")["Location"]
    answer = client.post(change, {"oldpassword": password, "password1": CHOSEN, "password2": CHOSEN})
    assert answer.status_code == 302
    return client


def page(client: Client, address: str) -> str:
    """A page that is there."""
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def given_an_account(operator: Client, person: Person) -> Client:
    """The operator makes an account on the pages and hands the password over."""
    address = f"/accounts/new/{person.pk}/"
    assert person.name in page(operator, "/accounts/new/?q=" + person.name)
    made = operator.post(address, {"username": person.name, "phone": ""}, follow=True)
    password = re.search(r'<code class="zb-once">([^<]+)</code>', made.content.decode())
    assert password, "the one-time password is shown"
    return sign_in(person.name, password[1])


def test_from_an_empty_installation_to_a_point_opened() -> None:
    # --- the keeper of the machine makes the first account and imports the roster
    operator = sign_in("admin", spoken("operator", "admin").out.strip())
    assert "建立本单位党委" in page(operator, "/")
    refused = spoken(
        "import", "roster", DATA / "roster-sample.xlsx", "--found", COMMITTEE, "--officer", OFFICER, "--json"
    )
    assert (refused.code, len(refused.json["refused"]), Organisation.objects.count()) == (5, 10, 0)
    taken = spoken(
        "import", "roster", DATA / "roster-clean.xlsx", "--found", COMMITTEE, "--officer", OFFICER, "--json"
    )
    wanted = json.loads((DATA / "roster-clean.expected.json").read_text("utf-8"))
    assert (taken.code, taken.json["imported"]) == (0, wanted["data_rows"])
    assert taken.json["by_branch"] == wanted["by_branch"]

    # --- two people get their accounts
    branch = Organisation.objects.get(name=BRANCH)
    held = Post.objects.get(organisation=branch, kind="secretary", until=None)
    secretary = given_an_account(operator, held.person)
    officer = given_an_account(operator, Person.objects.get(name=OFFICER))

    # --- the secretary records this month's committee meeting as the page proposes it
    desk = page(secretary, "/")
    assert "每月召开支委会" in desk
    before = spoken("explain", "S12", "--organisation", branch.code, "--quarter", "2026Q4", "--json").json
    address = f"/life/record/?kind=committee_meeting&organisation={branch.pk}"
    proposed = secretary.get(address)
    form = form_of(proposed) | {
        "held_on": "2026-11-20",
        "place": "二楼会议室",
        "zb_token": "first",
        "then": "close",
    }
    recorded = secretary.post(address, form)
    session = Session.objects.get()
    assert (recorded.status_code, session.state, session.title) == (302, "closed", session.title)
    assert session.present_count == session.expected_count > 0

    # --- the officer runs the quarter
    top = Organisation.objects.get(parent=None)
    assert page(officer, "/")
    opened = officer.post(
        f"/assessment/committees/{top.pk}/2026Q4/open/", {"zb_token": "second"}, follow=True
    )
    assert opened.status_code == 200
    assert BRANCH in opened.content.decode()
    run = Run.objects.get()

    # --- a point opened, on the page and at the command line, down to the meeting
    point = page(secretary, f"/assessment/branches/{branch.pk}/2026Q4/S12/")
    assert f'href="/life/{session.pk}/"' in point
    after = spoken("explain", "S12", "--organisation", branch.code, "--quarter", "2026Q4", "--json").json
    fact = next(each for each in after["facts"] if each["id"] == "life.months_with_committee_meeting")
    assert (fact["value"], fact["counted"], after["rulebook"]) == (1, [session.pk], run.rulebook_id)
    assert float(after["points"]) > float(before["points"]), after["parts"]
    assert session.title in page(secretary, f"/life/{session.pk}/")
    line = next(
        each
        for each in spoken("assess", "--organisation", top.code, "--quarter", "2026Q4", "--json").json[
            "branches"
        ]
        if each["code"] == branch.code
    )
    assert line["standards"]["S12"]["earned_micro"] == round(float(after["points"]) * 1_000_000)

    # --- everything that was done is in the record, by whom, and the chains hold
    acts = Entry.objects.order_by("id").values_list("act", "actor_name")
    assert [act for act, _name in acts if act.partition(".")[0] in {"register", "life", "assessment"}] == [
        "register.create_organisation",
        "register.import_roster",
        "life.record",
        "life.close_minutes",
        "assessment.open_run",
    ]
    assert dict(acts)["life.record"] == held.person.name
    assert dict(acts)["assessment.open_run"] == OFFICER
    assert verify().ok


def test_the_year_before_comes_from_the_ledger() -> None:
    """The ledger of 2025 after the roster: a finished year, all of it marked as entered afterwards."""
    assert spoken("import", "roster", DATA / "roster-clean.xlsx", "--found", COMMITTEE).code == 0
    assert spoken("import", "meetings", DATA / "meetings-sample.xlsx").code == 0
    wanted = json.loads((DATA / "meetings-sample.expected.json").read_text("utf-8"))["per_branch_quarter"]
    for quarter in ("2025Q1", "2025Q2", "2025Q3", "2025Q4"):
        answer = spoken("explain", "S12", "--organisation", "001", "--quarter", quarter, "--json").json
        met = {
            each["name"]: not any(part["part"] == "general" for part in each["lacks"])
            for each in answer["branches"]
        }
        assert {name: met[name] for name in wanted} == {
            name: quarters.get(quarter, {}).get("general", 0) >= 1 for name, quarters in wanted.items()
        }
    late = Session.objects.values_list("entry_delay", flat=True)
    assert min(late) > 300
