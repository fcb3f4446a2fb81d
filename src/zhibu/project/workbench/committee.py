"""The desk of a committee's officer: the last quarter at a glance, who owes what, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu import analytics, record, rulebook
from zhibu.assessment import queries as assessment
from zhibu.assessment.models import Appeal, AppealState, Rectification, RectificationState, Run, RunState
from zhibu.core import authority
from zhibu.core.calendar import Quarter
from zhibu.core.evaluate import holds
from zhibu.core.norms import Cadence, Check, Standard, is_fact
from zhibu.core.wording import Text
from zhibu.life.models import SessionKind
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.ui import formats
from zhibu.ui.doors import within
from zhibu.ui.language import current, pick

if TYPE_CHECKING:
    from zhibu.core.authority import Actor
    from zhibu.core.norms import Rulebook

from .cases import answers
from .lines import SHOWN, Waiting, objections_waiting

SESSIONS = {str(kind): label for kind, label in SessionKind.choices}


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


def committee_desk(actor: Actor, committee: Organisation, today: date) -> CommitteeDesk:
    """The last quarter at a glance, who owes what of the months already over, and what waits for the committee."""
    quarter = Quarter.of(today)
    seen = (authority.ranges(actor, "assessment.view"), authority.ranges(actor, "assessment.review"))
    run, counts, mean, last, weak = record.kept(
        ("committee desk", committee.pk, committee.path, today, rulebook.load().digest, seen),
        lambda: _summed(actor, committee, today),
    )
    answered = record.kept(
        ("answers", today, authority.ranges(actor, "procedures.reply"), current()),
        lambda: answers(actor, today),
    )
    waiting = record.kept(
        (
            "committee waits",
            committee.pk,
            today,
            seen,
            authority.may(actor, "assessment.open_run", committee.path),
            current(),
        ),
        lambda: _committee_waiting(actor, committee, quarter, today),
    )
    waiting = (*answered, *waiting)
    lagging = _lagging(actor, committee, quarter, today)
    return CommitteeDesk(
        committee, quarter, run, counts, mean, last, (*objections_waiting(actor), *waiting), lagging[:SHOWN], len(lagging),
        max(0, len(lagging) - SHOWN), tuple((key, pick(title), share) for key, title, share in weak),
        assessment.scheme_told("five_good_average", last), assessment.scheme_told("weak_below", last),
    )  # fmt: skip


Summed: TypeAlias = tuple[
    Run | None, Mapping[str, int], int | None, Quarter, tuple[tuple[str, Text, int | None], ...]
]


def _summed(actor: Actor, committee: Organisation, today: date) -> Summed:
    """The last quarter in sum: run, counts, mean, which quarter it is, and the standards that fare worst."""
    last = assessment.quarter_to_show(actor, today)
    found = assessment.committee(actor, committee, last)
    means = sorted(
        (mean for mean in assessment.means(found) if mean.share is not None), key=lambda mean: mean.share or 0
    )
    weak = tuple((mean.id, mean.title, mean.share) for mean in means[:5])
    return found.run, assessment.counts(found), found.mean, last, weak


Owed: TypeAlias = tuple[str, Text, int]
"""What is owed: the kind of meeting when the check is about one (else ""), the check's title, how many."""


def _lagging(actor: Actor, committee: Organisation, quarter: Quarter, today: date) -> tuple[Lagging, ...]:
    """Branches with monthly duties unmet in the months of the quarter that are over, the most owed first."""
    over = [month for month in quarter.months if month.last < today]
    if not over:
        return ()
    book = rulebook.load()
    rows = record.kept(
        ("lagging", committee.pk, committee.path, over[-1].key, book.digest),
        lambda: _owing(book, committee, quarter.first, over[-1].last),
    )
    spans = authority.ranges(actor, "assessment.view")
    return tuple(
        Lagging(pk, name, above, tuple(_owed_told(each) for each in owed), count)
        for pk, path, name, above, owed, count in rows
        if any(lo <= path < hi for lo, hi in spans)
    )


def _owed_told(owed: Owed) -> str:
    kind, title, count = owed
    what = str(SESSIONS[kind]) if kind in SESSIONS else pick(title)
    return _("%(what)s 差 %(count)d") % {"what": what, "count": count}


def _owing(
    book: Rulebook, committee: Organisation, first: date, last: date
) -> tuple[tuple[int, str, str, str, tuple[Owed, ...], int], ...]:
    """(branch, path, name, superior's name, what is owed, how much in all) of every branch that owes something.

    Monthly shares only: what is due by the quarter's end is not owed before it. One query for all branches.
    """
    checks = _monthly(book)
    names = {name for _standard, check in checks for name in check.facts()}
    lo, hi = committee.path, authority.successor(committee.path)
    facts = analytics.facts_for(book, names, lo, hi, first, last)
    rows = Organisation.objects.filter(
        kind__in=BRANCH_KINDS, closed_on__isnull=True, path__gte=lo, path__lt=hi
    ).values_list("pk", "path", "name", "kind", "parent_id", "parent__name")
    found = []
    for pk, path, name, kind, parent, above in rows:
        owed = tuple(
            each for standard, check in checks if (each := _owed(standard, check, facts.get(pk), kind, last))
        )
        if owed:
            count = sum(each[2] for each in owed)
            found.append((pk, path, name, "" if parent == committee.pk else above or "", owed, count))
    return tuple(sorted(found, key=lambda each: (-each[5], each[2])))


def _monthly(book: Rulebook) -> list[tuple[Standard, Check]]:
    """Checks that are shares of months."""
    return [
        (standard, check)
        for standard in book.standards.values()
        for check in standard.checks
        if check.cadence is Cadence.MONTH and check.share is not None and is_fact(check.share.of)
    ]


def _owed(
    standard: Standard, check: Check, facts: Mapping[str, int] | None, kind: str, day: date
) -> Owed | None:
    """How many of a monthly check are owed; None when it is met, measured in money, or does not apply."""
    row = standard.terms.row_on(day)
    share = check.share
    if (
        facts is None
        or row is None
        or share is None
        or share.fact.endswith("_fen")
        or kind not in check.applies_to
    ):
        return None
    owed = facts[share.of] - facts[share.fact]
    if owed <= 0 or any(holds(each.when, facts, row.numbers) for each in (*standard.unless, *check.unless)):
        return None
    kind = dict(check.act.query).get("kind", "") if check.act else ""
    return kind, check.title, owed


def _committee_waiting(
    actor: Actor, committee: Organisation, quarter: Quarter, today: date
) -> tuple[Waiting, ...]:
    found: list[Waiting] = []
    previous = quarter.previous()
    covering = assessment.run_covering(committee.path, previous)
    if covering is None and authority.may(actor, "assessment.open_run", committee.path):
        url = reverse("assessment:committee", args=[committee.pk, previous.code])
        found.append(Waiting(_("开展上季度考核"), formats.quarter(previous.code), url))
    ranges = authority.ranges(actor, "assessment.review")
    for run in within(Run.objects.exclude(state=RunState.FROZEN), ranges, "organisation__path").order_by(
        "quarter"
    ):
        period = Quarter.from_key(run.quarter)
        url = reverse("assessment:committee", args=[run.organisation_id, period.code])
        if run.state == RunState.OPEN and today > period.last:
            found.append(Waiting(_("评审并公布"), formats.quarter(period.code), url))
        if run.state == RunState.PUBLISHED:
            found.append(Waiting(_("答复申诉并定案"), formats.quarter(period.code), url))
    appeals = within(Appeal.objects.filter(state=AppealState.OPEN), ranges, "branch__path").select_related(
        "branch"
    )
    found += [
        Waiting(
            _("答复申诉"),
            f"{each.branch.name} · {each.standard}",
            reverse("assessment:answer_appeal", args=[each.pk]),
        )
        for each in appeals.order_by("at")[:5]
    ]
    late = within(
        Rectification.objects.filter(state=RectificationState.OPEN, due_on__lt=today), ranges, "branch__path"
    ).select_related("branch")
    found += [
        Waiting(_("整改到期"), each.branch.name, reverse("assessment:close_rectification", args=[each.pk]))
        for each in late[:5]
    ]
    return tuple(found)
