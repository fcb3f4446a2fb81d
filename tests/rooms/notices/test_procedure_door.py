"""What a procedure relies on: a notice opened for a purpose, and where it stands on a day."""

from datetime import date, datetime, timedelta

import pytest

from tests.people import actor
from zhibu.core.refusal import Refused
from zhibu.notices import actions, queries
from zhibu.notices.told import Phase, Purpose
from zhibu.record.models import Entry
from zhibu.register.models import MobileSpell

PURPOSE = Purpose("zb_case", 7, "prospect_noticed")


def at(now, month, day):
    return datetime(2026, month, day, 9, 0, tzinfo=now.tzinfo)


@pytest.fixture
def opened(town, now):
    """Opened on Monday 20 July 2026 for a case, everything left to the rulebook."""

    def open_(**changes):
        values = {
            "organisation": town.mining, "kind": "admission", "subject": town.people["zhou"].pk,
            "opens_on": date(2026, 7, 20), "purpose": PURPOSE, "now": now,
        }  # fmt: skip
        return actions.publish(town.li, **(values | changes))

    return open_


def test_the_rulebook_fills_in_the_window_and_the_sheet(town, opened):
    notice = opened()
    assert (notice.closes_on, notice.working_days, notice.least) == (date(2026, 7, 24), 5, 5)
    assert notice.title == "关于周积极拟列为发展对象的公示"
    assert "2026年7月20日至2026年7月24日，共5个工作日" in notice.text
    assert "{" not in notice.text
    # the longer of the rule and the procedure's own term
    assert opened(least=7).closes_on == date(2026, 7, 28)
    assert opened(least=3).closes_on == date(2026, 7, 24)


def test_the_standing_of_every_day(town, now, opened):
    notice = opened()
    phases = {
        day: queries.standing(notice, date(2026, 7, day)).phase for day in (19, 20, 24, 25)
    }  # fmt: skip
    assert phases == {19: Phase.PLANNED, 20: Phase.OPEN, 24: Phase.OPEN, 25: Phase.OVER}
    assert queries.opened_for(PURPOSE, date(2026, 7, 21)) == queries.standing(notice, date(2026, 7, 21))
    assert queries.opened_for(Purpose("zb_case", 8), date(2026, 7, 21)) is None
    assert queries.opened_for(Purpose("zb_case", 7, "another"), date(2026, 7, 21)) is None
    found = queries.standing(notice, date(2026, 7, 25))
    assert (found.earliest_last_day, found.long_enough, found.passed) == (date(2026, 7, 24), True, False)


def test_it_waits_for_the_window_and_for_the_answers(town, now, opened):
    notice = opened()
    objection = actions.receive(notice=notice, text="请核实", receipt="A", now=now)
    later = at(now, 7, 27)
    assert queries.standing(notice, later.date()).phase is Phase.OBJECTIONS_OPEN
    with pytest.raises(Refused) as refused:
        actions.record_result(town.li, notice=notice, result="经核查不影响", now=later)
    assert refused.value.codes == ("notices.unanswered",)
    actions.examine_objection(town.wang, objection=objection, now=later)
    actions.answer_objection(
        town.wang, objection=objection, finding="已找本人核实", answer="已核实", now=later
    )
    assert queries.standing(notice, later.date()).phase is Phase.OVER
    actions.record_result(town.li, notice=notice, result="经核查不影响", now=later)
    found = queries.opened_for(PURPOSE, later.date())
    assert (found.phase, found.outcome, found.objections, found.passed) == (
        Phase.CLOSED,
        "unaffected",
        1,
        True,
    )


@pytest.mark.parametrize(("changes", "passed"), [
    ({}, True),
    ({"affects": True, "objections": 1}, False),
    ({"objections": 1}, True),
])  # fmt: skip
def test_the_result_decides_whether_it_passed(town, now, opened, changes, passed):
    notice = opened()
    actions.record_result(town.li, notice=notice, result="见结果", now=at(now, 7, 27), **changes)
    assert queries.opened_for(PURPOSE, date(2026, 7, 27)).passed is passed


def test_a_window_too_short_never_passes(town, now, opened):
    notice = opened(closes_on=date(2026, 7, 22))
    actions.record_result(town.li, notice=notice, result="无异议", now=at(now, 7, 27))
    found = queries.opened_for(PURPOSE, date(2026, 7, 27))
    assert (found.phase, found.long_enough, found.passed) == (Phase.CLOSED, False, False)


def test_a_mobile_person_is_publicised_at_both_places(town, now, opened):
    MobileSpell.objects.create(person=town.people["zhou"], organisation=town.mining, since=date(2026, 1, 1))
    notice = opened()
    assert notice.places_asked == ["unit", "residence"]
    later = at(now, 7, 27)
    with pytest.raises(Refused) as refused:
        actions.record_result(town.li, notice=notice, result="无异议", now=later)
    assert refused.value.codes == ("notices.places_missing",)
    week = {"from_on": date(2026, 7, 20), "until_on": date(2026, 7, 24), "now": later}
    actions.record_posting(town.li, notice=notice, kind="unit", place="矿区公示栏", **week)
    actions.record_posting(
        town.li,
        notice=notice,
        kind="residence",
        place="社区公告栏",
        **(week | {"until_on": date(2026, 7, 23)}),
    )
    # four working days at home are not five
    assert queries.standing(notice, later.date()).places_missing == ("residence",)
    actions.record_posting(town.li, notice=notice, kind="residence", place="社区公告栏", **week)
    actions.record_result(town.li, notice=notice, result="无异议", now=later)
    assert queries.opened_for(PURPOSE, later.date()).passed is True


def test_opened_anew_the_newest_counts(town, now, opened):
    notice = opened()
    day = at(now, 7, 22)
    for outsider in (town.qian, town.chen):
        with pytest.raises(Refused) as refused:
            actions.reopen(outsider, notice=notice, opens_on=day.date(), reason="姓名有误", now=day)
        assert refused.value.codes == ("notices.no_mandate",)
    anew = actions.reopen(town.li, notice=notice, opens_on=day.date(), reason="姓名有误", now=day)
    assert (anew.closes_on, anew.follows_id) == (date(2026, 7, 28), notice.pk)
    assert queries.opened_for(PURPOSE, day.date()).notice == anew.pk
    notice.refresh_from_db()
    assert (notice.withdrawn, notice.withdrawn_because) == (1, "姓名有误")
    with pytest.raises(Refused) as refused:
        actions.reopen(town.li, notice=notice, opens_on=day.date(), reason="x", now=day)
    assert refused.value.codes == ("notices.opened_anew",)
    assert list(Entry.objects.order_by("sequence").values_list("act", flat=True)) == [
        "notices.publish",
        "notices.reopen",
    ]


def test_sponsors_and_the_person_handle_nothing(town, now, opened):
    notice = opened(barred=[town.people["wang"].pk])
    objection = actions.receive(notice=notice, text="请核实", receipt="A", now=now)
    zhou = actor(town.people["zhou"], "secretary", town.mining, frozenset({"notices.*"}))
    for interested in (town.wang, zhou):
        for act in (
            lambda who: actions.examine_objection(who, objection=objection, now=now),
            lambda who: actions.record_objection(
                who, notice=notice, channel="letter", received_on=now.date(), text="信", now=now
            ),
        ):
            with pytest.raises(Refused) as refused:
                act(interested)
            assert refused.value.codes == ("notices.conflict_of_interest",)
    with pytest.raises(Refused) as refused:
        actions.record_result(zhou, notice=notice, result="无", now=now + timedelta(days=9))
    assert "notices.conflict_of_interest" in refused.value.codes
