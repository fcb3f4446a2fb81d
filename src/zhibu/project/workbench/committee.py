"""The desk of a committee's officer: the last quarter at a glance, who owes what, what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu import analytics, record, rulebook
from zhibu.assessment import queries as assessment
from zhibu.assessment.models import Appeal, AppealState, Rectification, RectificationState, Run, RunState
from zhibu.core import authority
from zhibu.core.calendar import Quarter
from zhibu.core.evaluate import holds
from zhibu.core.norms import Cadence, Condition, facts_of, is_fact
from zhibu.core.wording import Text
from zhibu.dues.queries import overview
from zhibu.life import kinds
from zhibu.register import queries as register
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.ui import formats
from zhibu.ui.doors import within
from zhibu.ui.language import pick

if TYPE_CHECKING:
    from zhibu.core.authority import Actor
    from zhibu.core.norms import Rulebook

from .cases import answers
from .lines import SHOWN, Waiting
from .mail import to_review
from .parts import Parts
from .undertakings import of_committee


@dataclass(frozen=True, slots=True)
class Lagging:
    """A branch that owes something of the months already over: (check, how many) in words."""

    branch: int
    name: str
    above: str
    owed: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class CommitteeDesk:
    """What an officer of a committee sees first."""

    committee: Organisation
    quarter: Quarter
    run: Run | None
    counts: Mapping[str, int]
    mean: int | None
    last: Quarter
    waiting: tuple[Waiting, ...]
    lagging: tuple[Lagging, ...]
    lagging_count: int
    more: int
    behind: tuple[tuple[str, str, int | None], ...]
    high_told: str
    weak_told: str


def committee_desk(parts: Parts, committee: Organisation) -> CommitteeDesk:
    """The last quarter at a glance, who owes what of the months already over, and what waits for the committee."""
    actor, today = parts.actor, parts.today
    quarter = Quarter.of(today)
    run, counts, mean, last, weak = _summed(parts, committee)
    waiting = _waiting(parts, committee, quarter)
    owing = _lagging(actor, committee, quarter, today)
    return CommitteeDesk(
        committee, quarter, run, counts, mean, last, waiting,
        _named(committee, owing[:SHOWN]), len(owing), max(0, len(owing) - SHOWN), tuple((key, pick(title), share) for key, title, share in weak),
        assessment.scheme_told("five_good_average", last), assessment.scheme_told("weak_below", last),
    )  # fmt: skip


def _waiting(parts: Parts, committee: Organisation, quarter: Quarter) -> tuple[Waiting, ...]:
    """What waits, each part kept by the room it comes from: it is of all branches."""
    actor, today, of = parts.actor, parts.today, parts.of
    return (
        *of("letters", to_review, actor),
        *of("procedures", answers, actor, today),
        *of("undertakings", of_committee, actor, today),
        *of("dues", _dues_waiting, actor),
        *of("assessment", _committee_waiting, actor, committee, quarter, today),
    )


Summed: TypeAlias = tuple[
    Run | None, Mapping[str, int], int | None, Quarter, tuple[tuple[str, Text, int | None], ...]
]


def _summed(parts: Parts, committee: Organisation) -> Summed:
    """The last quarter in sum: run, counts, mean, which quarter it is, and the standards that fare worst."""
    last = parts.of("assessment", assessment.quarter_to_show, parts.actor, parts.today)
    # without a run it is reckoned from the records of today, and kept until the next act
    found = assessment.glance(parts.actor, committee, last)
    means = sorted(
        ((share, each.id, each.title) for each in found.book.standards.values()
         if (share := found.means.get(each.id)) is not None),
        key=lambda each: each[0],
    )  # fmt: skip
    weak = tuple((key, title, share) for share, key, title in means[:5])
    return found.run, {"all": found.all, "high": found.high, "low": found.low}, found.mean, last, weak


ALONE = 8
"""Branches up to which facts are asked branch by branch."""

Owed: TypeAlias = tuple[str, Text, int]
"""What is owed: the kind of meeting when the check is about one (else ""), the check's title, how many."""


Owing: TypeAlias = tuple[int, str, tuple[Owed, ...], int]
"""A branch that owes something: (key, path, what is owed, how much in all)."""


def _lagging(actor: Actor, committee: Organisation, quarter: Quarter, today: date) -> tuple[Owing, ...]:
    """Branches with monthly duties unmet in the months of the quarter that are over, the most owed first."""
    over = [month for month in quarter.months if month.last < today]
    if not over:
        return ()
    owing = _owing(rulebook.load(), committee, quarter.first, over[-1].last)
    spans = authority.ranges(actor, "assessment.view")
    return tuple(row for row in owing if any(lo <= row[1] < hi for lo, hi in spans))


def _named(committee: Organisation, rows: Sequence[Owing]) -> tuple[Lagging, ...]:
    """The branches that are shown, with their names; a superior is named where it is not the committee itself."""
    keys = tuple(row[0] for row in rows)
    names = record.kept(("names", keys), lambda: _names(keys), within=record.Rooms.of("register"))
    return tuple(
        Lagging(
            key,
            names[key][0],
            "" if names[key][1] == committee.pk else names[key][2],
            tuple(_owed_told(each) for each in owed),
            count,
        )
        for key, _path, owed, count in rows
        if key in names
    )


def _names(keys: Sequence[int]) -> dict[int, tuple[str, int | None, str]]:
    rows = Organisation.objects.filter(pk__in=keys).values_list("pk", "name", "parent_id", "parent__name")
    return {key: (name, parent, above or "") for key, name, parent, above in rows}


def _owed_told(owed: Owed) -> str:
    kind, title, count = owed
    what = kinds.title(kind) if kind in kinds.known() else pick(title)
    return _("%(what)s 差 %(count)d") % {"what": what, "count": count}


def _owing(book: Rulebook, committee: Organisation, first: date, last: date) -> list[Owing]:
    """Every branch that owes something, the most first.

    Monthly shares only: what is due by the quarter's end is not owed before it. One query for all branches, or one for
    each of the few where something was recorded since.
    """
    checks = _monthly(book, last)
    names = {name for check in checks for name in check.facts}
    low, high = committee.path, authority.successor(committee.path)
    branches = record.kept(
        ("branches", low), lambda: _branches(low, high), within=record.Rooms.of("register")
    )

    def owed_by(paths: list[str]) -> dict[str, tuple[Owed, ...]]:
        spans = [(path, path + "0") for path in paths]
        if len(paths) > ALONE:
            spans = [(low, high)]
        facts: dict[int, Mapping[str, int]] = {}
        for lo, hi in spans:
            facts |= analytics.facts_for(book, names, lo, hi, first, last)
        return {path: _owed(checks, branches[path][1], facts.get(branches[path][0])) for path in paths}

    key = ("owing", committee.pk, committee.path, last, book.digest)
    owed = record.kept_each(key, register.grown_at(committee.path, branches), owed_by)
    found = [
        (branches[path][0], path, each, sum(count for _kind, _title, count in each))
        for path, each in owed.items()
        if each
    ]
    return sorted(found, key=lambda each: (-each[3], each[1]))


def _branches(low: str, high: str) -> dict[str, tuple[int, str]]:
    """The branches that stand in a range of paths: path to (key, kind)."""
    rows = Organisation.objects.filter(
        kind__in=BRANCH_KINDS, closed_on__isnull=True, path__gte=low, path__lt=high
    )
    return {path: (pk, kind) for pk, path, kind in rows.values_list("pk", "path", "kind")}


def _owed(checks: Sequence[_Monthly], kind: str, facts: Mapping[str, int] | None) -> tuple[Owed, ...]:
    return tuple(
        (check.meeting, check.title, count)
        for check in checks
        if facts is not None
        and (count := facts[check.of] - facts[check.fact]) > 0
        and check.asks(kind, facts)
    )


@dataclass(frozen=True, slots=True)
class _Monthly:
    """A check that is a share of months, with the numbers of the day; `meeting` is the kind it asks for, or ""."""

    fact: str
    of: str
    meeting: str
    title: Text
    kinds: tuple[str, ...]
    unless: tuple[Condition, ...]
    numbers: Mapping[str, int]
    facts: tuple[str, ...]

    def asks(self, kind: str, facts: Mapping[str, int]) -> bool:
        """Whether it is asked of such a branch."""
        return kind in self.kinds and not any(holds(each, facts, self.numbers) for each in self.unless)


def _monthly(book: Rulebook, day: date) -> list[_Monthly]:
    """Checks that are shares of months on a day; what is measured in money is nobody's meeting."""
    found = []
    for standard in book.standards.values():
        row = standard.terms.row_on(day)
        for check in standard.checks if row is not None else ():
            share = check.share
            if check.cadence is not Cadence.MONTH or share is None or not is_fact(share.of):
                continue
            if row is None or share.fact.endswith("_fen"):
                continue
            unless = tuple(each.when for each in (*standard.unless, *check.unless))
            facts = (share.fact, share.of, *(name for each in unless for name in facts_of(each)))
            meeting = dict(check.act.query).get("kind", "") if check.act else ""
            found.append(
                _Monthly(
                    share.fact, share.of, meeting, check.title, check.applies_to, unless, row.numbers, facts
                )
            )
    return found


def _committee_waiting(
    actor: Actor, committee: Organisation, quarter: Quarter, today: date
) -> tuple[Waiting, ...]:
    found: list[Waiting] = []
    previous = quarter.previous()
    covered = assessment.states_covering(committee.path, (previous,))
    if not covered and authority.may(actor, "assessment.open_run", committee.path):
        url = reverse("assessment:committee", args=[committee.pk, previous.code])
        found.append(Waiting(_("开展上季度考核"), formats.quarter(previous.code), url))
    ranges = authority.ranges(actor, "assessment.review")
    for key, organisation, state in record.rows(_running, ranges):
        period = Quarter.from_key(key)
        url = reverse("assessment:committee", args=[organisation, period.code])
        if state == RunState.OPEN and today > period.last:
            found.append(Waiting(_("评审并公布"), formats.quarter(period.code), url))
        if state == RunState.PUBLISHED:
            found.append(Waiting(_("答复申诉并定案"), formats.quarter(period.code), url))
    found += [
        Waiting(_("答复申诉"), f"{name} · {standard}", reverse("assessment:answer_appeal", args=[pk]))
        for pk, name, standard in record.rows(_appeals, ranges)
    ]
    found += [
        Waiting(_("整改到期"), name, reverse("assessment:close_rectification", args=[pk]))
        for pk, name in record.rows(_late, ranges, today)
    ]
    return tuple(found)


def _running(spans: authority.Spans) -> QuerySet[Run, Any]:
    rows = within(Run.objects.exclude(state=RunState.FROZEN), spans, "organisation__path")
    return rows.order_by("quarter").values_list("quarter", "organisation_id", "state")


def _appeals(spans: authority.Spans) -> QuerySet[Appeal, Any]:
    rows = within(Appeal.objects.filter(state=AppealState.OPEN), spans, "branch__path")
    return rows.order_by("at").values_list("pk", "branch__name", "standard")[:5]


def _late(spans: authority.Spans, today: date) -> QuerySet[Rectification, Any]:
    rows = Rectification.objects.filter(state=RectificationState.OPEN, due_on__lt=today)
    return within(rows, spans, "branch__path").order_by("due_on", "pk").values_list("pk", "branch__name")[:5]


def _dues_waiting(actor: Actor) -> tuple[Waiting, ...]:
    found = []
    sent = overview.on_its_way(actor)
    if sent:
        found.append(Waiting(_("签收上缴党费"), _("%(n)s 笔") % {"n": sent}, reverse("dues:remittances")))
    asked = overview.reliefs_waiting(actor)
    if asked:
        found.append(Waiting(_("批复党费减免"), _("%(n)s 人") % {"n": asked}, reverse("dues:approvals")))
    return tuple(found)
