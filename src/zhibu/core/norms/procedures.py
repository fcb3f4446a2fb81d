"""A procedure as data: fixed steps, who acts, what must precede, how long to wait, what follows when it fails.

A step is judged by the numbers in force on the day it is taken, not on the day the case was opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from zhibu.core.refusal import Force
from zhibu.core.wording import Text

from .documents import Level, Source


class StepKind(StrEnum):
    """What a step does; the list is closed, a new kind is code."""

    SUBMIT_DOCUMENT = "submit_document"
    ISSUE_DOCUMENT = "issue_document"
    TALK = "talk"
    RESOLVE = "resolve"
    BALLOT = "ballot"
    SUPERIOR_REPLY = "superior_reply"
    NOTICE = "notice"
    WAIT = "wait"
    REVIEW = "review"
    NAME_PEOPLE = "name_people"
    TRAIN = "train"
    CEREMONY = "ceremony"
    CONFIRM = "confirm"
    ARCHIVE = "archive"
    SCORE = "score"
    SPEND = "spend"


class Role(StrEnum):
    """Who takes a step; the first eight stand on the side of the branch, the others above or outside it."""

    SUBJECT = "subject"
    BRANCH = "branch"
    BRANCH_COMMITTEE = "branch_committee"
    GENERAL_MEETING = "general_meeting"
    PARTY_GROUP = "party_group"
    UNIT = "unit"
    MASSES = "masses"
    OTHER_BRANCH = "other_branch"
    SUPERIOR = "superior"
    APPROVING = "approving"
    DEPARTMENT = "department"
    REVIEWERS = "reviewers"


BRANCH_SIDE = frozenset(
    {
        Role.SUBJECT, Role.BRANCH, Role.BRANCH_COMMITTEE, Role.GENERAL_MEETING, Role.PARTY_GROUP, Role.UNIT,
        Role.MASSES, Role.OTHER_BRANCH,
    }
)  # fmt: skip
"""Roles whose steps the branch itself enters; the others are answered by a superior."""


class Reply(StrEnum):
    """What a superior may answer. The first four grow in strength; the last two are no assent."""

    FILED = "filed"
    PRE_REVIEWED = "pre_reviewed"
    CONSENTED = "consented"
    APPROVED = "approved"
    REFUSED = "refused"
    RETURNED = "returned"

    def covers(self, asked: Reply) -> bool:
        """Whether this answer is at least as much as what was asked."""
        order = (Reply.FILED, Reply.PRE_REVIEWED, Reply.CONSENTED, Reply.APPROVED)
        return self in order and asked in order and order.index(self) >= order.index(asked)


class Subject(StrEnum):
    """What a case is about."""

    PERSON = "person"
    BRANCH = "branch"
    MATTER = "matter"


class FieldKind(StrEnum):
    """What is entered in a field."""

    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    TEXT = "text"
    FLAG = "flag"
    CHOICE = "choice"
    PERSON = "person"
    ORGANISATION = "organisation"


class Unit(StrEnum):
    """What a stretch of time is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


class EffectKind(StrEnum):
    """What a finished step changes in the register; the list is closed, a new effect is code."""

    SET_STAGE = "set_stage"
    CHANGE_AFFILIATION = "change_affiliation"
    SEND_AWAY = "send_away"
    END_MEMBERSHIP = "end_membership"
    APPOINT = "appoint"
    DISMISS = "dismiss"
    RECORD_TERM = "record_term"
    SHIFT_TERM = "shift_term"
    OPEN_ORGANISATION = "open_organisation"
    CLOSE_ORGANISATION = "close_organisation"
    RENAME_ORGANISATION = "rename_organisation"
    RECORD_MOBILE = "record_mobile"
    END_MOBILE = "end_mobile"


class PromptKind(StrEnum):
    """What the register or the assessment shows that should open a case; the list is closed."""

    TERM_EXPIRING = "term_expiring"
    SEAT_VACANT = "seat_vacant"
    WEAK_BRANCH = "weak_branch"
    YEARLY = "yearly"
    HALF_YEARLY = "half_yearly"
    QUARTERLY = "quarterly"


class Comparison(StrEnum):
    """How a named value is tested. The first five take a term, or another value when it has a dot."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    EQUALS = "equals"
    IS = "is"
    GIVEN = "given"
    AMONG = "among"


Literal: TypeAlias = str | bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One value tested: a field of the step ("hours"), of the case ("case.seats"), of a done step ("trained.hours").

    `against` is a term, or a value when it has a dot; `literals` are what `is` and `among` compare with.
    """

    name: str
    test: Comparison
    against: str = ""
    literals: tuple[Literal, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """Holds when every part holds."""

    parts: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Holds when at least one part holds."""

    parts: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Never:
    """Holds when the part does not."""

    part: Asked


Asked: TypeAlias = Compared | Every | Some | Never


def compared_in(asked: Asked) -> Iterator[Compared]:
    """Every single test within what is asked, in the order written."""
    match asked:
        case Compared():
            yield asked
        case Never(part=part):
            yield from compared_in(part)
        case Every(parts=parts) | Some(parts=parts):
            for part in parts:
                yield from compared_in(part)


@dataclass(frozen=True, slots=True)
class StepRow:
    """What is in force for a step from a day on; a name that a row leaves out is not asked under it."""

    since: date
    numbers: Mapping[str, int]
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """Something entered when a case is opened or a step is taken."""

    id: str
    title: Text
    kind: FieldKind
    required: bool = True
    sensitive: bool = False
    choices: Mapping[str, Text] = field(default_factory=dict)
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """A stretch from an anchor: not before its end (`waits`), or not after it (`due`).

    `anchor` is a step, or a day of the case, the subject or a step ("case.expires_on", "subject.born_on").
    `extended` names the longer stretch that holds once an extension is recorded; `plus` a number of months given in
    a step that is added when that step is done. `backward` counts back from the anchor.
    """

    anchor: str
    unit: Unit
    term: str
    force: Force
    backward: bool = False
    extended: str = ""
    plus: str = ""
    when: Asked | None = None
    code: str = ""
    message: Text | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something asked of what is entered; `code` is what a refusal carries."""

    code: str
    met: Asked
    force: Force
    message: Text
    remedy: Text | None = None
    when: Asked | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A sanction that bars a person from being named: for good (`months` empty), or for the months of a term."""

    code: str
    sanctions: Mapping[str, str]
    force: Force
    message: Text
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """The people a step names: how many (terms), of which stage, who is barred, and who they must not be."""

    title: Text
    least: str
    most: str
    stages: tuple[str, ...]
    bars: tuple[Bar, ...]
    not_among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeats:
    """A step taken again and again: every so many units (a term), at least so often, until another step is done."""

    every: str = ""
    unit: Unit = Unit.MONTHS
    since: str = ""
    at_least: str = ""
    until: str = ""
    force: Force = Force.SHOULD


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step can end: it passes, is to be taken again, sends the case back to a step, or ends the case."""

    id: str
    title: Text
    passes: bool
    back_to: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What the step changes in the register when it ends with the outcome (empty: any that passes)."""

    kind: EffectKind
    value: str = ""
    outcome: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    when: Asked | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the effect belongs to the rules of that day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A paper of the case. `document` is the template it is made from; without one it is handed in.

    `controlled` papers are printed under the superior's control: only a sheet of their data is offered.
    """

    id: str
    title: Text
    document: str = ""
    controlled: bool = False
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `after` must be done before; `before` must not yet be done; `first`, `last` bound its existence."""

    id: str
    title: Text
    kind: StepKind
    by: tuple[Role, ...]
    after: tuple[str, ...]
    before: tuple[str, ...]
    optional: bool
    force: Force
    when: Asked | None
    first: date | None
    last: date | None
    rows: tuple[StepRow, ...]
    waits: tuple[Timing, ...]
    due: tuple[Timing, ...]
    fields: tuple[Field, ...]
    requires: tuple[Requirement, ...]
    people: People | None
    vote: str
    notice: str
    needs: tuple[str, ...]
    makes: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    effects: tuple[Effect, ...]
    repeats: Repeats | None
    times: str
    one_by_one: bool
    sources: tuple[Source, ...]
    note: Text | None = None
    was: tuple[str, ...] = ()

    def row_on(self, day: date) -> StepRow | None:
        """The row in force on the day; `None` when nothing is asked yet."""
        found = None
        for row in self.rows:
            if row.since <= day:
                found = row
        return found

    def number(self, term: str, day: date) -> int | None:
        """A number in force on the day; `None` when the row does not ask it."""
        row = self.row_on(day)
        return None if row is None else row.numbers.get(term)

    def exists_on(self, day: date) -> bool:
        """Whether the rules of the day know the step."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def outcome(self, name: str) -> Outcome | None:
        """The outcome of this id, if the step knows it."""
        return next((each for each in self.outcomes if each.id == name), None)

    @property
    def passing(self) -> Outcome:
        """The outcome that passes, the first written."""
        return next(each for each in self.outcomes if each.passes)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a case can end."""

    id: str
    title: Text
    success: bool


COMPLETED = "completed"
"""The ending of a case whose every step is done."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What tells that a case should be opened, and how many months ahead (a term of the procedure; 0 = at once)."""

    kind: PromptKind
    months: int
    because: Text


@dataclass(frozen=True, slots=True)
class ProcedureExample:
    """A worked case: what is done, what is tried, what must come of it; each as JSON text.

    Steps that precede a done step are taken as done with it, so that an example names only what it is about.
    """

    name: str
    as_of: date
    case: str
    tried: str
    expect: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure: its steps in the order written, which is the order they are shown in."""

    id: str
    title: Text
    about: Text
    level: Level
    subject: Subject
    applies_to: tuple[str, ...]
    opened_by: tuple[Role, ...]
    group: str
    sources: tuple[Source, ...]
    fields: tuple[Field, ...]
    papers: Mapping[str, PaperKind]
    endings: Mapping[str, Ending]
    prompts: tuple[Prompt, ...]
    steps: tuple[Step, ...]
    examples: tuple[ProcedureExample, ...]
    layer: str
    was: tuple[str, ...] = ()

    def step(self, name: str) -> Step:
        """The step with this id, or an earlier id of it. Raises KeyError."""
        for each in self.steps:
            if each.id == name or name in each.was:
                return each
        raise KeyError(name)

    def ending(self, name: str) -> Ending:
        """The ending with this id; the common one of every finished case when the file names no other."""
        return self.endings.get(name) or Ending(name, Text("办结", "Completed"), success=name == COMPLETED)
