"""The shipped rules on dues say what the regulations say: compared with tables typed by hand from the text."""

from tests.core.levies import SINCE, levy
from zhibu import rulebook
from zhibu.core.levy import SharesRow
from zhibu.core.norms import Level

BOOK = rulebook.load(())


def test_the_shipped_tables_are_those_of_the_regulations():
    ours, typed = BOOK.levy, levy()
    assert {name: (each.payers, each.rows) for name, each in ours.rates.items()} == {
        name: (each.payers, each.rows) for name, each in typed.rates.items()
    }
    assert {name: (each.payers, each.rows) for name, each in ours.fixed.items()} == {
        name: (each.payers, each.rows) for name, each in typed.fixed.items()
    }
    for name in ("practice", "arrears", "extra"):
        assert getattr(ours, name).rows == getattr(typed, name).rows
    branches = dict.fromkeys(("branch", "joint_branch", "temporary_branch", "mobile_branch"), 0)
    kept = {**branches, "general_branch": 1000, "primary_committee": 5000}
    assert ours.shares.rows == (SharesRow(SINCE, kept),)


def test_every_rule_tells_whose_it_is_and_whether_it_was_checked():
    ours = BOOK.levy
    rules = [*ours.rates.values(), *ours.fixed.values(), ours.practice, ours.arrears, ours.extra, ours.shares]
    assert {each.about.id: (each.about.level, each.about.verified) for each in rules} == {
        "wages": (Level.NATIONAL, True), "pensions": (Level.NATIONAL, True), "without_wages": (Level.NATIONAL, True),
        "farmers": (Level.NATIONAL, True), "practice": (Level.LOCAL, False), "arrears": (Level.NATIONAL, False),
        "extra": (Level.NATIONAL, True), "shares": (Level.LOCAL, False),
    }  # fmt: skip
    assert all(each.about.sources for each in rules)
    assert ours.examples == 65


def test_dues_are_part_of_the_digest_and_survive_storing():
    assert rulebook.Rulebook.from_json(BOOK.to_json()) == BOOK
