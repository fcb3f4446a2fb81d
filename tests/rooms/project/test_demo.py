"""The demonstration company: the same by the same seed, shaped as published, and sound all the way to its scores."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.rooms.project.parts_read import watched
from zhibu import record, rulebook
from zhibu.accounts.models import User
from zhibu.assessment.models import Result, Run
from zhibu.life.models import Attendance, Session
from zhibu.procedures.actions.standing import derive
from zhibu.procedures.models import Case, StepTaken
from zhibu.project.demo.doings import SESSION_COLUMNS, Doings
from zhibu.project.demo.shape import Company, identity_number
from zhibu.register.identity import read_id
from zhibu.register.models import Membership, Organisation, Person

TODAY = date(2026, 11, 21)


def company(branches: int = 484, seed: int = 1):
    return Company(branches=branches, seed=seed, today=TODAY).build()


class TestShape:
    def test_the_same_seed_makes_the_same_company(self):
        first, second = company(60), company(60)
        assert first == second
        assert company(60, seed=2) != first

    def test_as_large_and_as_mixed_as_published(self):
        """Statistics of 2024: 21.7 members a branch, 30.9 % women, 7.7 % of other nations."""
        shape = company()
        members = [person for branch in shape.branches for person in branch.members]
        assert len(shape.branches) == 484
        assert 9_500 <= len(members) <= 11_000
        assert 0.27 <= sum(p.sex == "2" for p in members) / len(members) <= 0.35
        assert 0.06 <= sum(p.nation != "汉族" for p in members) / len(members) <= 0.095
        kinds = Counter(branch.organisation.kind for branch in shape.branches)
        assert kinds["joint_branch"] == 8
        assert kinds["mobile_branch"] == 4
        assert {"excellent", "ordinary", "late", "idle"} == {branch.manner.name for branch in shape.branches}
        assert sum(branch.organisation.closed is not None for branch in shape.branches) == 3
        assert sum(branch.organisation.founded is not None for branch in shape.branches) == 6

    def test_every_identity_number_is_sound_and_nobodys_twice(self):
        people = company(120).people
        assert len({person.id_number for person in people}) == len(people)
        for person in people[:200]:
            read = read_id(person.id_number)
            assert read.born_on == person.born
        assert identity_number("110101", date(1949, 12, 31), 1, woman=True)[16] == "2"

    @pytest.mark.parametrize("branches", [1, 2, 13, 14, 40])
    def test_small_companies_have_exactly_the_branches_asked_for(self, branches):
        assert len(company(branches).branches) == branches

    def test_nothing_is_done_before_founding_after_closing_or_in_the_future(self):
        shape = company()
        doings = Doings(shape, 1)
        doings.build()
        held, entered = SESSION_COLUMNS.index("held_on"), SESSION_COLUMNS.index("entered_on")
        nodes = {branch.organisation.id: branch.organisation for branch in shape.branches}
        for row in doings.sessions:
            node, day = nodes[row[1]], date.fromordinal(row[held])
            assert day <= TODAY
            assert node.founded is None or day >= node.founded
            assert node.closed is None or day < node.closed
            assert row[entered] >= row[held], "entered before it was held"


ROLES = ("jituan", "gongsi", "jiwei", "shuji", "weiyuan", "zuzhang", "dangyuan", "liudong", "admin")


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """A company of thirty branches in the database, taken out again afterwards."""
    with django_db_blocker.unblock():
        from django.db import transaction

        with transaction.atomic():
            out = StringIO()
            call_command("demo", branches=30, seed=5, stdout=out, stderr=StringIO())
            yield out.getvalue()
            transaction.set_rollback(True)


class TestWritten:
    def test_four_finished_quarters_and_a_sign_in_for_each_role(self, made):
        assert Run.objects.count() == 4
        assert Run.objects.filter(state="published").count() == 1
        assert Run.objects.filter(state="frozen").count() == 3
        for username in ROLES:
            assert User.objects.filter(username=username).exists(), username
            assert username in made
        passwords = [line.split()[1] for line in made.splitlines() if line.startswith("  ")]
        assert len(set(passwords)) == len(passwords), "every account has a password of its own"

    def test_counts_on_meetings_agree_with_the_attendance(self, made):
        for session in Session.objects.order_by("?")[:40]:
            states = Counter(Attendance.objects.filter(session=session).values_list("state", flat=True))
            assert session.expected_count == sum(states.values())
            assert session.present_count == states["present"]
            assert session.excused_count == states["excused"]
            assert session.absent_count == states["absent"]

    def test_results_lie_in_bounds_and_good_branches_stand_above_idle_ones(self, made):
        points = dict(Result.objects.filter(run__quarter=2026 * 4 + 1).values_list("branch_id", "points"))
        assert points
        assert all(0 <= each <= 10_000 for each in points.values() if each is not None)
        shape = Company(branches=30, seed=5, today=TODAY).build()
        means = {}
        for manner in ("excellent", "idle"):
            given = [
                points[b.organisation.id]
                for b in shape.branches
                if b.manner.name == manner and points.get(b.organisation.id)
            ]
            means[manner] = sum(given) / len(given) if given else None
        if None not in means.values():
            assert means["excellent"] > means["idle"] + 1500

    def test_parts_of_the_desks_name_every_room_they_are_read_from(self, made, client, monkeypatch):
        """The same with everything there is to show: what is empty asks for less."""
        found = watched(monkeypatch)
        for name in ROLES:
            client.force_login(User.objects.get(username=name), backend="zhibu.accounts.backends.PhoneOrName")
            assert client.get("/").status_code == 200
        assert sorted(set(found)) == []

    def test_every_procedure_is_shown_finished_and_running(self, made):
        """Someone who looks around finds each of them done, and each of them on its way."""
        shown = {(name, state) for name, state in Case.objects.values_list("procedure", "state")}
        wanted = {(name, state) for name in rulebook.load(()).procedures for state in ("ended", "running")}
        assert wanted - shown == set()

    def test_cases_stand_as_the_engine_has_them(self, made):
        """What lists show is what working it out anew gives; nobody in a case is a placeholder."""
        kept = {
            row["id"]: row for row in Case.objects.values("id", "state", "ended", "next_step", "above_step")
        }
        for case in Case.objects.order_by("id")[::7]:
            derive(case, date.today())
            assert {
                "id": case.pk, "state": case.state, "ended": case.ended, "next_step": case.next_step,
                "above_step": case.above_step,
            } == kept[case.pk], (case.procedure, case.pk)  # fmt: skip
        people = [each for row in StepTaken.objects.values_list("people", flat=True) for each in row]
        assert people
        assert all(each["person"] > 0 and each["name"] for each in people)

    def test_admissions_and_the_register_tell_the_same(self, made):
        """Whoever a meeting admitted is a probationary member from that day."""
        rows = StepTaken.objects.filter(procedure="admission", step="admission_approved")
        admitted = {case.person_id: case for case in Case.objects.filter(steps__in=rows)}
        assert admitted
        for person, case in admitted.items():
            day = case.steps.get(step="admitted_by_meeting").taken_on
            spell = Membership.objects.get(person=person, stage="probationary_member")
            assert (spell.since, spell.person.joined_on) == (day, day)

    def test_the_record_holds_and_everybody_belongs_somewhere(self, made):
        assert record.verify().faults == ()
        assert Organisation.objects.filter(kind="party_group").exists()
        officers = Person.objects.filter(posts__kind="committee_officer").count()
        assert Membership.objects.values("person").distinct().count() == Person.objects.count() - officers


def test_a_database_in_use_is_left_alone(db):
    Organisation.objects.create(code="X", name="在用", kind="branch", path="0001")
    with pytest.raises(CommandError) as refused:
        call_command("demo", branches=3, stdout=StringIO(), stderr=StringIO())
    assert "demo_not_empty" in str(refused.value)
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("branches", [0, -1, 20_001])
def test_a_number_of_branches_that_makes_no_sense_is_refused(db, branches):
    with pytest.raises(CommandError) as refused:
        call_command("demo", branches=branches, stdout=StringIO(), stderr=StringIO())
    assert "demo_branches" in str(refused.value)


def test_an_empty_installation_has_one_operator_and_nothing_else(db):
    out = StringIO()
    call_command("demo", empty=True, stdout=out, stderr=StringIO())
    operator = User.objects.get()
    assert (operator.username, operator.is_operator, operator.person_id) == ("admin", True, None)
    assert operator.check_password(out.getvalue().split("admin")[1].split()[0])
    assert not Organisation.objects.exists()
