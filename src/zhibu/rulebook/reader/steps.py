"""One step of a procedure, as written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from zhibu.core.norms import Source
from zhibu.core.norms.procedures import (
    GIVEN,
    OTHERS,
    Bar,
    Effect,
    EffectKind,
    Outcome,
    People,
    Repeats,
    Reply,
    Requirement,
    Role,
    Step,
    StepKind,
    StepRow,
    Timing,
    Unit,
)
from zhibu.core.procedure.words import outcomes_of
from zhibu.core.refusal import Force
from zhibu.core.wording import Text

from .asked import Names
from .entered import read_step_field
from .entry import Entry, Page
from .gathering import Gathering
from .problems import listed, meant
from .sources import read_sources
from .terms import NAME
from .tree import Fields, Leaf, Node

UNITS = tuple(each.value for each in Unit)
KIND_TERMS = {
    StepKind.NOTICE: frozenset({"working_days", "exclude_first_day"}),
    StepKind.SUPERIOR_REPLY: frozenset({"reply"}),
}
"""Terms a kind of step understands by itself."""
REPLY = "reply"


@dataclass(slots=True)
class Reading:
    """A step being read: its procedure's names and the terms of its own rows."""

    book: Gathering
    entry: Entry
    names: Names
    sources: tuple[Source, ...]
    kind: StepKind
    refers: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.entry.page

    def refer(self, key: str, located: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
        """Ids of steps, to be looked up when all are known."""
        self.refers += [(key, name, line) for name, line in located]
        return tuple(name for name, _ in located)

    def term(self, entry: Entry, key: str) -> str:
        """The name of a term, or nothing."""
        name = entry.text_or(key, "") or ""
        if name:
            self.names.term(name, entry.at(key))
        return name

    def condition(self, entry: Entry, key: str = "when") -> object:
        node = entry.get(key)
        return self.names.condition(node) if node else None

    def cited(self, entry: Entry) -> tuple[Source, ...]:
        return read_sources(self.book, entry) if entry.has("sources") else ()


def read_step(
    book: Gathering, entry: Entry, names: Names, sources: tuple[Source, ...]
) -> tuple[Step, Reading]:
    """A step, and what of it can only be checked when all steps are known."""
    kind = entry.choice("does", StepKind)
    rows = read_rows(entry, kind)
    terms = frozenset(name for row in rows for name in row.numbers)
    fields = tuple(read_step_field(each) for each in entry.entries("fields", "项目"))
    own = replace(
        names, own=frozenset(each.id for each in fields), terms=terms, used=set(), later=names.later
    )
    reading = Reading(book, entry, own, sources, kind)
    reading.refers += [("of", each.of, entry.at("fields")) for each in fields if each.of]
    name = entry.text("id")
    if name and not NAME.fullmatch(name):
        entry.page.note(entry.at("id"), "id_malformed", id=name, rule="用小写英文、数字和下划线，以字母开头")
    first, last = _existence(entry)
    papers = entry.entry("papers", "材料")
    step = Step(
        id=name,
        title=entry.wording("title"),
        kind=kind,
        by=_roles(entry),
        after=reading.refer("after", entry.located("after")),
        before=reading.refer("before", entry.located("before")),
        optional=entry.flag_or("optional", otherwise=False),
        force=entry.choice_or("force", Force, Force.MUST),
        when=reading.condition(entry),  # type: ignore[arg-type]  # an Asked or None
        first=first,
        last=last,
        rows=rows,
        waits=tuple(_timing(reading, each, waits=True) for each in entry.entries("waits", "等候")),
        due=tuple(_timing(reading, each, waits=False) for each in entry.entries("due", "期限")),
        fields=fields,
        requires=tuple(_requirement(reading, each) for each in entry.entries("requires", "要求")),
        people=_people(reading),
        vote=_vote(reading),
        notice=entry.text_or("notice", "") or "",
        needs=papers.texts("needs") if papers else (),
        makes=papers.texts("makes") if papers else (),
        outcomes=_outcomes(reading),
        effects=tuple(_effect(reading, each) for each in entry.entries("effects", "效果")),
        repeats=_repeats(reading),
        times=reading.term(entry, "times"),
        one_by_one=entry.flag_or("one_by_one", otherwise=False),
        sources=reading.cited(entry) or sources,
        note=entry.wording_or("note"),
        was=entry.texts("was"),
    )
    if papers:
        papers.close()
    entry.close(also=("precedes",))
    _unused(reading, rows)
    _counted(book, entry, step)
    return step, reading


def _counted(book: Gathering, entry: Entry, step: Step) -> None:
    """A field that counts grades names one of the step's vote."""
    rule = book.votes.get(step.vote)
    known = {GIVEN, OTHERS, *(rule.grade_titles if rule else ())}
    for each in step.fields:
        if each.counts and each.counts not in known:
            entry.page.note(
                entry.at("fields"), "unknown_choice", key="counts", value=each.counts, meant=meant(each.counts, known),
                known=listed(known),
            )  # fmt: skip


def read_rows(entry: Entry, kind: StepKind) -> tuple[StepRow, ...]:
    """The dated rows of a step; a row may leave out what is not asked under it."""
    node = entry.get("terms")
    if node is None:
        return ()
    if not isinstance(node, Fields):
        entry.page.wrong(node, "terms", "以日期为键的各行数值")
        return ()
    rows: list[StepRow] = []
    for key, value in node.entries:
        if not isinstance(key.value, date):
            entry.page.note(key.line, "terms_not_dated", key=key.text)
            continue
        if rows and key.value < rows[-1].since:
            entry.page.note(key.line, "terms_not_sorted", date=key.value, previous=rows[-1].since)
        rows.append(_row(entry.page, key.value, value, kind))
    return tuple(rows)


def _row(page: Page, since: date, node: Node, kind: StepKind) -> StepRow:
    numbers, reply = {}, ""
    for name, line, value in page.pairs(node, str(since)):
        if name == REPLY and kind is StepKind.SUPERIOR_REPLY:
            reply = page.choice(value, name, Reply).value
        elif isinstance(value, Leaf) and value.value is None:
            page.note(line, "term_without_number", name=name)
        else:
            numbers[name] = page.whole(value, name)
            if numbers[name] < 0:
                page.note(line, "term_negative", name=name)
    return StepRow(since, numbers, reply)


def _existence(entry: Entry) -> tuple[date | None, date | None]:
    span = entry.entry("in_force", "存续期间")
    if span is None:
        return None, None
    first, last = span.day_or("from"), span.day_or("to")
    span.close()
    if first and last and last < first:
        entry.page.note(span.at("to"), "dates_reversed", key="to", first=first)
    return first, last


def _roles(entry: Entry) -> tuple[Role, ...]:
    node = entry.need("by")
    if node is None:
        return ()
    nodes = (node,) if isinstance(node, Leaf) else entry.page.items(node, "by")
    return tuple(entry.page.choice(each, "by", Role) for each in nodes)


def _timing(reading: Reading, entry: Entry, *, waits: bool) -> Timing:
    anchors = [key for key in ("since", "before") if entry.has(key)]
    if len(anchors) != 1:
        entry.page.note(entry.line, "timing_anchor", what=entry.what)
    anchor = entry.text_or(anchors[0], "") or "" if anchors else ""
    if anchor:
        _anchor(reading, entry, anchor, anchors[0])
    units = [key for key in UNITS if entry.has(key)]
    if len(units) != 1:
        entry.page.note(entry.line, "timing_unit", what=entry.what, known=listed(UNITS))
    found = Timing(
        anchor=anchor,
        unit=Unit(units[0]) if units else Unit.DAYS,
        term=reading.term(entry, units[0]) if units else "",
        force=entry.choice_or("force", Force, Force.MUST if waits else Force.SHOULD),
        backward=anchors == ["before"],
        extended="" if waits else reading.term(entry, "extended"),
        plus=_named(reading, entry, "plus"),
        when=reading.condition(entry),  # type: ignore[arg-type]  # an Asked or None
        code=entry.text_or("code", "") or "",
        message=entry.wording_or("message"),
        asks=entry.wording_or("asks"),
        sources=reading.cited(entry),
    )
    entry.close()
    return found


def _anchor(reading: Reading, entry: Entry, anchor: str, key: str) -> None:
    if "." in anchor:
        reading.names.value(anchor, entry.at(key))
    elif anchor in reading.names.own:
        return
    else:
        reading.refers.append((key, anchor, entry.at(key)))


def _named(reading: Reading, entry: Entry, key: str) -> str:
    """The name of a value, or nothing."""
    name = entry.text_or(key, "") or ""
    if name:
        reading.names.value(name, entry.at(key))
    return name


def _requirement(reading: Reading, entry: Entry) -> Requirement:
    node = entry.need("met")
    found = Requirement(
        code=entry.text("code"),
        met=reading.names.condition(node) if node else reading.names.condition(Fields((), entry.line)),
        force=entry.choice_or("force", Force, Force.MUST),
        message=entry.wording("message"),
        remedy=entry.wording_or("remedy"),
        asks=entry.wording_or("asks"),
        when=reading.condition(entry),  # type: ignore[arg-type]  # an Asked or None
        sources=reading.cited(entry),
    )
    entry.close()
    return found


def _people(reading: Reading) -> People | None:
    entry = reading.entry.entry("people", "人选")
    if entry is None:
        return None
    stages = entry.located("stages")
    for stage, line in stages:
        reading.book.word_known(entry.page, "stages", "unknown_stage", stage, line)
    found = People(
        title=entry.wording("title"),
        least=reading.term(entry, "least"),
        most=reading.term(entry, "most"),
        stages=tuple(name for name, _ in stages),
        bars=tuple(_bar(reading, each) for each in entry.entries("bars", "限制")),
        not_among=reading.refer("not_among", entry.located("not_among")),
        seats=_named(reading, entry, "seats"),
        surplus=reading.term(entry, "surplus"),
    )
    if found.surplus and not found.seats:
        entry.need("seats")
    entry.close()
    return found


def _bar(reading: Reading, entry: Entry) -> Bar:
    node = entry.need("sanctions")
    sanctions = {}
    for name, line, each in entry.page.pairs(node, "sanctions") if node else ():
        reading.book.word_known(entry.page, "sanctions", "unknown_sanction", name, line)
        told = entry.page.text(each, name)
        sanctions[name] = "" if told == "always" else told
        if sanctions[name]:
            reading.names.term(sanctions[name], each.line)
    found = Bar(
        entry.text("code"), sanctions, entry.choice_or("force", Force, Force.MUST), entry.wording("message"),
        reading.cited(entry),
    )  # fmt: skip
    entry.close()
    return found


def _vote(reading: Reading) -> str:
    name = reading.entry.text_or("vote", "") or ""
    if reading.kind is StepKind.BALLOT and not name:
        reading.page.note(reading.entry.line, "ballot_without_rule")
    known = reading.book.votes
    if name and name not in known:
        reading.page.note(
            reading.entry.at("vote"),
            "unknown_vote",
            id=name,
            meant=meant(name, known),
            known=listed(known, 30),
        )
    return name


def _outcomes(reading: Reading) -> tuple[Outcome, ...]:
    """Those of the kind, where the file may say what follows; then the file's own."""
    found = {each.id: each for each in outcomes_of(reading.kind)}
    for entry in reading.entry.entries("outcomes", "结果"):
        name = entry.text("id")
        base = found.get(name)
        title = entry.wording_or("title") or (base.title if base else None)
        if title is None:
            entry.need("title")
        back = entry.text_or("back_to", "") or ""
        ends = entry.text_or("ends", "") or ""
        if back:
            reading.refers.append(("back_to", back, entry.at("back_to")))
        if ends:
            reading.refers.append(("ends", ends, entry.at("ends")))
        passes = entry.flag_or("passes", otherwise=bool(base and base.passes))
        if passes and back:
            entry.page.note(entry.at("back_to"), "outcome_two_ways", id=name)
        found[name] = Outcome(name, title or Text("", ""), passes, back, ends)
        entry.close()
    return tuple(found.values())


def _effect(reading: Reading, entry: Entry) -> Effect:
    node = entry.get("with")
    pairs = (
        {name: entry.page.text(each, name) for name, _, each in entry.page.pairs(node, "with")}
        if node
        else {}
    )
    found = Effect(
        kind=entry.choice("does", EffectKind),
        value=entry.text_or("value", "") or "",
        outcome=entry.text_or("outcome", "") or "",
        arguments=pairs,
        first=entry.day_or("from"),
        last=entry.day_or("to"),
        when=reading.condition(entry),  # type: ignore[arg-type]  # an Asked or None
    )
    entry.close()
    return found


def _repeats(reading: Reading) -> Repeats | None:
    entry = reading.entry.entry("repeats", "重复")
    if entry is None:
        return None
    until, since = entry.text_or("until", "") or "", entry.text_or("since", "") or ""
    for key, name in (("until", until), ("since", since)):
        if name:
            reading.refers.append((key, name, entry.at(key)))
    found = Repeats(
        every=reading.term(entry, "every"),
        unit=entry.choice_or("unit", Unit, Unit.MONTHS),
        since=since,
        at_least=reading.term(entry, "at_least"),
        until=until,
        force=entry.choice_or("force", Force, Force.SHOULD),
        once_per=_named(reading, entry, "once_per"),
    )
    entry.close()
    return found


def _unused(reading: Reading, rows: tuple[StepRow, ...]) -> None:
    known = KIND_TERMS.get(reading.kind, frozenset())
    names = {name for row in rows for name in row.numbers}
    for name in sorted(names - reading.names.used - known):
        reading.page.note(reading.entry.at("terms"), "unused_term", name=name)
