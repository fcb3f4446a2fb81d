"""People of two branches under one committee, with accounts."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from zhibu.accounts import queries
from zhibu.accounts.models import User
from zhibu.register.models import Membership, Organisation, Person, Post

PASSWORD = "Kuangshan-2026-kaihui"
LONG_AGO = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def _no_memory_between_tests():
    cache.clear()


@pytest.fixture
def tree(db):
    """0001 committee, 00010001 branch A, 00010002 branch B; people named for what they are."""
    committee = Organisation.objects.create(
        code="C", name="矿业公司党委", kind="primary_committee", path="0001"
    )
    a = Organisation.objects.create(
        code="A", name="采矿一队党支部", kind="branch", path="00010001", parent=committee
    )
    b = Organisation.objects.create(
        code="B", name="采矿二队党支部", kind="branch", path="00010002", parent=committee
    )
    people = {}
    for name, place, stage in (
        ("李书记", a, "full_member"),
        ("赵党员", a, "full_member"),
        ("陈预备", a, "probationary_member"),
        ("周积极", a, "activist"),
        ("钱外人", b, "full_member"),
        ("孙组织员", committee, "full_member"),
        ("吴党委书记", committee, "full_member"),
    ):
        person = people[name] = Person.objects.create(name=name)
        Membership.objects.create(person=person, organisation=place, stage=stage, since=LONG_AGO)
    for name, place, kind in (
        ("李书记", a, "secretary"),
        ("孙组织员", committee, "committee_officer"),
        ("吴党委书记", committee, "committee_secretary"),
        ("钱外人", b, "secretary"),
    ):
        Post.objects.create(person=people[name], organisation=place, kind=kind, since=LONG_AGO)
    return SimpleNamespace(committee=committee, a=a, b=b, people=people)


@pytest.fixture
def account(tree):
    """Makes the account of a person of the tree, signing in with PASSWORD."""

    def make(name, **fields):
        fields.setdefault("person", tree.people.get(name))
        if phone := fields.pop("phone", None):
            fields["phone_index"] = queries.phone_key(phone)
        return User.objects.create_user(name, PASSWORD, **fields)

    return make


@pytest.fixture
def operator(account):
    """The account that keeps the machine."""
    return account("管理员", is_operator=True)


@pytest.fixture
def as_user():
    """A browser in which an account is signed in."""
    from django.test import Client

    def enter(user):
        client = Client()
        client.force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
        return client

    return enter
