"""Where acts are felt: above a place, at it, below it; and how many there were."""

import pytest
from django.db import transaction

from tests.people import township
from zhibu import record
from zhibu.register.models import Organisation
from zhibu.register.queries import grown_at, places, places_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(db):
    """A committee, two branches below it, and the groups that each has."""
    township()
    made = {}
    for path, kind in (
        ("0007", "primary_committee"), ("00070001", "branch"), ("00070002", "branch"), ("000700010001", "party_group"),
    ):  # fmt: skip
        made[path] = Organisation.objects.create(path=path, kind=kind, name=path, code=f"t{path}")
    return made


def keys(tree, *paths):
    return frozenset(tree[path].pk for path in paths)


def test_above_itself_and_below(tree):
    assert places_of("00070001") == keys(tree, "0007", "00070001", "000700010001")
    assert places_of("000700010001") == keys(tree, "0007", "00070001", "000700010001")
    assert places_of("00070002") == keys(tree, "0007", "00070002")
    assert places_of("00070002", "000700010001") == keys(tree, *tree)
    assert places_of("0007") == keys(tree, *tree)


def test_the_whole_installation_is_none(tree, monkeypatch):
    assert (places_of(), places_of(""), places_of("0007", "")) == (None, None, None)
    monkeypatch.setattr(places, "FEW", 3)
    assert places_of("00070001") is not None
    assert places_of("0007") is None, "four organisations, more than a few"


def test_an_act_is_felt_above_at_and_below(tree):
    every = list(tree)
    before = grown_at("0007", every)
    for path, felt in (
        ("0007", {"0007", "00070001", "00070002", "000700010001"}),
        ("00070001", {"0007", "00070001", "000700010001"}),
        ("00070002", {"0007", "00070002"}),
        ("000700010001", {"0007", "00070001", "000700010001"}),
    ):
        with transaction.atomic():
            record.write(None, "life.record", None, organisation=tree[path])
        after = grown_at("0007", every)
        assert {each for each in every if after[each] != before[each]} == felt
        below = grown_at("00070001", ["00070001", "000700010001"])
        assert below == {each: after[each] for each in below}, "the same, whoever asks"
        before = after
