"""Promise 10: the rule for one object and the rule for a list are one rule, and a plain reading of it agrees."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.people import dues_entry
from zhibu.core.authority import POSTS_ABOVE, Actor, Mandate, Reach, may, ranges
from zhibu.dues.models import DuesEffect
from zhibu.dues.policies import visible_to as visible_dues
from zhibu.life.policies import visible_to as visible_life
from zhibu.notices.policies import visible_to as visible_notices
from zhibu.register.models import Organisation
from zhibu.register.policies import visible_organisations
from zhibu.ui.doors import within

VERBS = ("life.view", "life.record", "dues.view", "notices.view", "register.view", "register.import_roster")
GRANTED = (*VERBS, "life.*", "register.import_*", "register.*", "lifeless.view", "life", "*.view")
LEVELS = ("0001", "0002", "0010", "9998", "9999")
PATHS = tuple("".join(each) for depth in (1, 2, 3) for each in product(LEVELS, repeat=depth))

mandates = st.lists(
    st.builds(
        Mandate,
        post=st.sampled_from(
            ["secretary", "group_leader", "committee_officer", "committee_secretary", "operator"]
        ),
        organisation=st.just(1),
        path=st.sampled_from(PATHS),
        verbs=st.frozensets(st.sampled_from(GRANTED), max_size=3),
        reach=st.sampled_from(Reach),
    ),
    max_size=4,
)


def plainly(actor: Actor, verb: str, path: str) -> bool:
    """What the contract says, written as slowly and as openly as possible."""
    for mandate in actor.mandates:
        named = verb in mandate.verbs or any(
            each[-1] == "*" and verb[: len(each) - 1] == each[:-1] for each in mandate.verbs
        )
        if not named or mandate.reach is Reach.SELF:
            continue
        if mandate.reach is Reach.EVERYWHERE:
            return True
        alone = mandate.reach is Reach.OWN and mandate.post in POSTS_ABOVE
        if path == mandate.path or (not alone and path[: len(mandate.path)] == mandate.path):
            return True
    return False


@given(mandates, st.sampled_from(VERBS))
@settings(max_examples=400)
def test_objects_ranges_and_the_plain_reading_agree(held, verb):
    actor = Actor(1, 1, "x", tuple(held))
    spans = ranges(actor, verb)
    assert list(spans) == sorted(spans)
    for path in PATHS:
        expected = plainly(actor, verb, path)
        assert may(actor, verb, path) is expected
        assert any(low <= path < end for low, end in spans) is expected


@pytest.fixture
def tree(db):
    Organisation.objects.bulk_create(
        Organisation(code=path, name=path, path=path, kind="branch") for path in PATHS
    )
    places = Organisation.objects.all()
    for each in places:
        dues_entry(each, date(2026, 6, 1))


def test_lists_hold_what_may_be_opened(tree):
    seen = 0

    @given(mandates, st.sampled_from(VERBS))
    @settings(max_examples=120)
    def one(held, verb):
        nonlocal seen
        actor = Actor(1, 1, "x", tuple(held))
        expected = sorted(path for path in PATHS if plainly(actor, verb, path))
        seen += len(expected)
        listed = within(Organisation.objects.all(), ranges(actor, verb), "path")
        assert sorted(listed.values_list("path", flat=True)) == expected
        assert sorted(visible_organisations(actor, verb).values_list("path", flat=True)) == expected
        for rows in (visible_dues, visible_life, visible_notices):
            found = rows(actor, DuesEffect.objects.all(), verb)
            assert sorted(found.values_list("organisation__path", flat=True)) == expected

    one()
    assert seen
