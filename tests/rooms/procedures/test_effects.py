"""What a step changes in the register, one kind after the other: done through `take_step`, and undone where it can be."""

from datetime import date

import pytest

from tests.people import organisation
from tests.rooms.procedures.conftest import at
from zhibu import analytics, rulebook
from zhibu.core.calendar import Quarter, add_months
from zhibu.core.norms.procedures import EffectKind
from zhibu.core.refusal import Refused
from zhibu.procedures import actions
from zhibu.procedures.actions.effects import DONE_BY, VERBS
from zhibu.procedures.actions.undoing import UNDOABLE
from zhibu.procedures.models import Case, StepTaken
from zhibu.record.models import Entry
from zhibu.register.models import Membership, MobileSpell, Organisation, Post, Term

DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def under_way(cast, take):
    """`under_way("zhou")`: a case about someone of Mining, begun."""

    def begin(name, procedure="every_effect", on=DAY):
        case = actions.open_case(
            cast.li, organisation=cast.mining, procedure=procedure, opened_on=on,
            person=cast.people[name].pk, now=at(on),
        )  # fmt: skip
        if procedure == "every_effect":
            take(case, "begun", on)
        return case

    return begin


def reverse(cast, taken):
    return actions.reverse_step(cast.li, taken=taken, reason="误登", now=at(NEXT, 15))


def stands(cast, taken):
    """The register keeps what it cannot take back, and the step says so instead of pretending."""
    with pytest.raises(Refused) as refused:
        reverse(cast, taken)
    assert refused.value.codes == ("procedures.effect_stands",)
    assert StepTaken.objects.get(pk=taken.pk).reversed == 0


def spell(person):
    found = Membership.objects.filter(person=person).latest("pk")
    return found.organisation_id, found.stage, found.until, found.ended_because


def test_every_kind_is_carried_out_by_something_and_tried_here():
    kinds = set(EffectKind)
    assert (set(DONE_BY), set(VERBS)) == (kinds, kinds)
    tried = {each.kind for step in rulebook.load().procedures["every_effect"].steps for each in step.effects}
    assert tried == kinds
    assert set(UNDOABLE) == {"set_stage", "appoint", "record_mobile", "rename_organisation"}


def test_a_stage_is_set_and_taken_back(cast, take, under_way):
    zhou = cast.people["zhou"]
    taken = take(under_way("zhou"), "set_stage", NEXT)
    assert spell(zhou) == (cast.mining.pk, "prospect", None, "")
    reverse(cast, taken)
    assert spell(zhou)[1:3] == ("activist", None)


def test_an_affiliation_is_changed_and_the_case_goes_along(cast, take, under_way):
    zhao, case = cast.people["zhao"], under_way("zhao")
    taken = take(case, "change_affiliation", NEXT, values={"target": cast.depot.pk})
    assert spell(zhao) == (cast.depot.pk, "full_member", None, "")
    case.refresh_from_db()
    assert (case.organisation_id, case.state) == (cast.depot.pk, "running")
    assert taken.effects == [
        {
            "does": "change_affiliation",
            "person": zhao.pk,
            "was": cast.mining.pk,
            "organisation": cast.depot.pk,
        }
    ]


@pytest.mark.parametrize(
    ("step", "values", "because"),
    [("send_away", {"where": "县外某党委"}, "transferred_away"), ("end_membership", {}, "cancelled")],
)
def test_a_belonging_is_ended_by_a_step_and_the_case_goes_on(cast, take, under_way, step, values, because):
    chen, case, other = cast.people["chen"], under_way("chen"), under_way("chen", "trial")
    taken = take(case, step, NEXT, values=values)
    assert spell(chen)[2:] == (NEXT, because)
    case.refresh_from_db()
    other.refresh_from_db()
    # its own steps say how it ends; what else was under way about the person does not go on
    assert (case.state, case.next_step) == ("running", "finished")
    assert (other.state, other.ended, other.ended_on, other.overdue_from) == (
        "ended",
        "subject_left",
        NEXT,
        None,
    )
    stands(cast, taken)


def test_someone_is_appointed_and_the_post_taken_back(cast, take, under_way):
    wang = cast.people["wang"]
    taken = take(under_way("zhou"), "appoint", NEXT, people=[wang.pk])
    post = Post.objects.get(kind="organisation_officer")
    assert (post.person_id, post.organisation_id, post.since, post.until) == (
        wang.pk,
        cast.mining.pk,
        NEXT,
        None,
    )
    reverse(cast, taken)
    post.refresh_from_db()
    assert post.until == post.since


def test_someone_is_dismissed(cast, take, under_way):
    zhao = cast.people["zhao"]
    taken = take(under_way("zhou"), "dismiss", NEXT, values={"person": zhao.pk})
    assert Post.objects.get(person=zhao, kind="publicity_officer").until == NEXT
    assert Post.objects.get(person=zhao, kind="group_leader").until is None
    stands(cast, taken)


def test_a_term_is_recorded_and_shifted_and_the_standard_reads_it_once(cast, take, under_way):
    """S04 reads the register's terms: what a renewal or a postponement decided stands there, and nowhere twice."""
    case = under_way("zhou")
    recorded = take(case, "record_term", NEXT, values={"seats": 5})
    term = Term.objects.get()
    assert (term.organisation_id, term.elected_on, term.seats, term.ended_on) == (
        cast.mining.pk,
        NEXT,
        5,
        None,
    )
    assert read(cast, date(2026, 3, 31)) == {
        "register.current_terms": 1, "register.seats": 5,
        "register.term_days_left": (term.valid_until - date(2026, 3, 31)).days,
    }  # fmt: skip
    until = add_months(term.valid_until, 6)
    shifted = take(case, "shift_term", NEXT, values={"shifted_to": until})
    assert Term.objects.get().valid_until == until
    assert read(cast, date(2026, 3, 31))["register.term_days_left"] == (until - date(2026, 3, 31)).days
    for taken in (shifted, recorded):
        with pytest.raises(Refused):
            reverse(cast, taken)


def read(cast, day):
    names = ("register.current_terms", "register.seats", "register.term_days_left")
    (row,) = [
        each
        for each in analytics.collect(rulebook.load(()), Quarter.of(day))
        if each.branch == cast.mining.pk
    ]
    return {name: row.fact(name) for name in names}


def test_a_group_is_opened_and_closed(cast, take, under_way):
    case = under_way("zhou")
    opened = take(case, "open_organisation", NEXT, values={"name": "第三党小组"})
    made = Organisation.objects.get(name="第三党小组")
    assert (made.kind, made.parent_id, made.founded_on) == ("party_group", cast.mining.pk, NEXT)
    closed = take(case, "close_organisation", NEXT, values={"place": made.pk})
    made.refresh_from_db()
    assert made.closed_on == NEXT
    stands(cast, closed)
    stands(cast, opened)


def test_a_branch_is_renamed_and_named_as_before(cast, take, under_way):
    taken = take(under_way("zhou"), "rename_organisation", NEXT, values={"name": "采选党支部"})
    cast.mining.refresh_from_db()
    assert cast.mining.name == "采选党支部"
    reverse(cast, taken)
    cast.mining.refresh_from_db()
    assert cast.mining.name == "采矿党支部"


def test_a_branch_is_put_under_another_superior(cast, take, under_way):
    other = organisation("T2", "红旗镇党委", "primary_committee", "0002")
    taken = take(under_way("zhou"), "move_organisation", NEXT, values={"parent": other.pk})
    cast.mining.refresh_from_db()
    assert (cast.mining.parent_id, cast.mining.path[:4]) == (other.pk, "0002")
    assert taken.effects == [
        {
            "does": "move_organisation",
            "organisation": cast.mining.pk,
            "was": cast.committee.pk,
            "parent": other.pk,
        }
    ]


def test_a_mobile_spell_is_recorded_ended_and_both_are_taken_back(cast, take, under_way):
    zhao, case = cast.people["zhao"], under_way("zhao")
    left = take(case, "record_mobile", NEXT, values={"place": "杭州"})
    found = MobileSpell.objects.get(person=zhao)
    assert (found.place, found.since, found.until) == ("杭州", NEXT, None)
    back = take(case, "end_mobile", NEXT)
    found.refresh_from_db()
    assert found.until == NEXT
    stands(cast, back)
    assert left.effects == [{"does": "record_mobile", "person": zhao.pk, "place": "杭州"}]


def test_a_mobile_spell_entered_in_error_is_taken_back(cast, take, under_way):
    taken = take(under_way("zhao"), "record_mobile", NEXT, values={"place": "杭州"})
    reverse(cast, taken)
    assert not MobileSpell.objects.filter(person=cast.people["zhao"], until=None).exists()


@pytest.mark.parametrize("because", ["deceased", "expelled", "transferred_away", "cancelled", "suspended"])
def test_a_case_ends_when_its_person_leaves(cast, take, under_way, because):
    """Who leaves in the register leaves no case behind that nobody could finish; what was done stays readable."""
    from tests.people import actor
    from zhibu.core.authority import Reach
    from zhibu.register import actions as register

    chen, case = cast.people["chen"], under_way("chen")
    nobody_elses = under_way("zhou")
    sun = actor(
        cast.people["sun"], "committee_officer", cast.committee, frozenset({"register.*"}), Reach.BELOW
    )
    register.leave(sun, person=chen, because=because, until=NEXT, today=NEXT, now=at(NEXT))
    case.refresh_from_db()
    nobody_elses.refresh_from_db()
    assert (case.state, case.ended, case.ended_on, case.next_step, case.overdue_from) == (
        "ended", "subject_left", NEXT, "", None,
    )  # fmt: skip
    assert nobody_elses.state == "running"
    entry = Entry.objects.get(act="procedures.end_case")
    assert (entry.actor_name, entry.subject_id) == ("孙组织员", case.pk)
    event = case.events.get()
    assert (event.kind, event.detail, event.happened_on) == ("ended", "subject_left", NEXT)
    assert event.reason.startswith("本人")
    with pytest.raises(Refused) as refused:
        take(case, "finished", NEXT)
    assert refused.value.codes == ("procedures.ended",)
    assert Case.objects.filter(person=chen, state="running").count() == 0
