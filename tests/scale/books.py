"""A small rulebook with every window, reduction and condition there is, made without YAML."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from typing import Any

from zhibu.core.norms import (
    AllOf,
    AnyOf,
    Cadence,
    Check,
    Column,
    ColumnOperator,
    ColumnTest,
    ColumnType,
    Compare,
    Counts,
    Fact,
    Matching,
    Not,
    Operator,
    Reduce,
    Reduction,
    Reviewed,
    Rulebook,
    Share,
    Spell,
    Standard,
    Table,
    Terms,
    TermsRow,
    Unless,
    Window,
)
from zhibu.core.refusal import Force
from zhibu.core.wording import Text

EMPTY_OF = {"tuple": (), "Mapping": {}, "str": "", "int": 0, "Text": Text("", "")}


def make(kind: Any, **given: Any) -> Any:
    """A dataclass with what the test does not care about left empty."""
    for each in fields(kind):
        if each.name not in given and each.default is MISSING and each.default_factory is MISSING:
            stem = str(each.type).partition("[")[0]
            given[each.name] = EMPTY_OF.get(stem)
    return kind(**given)


def text(words: str) -> Text:
    return Text(words, words)


def table(name: str, physical: str, branch: str, columns: str) -> Table:
    """Columns as "id:key kind:text …"."""
    parsed = dict(each.split(":") for each in columns.split())
    return make(
        Table,
        id=name,
        table=physical,
        branch=branch,
        key="id",
        known="known_at",
        label=text(name),
        show=tuple(parsed)[:3],
        columns={column: Column(column, ColumnType(kind)) for column, kind in parsed.items()},
    )


TABLES = {
    each.id: each
    for each in (
        table(
            "branches",
            "zb_organisation",
            "id",
            "id:key parent_id:key kind:text unit_type:text founded_on:day closed_on:day",
        ),
        table(
            "groups",
            "zb_organisation",
            "parent_id",
            "id:key parent_id:key kind:text founded_on:day closed_on:day",
        ),
        table(
            "sessions",
            "zb_session",
            "organisation_id",
            "id:key organisation_id:key party_group_id:key kind:text state:text held_on:day entered_on:day entry_delay:int made_up:flag expected_count:int present_count:int",
        ),
        table(
            "memberships",
            "zb_membership",
            "organisation_id",
            "id:key organisation_id:key person_id:key stage:text since:day until:day",
        ),
        table(
            "talks",
            "zb_talk",
            "organisation_id",
            "id:key organisation_id:key person_id:key kind:text held_on:day entered_on:day",
        ),
        table(
            "dues",
            "zb_dues_month",
            "organisation_id",
            "id:key organisation_id:key month_on:day due_fen:fen in_time_fen:fen",
        ),
    )
}

SPELL = Spell("since", "until")
LIFE = Spell("founded_on", "closed_on")
FACTS: dict[str, Fact] = {}


def test_of(column: str, value: Any) -> ColumnTest:
    """One line of a `where`, in the words of facts.yaml."""
    if not isinstance(value, Mapping):
        values = tuple(value) if isinstance(value, (list, tuple)) else (value,)
        return ColumnTest(column, ColumnOperator.ONE_OF, values)
    ((word, bound),) = value.items()
    if word == "is":
        return ColumnTest(column, ColumnOperator(bound))
    if word == "not":
        return ColumnTest(
            column, ColumnOperator.NOT_ONE_OF, tuple(bound) if isinstance(bound, list) else (bound,)
        )
    if word.endswith("_column"):
        word = word.removesuffix("_column")
        operator = ColumnOperator.ONE_OF if word == "equals" else ColumnOperator(word)
        return ColumnTest(column, operator, (), bound)
    return ColumnTest(column, ColumnOperator(word), (bound,))


test_of.__test__ = False  # its name is a sentence, not a test


def where(**tests: Any) -> tuple[ColumnTest, ...]:
    return tuple(test_of(column, value) for column, value in tests.items())


def fact(
    name: str,
    of: str,
    reduce: str,
    *columns: str,
    about: Mapping[str, Any] | None = None,
    counts: tuple[Mapping[str, Any], ...] = (),
    **rest: Any,
) -> None:
    FACTS[name] = make(
        Fact,
        id=name,
        title=text(name),
        table=of,
        where=where(**(about or {})),
        counts=tuple(Counts(where(**each), text(f"{name} {i}")) for i, each in enumerate(counts)),
        reduce=Reduction(Reduce(reduce), columns),
        **{"day": None, "spell": None, "window": Window.NONE, **rest},
    )


CLOSED = ({"state": "closed"}, {"made_up": 0})
fact("register.months_in_period", "branches", "spell_months", spell=LIFE, window=Window.DURING)
fact("register.days_old", "branches", "days_since", "founded_on", empty=36_500)
fact("register.groups", "groups", "count", about={"kind": "party_group"}, spell=LIFE, window=Window.AS_OF)
fact(
    "register.group_months",
    "groups",
    "spell_months",
    about={"kind": "party_group"},
    spell=LIFE,
    window=Window.DURING,
)
fact(
    "register.members",
    "memberships",
    "distinct",
    "person_id",
    about={"stage": ["full", "probationary"]},
    spell=SPELL,
    window=Window.AS_OF,
)
fact(
    "register.ever_members",
    "memberships",
    "count",
    about={"stage": "full"},
    spell=SPELL,
    window=Window.DURING,
)
fact(
    "register.member_months",
    "memberships",
    "spell_months",
    about={"stage": {"not": "activist"}},
    spell=SPELL,
    window=Window.YEAR,
)
fact(
    "register.activists",
    "memberships",
    "count",
    about={"stage": "activist"},
    spell=SPELL,
    window=Window.AS_OF,
)
fact(
    "life.general",
    "sessions",
    "count",
    about={"kind": "general"},
    counts=CLOSED,
    day="held_on",
    window=Window.PERIOD,
)
fact(
    "life.committee_months",
    "sessions",
    "months",
    about={"kind": "committee"},
    counts=CLOSED,
    day="held_on",
    window=Window.PERIOD,
)
fact(
    "life.committee_months_year",
    "sessions",
    "months",
    about={"kind": "committee"},
    counts=CLOSED,
    day="held_on",
    window=Window.YEAR,
)
fact(
    "life.lessons_half",
    "sessions",
    "count",
    about={"kind": "lesson"},
    counts=CLOSED,
    day="held_on",
    window=Window.HALF_YEAR,
)
fact(
    "life.group_months",
    "sessions",
    "distinct",
    "party_group_id",
    "month",
    about={"kind": "group"},
    counts=({"party_group_id": {"is": "filled"}}, *CLOSED),
    day="held_on",
    window=Window.PERIOD,
)
fact(
    "life.kinds_by_month",
    "sessions",
    "distinct",
    "kind",
    "month",
    about={"state": "closed"},
    day="held_on",
    window=Window.HALF_YEAR,
)
fact(
    "life.months_any",
    "sessions",
    "distinct",
    "month",
    about={"kind": ["general", "lesson"]},
    day="held_on",
    window=Window.YEAR,
)
fact(
    "life.present",
    "sessions",
    "sum",
    "present_count",
    about={"kind": "general"},
    counts=CLOSED,
    day="held_on",
    window=Window.YEAR,
)
fact(
    "life.fewest",
    "sessions",
    "min",
    "present_count",
    about={"kind": "general"},
    day="held_on",
    window=Window.PERIOD,
    empty=-1,
)
fact(
    "life.slowest",
    "sessions",
    "max",
    "entry_delay",
    about={"state": {"not": ["cancelled", "planned"]}},
    day="held_on",
    window=Window.PERIOD,
    empty=0,
)
fact(
    "life.well_attended",
    "sessions",
    "count",
    about={"present_count": {"at_least_column": "expected_count"}, "expected_count": {"more_than": 0}},
    day="held_on",
    window=Window.YEAR,
)
fact(
    "life.entered_same_day",
    "sessions",
    "count",
    about={"entered_on": {"equals_column": "held_on"}},
    day="held_on",
    window=Window.PERIOD,
)
fact(
    "life.held_ever",
    "sessions",
    "count",
    about={"state": {"is": "filled"}},
    day="held_on",
    window=Window.NONE,
)
fact(
    "life.without_group",
    "sessions",
    "count",
    about={"party_group_id": {"is": "empty"}, "state": {"is": "filled"}},
    day="held_on",
    window=Window.PERIOD,
)
fact(
    "life.since_general",
    "sessions",
    "days_since",
    "held_on",
    about={"kind": "general", "state": "closed"},
    day="held_on",
    window=Window.NONE,
    empty=9999,
)
fact(
    "life.until_next",
    "sessions",
    "days_until",
    "entered_on",
    about={"entry_delay": {"at_most": 20}},
    day="held_on",
    window=Window.PERIOD,
    empty=-9,
)
fact(
    "life.activists_talked_to",
    "talks",
    "distinct",
    "person_id",
    about={"kind": "activist"},
    day="held_on",
    window=Window.PERIOD,
    matching=(
        Matching(
            "memberships", (("person_id", "person_id"),), where(stage="activist"), Window.AS_OF, None, SPELL
        ),
    ),
)
fact(
    "life.talks_noticed",
    "talks",
    "count",
    day="held_on",
    window=Window.HALF_YEAR,
    matching=(
        Matching(
            "memberships",
            (("person_id", "person_id"),),
            where(stage={"not": "full"}),
            Window.DURING,
            None,
            SPELL,
        ),
        Matching("sessions", (("held_on", "held_on"),), where(state="closed"), Window.NONE, "held_on", None),
    ),
)
fact(
    "life.talks_after_joining",
    "talks",
    "distinct",
    "person_id",
    day="held_on",
    window=Window.PERIOD,
    matching=(
        Matching(
            "memberships",
            (("person_id", "person_id"),),
            where(stage="full"),
            Window.DURING,
            None,
            SPELL,
            ("since", "held_on"),
        ),
    ),
)
fact("life.pairs", "talks", "distinct", "person_id", "kind", day="held_on", window=Window.YEAR)
fact("dues.due", "dues", "sum", "due_fen", day="month_on", window=Window.PERIOD)
fact("dues.in_time", "dues", "sum", "in_time_fen", day="month_on", window=Window.PERIOD)
fact(
    "dues.short_months",
    "dues",
    "count",
    about={"in_time_fen": {"less_than_column": "due_fen"}},
    day="month_on",
    window=Window.YEAR,
)


def at_least(name: str, against: str) -> Compare:
    return Compare(name, Operator.AT_LEAST, against)


def check(name: str, **given: Any) -> Check:
    return make(
        Check,
        id=name,
        weight=f"w_{name}",
        force=Force.MUST,
        **{"cadence": Cadence.QUARTER, "met": None, "share": None, **given},
    )


def standard(name: str, terms: Mapping[date, Mapping[str, int]], **given: Any) -> Standard:
    rows = Terms(tuple(TermsRow(day, numbers) for day, numbers in terms.items()))
    return make(Standard, id=name, terms=rows, **{"applies_to": ("branch", "joint_branch"), **given})


LONG_AGO = date(2018, 1, 1)
STANDARDS = (
    standard(
        "S01",
        {
            LONG_AGO: {
                "one": 1,
                "three": 3,
                "none": 0,
                "w_general": 250,
                "w_committee": 333,
                "w_lessons": 100,
            },
            date(2026, 4, 1): {
                "one": 2,
                "three": 3,
                "none": 0,
                "w_general": 300,
                "w_committee": 333,
                "w_lessons": 100,
            },
        },
        checks=(
            check("general", met=at_least("life.general", "one")),
            check(
                "committee",
                share=Share("life.committee_months", "register.months_in_period"),
                cadence=Cadence.MONTH,
            ),
            check("lessons", met=at_least("life.lessons_half", "three"), cadence=Cadence.HALF_YEAR),
        ),
    ),
    standard(
        "S02",
        {LONG_AGO: {"none": 0, "few": 2, "w_talks": 150, "w_effect": 200, "w_year": 50}},
        applies_to=("branch",),
        unless=(Unless(Compare("register.activists", Operator.AT_MOST, "none"), text("none")),),
        checks=(
            check("talks", share=Share("life.activists_talked_to", "register.activists")),
            check(
                "year",
                met=Not(Compare("life.committee_months_year", Operator.LESS_THAN, "few")),
                cadence=Cadence.YEAR,
            ),
        ),
        reviewed=(
            make(
                Reviewed,
                id="effect",
                weight="w_effect",
                cadence=Cadence.QUARTER,
                supported_by=("life.talks_noticed",),
                was=("impression",),
            ),
        ),
    ),
    standard(
        "S03",
        {LONG_AGO: {"none": 0, "old": 60, "three": 3, "w_dues": 417, "w_months": 300, "w_both": 200}},
        checks=(
            check(
                "dues",
                share=Share("dues.in_time", "dues.due"),
                unless=(Unless(Compare("register.days_old", Operator.LESS_THAN, "old"), text("new")),),
            ),
            check(
                "months", share=Share("life.group_months", "register.group_months"), applies_to=("branch",)
            ),
            check(
                "both",
                met=AllOf(
                    (
                        AnyOf(
                            (
                                at_least("life.months_any", "three"),
                                Compare("life.since_general", Operator.AT_MOST, "old"),
                            )
                        ),
                        Compare("dues.short_months", Operator.EQUALS, "none"),
                        Compare("life.present", Operator.MORE_THAN, "register.members"),
                    )
                ),
            ),
        ),
        reviewed=(make(Reviewed, id="worth", weight="w_months", cadence=Cadence.QUARTER),),
    ),
    standard(
        "S09",
        {date(2026, 7, 1): {"one": 1, "w_new": 100}},
        checks=(check("new", met=at_least("life.general", "one")),),
    ),
)


def book(facts: Mapping[str, Fact] = FACTS, standards: tuple[Standard, ...] = STANDARDS) -> Rulebook:
    """The rulebook, sealed; facts no standard names are shown beside a question of S03, so that all are compiled."""
    first, second, third, *others = standards
    named = {name for each in standards for name in each.facts()}
    beside = tuple(sorted(set(facts) - named))
    shown = make(Reviewed, id="worth", weight="w_months", cadence=Cadence.QUARTER, supported_by=beside)
    third = make(
        Standard,
        **{each.name: getattr(third, each.name) for each in fields(Standard)} | {"reviewed": (shown,)},
    )
    together = (first, second, third, *others)
    return make(
        Rulebook, tables=TABLES, facts=dict(facts), standards={each.id: each for each in together}
    ).sealed()
