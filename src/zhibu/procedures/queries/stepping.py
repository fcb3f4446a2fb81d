"""What the form of a step offers: people, meetings already recorded, organisations, the counts known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from zhibu import rulebook
from zhibu.core.norms import VoteKind
from zhibu.core.norms.procedures import BRANCH_SIDE, FieldKind, Role, Step, StepKind
from zhibu.core.procedure import Plan
from zhibu.core.wording import Text
from zhibu.life.models import Examination, Session, SessionKind, Talk, TalkKind
from zhibu.life.models.mobile import Contact, ContactWay
from zhibu.procedures.models import Case
from zhibu.procedures.queries.engine import plan_of
from zhibu.procedures.queries.grading import NOBODY, Grading, grading_of
from zhibu.procedures.queries.opening import officials_of, people_of
from zhibu.procedures.queries.piles import replies_of
from zhibu.register.models import BRANCH_KINDS, COMMITTEE_POSTS, Membership, Organisation, Post, Stage
from zhibu.ui import formats

LATELY = timedelta(days=120)
MEETINGS = {
    Role.GENERAL_MEETING: SessionKind.GENERAL_MEETING,
    Role.BRANCH_COMMITTEE: SessionKind.COMMITTEE_MEETING,
    Role.PARTY_GROUP: SessionKind.GROUP_MEETING,
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What a step's form offers. `vote` is the kind of vote, empty without one; `grades` those of an appraisal."""

    people: tuple[tuple[int, str, str, str], ...]
    sessions: tuple[tuple[int, str], ...]
    organisations: tuple[tuple[int, str], ...]
    replies: tuple[tuple[str, Text], ...]
    vote: str
    grades: tuple[str, ...]
    written: bool
    secret: bool
    expected: int | None
    named: dict[str, set[int]]
    grading: Grading = NOBODY
    grade_titles: tuple[tuple[str, Text], ...] = ()


def choices_for(case: Case, step: Step, today: date) -> Choices:
    """Read only what this step's form needs."""
    kinds = {each.kind for each in step.fields}
    people = _people(case, step) if step.people or FieldKind.PERSON in kinds else []
    meets = step.kind in (StepKind.RESOLVE, StepKind.BALLOT) and set(step.by) & MEETINGS.keys()
    rule = rulebook.load().votes.get(step.vote) if step.vote else None
    row = rule.row_on(today) if rule else None
    return Choices(
        tuple(people), tuple(_sessions(case, step, today)) if meets else (),
        tuple(_organisations(case)) if FieldKind.ORGANISATION in kinds else (), replies_of(step, today, case.opened_on),
        rule.kind.value if rule else "", row.grades.names if row and row.grades else (),
        bool(row and row.written_opinions), bool(rule and rule.secret), _voters(case, step) if rule else None, _named(case, step),
        grading_of(case, step, today), tuple(rule.grade_titles.items()) if rule else (),
    )  # fmt: skip


WAY, LAST_CONTACT = "way", "last_contact_on"
"""Fields by which a procedure says that a step is a contact with a member away, and that a case is a search for one."""


def keeps_contact(step: Step) -> bool:
    """Whether a talk is a contact with a member away: it asks how, and stands in the log of contacts."""
    return step.kind is StepKind.TALK and any(field.id == WAY for field in step.fields)


def ends_a_search(plan: Plan, step: Step) -> bool:
    """Whether a step says that a member out of contact was reached, and with that ends the case."""
    searched = any(field.id == LAST_CONTACT for field in plan.procedure.fields)
    return searched and step.kind is StepKind.CONFIRM and bool(step.passing.ends)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A talk, an examination or a contact that is on record already and is no step of the case yet."""

    held_on: date
    talker: int | None
    way: str = ""

    @property
    def how(self) -> str:
        """How a member was reached, in words; empty for a talk or an examination."""
        return str(ContactWay(self.way).label) if self.way else ""


def recorded_before(case: Case, step: Step) -> Recorded | None:
    """The latest record in organisational life that this step is: whoever enters the step need not type it again."""
    if case.person_id is None or not set(step.by) & BRANCH_SIDE:
        return None
    plan = plan_of(case.procedure)
    if keeps_contact(step) or (plan and ends_a_search(plan, step)):
        rows: Any = Contact.objects.filter(reached=1).values("pk", "held_on", "way")
    elif step.kind is StepKind.TALK:
        kinds = (TalkKind.ACTIVIST_TALK, TalkKind.ADMISSION_TALK)
        rows = Talk.objects.filter(kind__in=kinds).values("pk", "held_on", "talker_id")
    elif step.kind is StepKind.REVIEW and step.repeats is not None:
        rows = Examination.objects.values("pk", "held_on")
    else:
        return None
    taken = [each for each in case.steps.all() if not each.reversed]
    since = max((each.taken_on for each in taken if each.step == step.id), default=case.opened_on)
    table = rows.model._meta.db_table
    used = [each.evidence_id for each in taken if each.evidence_table == table]
    found = (
        rows.filter(person=case.person_id, organisation=case.organisation_id, held_on__gte=since)
        .exclude(pk__in=used).order_by("-held_on", "-pk").first()
    )  # fmt: skip
    return Recorded(found["held_on"], found.get("talker_id"), found.get("way", "")) if found else None


def _people(case: Case, step: Step) -> list[tuple[int, str, str, str]]:
    """Those of the branch; at a step of the superior's also who holds a post there: talkers, reviewers."""
    found, parent = people_of(case.organisation), case.organisation.parent
    if parent is None or set(step.by) & BRANCH_SIDE:
        return found
    known = {each[0] for each in found}
    return found + [each for each in officials_of(parent) if each[0] not in known]


def _named(case: Case, step: Step) -> dict[str, set[int]]:
    """By the field that asks for one of the people another step named: those people, as they are named last."""
    wanted = {each.of: each.id for each in step.fields if each.of}
    if not wanted:
        return {}
    rows = case.steps.filter(step__in=wanted, reversed=0, passes=1).order_by("taken_on", "pk")
    last = dict(rows.values_list("step", "people"))
    return {wanted[name]: {each["person"] for each in people} for name, people in last.items()}


def _sessions(case: Case, step: Step, today: date) -> list[tuple[int, str]]:
    kinds = [MEETINGS[role] for role in step.by if role in MEETINGS]
    rows = Session.objects.filter(
        organisation=case.organisation, kind__in=kinds, held_on__range=(today - LATELY, today)
    ).order_by("-held_on", "-pk")
    return [
        (pk, f"{formats.day(held)} {title}")
        for pk, held, title in rows.values_list("pk", "held_on", "title")[:20]
    ]


def _organisations(case: Case) -> list[tuple[int, str]]:
    rows: Any = Organisation.objects.filter(kind__in=BRANCH_KINDS, closed_on=None).exclude(
        pk=case.organisation_id
    )
    return list(rows.order_by("path").values_list("pk", "name"))


def _voters(case: Case, step: Step) -> int | None:
    """How many are expected: the full members, or the committee; how many sit above the branch does not know."""
    if not set(step.by) & MEETINGS.keys():
        return None
    if step.by[0] == Role.BRANCH_COMMITTEE:
        held = Post.objects.filter(organisation=case.organisation_id, until=None, kind__in=COMMITTEE_POSTS)
        return held.values("person").distinct().count() or None
    return Membership.objects.filter(
        organisation=case.organisation, until=None, stage=Stage.FULL_MEMBER
    ).count()  # fmt: skip


ELECTION, APPRAISAL = VoteKind.ELECTION.value, VoteKind.APPRAISAL.value
