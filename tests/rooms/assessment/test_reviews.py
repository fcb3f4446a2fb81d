"""What a person judges: within the weight, with a reason, tied to records of the quarter, and never over another's."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from tests.rooms.assessment.company import NOW, QUARTER, TODAY, company
from zhibu.assessment import actions, queries
from zhibu.assessment.judgements import Judgement
from zhibu.assessment.models import Result, Review, Run, SelfReview
from zhibu.core.refusal import Refused
from zhibu.life.models import FiledDocument, Session
from zhibu.record.models import Entry
from zhibu.ui.doors import Stale

SPIRIT = ("S08", "spirit")


def codes(refused):
    return [refusal.code for refusal in refused.value.refusals]


def points(run, branch):
    return Result.objects.get(run=run, branch=branch).points


def test_points_count_at_once_and_are_recorded(firm, run, judge):
    before = Result.objects.get(run=run, branch=firm.e1)
    assert judge("e1", *SPIRIT, 60, comment="团结") == 1
    after = Result.objects.get(run=run, branch=firm.e1)
    assert after.decided_micro - before.decided_micro == 120 * 10_000
    assert after.earned_micro - before.earned_micro == 60 * 10_000
    entry = Entry.objects.order_by("-id").first()
    assert (entry.act, entry.organisation_id) == ("assessment.review", firm.e1.pk)


def test_places_follow_a_judgement(firm, run, judge):
    def places():
        rows = Result.objects.filter(run=run, superior_id=firm.east.pk, unit_type="production")
        return dict(rows.values_list("branch__code", "place"))

    assert places() == {"E1": 1, "E2": 2, "E3": 3, "E4": 4}
    for standard, part in (
        ("S08", "spirit"),
        ("S25", "cases"),
        ("S13", "models"),
        ("S17", "settled"),
        ("S22", "conduct"),
    ):
        judge("e1", standard, part, 0)
    by_hand = places()
    actions.compute(firm.actor("officer"), run=run, now=NOW + timedelta(hours=1))
    assert places() == by_hand, "one branch brought up to date gives what computing all gives"
    assert by_hand["E1"] > 1


def test_the_same_again_changes_nothing(firm, run, judge):
    judge("e1", *SPIRIT, 60)
    entries = Entry.objects.count()
    assert judge("e1", *SPIRIT, 60) == 0
    assert (Entry.objects.count(), Review.objects.get().version) == (entries, 1)


def test_not_applicable_needs_its_reason_and_redistributes(firm, run, judge):
    with pytest.raises(Refused) as refused:
        judge("e1", *SPIRIT, None, applicable=False)
    assert codes(refused) == ["reason_missing"]
    before = Result.objects.get(run=run, branch=firm.e1).applicable_micro
    judge("e1", *SPIRIT, None, applicable=False, comment="本季班子整体轮训")
    assert before - Result.objects.get(run=run, branch=firm.e1).applicable_micro == 120 * 10_000


def test_taking_a_judgement_back(firm, run, judge):
    before = points(run, firm.e1)
    judge("e1", *SPIRIT, 0)
    assert points(run, firm.e1) < before
    judge("e1", *SPIRIT, None)
    assert (points(run, firm.e1), Review.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    ("part", "given", "code"),
    [
        (("S08", "spirit"), 121, "points_out_of_range"),
        (("S08", "spirit"), -1, "points_out_of_range"),
        (("S99", "spirit"), 1, "part_unknown"),
        (("S12", "general"), 1, "part_unknown"),
    ],
)
def test_refused_judgements_change_nothing(firm, run, judge, part, given, code):
    with pytest.raises(Refused) as refused:
        judge("e1", *part, given)
    assert (codes(refused), Review.objects.count()) == ([code], 0)


def test_a_lower_officer_reviews_his_part_only(firm, run, judge):
    judge("e1", *SPIRIT, 60, who="east_officer")
    with pytest.raises(Refused) as refused:
        judge("w1", *SPIRIT, 60, who="east_officer")
    assert codes(refused) == ["not_your_part"]
    with pytest.raises(Refused) as refused:
        judge("e1", *SPIRIT, 60, who="secretary")
    assert codes(refused) == ["not_your_part"]


def test_after_publication_to_correct_after_freezing_never(firm, published, judge):
    judge("e1", *SPIRIT, 60)
    actions.freeze(firm.actor("officer"), run=published, now=NOW)
    with pytest.raises(Refused) as refused:
        judge("e1", *SPIRIT, 70)
    assert codes(refused) == ["run_frozen"]


def test_records_of_the_quarter_are_linked_others_refused(firm, run, judge):
    mine = Session.objects.filter(organisation=firm.e1).order_by("held_on").first()
    paper = FiledDocument.objects.create(
        organisation=firm.e1, kind="other", title="谈心谈话台账", covers_on=QUARTER.first, filed_on=QUARTER.last,
        known_at=1,
    )  # fmt: skip
    links = (("sessions", mine.pk), ("documents", paper.pk))
    judge("e1", *SPIRIT, 60, evidence=links)
    found = queries.point(firm.actor("officer"), firm.e1, QUARTER, "S08")
    shown = next(part for part in found.parts if part.line.part.id == "spirit").linked
    assert {each.link for each in shown} == set(links)
    assert all(each.url for each in shown)
    theirs = Session.objects.filter(organisation=firm.e2).first()
    for wrong in (("sessions", theirs.pk), ("talks", 1), ("sessions", 10**9)):
        with pytest.raises(Refused) as refused:
            judge("e1", "S08", "problems", 10, evidence=(wrong,))
        assert codes(refused) == ["record_elsewhere"]


def test_two_reviewers_get_both_versions(firm, run, judge):
    judge("e1", *SPIRIT, 60, comment="甲的评语", version=0)
    with pytest.raises(Stale) as stale:
        judge("e1", *SPIRIT, 80, comment="乙的评语", version=0, who="east_officer")
    (row,) = stale.value.rows
    assert ("甲的评语" in row.theirs, "乙的评语" in row.mine) == (True, True)
    assert Review.objects.get().comment == "甲的评语"
    judge("e1", *SPIRIT, 80, comment="乙的评语", version=1, who="east_officer")
    assert Review.objects.get().version == 2


def test_a_branch_assesses_itself_while_the_run_is_open(firm, run):
    secretary = firm.actor("secretary")
    values = {"run": run, "branch": firm.e1, "now": NOW}
    actions.self_review(secretary, judgements=[Judgement(*SPIRIT, 120)], **values)
    assert SelfReview.objects.count() == 1
    assert Result.objects.get(run=run, branch=firm.e1).self_points is not None
    with pytest.raises(Refused) as refused:
        actions.self_review(secretary, judgements=[Judgement(*SPIRIT, 100)], run=run, branch=firm.e2, now=NOW)
    assert codes(refused) == ["not_your_part"]
    actions.publish(firm.actor("officer"), run=run, today=TODAY, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.self_review(secretary, judgements=[Judgement(*SPIRIT, 100)], **values)
    assert codes(refused) == ["self_review_closed"]


def test_the_own_total_never_holds_the_superiors_points(firm, run, judge):
    actions.self_review(
        firm.actor("secretary"), run=run, branch=firm.e1, judgements=[Judgement(*SPIRIT, 120)], now=NOW
    )
    own = Result.objects.get(run=run, branch=firm.e1).self_points
    judge("e1", *SPIRIT, 0)
    judge("e1", "S25", "cases", 0)
    assert Result.objects.get(run=run, branch=firm.e1).self_points == own


# --- at once ------------------------------------------------------------------------------------


@pytest.fixture
def connect(transactional_db, tmp_path):
    """Threads on a database in memory get a file of their own, shared by all of them."""
    firm = company()
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield firm, lambda: None
        return
    file = tmp_path / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])

    def use_file():
        own = connections.create_connection("default")
        own.settings_dict = {**own.settings_dict, "NAME": str(file)}
        connections["default"] = own

    yield firm, use_file


def at_once(use, works):
    results = []

    def go(work):
        try:
            use()
            results.append(work())
        except (Refused, Stale) as found:
            results.append(type(found).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_opening_and_publishing_at_once_happen_once(connect):
    firm, use = connect
    officer = firm.actor("officer")
    opened = at_once(use, [
        lambda: actions.open_run(officer, organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW)[0].pk
    ] * 3)  # fmt: skip
    assert len(set(opened)) == 1

    def publish():
        run = Run.objects.get(pk=opened[0])
        actions.publish(officer, run=run, today=TODAY, now=NOW)
        return "published"

    assert sorted(at_once(use, [publish] * 3)) == ["Refused", "Refused", "published"]


def test_two_reviewers_at_once_one_wins_one_is_told(connect):
    firm, use = connect
    officer, east = firm.actor("officer"), firm.actor("east_officer")

    def opened():
        return actions.open_run(officer, organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW)[0].pk

    (pk,) = at_once(use, [opened])

    def give(actor, value):
        def work():
            with transaction.atomic():
                run = Run.objects.get(pk=pk)
                judgement = Judgement(*SPIRIT, value, version=0)
                return actions.review(actor, run=run, branch=firm.e1, judgements=[judgement], now=NOW)

        return work

    assert sorted(map(str, at_once(use, [give(officer, 10), give(east, 20)]))) == ["1", "Stale"]
