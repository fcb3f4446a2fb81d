"""A procedure as its page tells it: the steps, what they ask in numbers on a day, and where that stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from zhibu.core.norms.procedures import Procedure, Step, StepKind, Timing, Unit
from zhibu.core.procedure.refusals import UNITS
from zhibu.core.procedure.words import KINDS, REPLIES, ROLES
from zhibu.core.refusal import Force
from zhibu.procedures.queries.engine import plan_of
from zhibu.ui.language import pick

UNKNOWN = {"day": "…", "since": "…"}
"""Days a text names that only a case has."""


@dataclass(frozen=True, slots=True)
class Told:
    """One step in words. `known` is false when the rules of the day do not have it (yet, or any more)."""

    step: Step
    kind: str
    who: str
    asks: tuple[str, ...]
    papers: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    since: date | None
    known: bool
    changes: tuple[date, ...]


def rules_of(procedure: Procedure, day: date) -> list[Told]:
    """Every step as the rules of a day have it."""
    plan = plan_of(procedure.id)
    return [
        Told(
            step, pick(KINDS[step.kind]), _("、").join(pick(ROLES[role]) for role in step.by), tuple(_asks(procedure, step, day)),
            tuple(pick(procedure.papers[name].title) for name in (*step.needs, *step.makes)),
            tuple((each.document, each.article) for each in (plan.cited(step, day) if plan else step.sources)[:2]),
            row.since if (row := step.row_on(day)) else None, step.exists_on(day),
            tuple(each.since for each in step.rows if each.since > day)
            + ((step.first,) if step.first and step.first > day else ()),
        )
        for step in procedure.steps
    ]  # fmt: skip


def _asks(procedure: Procedure, step: Step, day: date) -> list[str]:
    found = []
    row = step.row_on(day)
    if row and row.reply:
        found.append(
            _("答复：%(reply)s") % {"reply": pick(next(t for r, t in REPLIES.items() if r == row.reply))}
        )
    if step.kind is StepKind.NOTICE and (days := step.number("working_days", day)):
        found.append(_("公示不少于 %(n)d 个工作日") % {"n": days})
    found += [_timed(procedure, step, each, day, _("%(since)s后满 %(n)s方可办理")) for each in step.waits]
    found += [_timed(procedure, step, each, day, _("%(since)s后 %(n)s内办理")) for each in step.due]
    if step.repeats is not None and (every := step.number(step.repeats.every, day)):
        found.append(_("每 %(n)s一次") % {"n": _stretch(every, step.repeats.unit)})
    if step.people is not None:
        found.append(_people(step, day))
    known = {**UNKNOWN, **(row.numbers if row else {})}
    # a message speaks to whoever did not do it: what is asked is said as a rule where the file says it
    told = [each.asks or (each.message if each.when is None else None) for each in step.requires]
    found += dict.fromkeys(pick(each.filled(known)) for each in told if each is not None)
    if step.force is Force.SHOULD:
        found.append(_("一般应办；未办的写明原因"))
    if step.optional:
        found.append(_("可选"))
    if step.one_by_one:
        found.append(_("逐件讨论决定，不批量办理"))
    return [each for each in found if each]


def _timed(procedure: Procedure, step: Step, timing: Timing, day: date, words: str) -> str:
    number = step.number(timing.term, day)
    if number is None:
        return ""
    if timing.asks is not None:
        return pick(timing.asks.filled({**UNKNOWN, "number": number}))
    stretch = _stretch(number, timing.unit)
    title = _anchor(procedure, step, timing.anchor)
    if not title:
        return pick(timing.message.filled({**UNKNOWN, "number": number})) if timing.message else stretch
    since = _("“%(step)s”") % {"step": title}
    if number == 0:
        return (_("不早于%(since)s") if timing in step.waits else _("不晚于%(since)s")) % {"since": since}
    if timing.backward:
        told = _("不早于%(since)s前 %(n)s") if timing in step.waits else _("不晚于%(since)s前 %(n)s")
        return told % {"since": since, "n": stretch}
    return words % {"since": since, "n": stretch}


def _stretch(number: int, unit: Unit) -> str:
    """“6 个月”; in English one of them is a month."""
    word = pick(UNITS[unit])
    return f"{number} {word.removesuffix('s') if number == 1 else word}"


def _anchor(procedure: Procedure, step: Step, path: str) -> str:
    """What a time is counted from, in words: a step, something entered, the end of the term; empty when it has none."""
    if path == "branch.expires_on":
        return _("任期届满")
    place, _dot, name = path.rpartition(".")
    fields = procedure.fields if place == "case" else step.fields
    for each in procedure.steps:
        if each.id == path:
            return pick(each.title)
        if each.id == place:
            fields = each.fields
    return next((pick(each.title) for each in fields if each.id == name), "")


def _people(step: Step, day: date) -> str:
    people = step.people
    if people is None:
        return ""
    least, most = step.number(people.least, day), step.number(people.most, day)
    title = pick(people.title)
    if least and most and least != most:
        return _("%(title)s %(least)d 至 %(most)d 人") % {"title": title, "least": least, "most": most}
    if least or most:
        return _("%(title)s %(n)d 人") % {"title": title, "n": least or most or 0}
    if people.seats and (surplus := step.number(people.surplus, day) if people.surplus else None):
        return _("%(title)s多于应选名额 %(n)d%% 以上") % {"title": title, "n": surplus}
    return _("%(title)s不少于应选名额") % {"title": title} if people.seats else ""
