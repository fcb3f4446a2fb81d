"""What a step asks of what is entered with it: fields, reply, window, people, votes, papers, requirements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from zhibu.core.calendar import add_months
from zhibu.core.norms.documents import Source
from zhibu.core.norms.procedures import Bar, Field, FieldKind, People, Reply, Step, StepKind
from zhibu.core.refusal import Force, Refusal
from zhibu.core.wording import Text

from .case import Named, Taken, Value
from .conditions import holds
from .refusals import refusal
from .replay import Standing, voted
from .timing import notice_end
from .words import REPLIES

WANTED: dict[FieldKind, tuple[type, Text]] = {
    FieldKind.NUMBER: (int, Text("整数", "a whole number")),
    FieldKind.MONEY: (int, Text("以分计的整数", "a whole number of fen")),
    FieldKind.DAY: (date, Text("日期", "a day")),
    FieldKind.FLAG: (bool, Text("是或否", "true or false")),
    FieldKind.TEXT: (str, Text("文字", "a text")),
    FieldKind.CHOICE: (str, Text("所列选项之一", "one of the choices")),
    FieldKind.PERSON: (str, Text("人员", "a person")),
    FieldKind.ORGANISATION: (str, Text("组织", "an organisation")),
}

ANSWERS = {each.value: each for each in Reply}


def asked_of(standing: Standing, step: Step, taken: Taken) -> Iterator[Refusal]:
    """Everything a step asks and did not get; a step that does not pass is asked for its fields only."""
    sources = standing.plan.cited(step, taken.on)
    outcome = step.outcome(taken.outcome)
    if outcome is None:
        known = "、".join(each.id for each in step.outcomes)
        yield refusal("unknown_outcome", sources, step=step.title, outcome=taken.outcome, known=known)
        return
    yield from fields_of(step.fields, taken, sources, step.title, passes=outcome.passes)
    yield from _among(standing, step, taken)
    yield from _once(standing, step, taken)
    yield from _vote(standing, step, taken)
    if outcome.passes:
        yield from _reply(standing, step, taken)
        yield from _window(standing, step, taken)
        yield from _people(standing, step, taken)
        yield from _papers(standing, step, taken)
    yield from _requirements(standing, step, taken, passes=outcome.passes)


# ---------------------------------------------------------------------------------------------------- fields
def fields_of(
    fields: tuple[Field, ...], taken: Taken, sources: tuple[Source, ...], title: Text, *, passes: bool = True
) -> Iterator[Refusal]:
    """Fields that are missing, of the wrong kind, or unknown."""
    known = {each.id for each in fields}
    for name in taken.values:
        if name not in known:
            yield refusal(
                "field_unknown", sources, step=title, field=name, known="、".join(sorted(known)) or "（无）"
            )
    for each in fields:
        value = taken.values.get(each.id)
        if value in (None, ""):
            if each.required and passes:
                yield refusal("field_missing", sources, field=each.title)
        elif not fits(each, value):
            yield refusal("field_wrong", sources, field=each.title, wanted=WANTED[each.kind][1])


def fits(field: Field, value: Value) -> bool:
    """Whether a value is of the field's kind; amounts and counts are not negative."""
    kind = WANTED[field.kind][0]
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if field.kind is FieldKind.CHOICE:
        return value in field.choices
    if field.kind in (FieldKind.PERSON, FieldKind.ORGANISATION):
        return isinstance(value, (str, int)) and not isinstance(value, bool)
    return isinstance(value, kind)


def _among(standing: Standing, step: Step, taken: Taken) -> Iterator[Refusal]:
    """Whoever a field names must be one of the people named at another step, when it says so."""
    for each in step.fields:
        value, other = taken.values.get(each.id), standing.plan.steps.get(each.of)
        if other is None or value in (None, "") or other.id not in standing.done:
            continue
        if all(value not in (one.person, one.name) for one in standing.done[other.id].people):
            sources = standing.plan.cited(step, taken.on)
            yield refusal("person_not_among", sources, field=each.title, name=value, other=other.title)


def _once(standing: Standing, step: Step, taken: Taken) -> Iterator[Refusal]:
    """A step that is taken once for each value of a field."""
    name = step.repeats.once_per if step.repeats else ""
    value = taken.values.get(name)
    if name and value is not None and any(
        each.values.get(name) == value for each in standing.counts.get(step.id, ())
    ):  # fmt: skip
        yield refusal("taken_already", standing.plan.cited(step, taken.on), step=step.title, value=value)


# ------------------------------------------------------------------------------------- what belongs to a kind
def _reply(standing: Standing, step: Step, taken: Taken) -> Iterator[Refusal]:
    row = step.row_on(taken.on)
    if step.kind is not StepKind.SUPERIOR_REPLY or row is None or not row.reply:
        return
    sources, wanted = standing.plan.cited(step, taken.on), REPLIES[Reply(row.reply)]
    if not taken.reply:
        yield refusal("reply_missing", sources, wanted=wanted)
    elif (given := ANSWERS.get(taken.reply)) is None or not given.covers(Reply(row.reply)):
        told = REPLIES[given] if given else Text(taken.reply, taken.reply)
        yield refusal("reply_not_sufficient", sources, day=taken.on.isoformat(), wanted=wanted, reply=told)


def _window(standing: Standing, step: Step, taken: Taken) -> Iterator[Refusal]:
    least = step.number("working_days", taken.on)
    if step.kind is not StepKind.NOTICE or not least:
        return
    sources = standing.plan.cited(step, taken.on)
    if taken.until is None:
        yield refusal("notice_open", sources)
        return
    last = notice_end(standing, step, taken.on).day
    if taken.until < last:
        begins = taken.on + timedelta(days=1 if step.number("exclude_first_day", taken.on) else 0)
        days = standing.plan.calendar.count(begins, taken.until + timedelta(days=1)).days
        yield refusal("notice_too_short", sources, days=days, least=least, day=last.isoformat())


def _vote(standing: Standing, step: Step, taken: Taken) -> Iterator[Refusal]:
    if not step.vote:
        return
    if taken.vote is None:
        if taken.outcome != "void":
            yield refusal("vote_missing", standing.plan.cited(step, taken.on))
        return
    counted = standing.plan.judge(step.vote, taken.on, taken.vote)
    if not counted.outcome:
        yield from counted.reasons
        return
    came = voted(step, counted.outcome)
    if came != taken.outcome:
        known = {each.id: each.title for each in step.outcomes}
        yield refusal(
            "outcome_contradicts", standing.plan.cited(step, taken.on), outcome=known[taken.outcome],
            counted=known.get(came, came),
        )  # fmt: skip
    # a vote that failed is entered as it was: why it failed is told, and the entry stands
    stands = came == taken.outcome != step.passing.id
    yield from (replace(each, force=Force.SHOULD) if stands else each for each in counted.reasons)


# ---------------------------------------------------------------------------------------------------- people
def _people(standing: Standing, step: Step, taken: Taken) -> Iterator[Refusal]:
    if step.people is None:
        return
    sources = standing.plan.cited(step, taken.on)
    asked, count = step.people, len(taken.people)
    least, most = step.number(asked.least, taken.on), step.number(asked.most, taken.on)
    seats = standing.value(asked.seats, taken) if asked.seats else None
    if isinstance(seats, int):
        more = step.number(asked.surplus, taken.on) or 0 if asked.surplus else 0
        least = max(least or 0, -(-seats * (100 + more) // 100))
    if least is not None and count < least:
        yield refusal("people_too_few", sources, people=asked.title, least=least, count=count)
    if most is not None and count > most:
        yield refusal("people_too_many", sources, people=asked.title, most=most, count=count)
    for name, times in Counter(each.person or each.name for each in taken.people).items():
        if times > 1:
            yield refusal("person_twice", sources, name=name)
    for person in taken.people:
        yield from _person(standing, step, asked, person, taken.on)


def _person(standing: Standing, step: Step, asked: People, person: Named, day: date) -> Iterator[Refusal]:
    sources = standing.plan.cited(step, day)
    if asked.stages and person.stage and person.stage not in asked.stages:
        yield refusal("person_not_of_stage", sources, name=person.name, stage="、".join(asked.stages))
    for name in asked.not_among:
        other = standing.done.get(standing.plan.steps[name].id)
        if other and any(
            (each.person or each.name) == (person.person or person.name) for each in other.people
        ):
            yield refusal("person_barred", sources, name=person.name, other=standing.plan.steps[name].title)
    for bar in asked.bars:
        if bars(step, bar, person, day):
            yield refusal(
                bar.code, standing.plan.cited(step, day, bar.sources), force=bar.force, message=bar.message,
                name=person.name,
            )  # fmt: skip


def bars(step: Step, bar: Bar, person: Named, day: date) -> bool:
    """Whether a sanction bars the person on a day: always, or within its months; not asked under an older row."""
    if person.sanction not in bar.sanctions:
        return False
    term = bar.sanctions[person.sanction]
    if not term:
        return True
    months = step.number(term, day)
    if months is None:
        return False
    return person.sanction_on is None or day < add_months(person.sanction_on, months)


# ------------------------------------------------------------------------------------ papers and requirements
def _papers(standing: Standing, step: Step, taken: Taken) -> Iterator[Refusal]:
    there = set(standing.case.papers) | set(taken.papers)
    for each in (*standing.done, *standing.assumed):
        there |= set(standing.plan.steps[each].makes)
    for name in step.needs:
        if name not in there:
            paper = standing.plan.procedure.papers[name]
            yield refusal(
                "paper_missing", standing.plan.cited(step, taken.on), force=Force.SHOULD, paper=paper.title
            )


def _requirements(standing: Standing, step: Step, taken: Taken, *, passes: bool) -> Iterator[Refusal]:
    def value(name: str) -> Value:
        return standing.value(name, taken)

    for each in step.requires:
        if each.when is None and not passes:
            continue
        if each.when is not None and not holds(each.when, value, step, taken.on):
            continue
        if not holds(each.met, value, step, taken.on):
            numbers = _places(step, taken.on)
            yield refusal(
                each.code, standing.plan.cited(step, taken.on, each.sources), force=each.force,
                message=each.message, remedy=each.remedy, **numbers,
            )  # fmt: skip


def _places(step: Step, day: date) -> dict[str, object]:
    """The numbers in force, for the places in texts; amounts in fen also as yuan: "{key_least_yuan}"."""
    row = step.row_on(day)
    numbers: dict[str, object] = dict(row.numbers) if row else {}
    return numbers | {f"{name}_yuan": _yuan(fen) for name, fen in (row.numbers if row else {}).items()}


def _yuan(fen: int) -> str:
    """1000 for 100000, 999.99 for 99999."""
    yuan, rest = divmod(fen, 100)
    return f"{yuan}.{rest:02d}" if rest else str(yuan)
