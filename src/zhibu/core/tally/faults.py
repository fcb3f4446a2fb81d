"""What voids a vote or stands against it, as refusals."""

from __future__ import annotations

from collections.abc import Iterator

from zhibu.core.norms import Denominator, Slate, VoteRow, VoteRule
from zhibu.core.refusal import Caution, Refusal
from zhibu.core.wording import Text

from .outcome import Measured
from .vote import Vote
from .words import NAMES, proportion


def not_in_force(rule: VoteRule) -> Refusal:
    """The day lies before the first terms."""
    first = rule.terms[0].since if rule.terms else ""
    return Refusal(
        "rule_not_in_force",
        Text("表决规则“{title}”在这一天尚未施行", 'The voting rule "{title}" was not in force on that day'),
        {"title": rule.title.zh, "first": str(first)},
        remedy=Text("写不早于 {first} 的日期", "Give a day not earlier than {first}"),
    )


def numbers(vote: Vote) -> Iterator[Refusal]:
    """What cannot be true of any vote: more voters present than expected, papers that do not add up."""
    if vote.present > vote.expected:
        yield _fault(
            "more_present_than_expected",
            "实到有表决权 {present} 人，多于应到 {expected} 人",
            "{present} voters are present, more than the {expected} expected",
            vote,
        )
    if vote.issued is not None and vote.issued > vote.present:
        yield _fault(
            "more_issued_than_present",
            "发出选票 {issued} 张，多于实到 {present} 人",
            "{issued} papers were issued, more than the {present} present",
            vote,
        )
    if vote.written.total > vote.expected - min(vote.present, vote.expected):
        yield _fault(
            "more_written_than_absent",
            "书面意见 {written} 份，多于未到会人数",
            "{written} written opinions, more than there are absent voters",
            vote,
        )
    if vote.returned is not None and vote.void > vote.returned:
        yield _fault(
            "more_void_than_returned",
            "无效票 {void} 张，多于收回的 {returned} 张",
            "{void} void papers, more than the {returned} returned",
            vote,
        )


def papers(vote: Vote, row: VoteRow) -> Iterator[Refusal]:
    """More papers came back than went out: the vote is void."""
    if vote.issued is not None and vote.returned is not None and vote.returned > vote.issued:
        yield Refusal(
            "more_returned_than_issued",
            Text(
                "收回 {returned} 张，多于发出的 {issued} 张，本次投票无效",
                "{returned} papers came back, more than the {issued} issued: the vote is void",
            ),
            {"returned": vote.returned, "issued": vote.issued},
            source=row.cited.document,
            article=row.cited.article,
            remedy=Text("重新投票", "Vote again"),
        )


def no_quorum(measured: Measured) -> Refusal:
    """Too few were there."""
    return Refusal(
        "no_quorum",
        Text("未达到法定人数：{count} 人，至少 {needed} 人", "No quorum: {count}, at least {needed} needed"),
        {"count": measured.count, "needed": measured.needed},
        source=measured.threshold.cited.document,
        article=measured.threshold.cited.article,
        remedy=Text("改期召开，会议不得表决", "Convene again; nothing may be voted on"),
    )


def not_carried(measured: Measured) -> Refusal:
    """The yes votes are too few."""
    rule = proportion(measured.threshold)
    return Refusal(
        "not_carried",
        Text(
            f"赞成 {{yes}}，未{rule.zh}（至少 {{needed}}）", f"{{yes}} for, not {rule.en} ({{needed}} needed)"
        ),
        {"yes": measured.count, "needed": measured.needed},
        source=measured.threshold.cited.document,
        article=measured.threshold.cited.article,
    )


def unknown_number(of: Denominator) -> Refusal:
    """The rule measures by a number the vote does not give."""
    return Refusal(
        "number_missing",
        Text(f"没有给出{NAMES[of].zh}", f"Not given: {NAMES[of].en}"),
        remedy=Text("补上这个数", "Give this number"),
    )


def votes_disagree(said: int, valid: int, name: str = "") -> Refusal:
    """The votes of a question do not agree with the papers they were counted from."""
    whose, english = (f"“{name}”", f" for {name}") if name else ("", "")
    return Refusal(
        "votes_do_not_add_up",
        Text(
            f"{whose}赞成、不赞成、弃权合计 {{said}}，与有效票 {{valid}} 不符",
            f"The votes{english} make {{said}}, the valid papers {{valid}}",
        ),
        {"said": said, "valid": valid},
        remedy=Text("核对计票单，重新计票", "Check the tally sheets and count again"),
    )


def too_few_candidates(row: VoteRow, found: int, seats: int) -> Refusal:
    """The slate does not exceed the seats as it must, or does not equal them."""
    needed = row.election.candidates_needed(seats) if row.election else seats
    exact = row.election is not None and row.election.slate is Slate.SINGLE_SLATE
    return Refusal(
        "candidates_do_not_fit",
        Text(
            "应选 {seats} 名，候选人应为 {needed} 名{more}，现为 {found} 名",
            "{seats} seats ask for {needed} candidates{english}, there are {found}",
        ),
        {
            "seats": seats,
            "needed": needed,
            "found": found,
            "more": "" if exact else "以上",
            "english": "" if exact else " or more",
        },
        source=row.cited.document,
        article=row.cited.article,
        remedy=Text(
            "按规定的差额比例提名候选人，或报上级同意", "Nominate as the rule asks, or ask the superior"
        ),
    )


def written_not_counted(vote: Vote, row: VoteRow) -> Refusal:
    """Written opinions were given where the rule does not count them."""
    return Caution(
        "written_opinions_not_counted",
        Text(
            "本项表决不计书面意见，{count} 份未计入", "Written opinions do not count here; {count} left out"
        ),
        {"count": vote.written.total},
        source=row.cited.document,
        article=row.cited.article,
    )


def _fault(code: str, zh: str, en: str, vote: Vote) -> Refusal:
    params = {
        "present": vote.present,
        "expected": vote.expected,
        "issued": vote.issued or 0,
        "returned": vote.returned or 0,
        "void": vote.void,
        "written": vote.written.total,
    }
    return Refusal(code, Text(zh, en), params, remedy=Text("核对人数和票数", "Check the numbers"))
