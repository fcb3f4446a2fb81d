"""What a committee comes to, from the sums a run keeps, is what its lines come to: for whoever reads, at every step."""

from datetime import timedelta

import pytest

from tests.rooms.assessment.company import NOW, QUARTER, TODAY
from zhibu.assessment import actions, queries
from zhibu.assessment.models import Run

READERS = (("officer", "group"), ("officer", "east"), ("east_officer", "east"), ("officer", "west"))


def by_lines(actor, place):
    """The same, line by line."""
    found = queries.committee(actor, place, QUARTER)
    counted = queries.counts(found)
    told = (counted["all"], counted["high"], counted["low"], found.mean, found.means)
    return (found.run and found.run.pk, *told)


def at_a_glance(actor, place):
    found = queries.glance(actor, place, QUARTER)
    return (found.run and found.run.pk, found.all, found.high, found.low, found.mean, dict(found.means))


def assert_same(firm):
    for who, where in READERS:
        actor, place = firm.actor(who), firm.places[where]
        assert at_a_glance(actor, place) == by_lines(actor, place), (who, where)


def test_at_every_step_of_a_quarter(firm, run, judge):
    assert_same(firm)
    judge("e1", "S08", "spirit", 60, comment="团结")
    judge("w1", "S08", "spirit", 0)
    assert_same(firm)
    before = Run.objects.get(pk=run.pk).sums
    actions.compute(firm.actor("officer"), run=run, now=NOW + timedelta(hours=1))
    assert Run.objects.get(pk=run.pk).sums == before, "one branch brought up to date is all computed anew"
    actions.publish(firm.actor("officer"), run=Run.objects.get(pk=run.pk), today=TODAY, now=NOW)
    assert_same(firm)


def test_without_a_run_and_without_kept_sums(firm):
    assert_same(firm)
    run, _cautions = actions.open_run(
        firm.actor("officer"), organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW
    )
    Run.objects.filter(pk=run.pk).update(sums="")
    assert_same(firm)


@pytest.mark.parametrize("kept", [True, False])
def test_the_sums_are_read_instead_of_the_lines(firm, run, kept, django_assert_num_queries):
    actor = firm.actor("officer")
    if not kept:
        Run.objects.filter(pk=run.pk).update(sums="")
    with django_assert_num_queries(2 if kept else 5):
        queries.glance(actor, firm.group, QUARTER)
