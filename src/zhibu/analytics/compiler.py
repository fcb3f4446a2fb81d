"""The rulebook of one quarter as ONE SQL text that every engine reads alike.

    scope     the branches asked about
    e0 …      the evidence, one scan per table (`scans`)
    facts     one row per branch, every fact a whole number
    verdicts  a state code for every part of every standard
    points    micro-points for every part
    totals    earned, decided and applicable micro-points
    scored    hundredths of a point, rounded half up
    (ranked)  the place within the peer group

Only integers. Division is `(a - a % b) / b`, exact and the same where `/` divides whole numbers (SQLite, PostgreSQL)
and where it gives a fraction (DuckDB, Spark). `MATERIALIZED` keeps engines that would copy the expressions of a
subquery into its readers from computing them several times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from zhibu.core.calendar import Quarter
from zhibu.core.norms import Fact, Rulebook

from .conditions import always, literal, still
from .layout import AWAITING_REVIEW, NOT_MET, Layout
from .placeholders import Style, binds_of, render
from .ranking import PLACES
from .reductions import value_over_nothing
from .scans import Scan, Setting, scans, versions
from .timeframe import Shape, Timeframe
from .verdicts import PartSql, part_columns, reviews_text

BRANCHES = "branches"
"""The evidence table that lists the branches themselves; it is the tree, so it has path, kind, unit_type, parent."""

MONTHS_EXISTED = "register.months_in_period"
"""A branch for which this fact is 0 is not assessed that quarter."""

HEAD = ("branch", "path", "kind", "unit_type", "parent_id", "assessed")
TAIL = ("earned", "decided", "applicable", "hundredths")

# round half up of earned * 10000 / decided, as a whole number: floor((2ab + c) / 2c)
_DOUBLED = "(t.earned * 20000 + t.decided)"
_HUNDREDTHS = (
    "CASE WHEN t.assessed = 1 AND t.decided > 0 THEN"
    f" CAST(({_DOUBLED} - {_DOUBLED} % (t.decided * 2)) / (t.decided * 2) AS BIGINT) END"
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A text with `:name` binds, what its columns mean, and the binds it names."""

    sql: str
    layout: Layout
    binds: frozenset[str]
    texts: dict[Style, str] = field(repr=False, compare=False)

    @classmethod
    def of(cls, sql: str, layout: Layout) -> Compiled:
        """A text rendered once for every style of placeholder."""
        return cls(sql, layout, binds_of(sql), {style: render(sql, style) for style in Style})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to compile: the quarter decides terms and cadences, the variants what is added to the text.

    `one` is the form for a scope of exactly one branch: without grouping and joining it takes half the time.
    Without `shown`, facts that are only shown beside a reviewer's question are left out; no verdict needs them.
    `then` reads the evidence as it stood at the instant bound as `known`, also what was replaced since.
    """

    quarter: Quarter
    reviewed: bool = False
    ranked: bool = False
    one: bool = False
    shown: bool = True
    then: bool = False


def compile_quarter(rulebook: Rulebook, wanted: Wanted) -> Compiled:
    """The text of a quarter's assessment; kept by rulebook digest, quarter and variant."""
    return _quarter_kept(_ByDigest(rulebook), wanted)


def compile_facts(
    rulebook: Rulebook, names: tuple[str, ...], timeframe: Timeframe, *, one: bool = False, then: bool = False
) -> Compiled:
    """The text of some facts over any stretch of days; kept by digest, names and the shape of the stretch."""
    return _facts_kept(_ByDigest(rulebook), names, timeframe.shape, (one, then))


class _ByDigest:
    """A rulebook that is equal to any other of the same digest, so that it may key a cache."""

    __slots__ = ("rulebook",)

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook

    def __hash__(self) -> int:
        return hash(self.rulebook.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByDigest) and self.rulebook.digest == other.rulebook.digest


@lru_cache(maxsize=64)
def _quarter_kept(key: _ByDigest, wanted: Wanted) -> Compiled:
    return write_quarter(key.rulebook, wanted)


@lru_cache(maxsize=256)
def _facts_kept(key: _ByDigest, names: tuple[str, ...], shape: Shape, form: tuple[bool, bool]) -> Compiled:
    one, then = form
    columns = [f"f{i}" for i in range(len(names))]
    ctes = _beginning(key.rulebook, names, Setting(key.rulebook.tables, shape, one=one, then=then))
    return Compiled.of(_text(ctes, ["branch", *columns], "facts ORDER BY path"), Layout.of(names, ()))


def write_quarter(rulebook: Rulebook, wanted: Wanted) -> Compiled:
    """The text of a quarter's assessment, written anew."""
    quarter = wanted.quarter
    names = facts_of_standards(rulebook, shown=wanted.shown)
    places = {name: i for i, name in enumerate(names)}
    parts = part_columns(rulebook, quarter, places, kinds_assessed(rulebook), reviewed=wanted.reviewed)
    shape = Timeframe(quarter.first, quarter.last).shape
    ctes = _beginning(rulebook, names, Setting(rulebook.tables, shape, one=wanted.one, then=wanted.then))
    existed = (
        f"CASE WHEN f.f{places[MONTHS_EXISTED]} > 0 THEN 1 ELSE 0 END" if MONTHS_EXISTED in places else "1"
    )
    _add_verdicts(ctes, parts, existed, reviewed=wanted.reviewed and any(part.review for part in parts))
    columns = [*HEAD, *_numbered("f", names), *_numbered("g", parts), *_numbered("x", parts), *TAIL]
    source = "scored"
    if wanted.ranked:
        ctes.append(("ranked", f"SELECT s.*, {PLACES} FROM scored s"))
        columns += [
            "CASE WHEN peers >= :minimum THEN place END",
            "CASE WHEN peers >= :minimum THEN peers END",
        ]
        source = "ranked"
    text = _text(ctes, columns, f"{source} ORDER BY path")
    return Compiled.of(text, Layout.of(names, tuple(part.key for part in parts)))


def facts_of_standards(rulebook: Rulebook, *, shown: bool = True) -> tuple[str, ...]:
    """Every fact a standard is judged by, those `shown` beside questions, and whether the branch existed; sorted."""
    named = set(rulebook.facts_used())
    if shown:
        reviewed = (part for standard in rulebook.standards.values() for part in standard.reviewed)
        named.update(fact for part in reviewed for fact in part.supported_by)
    if MONTHS_EXISTED in rulebook.facts:
        named.add(MONTHS_EXISTED)
    return tuple(sorted(named))


def kinds_assessed(rulebook: Rulebook) -> tuple[str, ...]:
    """The kinds of organisation some standard applies to; sorted. Empty: no standard, so no limit."""
    kinds: set[str] = set()
    for standard in rulebook.standards.values():
        kinds.update(standard.applies_to)
        for check in standard.checks:
            kinds.update(check.applies_to)
    return tuple(sorted(kinds))


def scope_text(rulebook: Rulebook, *, then: bool = False) -> str:
    """The branches within the path range that existed on some day of the period; `then`, as the tree stood."""
    table = rulebook.tables[BRANCHES]
    tests = ["o.path >= :lo", "o.path < :hi"]
    kinds = kinds_assessed(rulebook)
    if kinds:
        tests.append(f"o.kind IN ({', '.join(literal(kind) for kind in kinds)})")
    existed = rulebook.facts.get(MONTHS_EXISTED)
    if existed is not None and existed.spell is not None:
        since, until = f"o.{existed.spell.since}", f"o.{existed.spell.until}"
        tests += [f"{always(since)} <= :p1", f"{still(until)} > :p0"]
    columns = [f"o.{table.key} AS branch", *(f"o.{name}" for name in HEAD[1:5])]
    kept = f"SELECT {', '.join(columns)}\n  FROM {table.table} o\n  WHERE {_and(tests)}"
    if not then or table.known is None:
        return kept
    return versions(kept, table, "o")


def _beginning(rulebook: Rulebook, names: tuple[str, ...], setting: Setting) -> list[tuple[str, str]]:
    """What every text begins with: scope, evidence, facts."""
    facts = [rulebook.facts[name] for name in names]
    found = scans(facts, setting)
    return [
        ("scope", scope_text(rulebook, then=setting.then)),
        *((scan.name, scan.text) for scan in found),
        ("facts", _facts_text(facts, found, one=setting.one)),
    ]


def _facts_text(facts: list[Fact], found: list[Scan], *, one: bool) -> str:
    sources = {name: f"{scan.name}.v{i}" for scan in found for i, name in enumerate(scan.names)}
    columns = [
        f"CAST(COALESCE({sources[fact.id]}, {value_over_nothing(fact)}) AS BIGINT) AS f{i}"
        for i, fact in enumerate(facts)
    ]
    names = [scan.name for scan in found if scan.names]
    # of one branch, every scan has exactly one row
    joins = [
        f"\n  CROSS JOIN {name}" if one else f"\n  LEFT JOIN {name} ON {name}.branch = s.branch"
        for name in names
    ]
    head = [f"s.{name}" for name in HEAD[:5]]
    return f"SELECT {_listed([*head, *columns])}\n  FROM scope s{''.join(joins)}"


def _add_verdicts(ctes: list[tuple[str, str]], parts: list[PartSql], existed: str, *, reviewed: bool) -> None:
    """From facts to hundredths, in four steps that each read the one before."""
    states = [f"{part.state} AS g{i}" for i, part in enumerate(parts)]
    points = [f"{part.points} AS x{i}" for i, part in enumerate(parts)]
    join = ""
    if reviewed:
        ctes.append(("reviews", reviews_text(parts)))
        join = "\n  LEFT JOIN reviews r ON r.branch = f.branch"
    ctes.append(
        ("verdicts", f"SELECT {_listed(['f.*', f'{existed} AS assessed', *states])}\n  FROM facts f{join}")
    )
    ctes.append(("points", f"SELECT {_listed(['f.*', *points])}\n  FROM verdicts f{join}"))
    sums = {
        "earned": [f"t.{name}" for name in _numbered("x", parts)],
        "decided": _weights(parts, NOT_MET),
        "applicable": _weights(parts, AWAITING_REVIEW),
    }
    totals = [f"CAST({' + '.join(terms) or '0'} AS BIGINT) AS {name}" for name, terms in sums.items()]
    ctes.append(("totals", f"SELECT {_listed(['t.*', *totals])}\n  FROM points t"))
    ctes.append(("scored", f"SELECT t.*, {_HUNDREDTHS} AS hundredths\n  FROM totals t"))


def _weights(parts: list[PartSql], least: int) -> list[str]:
    """The weights of the parts whose state is at least `least`; those of every branch as one number."""
    fixed = sum(part.key.weight for part in parts if part.always)
    varying = [
        f"CASE WHEN t.g{i} >= {least} THEN {part.key.weight} ELSE 0 END"
        for i, part in enumerate(parts)
        if not (part.always or part.never)
    ]
    return [str(fixed), *varying]


def _numbered(letter: str, things: Iterable[object]) -> list[str]:
    return [f"{letter}{i}" for i, _ in enumerate(things)]


def _listed(columns: Iterable[str]) -> str:
    return ",\n    ".join(columns)


def _and(tests: Iterable[str]) -> str:
    return "\n    AND ".join(tests)


# computed once, read in several places
_KEPT = frozenset({"scope", "facts", "verdicts"})


def _text(ctes: list[tuple[str, str]], columns: list[str], source: str) -> str:
    written = [f"{name} AS {'MATERIALIZED ' if name in _KEPT else ''}(\n  {text}\n)" for name, text in ctes]
    return "WITH " + ",\n".join(written) + f"\nSELECT {_listed(columns)}\nFROM {source}"
