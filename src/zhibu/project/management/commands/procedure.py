"""`zhibu procedure list | show | project`: procedures as the rulebook has them, and cases given as data."""

from __future__ import annotations

from argparse import ArgumentParser
from difflib import get_close_matches
from typing import Any

from zhibu import rulebook
from zhibu.core.norms import Rulebook
from zhibu.core.norms.procedures import Procedure
from zhibu.core.procedure import Plan, replay, try_on
from zhibu.core.procedure.data import DataError, case_of, taken_of
from zhibu.project.management.commands.rulebook import overlays_of
from zhibu.project.places import data_of, day_of, today
from zhibu.project.procedures import attempted, described, plan_of, projected
from zhibu.project.spoken import BAD_DATA, NOT_FOUND, Fault, Spoken, add_json, table
from zhibu.ui.language import pick

STATES = {
    "done": "已办", "possible": "可办", "overdue": "逾期", "not_before": "未到日期", "blocked": "尚缺前提",
    "not_applicable": "不适用", "closed": "已关闭",
}  # fmt: skip
UNITS = {"days": "日", "working_days": "个工作日", "months": "个月", "years": "年"}


class Command(Spoken):
    """查看程序，推算案件。不需要数据库。"""

    help = "list：全部程序；show：一个程序的步骤、期限、依据；project：推算以 JSON 给出的一件事（写法见 docs/reference/procedures.md）。"

    def arguments(self, parser: ArgumentParser) -> None:
        """The word, the procedure, the day, the data."""
        words = parser.add_subparsers(dest="what", required=True, metavar="list | show | project")
        listing = words.add_parser("list", help="全部程序")
        show = words.add_parser("show", help="一个程序在某一天的内容")
        project = words.add_parser("project", help="推算一件事：已办、可办、最早、最晚、不能办的理由")
        for each in (show, project):
            each.add_argument("procedure", metavar="ID", help="程序编号，如 admission")
            each.add_argument("--as-of", metavar="DATE", help="哪一天；默认今天")
        project.add_argument("--from", dest="source", metavar="FILE", help="案件，JSON 文件；- 为标准输入")
        for each in (listing, show, project):
            each.add_argument(
                "--overlay", action="append", default=[], metavar="DIR", help="补充目录，可写多次"
            )
            add_json(each)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, and answer."""
        book = rulebook.load(overlays_of(options["overlay"]))
        if options["what"] == "list":
            self._list(book, as_json=options["json"])
            return
        procedure = procedure_called(book, options["procedure"])
        day = day_of(options["as_of"]) if options["as_of"] else today()
        if options["what"] == "show":
            answer = described(book, procedure, day)
            self.print_json(answer) if options["json"] else self.stdout.write(_shown(answer))
        else:
            self._project(book, procedure, day, options)

    def _list(self, book: Rulebook, *, as_json: bool) -> None:
        rows = [
            (each.id, pick(each.title), pick(book.word("procedure_groups", each.group)), len(each.steps))
            for each in book.procedures.values()
        ]
        if as_json:
            keys = ("id", "title", "group", "steps")
            self.print_json([dict(zip(keys, row, strict=True)) for row in rows])
        else:
            told = [(name, title, group, str(steps)) for name, title, group, steps in rows]
            self.stdout.write(table(("编号", "名称", "类别", "步骤"), told, right=(3,)))

    def _project(self, book: Rulebook, procedure: Procedure, day: Any, options: dict[str, Any]) -> None:
        plan = plan_of(book, procedure)
        data = data_of(options["source"])
        try:
            case = case_of(plan, data)
            tried = isinstance(data, dict) and data.get("try")
            taken = taken_of(plan, {"on": day, **tried}) if isinstance(tried, dict) else None
        except DataError as error:
            first = error.faults[0]
            told = "；".join(f"{each.where}：{each.message}" for each in error.faults)
            raise Fault("case_data", f"数据有误：{told}", first.remedy, exit_code=BAD_DATA) from error
        _belongs(data, procedure)
        answer = projected(book, plan, case, day)
        lawful = True
        if taken is not None:
            attempt = try_on(replay(plan, case), taken)
            answer["attempt"], lawful = attempted(book, attempt), attempt.lawful
        self.print_json(answer) if options["json"] else self.stdout.write(_projected(plan, answer))
        if not lawful:
            reason = answer["attempt"]["refused"][0]
            raise Fault(reason["code"], reason["message"], reason["remedy"])


def _belongs(data: Any, procedure: Procedure) -> None:
    named = data.get("procedure") if isinstance(data, dict) else None
    if named and named not in (procedure.id, *procedure.was):
        raise Fault(
            "other_procedure",
            f"数据是“{named}”的案件，不是“{procedure.id}”的",
            "改正程序编号",
            exit_code=BAD_DATA,
        )


def procedure_called(book: Rulebook, name: str) -> Procedure:
    """The procedure with this id, whichever way it is written. Raises Fault."""
    wanted = name.lower().replace("-", "_")
    try:
        return book.procedure(wanted)
    except KeyError as error:
        near = get_close_matches(wanted, book.procedures, n=3)
        remedy = f"是否想写 {'、'.join(near)}？" if near else "zhibu procedure list 列出全部"
        raise Fault("procedure_unknown", f"没有程序“{name}”", remedy, exit_code=NOT_FOUND) from error


# -------------------------------------------------------------------------------------------- in words
def _sources(sources: list[dict[str, Any]]) -> str:
    return "；".join(map(_source, sources))


def _source(source: dict[str, Any]) -> str:
    article = f" 第{source['article']}条" if source["article"] else ""
    return f"{source['title']}{article}{'' if source['verified'] else '（条文未核对）'}"


def _shown(answer: dict[str, Any]) -> str:
    told = [
        f"{answer['title']}（{answer['id']}）  {answer['as_of']}",
        answer["about"],
        f"依据：{_sources(answer['sources'])}",
        "",
    ]
    for place, step in enumerate(answer["steps"], 1):
        marks = [
            mark
            for mark, is_so in (("可选", step["optional"]), ("此日无此步骤", not step["in_force"]))
            if is_so
        ]
        told.append(
            f"{place:>2}. {step['title']}  {step['id']}  {step['does_told']} · {'、'.join(step['by_told'])}"
            + (f"  [{'，'.join(marks)}]" if marks else "")
        )
        if step["after"]:
            told.append(f"      在 {'、'.join(step['after'])} 之后")
        told += [f"      {_limit(each, '不早于')}" for each in step["waits"] if each["number"] is not None]
        told += [f"      {_limit(each, '不迟于')}" for each in step["due"] if each["number"] is not None]
        if step["terms"]:
            since = f"（{step['terms_since']} 起" + (
                f"，{step['next_terms']} 起变更）" if step["next_terms"] else "）"
            )
            told.append(
                f"      数值 {'，'.join(f'{name}={value}' for name, value in step['terms'].items())} {since}"
            )
        told.append(f"      依据 {_sources(step['sources'][:1])}")
    return "\n".join([*told, "", f"例子 {answer['examples']} 个"])


def _limit(timing: dict[str, Any], word: str) -> str:
    way = "前" if timing["backward"] else "后"
    longer = f"，可延至 {timing['extended']}" if timing["extended"] else ""
    return f"{word} {timing['anchor']} {way} {timing['number']} {UNITS[timing['unit']]}{longer}" + (
        "" if timing["force"] == "must" else "（一般）"
    )


def _projected(plan: Plan, answer: dict[str, Any]) -> str:
    told = [f"{pick(plan.procedure.title)}  {answer['as_of']}"]
    if answer["ended"]:
        told.append(f"已于 {answer['ended_on']} 了结：{pick(plan.procedure.ending(answer['ended']).title)}")
    rows = [
        (
            each["step"], each["title"], STATES[each["state"]] + ("（自然期满）" if each["implied"] and each["done_on"] else ""),
            each["done_on"] or "", each["earliest"] or "", each["latest"] or "",
            "；".join(reason["message"] for reason in each["reasons"]),
        )
        for each in answer["steps"]
        if each["state"] != "not_applicable"
    ]  # fmt: skip
    told.append(table(("步骤", "名称", "状态", "办结", "最早", "最晚", "理由"), rows))
    for each in answer["refusals"]:
        reasons = [reason["message"] for reason in (*each["refused"], *each["cautions"])]
        told.append(f"{each['on']} {each['step']}：{'；'.join(reasons)}")
    if answer["finishes_on"] and not answer["ended"]:
        told.append(
            f"最早可于 {answer['finishes_on']} 全部办结"
            + ("（含未公布日历的年份，暂定）" if answer["provisional"] else "")
        )
    if "attempt" in answer:
        tried = answer["attempt"]
        told.append(f"试办 {tried['step']} {tried['on']}：" + ("可以" if tried["lawful"] else "不可以"))
        told += [f"  {each['message']}" for each in (*tried["refused"], *tried["cautions"])]
    return "\n".join(told)
