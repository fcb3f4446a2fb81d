"""`zhibu tally --rule ID --from FILE.json`: count a vote given as data, without a database."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from zhibu import rulebook
from zhibu.core.norms import Rulebook, VoteRule
from zhibu.core.tally import Measured, Outcome, VoteDataError, count, vote_from
from zhibu.project.management.commands.rulebook import overlays_of
from zhibu.project.places import data_of, day_of, today
from zhibu.project.spoken import BAD_DATA, NOT_FOUND, Fault, Spoken, add_json
from zhibu.ui.language import pick


class Command(Spoken):
    """按规则库计算一次表决、选举或测评的结果。不需要数据库。"""

    help = "计算一次表决、选举或测评的结果：规则来自规则库，票数来自 JSON 文件（写法见 docs/reference/tally.md）。"

    def arguments(self, parser: ArgumentParser) -> None:
        """Which rule, which data, on which day."""
        parser.add_argument(
            "--rule", required=True, metavar="ID", help="表决规则，如 branch-election；写 list 列出全部"
        )
        parser.add_argument("--from", dest="source", metavar="FILE", help="票数，JSON 文件")
        parser.add_argument("--as-of", metavar="DATE", help="表决之日；默认今天")
        parser.add_argument(
            "--overlay", action="append", default=[], metavar="DIR", help="补充目录，可写多次"
        )
        add_json(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, count, say."""
        book = rulebook.load(overlays_of(options["overlay"]))
        if options["rule"] == "list":
            self._list(book, as_json=options["json"])
            return
        rule = rule_called(book, options["rule"])
        day = day_of(options["as_of"]) if options["as_of"] else today()
        row = rule.row_on(day)
        if row is None:
            first = rule.terms[0].since
            raise Fault(
                "not_in_force", f"规则 {rule.id} 在 {day} 尚未施行", f"自 {first} 起施行", exit_code=NOT_FOUND
            )
        try:
            vote = vote_from(data_of(options["source"]), row, rule.kind)
        except VoteDataError as error:
            raise Fault(
                "vote_data", f"票数有误：{error.told()}", "写法见 docs/reference/tally.md", exit_code=BAD_DATA
            ) from error
        outcome = count(rule, day, vote)
        if options["json"]:
            self.print_json({**told(outcome), "rulebook": book.digest})
        else:
            self.stdout.write(f"{rule.title.zh}（{rule.id}，{day}）\n{outcome.told()}")

    def _list(self, book: Rulebook, *, as_json: bool) -> None:
        if as_json:
            self.print_json(
                [
                    {"id": each.id, "kind": each.kind.value, "title": each.title.zh}
                    for each in book.votes.values()
                ]
            )
        else:
            self.stdout.write("\n".join(f"{each.id:<30}{each.title.zh}" for each in book.votes.values()))


def rule_called(book: Rulebook, name: str) -> VoteRule:
    """The rule of votes with this id. Raises Fault."""
    if name not in book.votes:
        known = "、".join(book.votes)
        raise Fault("rule_unknown", f"没有表决规则 {name}", f"可用的：{known}", exit_code=NOT_FOUND)
    return book.votes[name]


def told(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON."""
    run_off = outcome.run_off
    return {
        "rule": outcome.rule,
        "title": pick(outcome.title),
        "as_of": outcome.day.isoformat(),
        "source": asdict(outcome.cited) if outcome.cited else None,
        "quorum": _measured(outcome.quorum),
        "quorum_reached": outcome.quorum_reached,
        "majority": _measured(outcome.majority),
        "carried": outcome.carried,
        "void": outcome.void,
        "elected": list(outcome.elected),
        "standings": [asdict(each) for each in outcome.standings],
        "run_off": {"kind": run_off.kind.value, "seats": run_off.seats, "among": list(run_off.among)}
        if run_off
        else None,
        "excellent": outcome.excellent,
        "reasons": [
            {"code": each.code, "message": each.told(), "blocks": each.blocks} for each in outcome.reasons
        ],
        "words": {"zh": outcome.told("zh"), "en": outcome.told("en")},
    }


def _measured(measured: Measured | None) -> dict[str, Any] | None:
    if measured is None:
        return None
    threshold = measured.threshold
    return {
        "count": measured.count,
        "of": threshold.of.value,
        "number": measured.number,
        "compare": threshold.comparison.value,
        "share": [threshold.share.parts, threshold.share.whole],
        "needed": measured.needed,
        "reached": measured.reached,
        "article": threshold.cited.article,
        "document": threshold.cited.document,
        "verified": threshold.cited.verified,
    }
