"""The assessment as one writes it by hand: for each branch, each fact a query of the ORM, then judged in Python.

A fair loop: it asks for counts and sums in the database, uses the indexes there are, fetches no row it does not need,
and asks for a fact only when a standard names it.
"""

from datetime import date
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from zhibu.analytics.compiler import facts_of_standards, kinds_assessed
from zhibu.core.calendar import Month, Quarter
from zhibu.core.evaluate import judge
from zhibu.core.norms import ColumnOperator, ColumnTest, Fact, Matching, Reduce, Rulebook, Window, due_in
from zhibu.core.scoring import rank, total

LOOKUPS = {
    ColumnOperator.ONE_OF: "in",
    ColumnOperator.NOT_ONE_OF: "in",
    ColumnOperator.AT_LEAST: "gte",
    ColumnOperator.AT_MOST: "lte",
    ColumnOperator.MORE_THAN: "gt",
    ColumnOperator.LESS_THAN: "lt",
}


@cache
def model_of(table: str) -> Any:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def tested(test: ColumnTest) -> Q:
    if test.operator in {ColumnOperator.EMPTY, ColumnOperator.FILLED}:
        return Q(**{f"{test.column}__isnull": test.operator is ColumnOperator.EMPTY})
    if test.other is not None:
        lookup = LOOKUPS[test.operator].replace("in", "exact")
        return Q(**{f"{test.column}__{lookup}": F(test.other)})
    values = list(test.values)
    if len(values) == 1 and test.operator is ColumnOperator.ONE_OF:
        return Q(**{test.column: values[0]})
    if test.operator is ColumnOperator.NOT_ONE_OF:
        return ~Q(**{f"{test.column}__in": values})
    return Q(
        **{
            f"{test.column}__{LOOKUPS[test.operator]}": values
            if LOOKUPS[test.operator] == "in"
            else values[0]
        }
    )


def windowed(reader: Fact | Matching, quarter: Quarter) -> Q:
    start = {Window.HALF_YEAR: quarter.half_first, Window.YEAR: quarter.year_first}.get(
        reader.window, quarter.first
    )
    if reader.spell is not None:
        after = quarter.last if reader.window is Window.AS_OF else quarter.first
        begun = Q(**{f"{reader.spell.since}__lte": quarter.last}) | Q(
            **{f"{reader.spell.since}__isnull": True}
        )
        return begun & (
            Q(**{f"{reader.spell.until}__isnull": True}) | Q(**{f"{reader.spell.until}__gt": after})
        )
    if reader.day is None:
        return Q()
    if reader.window is Window.NONE:
        return Q(**{f"{reader.day}__lte": quarter.last})
    return Q(**{f"{reader.day}__range": (start, quarter.last)})


def records(book: Rulebook, fact: Fact, branch: int, quarter: Quarter) -> QuerySet[Any]:
    table = book.tables[fact.table]
    found = model_of(table.table).objects.filter(**{table.branch: branch})
    for test in (*fact.where, *(test for each in fact.counts for test in each.when)):
        found = found.filter(tested(test))
    found = found.filter(windowed(fact, quarter))
    for matching in fact.matching:
        other = book.tables[matching.table]
        ((mine, theirs),) = matching.on
        keys = model_of(other.table).objects.filter(windowed(matching, quarter), **{other.branch: branch})
        for test in matching.where:
            keys = keys.filter(tested(test))
        found = found.filter(**{f"{mine}__in": keys.values(theirs)})
    return found


def value_of(book: Rulebook, fact: Fact, branch: int, quarter: Quarter) -> int:
    found = records(book, fact, branch, quarter)
    column = fact.reduce.columns[0] if fact.reduce.columns else ""
    match fact.reduce.kind:
        case Reduce.COUNT:
            return found.count()
        case Reduce.SUM:
            return found.aggregate(value=Sum(column))["value"] or 0
        case Reduce.MONTHS:
            return len({Month.of(day) for day in found.values_list(fact.day, flat=True)})
        case Reduce.DISTINCT if "month" in fact.reduce.columns:
            return len({(key, Month.of(day)) for key, day in found.values_list(column, fact.day)})
        case Reduce.DISTINCT:
            return found.aggregate(value=Count(column, distinct=True))["value"]
        case Reduce.SPELL_MONTHS:
            return sum(
                (since or date.min) <= month.first and (until or date.max) > month.last
                for since, until in found.values_list(fact.spell.since, fact.spell.until)
                for month in quarter.months
            )
    least = fact.reduce.kind is Reduce.MIN
    value = found.aggregate(value=Min(column) if least else Max(column))["value"]
    if value is None:
        return fact.empty
    if fact.reduce.kind is Reduce.DAYS_SINCE:
        return (quarter.last - value).days
    return (value - quarter.last).days if fact.reduce.kind is Reduce.DAYS_UNTIL else value


def assess(
    book: Rulebook, quarter: Quarter, limit: int | None = None
) -> dict[int, tuple[dict[str, int], int | None, Any]]:
    """Branch id to facts, hundredths and place."""
    names = facts_of_standards(book)
    organisations = model_of("zb_organisation").objects.filter(kind__in=kinds_assessed(book)).order_by("path")
    found: dict[int, tuple[dict[str, int], int | None]] = {}
    groups: dict[Any, list[tuple[int, int | None]]] = {}
    for branch in organisations[:limit]:
        if (branch.founded_on or date.min) > quarter.last or (branch.closed_on or date.max) <= quarter.first:
            continue
        facts = {name: value_of(book, book.facts[name], branch.pk, quarter) for name in names}
        verdicts = [
            judge(each, quarter.last, facts, due_in(quarter), kind=branch.kind)
            for each in book.standards.values()
        ]
        score = total(verdict for verdict in verdicts if verdict is not None)
        points = score.hundredths if facts["register.months_in_period"] else None
        found[branch.pk] = (facts, points)
        groups.setdefault((branch.unit_type, branch.parent_id), []).append((branch.pk, points))
    places = {key: place for members in groups.values() for key, place in rank(members, 3).items()}
    return {key: (*value, places[key]) for key, value in found.items()}
