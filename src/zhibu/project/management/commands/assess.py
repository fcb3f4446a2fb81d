"""`zhibu assess`: a quarter's points and places, computed from the records. Changes nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from zhibu.core.points import shown
from zhibu.project.places import organisation_called, quarter_of, today
from zhibu.project.spoken import USAGE, Fault, Spoken, add_json, table
from zhibu.project.standings import ENGINES, Line, Standings, codes_of, standings

STATES = {"open": "考核中", "published": "已公布", "frozen": "已定案"}


class Command(Spoken):
    """计算季度考核。"""

    help = (
        "从记录计算一个季度的考核得分和名次，只读。已公布、已定案的季度显示当时结果，并列出与现有记录的差异。"
    )

    def arguments(self, parser: ArgumentParser) -> None:
        """Where, when, how computed, how many."""
        parser.add_argument("--organisation", required=True, metavar="CODE", help="党委、总支或支部的代码")
        parser.add_argument("--quarter", required=True, metavar="2026Q3", help="季度")
        parser.add_argument("--engine", choices=ENGINES, help="在哪里计算；默认本机数据库。三者结果相同")
        parser.add_argument("--top", type=int, metavar="N", help="只列前 N 个")
        add_json(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print."""
        if options["top"] is not None and options["top"] < 1:
            raise Fault("usage", "--top 要写 1 以上的整数", "zhibu help assess", exit_code=USAGE)
        quarter = quarter_of(options["quarter"])
        if quarter.first > today():
            raise Fault("quarter_not_begun", f"{quarter.code} 还没有开始", "写已开始的季度")
        found = standings(organisation_called(options["organisation"]), quarter, options["engine"])
        lines = found.lines[: options["top"]]
        codes = codes_of([line.branch for line in lines] + [each.branch for each in found.difference])
        if options["json"]:
            self.print_json(as_json(found, lines, codes))
        else:
            self.stdout.write(as_text(found, lines, codes))
        if found.reproduced is False:
            self.say("注意：按当时的规则和记录重算，与存档结果不一致；存档结果不变", **options)


def as_json(found: Standings, lines: tuple[Line, ...], codes: dict[int, str]) -> dict[str, Any]:
    """The answer for machines; the same records give the same text."""
    return {
        "organisation": {"code": found.organisation.code, "name": found.organisation.name},
        "quarter": found.quarter.code,
        "state": found.run.state if found.run else "none",
        "source": "stored" if found.stored else "computed",
        "engine": found.engine,
        "rulebook": found.book.digest,
        "branch_count": len(found.lines),
        "branches": [
            {
                "code": codes[line.branch],
                "name": line.name,
                "unit_type": line.unit_type,
                "assessed": line.assessed,
                "months": line.months,
                "points": None if line.points is None else shown(line.points),
                "place": line.place,
                "of": line.of,
                "earned_micro": line.earned,
                "decided_micro": line.decided,
                "applicable_micro": line.applicable,
                "standards": {
                    name: dict(
                        zip(
                            ("state", "earned_micro", "decided_micro", "applicable_micro"),
                            values,
                            strict=True,
                        )
                    )
                    for name, values in line.standards.items()
                },
            }
            for line in lines
        ],
        "reproduced": found.reproduced,
        "difference": [
            {
                "code": codes[each.branch],
                "name": each.name,
                "then": None if each.then is None else shown(each.then),
                "now": None if each.now is None else shown(each.now),
            }
            for each in found.difference
        ],
    }


def as_text(found: Standings, lines: tuple[Line, ...], codes: dict[int, str]) -> str:
    """The answer for people."""
    state = STATES[found.run.state] if found.run else "未开展考核，按现有记录计算"
    head = f"{found.organisation.name} {found.quarter.code} {state}，{len(found.lines)} 个党支部"
    if not lines:
        return f"{head}\n没有党支部"
    rows = [
        (
            f"{line.place}/{line.of}" if line.place else "—",
            "—" if line.points is None else shown(line.points),
            f"{shown(line.decided // 10_000)}/{shown(line.applicable // 10_000)}",
            codes[line.branch],
            line.name + ("" if line.assessed else "（本季不评）"),
        )
        for line in lines
    ]
    told = [head, table(("同组名次", "得分", "已评/应评", "代码", "党支部"), rows, right=(0, 1, 2))]
    if found.reproduced is not None:
        told.append("按当时的规则和记录重算：" + ("与存档一致" if found.reproduced else "与存档不一致"))
    if found.difference:
        changed = [
            (
                codes[each.branch],
                each.name,
                "—" if each.then is None else shown(each.then),
                "—" if each.now is None else shown(each.now),
            )
            for each in found.difference
        ]
        told += [
            "此后补录、更正的记录会带来的差异（不计入结果）：",
            table(("代码", "党支部", "当时", "现在"), changed, right=(2, 3)),
        ]
    return "\n".join(told)
