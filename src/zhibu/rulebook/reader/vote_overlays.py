"""An overlay's amendment of a rule of votes that is not national: stricter numbers from a day on, or disabled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from zhibu.core.norms import Comparison, Denominator, Disabled, Level, Portion, Threshold, VoteRow, VoteRule

from .entry import Entry
from .gathering import Gathering
from .tree import Fields, Items
from .vote_examples import read_vote_examples, run_vote_examples


def amend_vote(book: Gathering, entry: Entry, rule: VoteRule) -> None:
    """Apply an overlay's amendment: `id`, `reason`, and `disable: true` or dated `terms` with stricter shares."""
    entry.need("reason", "overlay_without_reason", id=rule.id)
    reason = entry.wording_or("reason")
    disable = entry.flag_or("disable", otherwise=False)
    if rule.level is Level.NATIONAL:
        entry.page.note(entry.at("terms"), "overlay_touches_national", name=rule.id)
        entry.get("examples")
        entry.get("terms")
        entry.close()
        return
    if disable:
        entry.close()
        if reason is not None:
            book.disabled[rule.id] = Disabled(book.layer, reason)
            del book.votes[rule.id]
        return
    amended = replace(rule, terms=_amended(entry, rule))
    examples = read_vote_examples(entry)
    entry.close()
    if not book.problems.within(entry.page.file):
        book.votes[rule.id] = replace(amended, examples=(*rule.examples, *examples))
        run_vote_examples(book.votes[rule.id], entry, skip=len(rule.examples))


def _amended(entry: Entry, rule: VoteRule) -> tuple[VoteRow, ...]:
    page, node = entry.page, entry.get("terms")
    if not isinstance(node, Fields) or not node.entries:
        page.note(entry.at("terms"), "terms_missing")
        return rule.terms
    rows = list(rule.terms)
    for key, value in node.entries:
        if not isinstance(key.value, date):
            page.note(key.line, "terms_not_dated", key=key.text)
            continue
        if key.value < rule.terms[0].since:
            page.note(key.line, "overlay_before_terms", date=key.value, first=rule.terms[0].since)
            continue
        rows = _with_change(page.fields(value, key.text, f"自 {key.text} 起的各项"), key.value, rows)
    return tuple(rows)


def _with_change(entry: Entry, since: date, rows: list[VoteRow]) -> list[VoteRow]:
    """The rows with a change in force from its day on, over every later row too."""
    base = [row for row in rows if row.since <= since][-1]
    kept = [row for row in rows if row.since < since]
    later = [row for row in rows if row.since > since]
    changed = [_changed(entry, row) for row in (replace(base, since=since), *later)]
    entry.close()
    return [*kept, *changed]


def _changed(entry: Entry, row: VoteRow) -> VoteRow:
    quorum = _stricter(entry, "quorum", row, row.quorum)
    majority = _stricter(entry, "majority", row, row.majority)
    election, grades = row.election, row.grades
    if election is not None:
        surplus = _moved(entry, "surplus", row, election.surplus, lambda new, old: new >= old)
        election = replace(election, surplus=surplus)
    if grades is not None:
        cap = _moved(entry, "cap", row, grades.cap, lambda new, old: new <= old)
        grades = replace(grades, cap=cap, of=_narrower(entry, row, grades.of))
    return replace(row, quorum=quorum, majority=majority, election=election, grades=grades)


def _stricter(entry: Entry, key: str, row: VoteRow, base: Threshold | None) -> Threshold | None:
    found = entry.entry(key, "条件") if base is not None else None
    if base is None or found is None:
        return base
    comparison = found.choice_or("compare", Comparison, base.comparison)
    share = _moved(found, "share", row, base.share, lambda new, old: new >= old)
    found.close()
    same = share == base.share
    if same and base.comparison is Comparison.GT and comparison is Comparison.GE:
        _loosens(found, "compare", row, base.comparison.value, comparison.value, "宽于")
    return replace(base, comparison=comparison, share=share)


def _moved(entry: Entry, key: str, row: VoteRow, base: Portion, fits: Callable[[int, int], bool]) -> Portion:
    node = entry.get(key)
    if node is None:
        return base
    found = [entry.page.whole(each, key) for each in node.items] if isinstance(node, Items) else []
    if len(found) != 2 or not 0 < found[0] <= found[1]:
        entry.page.note(entry.at(key), "share_malformed", key=key)
        return base
    share = Portion(*found)
    if not fits(share.parts * base.whole, base.parts * share.whole):
        wanted = "大于" if key == "cap" else "小于"
        _loosens(entry, key, row, f"{base.parts}/{base.whole}", f"{share.parts}/{share.whole}", wanted)
    return share


def _narrower(entry: Entry, row: VoteRow, base: Denominator) -> Denominator:
    """The cap's denominator: those who took part instead of all members is the smaller number, so the stricter."""
    of = entry.choice_or("of", Denominator, base)
    if of not in (base, Denominator.PRESENT_VOTERS):
        _loosens(entry, "of", row, base.value, of.value, "宽于")
    return of


def _loosens(entry: Entry, key: str, row: VoteRow, base: str, value: str, direction: str) -> None:
    entry.page.note(
        entry.at(key),
        "overlay_loosens",
        name=key,
        date=row.since,
        base=base,
        value=value,
        direction=direction,
    )
