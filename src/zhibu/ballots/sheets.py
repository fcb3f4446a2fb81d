"""The official tally sheet: numbers, marks of every name, the result with its rule, and places to sign."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhibu.ballots import queries
from zhibu.ballots.models import Ballot, Duty, Way
from zhibu.core.norms import VoteKind
from zhibu.core.tally import Outcome, Vote
from zhibu.ui.document import Document
from zhibu.ui.language import pick


def result(ballot: Ballot) -> Document:
    """The sheet of a counted vote."""
    paper = Document(_("计票结果报告单"))
    outcome, vote = queries.outcome_of(ballot), queries.vote_of(ballot)
    facts = [
        (_("党组织"), ballot.organisation.name),
        (_("事项"), ballot.title),
        (_("表决日期"), f"{ballot.voted_on.year}年{ballot.voted_on.month}月{ballot.voted_on.day}日"),
        (_("投票方式"), str(Way(ballot.way).label)),
        (_("依据"), pick(queries.row_of(ballot).cited.text)),
    ]
    paper.facts(facts)
    if outcome is None or vote is None:
        return paper.paragraph(_("参加测评的人数少于规定，为保护参加者，不显示任何结果。"))
    _marks(paper, ballot, vote, outcome)
    paper.heading(1, _("计算过程和结果"))
    for line in outcome.words:
        paper.paragraph(pick(line))
    paper.paragraph(_sentence(ballot, outcome))
    for duty, label in ((Duty.SCRUTINEER, _("监票人")), (Duty.TELLER, _("计票人"))):
        names = ballot.officials.filter(duty=duty).values_list("person__name", flat=True)
        if names:
            paper.paragraph(f"{label}（{'、'.join(names)}）签名：")
    return paper.signature(ballot.organisation.name, ballot.counted_on)


def _marks(paper: Document, ballot: Ballot, vote: Vote, outcome: Outcome) -> None:
    kind = queries.kind_of(ballot)
    paper.heading(1, _("得票"))
    if kind is VoteKind.MOTION:
        total = outcome.majority.count if outcome.majority else vote.yes
        sums: list[list[object]] = [[total, vote.no + vote.written.no, vote.abstain + vote.written.abstain]]
        paper.table((_("赞成"), _("不赞成"), _("弃权")), sums)
    elif kind is VoteKind.ELECTION:
        rows: list[list[object]] = [
            [each.name, each.yes, each.no, each.abstain, _("当选") if each.elected else ""]
            for each in outcome.standings
        ]
        paper.table((_("姓名"), _("赞成"), _("不赞成"), _("弃权"), _("结果")), rows)
    else:
        row, titles = queries.row_of(ballot), queries.rule_of(ballot).grade_titles
        grades = row.grades.names if row.grades else ()
        head = (_("姓名"), *(pick(titles[each]) if each in titles else each for each in grades))
        paper.table(
            head, [[each.name, *(each.grades.get(name, 0) for name in grades)] for each in vote.subjects]
        )


def _sentence(ballot: Ballot, outcome: Outcome) -> str:
    if outcome.void:
        return _("结论：本次投票无效。")
    kind = queries.kind_of(ballot)
    if kind is VoteKind.ELECTION:
        names = "、".join(outcome.elected) or _("无人")
        return _("结论：当选人为{names}。").replace("{names}", names)
    if kind is VoteKind.MOTION:
        return _("结论：通过。") if outcome.carried else _("结论：未通过。")
    return _("结论：以上票数供支部委员会提出评定意见，等次不由系统确定。")
