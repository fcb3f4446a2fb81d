"""Cases written as data (JSON): what worked examples and `zhibu procedure project` are made of.

A case is `{"fields": {}, "subject": {}, "branch": {}, "steps": [], "events": [], "papers": []}`; a step is
`{"step": id, "on": day, …}` and `steps` may be written `{id: day}` or `{id: {"on": day, …}}`, in order. Days are
ISO texts. What is wrong is told all at once, each with its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhibu.core.norms.procedures import Field, FieldKind

from .case import Case, Event, EventKind, Named, Taken, Value
from .plan import Plan

OWN_KEYS = ("step", "on", "until", "outcome", "by", "reply", "people", "vote", "papers")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the data: where, what, and what to write instead (Chinese)."""

    where: str
    message: str
    remedy: str


class DataError(Exception):
    """The data make no case; `faults` holds everything wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{each.where}: {each.message}" for each in faults))


class _Reader:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.faults: list[Fault] = []

    def fault(self, where: str, message: str, remedy: str) -> None:
        self.faults.append(Fault(where, message, remedy))

    def day(self, value: object, where: str) -> date:
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(where, f"“{value}”不是日期", "写成年-月-日，如 2026-03-31")
            return date.min

    def mapping(self, value: object, where: str) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        if value is not None:
            self.fault(where, "应是一组键值", '写成 {"名称": 值}')
        return {}

    def values(self, given: Mapping[str, Any], fields: Sequence[Field], where: str) -> dict[str, Value]:
        """Values by the kinds of the fields; unknown names are kept for the engine to refuse."""
        known = {each.id: each for each in fields}
        return {name: self.value(value, known.get(name), f"{where}.{name}") for name, value in given.items()}

    def value(self, value: object, field: Field | None, where: str) -> Value:
        wants_day = field.kind is FieldKind.DAY if field else where.endswith("_on")
        if wants_day and value is not None:
            return self.day(value, where)
        if value is None or isinstance(value, (str, int, bool, date)):
            return value
        self.fault(where, f"“{value}”不是可用的值", "写文字、整数、true 或 false、日期")
        return None

    def taken(self, given: object, where: str) -> Taken | None:
        row = self.mapping(given, where)
        name = str(row.get("step", ""))
        if not name:
            self.fault(where, "没有写步骤", '写上 "step": 步骤编号')
            return None
        step = self.plan.steps.get(name)
        if "on" not in row:
            self.fault(where, "没有写日期", '写上 "on": "2026-03-31"')
            return None
        own = {key: value for key, value in row.items() if key not in OWN_KEYS}
        until = row.get("until")
        vote = row.get("vote")
        papers = row.get("papers", ())
        return Taken(
            step=step.id if step else name,
            on=self.day(row["on"], f"{where}.on"),
            until=None if until is None else self.day(until, f"{where}.until"),
            outcome=str(row.get("outcome") or ""),
            by=str(row.get("by") or ""),
            reply=str(row.get("reply") or ""),
            values=self.values(own, step.fields if step else (), where),
            people=tuple(
                self.person(each, f"{where}.people[{place}]")
                for place, each in enumerate(self.rows(row.get("people"), f"{where}.people"))
            ),
            vote=None if vote is None else dict(self.mapping(vote, f"{where}.vote")),
            papers=tuple(str(each) for each in papers) if isinstance(papers, (list, tuple)) else (),
        )

    def rows(self, value: object, where: str) -> Sequence[Any]:
        if value is None:
            return ()
        if isinstance(value, (list, tuple)):
            return value
        self.fault(where, "应是列表", "写成 […]")
        return ()

    def person(self, given: object, where: str) -> Named:
        if isinstance(given, str):
            return Named(given)
        row = self.mapping(given, where)
        if not row.get("name"):
            self.fault(where, "没有写姓名", '写上 "name": 姓名')
        number, since = row.get("person"), row.get("sanction_on")
        return Named(
            str(row.get("name", "")),
            number if isinstance(number, int) else None,
            str(row.get("stage") or ""),
            str(row.get("sanction") or ""),
            None if since is None else self.day(since, f"{where}.sanction_on"),
        )

    def event(self, given: object, where: str) -> Event | None:
        row = self.mapping(given, where)
        known = {each.value: each for each in EventKind}
        kind = known.get(str(row.get("event", "")))
        if kind is None:
            self.fault(f"{where}.event", f"没有“{row.get('event')}”这种情形", f"可写的：{'、'.join(known)}")
            return None
        return Event(kind, self.day(row.get("on"), f"{where}.on"), str(row.get("detail") or ""))


def steps_of(given: object) -> list[object]:
    """The steps as rows, however they are written."""
    if isinstance(given, Mapping):
        return [
            {"step": name, **(each if isinstance(each, Mapping) else {"on": each})}
            for name, each in given.items()
        ]
    return list(given) if isinstance(given, (list, tuple)) else []


def case_of(plan: Plan, data: object, *, assumes: bool = False) -> Case:
    """The case that data describe. Raises DataError with everything wrong.

    Steps are put in the order of their days; those of one day keep the order written.
    """
    reader = _Reader(plan)
    root = reader.mapping(data, "案件")
    known = ("procedure", "fields", "subject", "branch", "steps", "events", "papers", "try")
    for key in root:
        if key not in known:
            reader.fault(str(key), "没有这一项", f"可写的：{'、'.join(known)}")
    if root.get("steps") is not None and not isinstance(root["steps"], (Mapping, list, tuple)):
        reader.fault("steps", "应是列表或一组键值", '写成 [{"step": …, "on": …}] 或 {"步骤": "日期"}')
    taken = [reader.taken(each, f"steps[{place}]") for place, each in enumerate(steps_of(root.get("steps")))]
    events = [
        reader.event(each, f"events[{place}]")
        for place, each in enumerate(reader.rows(root.get("events"), "events"))
    ]
    case = Case(
        fields=reader.values(reader.mapping(root.get("fields"), "fields"), plan.procedure.fields, "fields"),
        subject=reader.values(reader.mapping(root.get("subject"), "subject"), (), "subject"),
        branch=reader.values(reader.mapping(root.get("branch"), "branch"), (), "branch"),
        taken=tuple(sorted((each for each in taken if each), key=lambda each: each.until or each.on)),
        events=tuple(sorted((each for each in events if each), key=lambda each: each.on)),
        papers=frozenset(str(each) for each in reader.rows(root.get("papers"), "papers")),
        assumes=assumes,
    )
    if reader.faults:
        raise DataError(reader.faults)
    return case


def taken_of(plan: Plan, data: object, where: str = "try") -> Taken:
    """One step that data describe. Raises DataError."""
    reader = _Reader(plan)
    taken = reader.taken(data, where)
    if reader.faults or taken is None:
        raise DataError(reader.faults)
    return taken
