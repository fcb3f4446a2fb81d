"""What must not lie open lies open nowhere: the file of the database, its log ahead, the record, addresses, pages."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from tests.journeys.planting import id_number, phone
from tests.people import township
from tests.prepared import read_apart
from zhibu.accounts.models import User
from zhibu.record.models import Entry
from zhibu.register.models import Person

TODAY = date(2026, 7, 20)
ID, PHONE, OTHER = id_number(777), phone(7654321), phone(1234567)


@pytest.fixture
def secretary(live_server, settings):
    """`live_server`: a database in a file, committed to."""
    settings.ZHIBU_TODAY = TODAY.isoformat()
    settings.ZHIBU_SECOND_FACTOR = "none"
    town = township()
    client = Client(raise_request_exception=False)
    user = User.objects.create_user("li", person=town.people["li"])
    client.force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
    client.town = town
    return client


def stored() -> bytes:
    """Everything the database keeps: its file and log of SQLite, or every row of every table as text."""
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        files = (name.with_name(name.name + ending) for ending in ("", "-wal", "-journal"))
        return b"".join(read_apart(file) for file in files if file.exists())
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [str(row[0]) for row in cursor.fetchall()]
    return "\n".join(rows).encode()


@pytest.mark.django_db(transaction=True)
def test_numbers_are_nowhere_in_clear(secretary, caplog):
    caplog.set_level(logging.DEBUG)
    place = secretary.town.mining.pk
    told = {"name": "吴新人", "id_number": ID, "stage": "full_member", "since": "2026-07-01", "phone": PHONE}
    answers = [secretary.post(f"/register/organisation/{place}/add", {**told, "id_number": ID[:-1] + "Y"})]
    answers.append(secretary.post(f"/register/organisation/{place}/add", told))
    assert answers[-1].status_code == 302, answers[-1].content.decode()[:2000]
    person = Person.objects.get(name="吴新人")
    page = f"/register/member/{person.pk}"
    edited = {"name": "吴新人", "version": person.version, "phone": OTHER, "note": f"电话 {PHONE}"}
    answers.append(secretary.post(f"{page}/edit", edited))
    answers += [
        secretary.get(each)
        for each in (page, "/register/members?q=7654", f"/register/search?q={PHONE[:7]}", "/record/")
    ]
    for answer in answers[1:]:
        text = answer.content.decode() + str(answer.headers)
        assert ID not in text
        # a note is free text: what someone wrote there on purpose is theirs
        assert OTHER not in text
    kept = stored()
    assert b"\xe5\x90\xb4\xe6\x96\xb0\xe4\xba\xba" in kept, "the search itself finds what lies open"
    assert ID.encode() not in kept
    assert OTHER.encode() not in kept
    assert PHONE.encode() not in kept.replace(f"电话 {PHONE}".encode(), b"")
    assert not [each for each in (ID, PHONE, OTHER) if each in caplog.text]
    for entry in Entry.objects.all():
        assert not [each for each in (ID, PHONE, OTHER) if each in entry.values]


@pytest.mark.django_db(transaction=True)
def test_every_look_is_recorded_with_its_reason(secretary):
    place = secretary.town.mining.pk
    told = {"name": "吴新人", "id_number": ID, "stage": "full_member", "since": "2026-07-01", "phone": PHONE}
    secretary.post(f"/register/organisation/{place}/add", told)
    person = Person.objects.get(name="吴新人")
    page = f"/register/member/{person.pk}/reveal"
    looks = Entry.objects.filter(act="register.reveal")
    assert ID not in secretary.post(page, {"field": "id", "reason": ""}).content.decode()
    assert looks.count() == 0
    for number, (kind, shown) in enumerate((("id", ID), ("phone", PHONE), ("id", ID)), start=1):
        answer = secretary.post(page, {"field": kind, "reason": "办理转接"})
        assert shown in answer.content.decode()
        assert looks.count() == number
    assert set(looks.values_list("subject_id", flat=True)) == {person.pk}
    assert all("办理转接" in each.values and ID not in each.values for each in looks)
    export = {"organisation": place, "reason": "统计", "unmasked": "on"}
    before = Entry.objects.count()
    assert secretary.post("/register/export", export).status_code == 200
    assert Entry.objects.count() == before + 1
