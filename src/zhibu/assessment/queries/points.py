"""One standard of one branch, opened: its terms, its facts, the records behind them, its sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext as _

from zhibu.core.calendar import Quarter
from zhibu.core.norms import (
    Check,
    Compare,
    Condition,
    Operator,
    Part,
    Rulebook,
    Source,
    Standard,
    compares,
    facts_of,
    is_fact,
)
from zhibu.register.models import Organisation
from zhibu.ui import formats
from zhibu.ui.language import pick

from ..models import Appeal
from .evidence import FactLine, fact_line
from .links import LinkedRecord, linked, links_of
from .sheets import PartLine, Sheet, StandardLine, sheet_for

if TYPE_CHECKING:
    from zhibu.core.authority import Actor

OPERATORS = {
    Operator.AT_LEAST: "≥",
    Operator.AT_MOST: "≤",
    Operator.MORE_THAN: ">",
    Operator.LESS_THAN: "<",
    Operator.EQUALS: "=",
}


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source of a standard: the document, the article, whether it was checked against the official text."""

    title: str
    article: str
    verified: bool
    level: str
    in_force_from: date | None


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part with its rule in words, the facts it is judged by, and those that only measure or exempt it."""

    line: PartLine
    asks: tuple[str, ...]
    facts: tuple[FactLine, ...]
    beside: tuple[FactLine, ...]
    linked: tuple[LinkedRecord, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A standard of a branch's quarter down to its records."""

    sheet: Sheet
    line: StandardLine
    since: date | None
    parts: tuple[PartShown, ...]
    sources: tuple[SourceLine, ...]
    appeals: tuple[Appeal, ...]

    @property
    def standard(self) -> Standard:
        """The standard."""
        return self.line.standard


def point(actor: Actor, branch: Organisation, quarter: Quarter, standard: str) -> Point:
    """The standard ``standard`` of a branch's quarter. Raises Http404 when the branch has no such line."""
    found = sheet_for(actor, branch, quarter)
    if found is None:
        raise Http404
    try:
        line = found.line(standard)
    except KeyError as error:
        raise Http404 from error
    row = line.standard.terms.row_on(quarter.last)
    numbers = row.numbers if row else {}
    known_by = found.run.known_by if found.run and found.result else None
    cache: dict[str, FactLine] = {}

    def opened(name: str) -> FactLine:
        if name not in cache:
            fact = found.book.facts[name]
            cache[name] = fact_line(
                actor, found.book, fact, found.facts.get(name, fact.empty), branch, quarter, known_by
            )
        return cache[name]

    tied = _tied(actor, branch, line)
    parts = tuple(
        PartShown(
            each,
            rule_told(found.book, each.part, numbers),
            tuple(opened(name) for name in facts_behind(each.part)),
            tuple(opened(name) for name in facts_beside(each.part)),
            tied(each),
        )
        for each in line.parts
    )
    appeals = (
        tuple(found.run.appeals.filter(branch=branch, standard=standard).order_by("at")) if found.run else ()
    )
    return Point(
        found, line, row.since if row else None, parts, sources_shown(found.book, line.standard), appeals
    )


def _tied(
    actor: Actor, branch: Organisation, line: StandardLine
) -> Callable[[PartLine], tuple[LinkedRecord, ...]]:
    """Which records the judgements of a part are tied to."""
    links = links_of(row for each in line.parts for row in (each.review, each.own))
    records = linked(actor, branch, (link for several in links.values() for link in several))

    def tied(each: PartLine) -> tuple[LinkedRecord, ...]:
        wanted = dict.fromkeys(link for row in (each.review, each.own) for link in links.get(id(row), ()))
        return tuple(records[link] for link in wanted if link in records)

    return tied


def facts_behind(part: Part) -> tuple[str, ...]:
    """The facts a part is judged by, or is supported by."""
    if not isinstance(part, Check):
        return part.supported_by
    if part.share is not None:
        return (part.share.fact,)
    return tuple(facts_of(part.met)) if part.met is not None else ()


def facts_beside(part: Part) -> tuple[str, ...]:
    """The facts that measure a part (what a share is taken of) or exempt from it."""
    behind = facts_behind(part)
    return tuple(name for name in part.facts() if name not in behind) if isinstance(part, Check) else ()


def rule_told(book: Rulebook, part: Part, numbers: Mapping[str, int]) -> tuple[str, ...]:
    """What a part asks, in words and numbers: one sentence a comparison."""
    if not isinstance(part, Check):
        return (pick(part.asks),)
    if part.share is not None:
        of = part.share.of
        bound = pick(book.facts[of].title) if is_fact(of) else str(numbers.get(of, ""))
        return (
            _("%(fact)s ÷ %(of)s，按比例得分")
            % {"fact": pick(book.facts[part.share.fact].title), "of": bound},
        )
    return tuple(_compare_told(book, each, numbers) for each in compares(part.met)) if part.met else ()


def condition_told(book: Rulebook, condition: Condition, numbers: Mapping[str, int]) -> str:
    """A condition as a list of its comparisons."""
    return _("；").join(_compare_told(book, each, numbers) for each in compares(condition))


def _compare_told(book: Rulebook, each: Compare, numbers: Mapping[str, int]) -> str:
    fact = book.facts[each.fact]
    bound: Any = pick(book.facts[each.against].title) if each.against_fact else numbers.get(each.against, "")
    if fact.id.endswith("_fen") and not each.against_fact:
        bound = formats.fen(bound)
    return f"{pick(fact.title)} {OPERATORS[each.operator]} {bound}"


def sources_shown(book: Rulebook, standard: Standard) -> tuple[SourceLine, ...]:
    """The sources of a standard with what is known of them."""
    return tuple(_source(book, each) for each in standard.sources)


def _source(book: Rulebook, source: Source) -> SourceLine:
    document = book.documents[source.document]
    levels = {"national": _("党内法规"), "system": _("系统惯例"), "local": _("本单位规定")}
    return SourceLine(
        pick(document.title),
        source.article,
        document.is_verified(source.article),
        levels.get(str(document.level), str(document.level)),
        document.in_force_from,
    )
