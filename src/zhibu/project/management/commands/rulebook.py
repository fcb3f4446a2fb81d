"""`zhibu rulebook check | show | digest`: whether the norms load, what one says on a day, under which digest."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from zhibu import rulebook
from zhibu.assessment.queries.points import condition_told, rule_told, sources_shown
from zhibu.core.norms import Check, Part, Rulebook, Standard, TermsRow
from zhibu.core.points import shown
from zhibu.project.explaining import standard_called
from zhibu.project.places import day_of, today
from zhibu.project.spoken import BAD_DATA, NOT_FOUND, Fault, Spoken, add_json, table
from zhibu.ui.language import pick


class Command(Spoken):
    """检查、查看规则库。不需要数据库。"""

    help = "check：读入全部规则并运行每个例子；show：一项标准在某一天的内容；digest：规则库的校验值。"

    def arguments(self, parser: ArgumentParser) -> None:
        """The word, and over which overlays."""
        words = parser.add_subparsers(dest="what", required=True, metavar="check | show | digest")
        check = words.add_parser("check", help="全部读入并运行例子；有错误时退出码 5")
        show = words.add_parser("show", help="一项标准在某一天的内容")
        show.add_argument("standard", metavar="STANDARD", help="标准编号，如 S12")
        show.add_argument("--as-of", metavar="DATE", help="哪一天的内容；默认今天")
        digest = words.add_parser("digest", help="规则库的 SHA-256，与考核中保存的相同即为同一套规则")
        for each in (check, show, digest):
            each.add_argument(
                "--overlay",
                action="append",
                default=[],
                metavar="DIR",
                help="补充目录，可写多次；加在 ZHIBU_OVERLAYS 之后",
            )
            add_json(each)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, and answer."""
        overlays = overlays_of(options["overlay"])
        if options["what"] == "check":
            self._check(overlays, options)
        elif options["what"] == "show":
            self._show(rulebook.load(overlays), options)
        else:
            self._digest(rulebook.load(overlays), options)

    def _check(self, overlays: Sequence[Path], options: dict[str, Any]) -> None:
        report = rulebook.check(overlays)
        book = report.rulebook
        if options["json"]:
            self.print_json(
                {
                    "sound": report.sound,
                    "digest": book.digest if book else None,
                    "layers": [each.id for each in book.layers] if book else [],
                    "standards": list(book.standards) if book else [],
                    "disabled": {name: pick(each.reason) for name, each in book.disabled.items()}
                    if book
                    else {},
                    "facts": len(book.facts) if book else 0,
                    "votes": list(book.votes) if book else [],
                    "procedures": list(book.procedures) if book else [],
                    "examples": report.examples,
                    "problems": [asdict(each) for each in report.problems],
                    "notes": [asdict(each) for each in report.notes],
                }
            )
        else:
            told = [*map(str, report.problems), *(f"提醒 {each}" for each in report.notes)]
            self.stdout.write("\n".join([*told, *(_summary(book, report.examples) if book else ())]))
        if not report.sound:
            count = len(report.problems)
            raise Fault(
                "rulebook_unsound",
                f"规则库有 {count} 处错误，不能使用",
                "按上面的提示改正后再检查",
                exit_code=BAD_DATA,
            )

    def _show(self, book: Rulebook, options: dict[str, Any]) -> None:
        standard = standard_called(book, options["standard"])
        day = day_of(options["as_of"]) if options["as_of"] else today()
        row = standard.terms.row_on(day)
        if row is None:
            first = standard.terms.rows[0].since
            raise Fault(
                "not_in_force",
                f"标准 {standard.id} 在 {day} 尚未施行",
                f"自 {first} 起施行",
                exit_code=NOT_FOUND,
            )
        answer = described(book, standard, day, row)
        if options["json"]:
            self.print_json(answer)
        else:
            self.stdout.write(_shown(answer))

    def _digest(self, book: Rulebook, options: dict[str, Any]) -> None:
        if options["json"]:
            self.print_json({"digest": book.digest, "layers": [each.id for each in book.layers]})
        else:
            self.stdout.write(book.digest)


def described(book: Rulebook, standard: Standard, day: date, row: TermsRow) -> dict[str, Any]:
    """A standard with the numbers in force on a day."""
    return {
        "id": standard.id,
        "as_of": day.isoformat(),
        "title": pick(standard.title),
        "asks": pick(standard.asks),
        "group": {"id": standard.group, "title": pick(book.groups[standard.group].title)},
        "level": standard.level.value,
        "layer": standard.layer,
        "applies_to": [
            {"kind": kind, "title": pick(book.word("organisation_kinds", kind))}
            for kind in standard.applies_to
        ],
        "sources": [
            {"title": each.title, "article": each.article, "verified": each.verified}
            for each in sources_shown(book, standard)
        ],
        "terms_since": row.since.isoformat(),
        "next_terms": next(
            (each.since.isoformat() for each in standard.terms.rows if each.since > day), None
        ),
        "terms": dict(row.numbers),
        "units": {name: pick(text) for name, text in standard.units.items()},
        "not_applicable_when": [
            {"when": condition_told(book, each.when, row.numbers), "because": pick(each.because)}
            for each in standard.unless
        ],
        "parts": [_part(book, standard, part, row.numbers) for part in standard.parts],
        "examples": len(standard.examples),
        "rulebook": book.digest,
    }


def overlays_of(given: Sequence[str]) -> tuple[Path, ...]:
    """The overlays of the deployment, then those given; each directory once. Raises Fault for one that is not there."""
    found = list(rulebook.configured())
    for each in given:
        path = Path(each)
        if not path.is_dir():
            raise Fault("overlay_missing", f"没有这个目录：{each}", "核对路径", exit_code=NOT_FOUND)
        if path.resolve() not in {known.resolve() for known in found}:
            found.append(path)
    return tuple(found)


def _summary(book: Rulebook, examples: int) -> list[str]:
    layers = "、".join(f"{pick(each.title)}（{each.id}）" for each in book.layers)
    told = [
        f"规则库可用：标准 {len(book.standards)} 项，事实 {len(book.facts)} 个，表决规则 {len(book.votes)} 条，程序 {len(book.procedures)} 个，例子 {examples} 个全部符合",
        f"层：{layers}",
    ]
    told += [f"停用 {name}：{pick(each.reason)}" for name, each in book.disabled.items()]
    return [*told, f"校验值：{book.digest}"]


def _part(book: Rulebook, standard: Standard, part: Part, numbers: Any) -> dict[str, Any]:
    computed = isinstance(part, Check)
    told: dict[str, Any] = {
        "id": part.id,
        "title": pick(part.title),
        "kind": "computed" if computed else "reviewed",
        "weight": shown(numbers[part.weight]),
        "cadence": part.cadence.value,
        "rule": list(rule_told(book, part, numbers)),
        "facts": list(part.facts() if isinstance(part, Check) else part.supported_by),
    }
    if isinstance(part, Check):
        told["force"] = part.force.value
    return told


def _shown(answer: dict[str, Any]) -> str:
    told = [
        f"{answer['id']} {answer['title']}（{answer['group']['title']}）  {answer['as_of']}",
        answer["asks"],
        "适用：" + "、".join(each["title"] for each in answer["applies_to"]),
        "依据："
        + "；".join(
            f"{s['title']} {s['article']}".rstrip() + ("" if s["verified"] else "（条文未核对）")
            for s in answer["sources"]
        ),
        f"本版数字自 {answer['terms_since']} 起"
        + (f"，{answer['next_terms']} 起变更" if answer["next_terms"] else ""),
    ]
    told += [f"不适用：{each['when']}——{each['because']}" for each in answer["not_applicable_when"]]
    rows = [
        (
            part["id"],
            part["title"],
            part["weight"],
            "计算" if part["kind"] == "computed" else "评审",
            "；".join(part["rule"]),
        )
        for part in answer["parts"]
    ]
    told.append(table(("部分", "名称", "分值", "方式", "规则"), rows, right=(2,)))
    return "\n".join([*told, f"例子 {answer['examples']} 个"])
