"""From posts and membership to what one may do, today and not tomorrow."""

from datetime import date, timedelta

import pytest

from tests.rooms.accounts.conftest import LONG_AGO
from zhibu import rulebook
from zhibu.accounts import queries
from zhibu.core.authority import Reach, may, ranges, reaches
from zhibu.register.models import Membership, Organisation, Post

TODAY = date(2026, 7, 3)


def actor(user, today=TODAY):
    return queries.actor_for(type(user).objects.select_related("person").get(pk=user.pk), today)


def held(user, today=TODAY):
    return sorted(
        {(mandate.post, mandate.path, str(mandate.reach)) for mandate in actor(user, today).mandates}
    )


def test_an_account_without_posts_and_membership_may_do_nothing(tree, account):
    activist = account("周积极")
    assert actor(activist).mandates == ()
    assert actor(activist).name == "周积极"
    assert actor(account("无人")).mandates == ()


def test_a_member_holds_what_members_hold_in_the_own_branch(account):
    assert held(account("赵党员")) == [("member", "00010001", "own"), ("member", "00010001", "self")]
    assert held(account("陈预备")) == [("member", "00010001", "own"), ("member", "00010001", "self")]
    assert may(actor(account("钱外人")), "life.view", "00010002")


def test_a_secretary_acts_in_the_own_branch_only(account):
    li = actor(account("李书记"))
    assert {mandate.post for mandate in li.mandates} == {"secretary", "member"}
    assert may(li, "life.close_minutes", "00010001")
    assert not may(li, "life.close_minutes", "00010002")
    assert not may(li, "life.close_minutes", "0001")
    assert not may(li, "accounts.create_account", "00010001")


def test_a_committee_officer_sees_what_lies_below(account):
    sun = actor(account("孙组织员"))
    assert may(sun, "register.view", "00010001")
    assert may(sun, "register.view", "00010002")
    assert not may(sun, "register.view", "0002")
    assert not may(sun, "assessment.appeal", "00010001")


def test_what_is_entered_at_a_committee_does_not_own_the_branches_below(tree, account):
    assert {
        mandate.post for mandate in actor(account("吴党委书记")).mandates if mandate.reach is Reach.OWN
    } == set()
    Post.objects.create(
        person=tree.people["赵党员"], organisation=tree.committee, kind="secretary", since=LONG_AGO
    )
    zhao = actor(account("赵党员"))
    assert ranges(zhao, "life.close_minutes") == ()
    assert ranges(zhao, "life.view") == (("00010001", "00010002"),)


def test_an_operator_reaches_everywhere_and_nobody_else_does(tree, account, operator):
    keeper = actor(operator)
    assert ranges(keeper, "accounts.create_account") == (("", "z"),)
    assert reaches(keeper, "life.close_minutes") == frozenset()
    assert keeper.person is None
    for name in tree.people:
        user = account(name)
        assert all(mandate.reach is not Reach.EVERYWHERE for mandate in actor(user).mandates)


def test_a_rulebook_cannot_give_a_post_the_whole_country(account, monkeypatch):
    from zhibu.core.norms import Grant

    book = rulebook.load()
    grants = {
        **book.mandates,
        "secretary": (Grant(("life.*",), Reach.EVERYWHERE), Grant(("dues.*",), Reach.OWN)),
    }
    monkeypatch.setattr(rulebook, "load", type("Book", (), {"mandates": grants}))
    li = actor(account("李书记"))
    assert reaches(li, "life.close_minutes") == frozenset()
    assert may(li, "dues.enter_month", "00010001")


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (TODAY, None, True),
        (TODAY - timedelta(days=1), TODAY + timedelta(days=1), True),
        (TODAY + timedelta(days=1), None, False),
        (TODAY - timedelta(days=9), TODAY, False),
    ],
)
def test_a_post_grants_from_its_first_day_to_the_day_before_it_ends(tree, account, since, until, holds):
    Post.objects.create(
        person=tree.people["赵党员"], organisation=tree.b, kind="secretary", since=since, until=until
    )
    assert may(actor(account("赵党员")), "life.close_minutes", "00010002") is holds


def test_a_membership_that_ended_and_an_organisation_that_closed_grant_nothing(tree, account):
    zhao, li = account("赵党员"), account("李书记")
    Membership.objects.filter(person=tree.people["赵党员"]).update(until=TODAY)
    assert held(zhao) == []
    Organisation.objects.filter(pk=tree.a.pk).update(closed_on=TODAY)
    assert held(li) == []
    assert held(li, TODAY - timedelta(days=1)) != []


def test_two_posts_of_one_kind_are_two_mandates_and_the_same_one_twice_is_one(tree, account):
    user = account("李书记")
    before = len(actor(user).mandates)
    Post.objects.create(person=tree.people["李书记"], organisation=tree.a, kind="secretary", since=LONG_AGO)
    assert len(actor(user).mandates) == before
    Post.objects.create(person=tree.people["李书记"], organisation=tree.b, kind="secretary", since=LONG_AGO)
    assert len(actor(user).mandates) > before


def test_two_queries_whoever_it_is(account, operator, django_assert_num_queries):
    loaded = type(operator).objects.select_related("person").get(pk=account("李书记").pk)
    with django_assert_num_queries(2):
        queries.actor_for(loaded, TODAY)
    with django_assert_num_queries(0):
        queries.actor_for(operator, TODAY)
