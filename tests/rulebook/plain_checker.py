"""A second opinion on procedures: is this history of a case lawful? Written plainly, and sharing nothing with the
engine but the data of the files: no state is kept, everything is worked out anew from the whole history each time.
"""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

ONE = timedelta(days=1)
STRONG = ["filed", "pre_reviewed", "consented", "approved"]


class Checker:
    """`holidays` and `workdays` are sets of days; `judge` counts a vote."""

    def __init__(self, procedure, holidays, workdays, judge):
        self.steps = {step.id: step for step in procedure.steps}
        self.fields = procedure.fields
        self.holidays, self.workdays, self.judge = holidays, workdays, judge

    # ------------------------------------------------------------------------------------------ the history
    def outcome(self, taken):
        step = self.steps[taken.step]
        if taken.outcome:
            return taken.outcome
        if taken.reply in ("refused", "returned"):
            return taken.reply
        passing = next(each.id for each in step.outcomes if each.passes)
        if taken.vote is not None and step.vote:
            return self.meant(step, self.judge(step.vote, taken.on, taken.vote).outcome) or passing
        return passing

    def meant(self, step, came):
        """A superior that votes on its answer assents or refuses."""
        if step.kind != "superior_reply":
            return came
        passing = next(each.id for each in step.outcomes if each.passes)
        return {"carried": passing, "not_carried": "refused"}.get(came, came)

    def finished(self, taken):
        if taken.until is None:
            return taken.on
        return taken.until + ONE if self.steps[taken.step].kind == "notice" else taken.until

    def standing(self, history):
        """What holds after a history: step to its last taking, all takings that count, and how it ended."""
        holds, counted, ended = {}, [], ""
        for taken in history:
            found = {each.id: each for each in self.steps[taken.step].outcomes}.get(self.outcome(taken))
            if found is None or found.passes:
                holds[taken.step] = taken
                counted.append(taken)
            if found is not None and found.back_to:
                gone = self.downstream(found.back_to) | {found.back_to}
                holds = {name: each for name, each in holds.items() if name not in gone}
                counted = [each for each in counted if each.step not in gone]
            if found is not None and found.ends:
                ended = found.ends
        return holds, counted, ended

    def downstream(self, name):
        found = set()
        while True:
            more = {s.id for s in self.steps.values() if (set(s.after) & (found | {name}))} - found
            if not more:
                return found
            found |= more

    # --------------------------------------------------------------------------------------------- values
    def value(self, name, case, holds, counted, own):
        room, dot, key = name.rpartition(".")
        if not dot:
            return self.of(own, name)
        if room in ("case", "subject", "branch"):
            return getattr(case, {"case": "fields"}.get(room, room)).get(key)
        rows = [each for each in counted if each.step == room] + (
            [own] if own is not None and own.step == room else []
        )
        if key == "count":
            return len(rows)
        if key.startswith(("total_", "average_")):
            word, _, name = key.partition("_")
            name, _, by = name.partition("_by_")
            if by and own is not None:
                rows = [each for each in rows if self.of(each, by) == self.of(own, by)]
            numbers = [each for each in (self.of(row, name) for row in rows) if isinstance(each, int)]
            if word == "total":
                return sum(numbers)
            return Fraction(sum(numbers), len(numbers)) if numbers else None
        row = own if own is not None and own.step == room else holds.get(room)
        return self.of(row, key)

    def of(self, taken, key):
        if taken is None:
            return None
        own = {
            "by": taken.by,
            "reply": taken.reply,
            "on": taken.on,
            "until": taken.until,
            "people": len(taken.people),
        }
        if key == "outcome":
            return self.outcome(taken)
        if key.startswith("vote_"):
            number = (taken.vote or {}).get(key[5:])
            return number if isinstance(number, int) else None
        return own[key] if key in own else taken.values.get(key)

    def true(self, asked, look, step, day):
        kind = type(asked).__name__
        if kind == "Every":
            return all(self.true(each, look, step, day) for each in asked.parts)
        if kind == "Some":
            return any(self.true(each, look, step, day) for each in asked.parts)
        if kind == "Never":
            return not self.true(asked.part, look, step, day)
        found = look(asked.name)
        if asked.test == "given":
            return (found not in (None, "")) == asked.literals[0]
        if asked.test in ("is", "among"):
            return any(
                bool(found) == each if isinstance(each, bool) else found is not None and str(found) == each
                for each in asked.literals
            )
        if "." in asked.against:
            against = look(asked.against)
        else:
            against = self.number(step, asked.against, day)
            if against is None:
                return True
        both = (found, against)
        numbers = all(isinstance(each, (int, Fraction)) for each in both)
        if not numbers and not all(isinstance(each, date) for each in both):
            return asked.test == "equals" and isinstance(found, str) and found == against
        return {
            "at_least": found >= against, "at_most": found <= against, "more_than": found > against,
            "less_than": found < against, "equals": found == against,
        }[asked.test]  # fmt: skip

    def row(self, step, day):
        rows = [row for row in step.rows if row.since <= day]
        return rows[-1] if rows else None

    def number(self, step, term, day):
        row = self.row(step, day)
        return row.numbers.get(term) if row and term else None

    # ----------------------------------------------------------------------------------------------- days
    def works(self, day):
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def moved(self, day, number, unit):
        if unit == "days":
            return day + number * ONE
        if unit == "working_days":
            step = ONE if number > 0 else -ONE
            while number:
                day += step
                if self.works(day):
                    number += -1 if number > 0 else 1
            return day
        months = number * (12 if unit == "years" else 1)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

    def worked(self, first, last):
        return sum(self.works(first + n * ONE) for n in range((last - first).days + 1))

    # -------------------------------------------------------------------------------------------- the verdict
    def came_to(self, step, holds):
        """The day the case came to the step: what is right before it was done, or something after it was."""
        before = [name for name in step.after if self.steps[name].kind != "wait"]
        days = [self.finished(holds[name]) for name in before if name in holds]
        if days and len(days) == len(before):
            return max(days)
        later = [holds[name].on for name in self.downstream(step.id) if name in holds]
        return min(later, default=None)

    def belongs(self, step, case, holds, counted, day):
        came = self.came_to(step, holds) or day
        if (step.first and came < step.first) or (step.last and came > step.last):
            return False
        return step.when is None or self.true(
            step.when, lambda name: self.value(name, case, holds, counted, None), step, day
        )

    def needed(self, step, case, holds, counted, day):
        found = []
        for name in step.after:
            before = self.steps[name]
            free = before.repeats is not None and not self.number(before, before.repeats.at_least, day)
            if self.belongs(before, case, holds, counted, day) and not free:
                found.append(before)
            else:
                found += self.needed(before, case, holds, counted, day)
        return found

    def wait(self, timing, step, case, holds, counted, day, own=None):
        """The first day a wait allows under the numbers of a day, or None."""
        number = self.number(step, timing.term, day)
        look = lambda name: self.value(name, case, holds, counted, own)
        if number is None or (timing.when and not self.true(timing.when, look, step, day)):
            return None
        other = self.steps.get(timing.anchor)
        if other is None:
            anchor = look(timing.anchor)
        elif other.id in holds:
            anchor = self.finished(holds[other.id])
        else:
            anchor = self.passed(other, step, case, holds, counted, day)
        if not isinstance(anchor, date):
            return None
        more = look(timing.plus) if timing.plus else 0
        number += more if isinstance(more, int) else 0
        return self.moved(anchor, -number if timing.backward else number, timing.unit)

    def passed(self, other, step, case, holds, counted, day):
        """The day a wait before the step was over without an entry, if anything was waited for at all."""
        if other.kind != "wait" or step.id not in self.downstream(other.id):
            return None
        waited = [self.wait(each, other, case, holds, counted, day) for each in other.waits]
        return self.reached(other, case, holds, counted, day) if any(waited) else None

    def reached(self, step, case, holds, counted, day):
        """The day a needed step was done by, as of a day; None when it is not."""
        if step.repeats is not None:
            rows = [each for each in counted if each.step == step.id]
            enough = len(rows) >= (self.number(step, step.repeats.at_least, day) or 0)
            return (self.finished(rows[-1]) if rows else date.min) if enough else None
        if step.id in holds:
            return self.finished(holds[step.id])
        if step.kind != "wait":
            return None
        days = [
            self.reached(each, case, holds, counted, day)
            for each in self.needed(step, case, holds, counted, day)
        ]
        if None in days:
            return None
        over = max([*days, step.rows[0].since if step.rows else date.min])
        for _ in range(len(step.rows) + 2):
            waits = [self.wait(t, step, case, holds, counted, over) for t in step.waits if t.force == "must"]
            later = max((each for each in waits if each), default=over)
            if later <= over:
                break
            over = later
        return over if over <= day else None

    def unmet(self, step, case, holds, counted, day):
        """Needed steps that are not done; one that only should be there hands on to what must."""
        found = []
        for each in self.needed(step, case, holds, counted, day):
            if self.reached(each, case, holds, counted, day) is not None:
                continue
            if each.force == "should" and each.kind != "wait" and each.repeats is None:
                found += self.unmet(each, case, holds, counted, day)
            elif each.repeats is not None and each.force == "should":
                continue
            else:
                found.append(each.id)
        return found

    def complete(self, case, holds, counted):
        """Whether every step that is not a matter of choice is done; a wait is passed with what comes after it."""
        last = max((self.finished(each) for each in holds.values()), default=None)
        return last is not None and all(
            step.id in holds
            or step.optional
            or step.repeats is not None
            or (step.kind == "wait" and self.downstream(step.id) & set(holds))
            or not self.belongs(step, case, holds, counted, last)
            for step in self.steps.values()
        )

    def against(self, case, history, taken):
        """Everything that forbids the step after the history, in words for whoever reads the failing test."""
        step = self.steps[taken.step]
        holds, counted, ended = self.standing(history)
        if ended or self.complete(case, holds, counted):
            return ["ended"]
        return self.closed(step, case, holds, counted, taken.on) or [
            *(["actor"] if taken.by and step.by and taken.by not in step.by else []),
            *self.unmet(step, case, holds, counted, taken.on),
            *self.untimely(step, taken, case, holds, counted),
            *self.unasked(step, taken, case, holds, counted),
        ]

    def closed(self, step, case, holds, counted, day):
        if not self.belongs(step, case, holds, counted, day):
            return ["does not belong"]
        shut = [*step.before, *([step.repeats.until] if step.repeats and step.repeats.until else [])]
        found = [f"closed by {name}" for name in shut if name in holds and holds[name].on <= day]
        times = self.number(step, step.times, day)
        if times is not None and sum(each.step == step.id for each in counted) >= times:
            found.append("too often")
        if step.repeats is None and not step.times and step.id in holds:
            found.append("done")
        return found

    def untimely(self, step, taken, case, holds, counted):
        found = [
            f"before {each.id}"
            for each in self.needed(step, case, holds, counted, taken.on)
            if each.id in holds and self.finished(holds[each.id]) > taken.on
        ]
        if taken.until and taken.until < taken.on:
            found.append("reversed")
        for timing in (*step.waits, *step.due):
            bound = self.wait(timing, step, case, holds, counted, taken.on, taken)
            late = timing in step.due
            if timing.force == "must" and bound and (taken.on > bound if late else taken.on < bound):
                found.append(f"time {timing.anchor}")
        return found

    def unasked(self, step, taken, case, holds, counted):
        outcome = {each.id: each for each in step.outcomes}.get(self.outcome(taken))
        if outcome is None:
            return ["outcome"]
        look = lambda name: self.value(name, case, holds, counted, taken)
        found = self.entered(step, taken, passes=outcome.passes)
        found += self.voted(step, taken, outcome.id) if step.vote else []
        for each in step.fields:
            value = taken.values.get(each.id)
            if each.of in holds and value not in (None, ""):
                people = holds[each.of].people
                found += (
                    [] if value in [one for p in people for one in (p.person, p.name)] else [f"of {each.of}"]
                )
        once = step.repeats.once_per if step.repeats else ""
        if once and taken.values.get(once) is not None:
            earlier = [
                each
                for each in counted
                if each.step == step.id and each.values.get(once) == taken.values[once]
            ]
            found += ["once"] if earlier else []
        seats = look(step.people.seats) if step.people and step.people.seats else None
        found += self.by_kind(step, taken, holds, seats) if outcome.passes else []
        for each in step.requires:
            asked = outcome.passes if each.when is None else self.true(each.when, look, step, taken.on)
            if asked and each.force == "must" and not self.true(each.met, look, step, taken.on):
                found.append(each.code)
        return found

    def entered(self, step, taken, *, passes):
        kinds = {"number": int, "money": int, "day": date, "flag": bool}
        known = {each.id: each for each in step.fields}
        found = [f"unknown {name}" for name in taken.values if name not in known]
        for name, each in known.items():
            value = taken.values.get(name)
            if value in (None, ""):
                found += [f"missing {name}"] if each.required and passes else []
            elif each.kind == "choice":
                found += [] if value in each.choices else [f"choice {name}"]
            elif each.kind in ("number", "money"):
                found += [] if type(value) is int and value >= 0 else [f"kind {name}"]
            elif each.kind in ("person", "organisation"):
                found += [] if type(value) in (int, str) else [f"kind {name}"]
            elif not isinstance(value, kinds.get(each.kind, str)):
                found.append(f"kind {name}")
        return found

    def voted(self, step, taken, outcome):
        if taken.vote is None:
            return [] if outcome == "void" else ["no counts"]
        came = self.meant(step, self.judge(step.vote, taken.on, taken.vote).outcome)
        return [] if came and came == outcome else ["counts"]

    def by_kind(self, step, taken, holds, seats):
        found, row = [], self.row(step, taken.on)
        asked = row.reply if row and step.kind == "superior_reply" else ""
        if asked and taken.reply not in STRONG[STRONG.index(asked) :]:
            found.append("reply")
        least = self.number(step, "working_days", taken.on)
        if step.kind == "notice" and least:
            first = taken.on + (ONE if self.number(step, "exclude_first_day", taken.on) else 0 * ONE)
            if taken.until is None or self.worked(first, taken.until) < least:
                found.append("window")
        if step.people is not None:
            found += self.named(step, taken, holds, seats)
        return found

    def named(self, step, taken, holds, seats):
        asked, count, found = step.people, len(taken.people), []
        least, most = self.number(step, asked.least, taken.on), self.number(step, asked.most, taken.on)
        if isinstance(seats, int):
            more = self.number(step, asked.surplus, taken.on) or 0
            enough = seats + ceil(Fraction(seats * more, 100))
            least = max(least or 0, enough)
        if (least is not None and count < least) or (most is not None and count > most):
            found.append("how many")
        who = [each.person or each.name for each in taken.people]
        if len(set(who)) < len(who):
            found.append("twice")
        for person in taken.people:
            if asked.stages and person.stage and person.stage not in asked.stages:
                found.append("stage")
            for name in asked.not_among:
                others = holds[name].people if name in holds else ()
                if any((each.person or each.name) == (person.person or person.name) for each in others):
                    found.append("among")
            for bar in asked.bars:
                if bar.force == "must" and person.sanction in bar.sanctions:
                    term = bar.sanctions[person.sanction]
                    months = self.number(step, term, taken.on)
                    if not term or (
                        months is not None
                        and (
                            person.sanction_on is None
                            or taken.on < self.moved(person.sanction_on, months, "months")
                        )
                    ):
                        found.append("barred")
        return found
