"""`zhibu explain STANDARD`: why a branch has these points, or which branches of a committee meet a standard."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from zhibu.project.explaining import of_branch, of_committee
from zhibu.project.places import organisation_called, quarter_of
from zhibu.project.spoken import USAGE, Fault, Spoken, add_json, table

VERDICTS = {
    "met": "符合", "partly": "部分符合", "not_met": "不符合", "not_applicable": "不适用", "awaiting_review": "待评审",
    "not_assessed": "本季不评",
}  # fmt: skip
SHOWN = 20


class Command(Spoken):
    """说明一项标准的得分。"""

    help = (
        "支部：得分、各部分、事实的值、计入和未计入的记录编号及原因；党委：哪些支部符合，其余缺什么。只读。"
    )

    def arguments(self, parser: ArgumentParser) -> None:
        """Which standard, where, when."""
        parser.add_argument("standard", metavar="STANDARD", help="标准编号，如 S12")
        parser.add_argument("--organisation", required=True, metavar="CODE", help="支部或党委的代码")
        parser.add_argument("--quarter", required=True, metavar="2026Q3", help="季度")
        add_json(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Explain and print."""
        place, quarter = organisation_called(options["organisation"]), quarter_of(options["quarter"])
        if place.is_group:
            raise Fault(
                "no_branch", f"{place.name}是党小组，不单独考核", "写所在党支部的代码", exit_code=USAGE
            )
        explain = of_branch if place.is_branch else of_committee
        answer = explain(place, quarter, options["standard"])
        if options["json"]:
            self.print_json(answer)
        else:
            self.stdout.write(_branch(answer) if place.is_branch else _committee(answer))


def _title(answer: dict[str, Any]) -> str:
    standard = answer["standard"]
    return f"{answer['organisation']['name']} {answer['quarter']}  {standard['id']} {standard['title']}\n{standard['asks']}"


def _branch(answer: dict[str, Any]) -> str:
    told = [
        _title(answer),
        f"{VERDICTS[answer['verdict']]}，得 {answer['points']} 分，应评 {answer['applicable']} 分",
    ]
    if answer["because"]:
        told.append(f"  {answer['because']}")
    for part in answer["parts"]:
        points = "—" if part["points"] is None else part["points"]
        told.append(f"\n■ {part['title']}  {VERDICTS[part['verdict']]}  {points}/{part['weight']}")
        told += [f"  规则：{rule}" for rule in part["rule"]]
        if part["because"]:
            told.append(f"  原因：{part['because']}")
        if part["kind"] == "reviewed":
            told.append(
                f"  评审：{part['review']['by']} {part['review']['comment']}"
                if "review" in part
                else "  由上级评审，不由数字得出"
            )
    for fact in answer["facts"]:
        told.append(f"\n· {fact['title']} = {fact['value']} {fact['unit']}  [{fact['id']}]")
        told.append(f"  计入 {len(fact['counted'])} 条 {fact['table']}：{_numbers(fact['counted'])}")
        told += [
            f"  未计入 {len(keys)} 条，{because}：{_numbers(keys)}"
            for because, keys in _left_out(fact).items()
        ]
    told.append("\n依据：" + "；".join(_source(each) for each in answer["sources"]))
    return "\n".join(told)


def _left_out(fact: dict[str, Any]) -> dict[str, list[int]]:
    reasons: dict[str, list[int]] = {}
    for each in fact["left_out"]:
        reasons.setdefault(each["because"], []).append(each["id"])
    return reasons


def _numbers(keys: list[int]) -> str:
    more = f" 等 {len(keys)} 条" if len(keys) > SHOWN else ""
    return (" ".join(map(str, keys[:SHOWN])) or "无") + more


def _source(each: dict[str, Any]) -> str:
    return f"{each['title']} {each['article']}".rstrip() + ("" if each["verified"] else "（条文未核对）")


def _committee(answer: dict[str, Any]) -> str:
    counted = "，".join(f"{VERDICTS[state]} {count}" for state, count in answer["counts"].items())
    rows = [
        (
            VERDICTS[each["verdict"]],
            f"{each['points']}/{each['applicable']}",
            each["code"],
            each["name"],
            _lack(each),
        )
        for each in answer["branches"]
    ]
    head = f"{_title(answer)}\n{counted or '没有党支部'}"
    return (
        f"{head}\n{table(('结论', '得分', '代码', '党支部', '缺什么'), rows, right=(1,))}" if rows else head
    )


def _lack(branch: dict[str, Any]) -> str:
    return (
        "；".join(
            part["title"]
            + "".join(f"（{gap['title']} {gap['value']}/{gap['bound']}）" for gap in part["missing"])
            for part in branch["lacks"]
        )
        or branch["because"]
    )
