"""Promise 12: a right that ended grants nothing from the next request on; posts end at midnight."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import township
from zhibu.accounts import actions
from zhibu.accounts.models import User
from zhibu.register.models import Membership, Post

PASSWORD = "Kuangshan-2026-kaihui"
TODAY = date(2026, 7, 20)


@pytest.fixture
def town(db, settings):
    settings.ZHIBU_TODAY = TODAY.isoformat()
    settings.ZHIBU_SECOND_FACTOR = "none"
    return township()


@pytest.fixture
def secretary(town):
    client = Client()
    user = User.objects.create_user("li", PASSWORD, person=town.people["li"])
    client.force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
    client.user = user
    assert client.get(page(town)).status_code == 200
    return client


def page(town) -> str:
    return reverse("register:organisation", args=[town.mining.pk])


def test_a_post_taken_away_between_two_clicks(town, secretary):
    Post.objects.filter(person=town.people["li"]).update(until=TODAY)
    assert secretary.get(page(town)).status_code == 404
    assert (
        secretary.post(
            reverse("register:export_roster"), {"organisation": town.mining.pk, "reason": "x"}
        ).status_code
        == 404
    )


def test_a_post_ends_at_midnight(town, secretary, settings):
    """`until` is the first day on which it no longer holds."""
    Post.objects.filter(person=town.people["li"]).update(until=TODAY + timedelta(days=1))
    assert secretary.get(page(town)).status_code == 200
    settings.ZHIBU_TODAY = (TODAY + timedelta(days=1)).isoformat()
    assert secretary.get(page(town)).status_code == 404


def test_a_post_begins_at_midnight(town, secretary, settings):
    Post.objects.filter(person=town.people["li"]).update(since=TODAY + timedelta(days=1))
    assert secretary.get(page(town)).status_code == 404
    settings.ZHIBU_TODAY = (TODAY + timedelta(days=1)).isoformat()
    assert secretary.get(page(town)).status_code == 200


def test_a_dissolved_branch_gives_no_rights(town, secretary):
    town.mining.closed_on = TODAY
    town.mining.save()
    assert secretary.get(page(town)).status_code == 404


def test_an_ended_membership_closes_the_meetings(town):
    Post.objects.filter(person=town.people["chen"]).delete()
    client = Client()
    user = User.objects.create_user("chen", PASSWORD, person=town.people["chen"])
    client.force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
    assert client.get(reverse("life:sessions")).status_code == 200
    Membership.objects.filter(person=town.people["chen"]).update(until=TODAY)
    assert client.get(reverse("life:sessions")).status_code == 404


@pytest.mark.parametrize("act", ["flag", "act"])
def test_a_shut_account_is_signed_out(town, secretary, act):
    if act == "flag":
        User.objects.filter(pk=secretary.user.pk).update(is_active=False)
    else:
        keeper = User.objects.create_user("keeper", PASSWORD, is_operator=True)
        from django.utils import timezone

        from zhibu.accounts.queries import actor_for

        actions.deactivate(
            actor_for(keeper, TODAY), account=secretary.user, reason="x", now=timezone.now(), today=TODAY
        )
    answer = secretary.get(page(town))
    assert (answer.status_code, answer.url.startswith("/sign-in/")) == (302, True)


def test_a_changed_password_ends_the_other_sessions(town, secretary):
    secretary.user.set_password("Ganghou-2026-sanhui")
    secretary.user.save()
    assert secretary.get(page(town)).status_code == 302
