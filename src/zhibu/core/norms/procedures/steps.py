"""One step of a procedure, with everything it asks and everything that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from zhibu.core.norms.documents import Source
from zhibu.core.refusal import Force
from zhibu.core.wording import Text

from .asked import Asked
from .kinds import EffectKind, FieldKind, Role, StepKind, Supply, Unit


@dataclass(frozen=True, slots=True)
class StepRow:
    """What is in force for a step from a day on; a name that a row leaves out is not asked under it."""

    since: date
    numbers: Mapping[str, int]
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """Something entered when a case is opened or a step is taken.

    `of` names a step: only one of the people named there may be given. `supplied`: what is known already is filled in.
    `counts`: how many got a grade of the step's appraisal, GIVEN any or OTHERS none; counted where grades are entered by person.
    `called`: a field of a step ("procedure.step.field") of the running case above that calls for this one: filled in from it.
    """

    id: str
    title: Text
    kind: FieldKind
    required: bool = True
    sensitive: bool = False
    choices: Mapping[str, Text] = field(default_factory=dict)
    help: Text | None = None
    of: str = ""
    supplied: Supply | None = None
    counts: str = ""
    called: str = ""


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
    asks: Text | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something asked of what is entered; `code` is what a refusal carries.

    `message` tells whoever did not meet it; `asks` tells the same as a rule, where the message would not.
    """

    code: str
    met: Asked
    force: Force
    message: Text
    remedy: Text | None = None
    asks: Text | None = None
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
    """The people a step names: how many (terms), of which stage, who is barred, and who they must not be.

    With `seats` (a value) there must be one for every seat, and `surplus` (a term) per cent more, rounded up.
    """

    title: Text
    least: str
    most: str
    stages: tuple[str, ...]
    bars: tuple[Bar, ...]
    not_among: tuple[str, ...] = ()
    seats: str = ""
    surplus: str = ""


@dataclass(frozen=True, slots=True)
class Repeats:
    """A step taken again and again: every so many units (a term), at least so often, until another step is done.

    `once_per` names a field of the step: with each value of it the step is taken once only.
    """

    every: str = ""
    unit: Unit = Unit.MONTHS
    since: str = ""
    at_least: str = ""
    until: str = ""
    force: Force = Force.SHOULD
    once_per: str = ""


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
