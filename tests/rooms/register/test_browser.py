"""The pages in a browser: no complaint in the console, nothing wider than the screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.urls import reverse

from zhibu.register.models import Organisation, Person

from .conftest import import_file, officer_at, sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def addresses(committee, officer):
    report = import_file(committee, sample("roster-clean")[0])
    from zhibu.register import imports

    from .conftest import NOW, TODAY

    refused = imports.stage(
        officer_at(committee), organisation=committee, data=sample("roster-sample")[0], filename="名册有误.xlsx",
        today=TODAY, now=NOW,
    )  # fmt: skip
    branch = Organisation.objects.get(name="采矿一队党支部")
    person = Person.objects.get(name="黄静远")
    return {
        "tree": reverse("register:tree"),
        "committee": reverse("register:organisation", args=[committee.pk]),
        "organisation": reverse("register:organisation", args=[branch.pk]),
        "members": reverse("register:members"),
        "nobody": reverse("register:members") + "?q=没有这个人",
        "member": reverse("register:member", args=[person.pk]),
        "reveal": reverse("register:reveal", args=[person.pk]),
        "import": reverse("register:import_roster"),
        "applied": reverse("register:import_batch", args=[report.batch]),
        "refused": reverse("register:import_batch", args=[refused.pk]),
        "appoint": reverse("register:appoint", args=[branch.pk]),
        "export": reverse("register:export_roster"),
    }


def sign_in(page, live_server, client):
    cookie = client.cookies["zhibu_session"].value
    page.context.add_cookies([{"name": "zhibu_session", "value": cookie, "url": live_server.url}])


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_every_page_fits_and_complains_of_nothing(size, request, addresses, enter, officer, live_server):
    page = request.getfixturevalue(size)
    sign_in(page, live_server, enter(officer))
    kept = os.environ.get("SHOTS_IN")
    wide = []
    for name, address in addresses.items():
        page.goto(address)
        if kept:
            page.screenshot(path=Path(kept) / f"{name}-{size}.png", full_page=True)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            wide.append(name)
    assert wide == []
    assert page.problems == []
