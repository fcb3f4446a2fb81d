"""Promise 20: ten copies of one form at the same moment have one effect. On a file of SQLite and on PostgreSQL."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from tests.people import township
from zhibu.accounts.models import User
from zhibu.dues.models import Voucher
from zhibu.life.models import FiledDocument, Session, Talk
from zhibu.notices.models import Notice
from zhibu.record.models import Entry
from zhibu.register.models import MobileSpell, Organisation, Post, Term

TODAY = date(2026, 7, 20)
COPIES = 10


@pytest.fixture
def town(live_server, settings):
    """`live_server` gives a database that threads share."""
    settings.ZHIBU_TODAY = TODAY.isoformat()
    settings.ZHIBU_SECOND_FACTOR = "none"
    town = township(members=6)
    Post.objects.create(
        organisation=town.committee,
        person=town.people["sun"],
        kind="committee_officer",
        since=date(2020, 1, 1),
    )
    town.users = {name: User.objects.create_user(name, person=town.people[name]) for name in ("li", "sun")}
    return town


def all_at_once(user: User, url: str, data: dict[str, str]) -> Counter[int]:
    """The same form ten times from ten threads; the answers by status."""
    token, ready = uuid4().hex, Barrier(COPIES)
    clients = []
    for _copy in range(COPIES):
        clients.append(Client(raise_request_exception=False))
        clients[-1].force_login(user, backend="zhibu.accounts.backends.PhoneOrName")

    def send(client: Client) -> int:
        try:
            ready.wait(30)
            return client.post(url, {**data, "zb_token": token}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(COPIES) as pool:
        return Counter(pool.map(send, clients))


CASES = {
    "talk": ("li", "/life/talks/record/", lambda t: {
        "kind": "activist_talk", "person": t.people["zhou"].pk, "talker": t.people["li"].pk, "held_on": "2026-07-10",
    }, Talk),
    "document": ("li", "/life/documents/file/", lambda t: {"kind": "other", "title": "计划", "covers_on": "2026-07"}, FiledDocument),
    "plan": ("li", "/life/plan/?kind=general_meeting", lambda t: {
        "planned_on": "2026-07-28", "starts_at": "09:00", "place": "会议室", "then": "later", "title": "会", "agenda-TOTAL_FORMS": "0", "agenda-INITIAL_FORMS": "0",
    }, Session),
    "notice": ("li", "/notices/publish/", lambda t: {
        "kind": "other", "title": "公示", "opens_on": "2026-07-20", "closes_on": "2026-07-28", "text": "x",
    }, Notice),
    "month": ("li", "/dues/collect/?month=2026-06", lambda t: {
        "people": [], "paid_on": "2026-07-01", "channel": "cash",
    }, Voucher),
    "away": ("li", "/register/member/{chen}/away", lambda t: {"place": "深圳", "since": "2026-07-01"}, MobileSpell),
    "term": ("li", "/register/organisation/{mining}/term", lambda t: {"elected_on": "2026-07-01", "seats": "3"}, Term),
    "branch": ("sun", "/register/organisation/new?parent={committee}", lambda t: {
        "name": "新党支部", "kind": "branch", "unit_type": "production",
    }, Organisation),
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", CASES)
def test_ten_copies_one_effect(town, case):
    who, url, data, model = CASES[case]
    places = {"chen": town.people["chen"].pk, "mining": town.mining.pk, "committee": town.committee.pk}
    before, entries = model.objects.count(), Entry.objects.count()
    statuses = all_at_once(town.users[who], url.format(**places), data(town))
    assert model.objects.count() - before == 1, statuses
    assert Entry.objects.count() - entries == 1, statuses
    # every copy is told the same: where to go on
    assert statuses == {302: COPIES}
