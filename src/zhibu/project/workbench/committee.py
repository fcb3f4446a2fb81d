"""The desk of a committee's officer: the last quarter at a glance, who owes what, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu import analytics, rulebook
from zhibu.assessment import queries as assessment
from zhibu.assessment.models import Appeal, AppealState, Rectification, RectificationState, Run, RunState
from zhibu.core import authority
from zhibu.core.calendar import Quarter
from zhibu.core.evaluate import holds
from zhibu.core.norms import Cadence, Check, Standard, is_fact
from zhibu.life.models import SessionKind
from zhibu.register.models import BRANCH_KINDS, Organisation
from zhibu.ui import formats
from zhibu.ui.doors import within
from zhibu.ui.language import pick

if TYPE_CHECKING:
    from zhibu.core.authority import Actor
    from zhibu.core.norms import Rulebook

from .lines import SHOWN, Waiting

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
    behind: tuple[tuple[str, str, int | None], ...]
    high_told: str
    weak_told: str


def committee_desk(actor: Actor, committee: Organisation, today: date) -> CommitteeDesk:
    """The last quarter at a glance, who owes what of the months already over, and what waits for the committee."""
    quarter = Quarter.of(today)
    last = assessment.quarter_to_show(actor, today)
    found = assessment.committee(actor, committee, last)
    means = [mean for mean in assessment.means(found) if mean.share is not None]
    behind = tuple(
        (mean.id, pick(mean.title), mean.share)
        for mean in sorted(means, key=lambda mean: mean.share or 0)[:5]
    )
    lagging = _lagging(actor, committee, quarter, today)
    return CommitteeDesk(
        committee, quarter, found.run, assessment.counts(found), found.mean, last,
        _committee_waiting(actor, committee, quarter, today), lagging[:SHOWN], len(lagging), behind,
        assessment.scheme_told("five_good_average", last), assessment.scheme_told("weak_below", last),
    )  # fmt: skip


def _lagging(actor: Actor, committee: Organisation, quarter: Quarter, today: date) -> tuple[Lagging, ...]:
    """Branches with monthly duties unmet in the months of the quarter that are over, the most owed first.

    Monthly shares only: what is due by the quarter's end is not owed before it. One query for all branches.
    """
    over = [month for month in quarter.months if month.last < today]
    if not over:
        return ()
    book = rulebook.load()
    checks = _monthly(book)
    names = {name for _standard, check in checks for name in check.facts()}
    lo, hi = committee.path, authority.successor(committee.path)
    facts = analytics.facts_for(book, names, lo, hi, quarter.first, over[-1].last)
    rows = within(
        Organisation.objects.filter(kind__in=BRANCH_KINDS, closed_on__isnull=True, path__gte=lo, path__lt=hi),
        authority.ranges(actor, "assessment.view"), "path",
    ).values_list("pk", "name", "kind", "parent_id", "parent__name")  # fmt: skip
    found = []
    for pk, name, kind, parent, above in rows:
        owed = [
            each
            for standard, check in checks
            if (each := _owed(standard, check, facts.get(pk), kind, over[-1].last))
        ]
        if owed:
            told = tuple(
                _("%(what)s 差 %(count)d") % {"what": title, "count": count} for title, count in owed
            )
            found.append(
                Lagging(
                    pk,
                    name,
                    "" if parent == committee.pk else above,
                    told,
                    sum(count for _title, count in owed),
                )
            )
    return tuple(sorted(found, key=lambda each: (-each.count, each.name)))


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
) -> tuple[str, int] | None:
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
    return _short(check), owed


def _short(check: Check) -> str:
    """What is owed in a word or two: the kind of meeting when the check is about one, else the check's title."""
    kind = dict(check.act.query).get("kind", "") if check.act else ""
    return str(SESSIONS[kind]) if kind in SESSIONS else pick(check.title)


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
