"""`zhibu import roster FILE` and `zhibu import meetings FILE`: all rows or none, and every bad row named."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import transaction

from zhibu.core.refusal import Refused
from zhibu.life import actions as life
from zhibu.life import imports as ledgers
from zhibu.project.places import operator, organisation_called, today, top_organisation
from zhibu.project.spoken import BAD_DATA, NOT_FOUND, USAGE, Fault, Spoken, add_json, fault_of
from zhibu.record.progress import Tell
from zhibu.register import actions as register
from zhibu.register import imports as rosters
from zhibu.register.models import Organisation, UnitType
from zhibu.ui import clock

# refusals of the act itself; every other one is about the file
OF_THE_ACT = {"not_permitted", "organisation_closed", "register_changed", "not_empty", "life.no_mandate"}
SHOWN = 50


class Command(Spoken):
    """导入党员名册或会议台账。"""

    help = "导入 Excel：先全部核对，有一行不对就一行也不写。同一文件再次导入不产生变化。"

    def arguments(self, parser: ArgumentParser) -> None:
        """roster or meetings, the file, where, and whether only to check."""
        words = parser.add_subparsers(dest="what", required=True, metavar="roster | meetings")
        roster = words.add_parser("roster", help="党员名册（全国系统列名或支部常用名册）")
        meetings = words.add_parser("meetings", help="会议台账")
        for each in (roster, meetings):
            each.add_argument("file", metavar="FILE", help=".xlsx 文件")
            each.add_argument(
                "--organisation", metavar="CODE", help="导入到哪个党组织之下；默认最上级的那一个"
            )
            each.add_argument("--dry-run", action="store_true", help="只核对，不写入")
            add_json(each)
        roster.add_argument("--found", metavar="NAME", help="空的安装：先建立这个名称的党委")
        roster.add_argument(
            "--officer", metavar="NAME", default="", help="与 --found 同用：该党委的党务工作者"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file, judge it, import it unless something is wrong; the report on stdout either way."""
        started = time.perf_counter()
        file = Path(options["file"])
        if not file.is_file():
            raise Fault("file_missing", f"没有这个文件：{file}", "核对路径", exit_code=NOT_FOUND)
        self.say(f"核对 {file.name} …", **options)
        content = file.read_bytes()
        doing = _roster if options["what"] == "roster" else _meetings
        try:
            with transaction.atomic():
                report = doing(file.name, content, options, self.meter(**options))
                if options["dry_run"]:
                    # an organisation made for the check goes with it
                    transaction.set_rollback(True)
        except Refused as refused:
            raise _about(refused) from None
        answer = {**report, "dry_run": options["dry_run"]}
        self._tell(answer, **options)
        if report["refused"]:
            raise Fault(
                "rows_refused",
                f"{len(report['refused'])} 处有误，没有写入任何一行",
                "按提示改正后重新导入",
                exit_code=BAD_DATA,
            )
        self.say(f"用时 {time.perf_counter() - started:.1f} 秒", **options)

    def _tell(self, report: dict[str, Any], **options: Any) -> None:
        if options["json"]:
            self.print_json(report)
            return
        place = report["organisation"]
        rows = report.get("data_rows", report.get("rows"))
        self.stdout.write(f"{place['name']}（{place['code']}）：数据 {rows} 行")
        for finding in report["refused"][:SHOWN]:
            self.stdout.write("  " + _finding(finding))
        if len(report["refused"]) > SHOWN:
            self.stdout.write(f"  另有 {len(report['refused']) - SHOWN} 处，见 --json")
        if report["cautions"]:
            self.stdout.write(f"提醒 {len(report['cautions'])} 处（--json 查看）")
        if report["refused"]:
            return
        if options["dry_run"]:
            self.stdout.write(f"核对通过，可以导入 {report.get('to_import', rows)} 行；未写入")
        elif report["imported"]:
            self.stdout.write(f"已导入 {report['imported']} 行")
        else:
            self.stdout.write("系统里已有全部内容，没有变化")


def _finding(finding: dict[str, Any]) -> str:
    """One bad cell: row, column, masked value, rule, remedy; the two rooms name them differently."""
    row = finding.get("excel_row", finding.get("row"))
    cause = finding.get("cause", finding.get("code"))
    message = finding.get("message", finding.get("rule"))
    value = finding.get("value_masked", finding.get("value"))
    shown = f"“{value}”" if value else ""
    return f"第 {row} 行 {finding['column']}{shown} [{cause}] {message} {finding['remedy']}".rstrip()


def _about(refused: Refused) -> Fault:
    fault = fault_of(refused)
    if fault is None:
        raise refused
    if not set(refused.codes) & OF_THE_ACT:
        fault.returncode = BAD_DATA
    return fault


def _organisation(options: dict[str, Any]) -> Organisation:
    if options.get("found"):
        return _founded(options["found"], options)
    if options.get("officer"):
        raise Fault(
            "usage", "--officer 要与 --found 同用", "党委建立后，在“组织”页面登记职务", exit_code=USAGE
        )
    return organisation_called(options["organisation"]) if options["organisation"] else top_organisation()


def _founded(name: str, options: dict[str, Any]) -> Organisation:
    """The first committee of an empty installation; the same name again finds it."""
    if options["organisation"]:
        raise Fault("usage", "--found 和 --organisation 只能写一个", "zhibu help import", exit_code=USAGE)
    known = Organisation.objects.filter(parent=None, name=name.strip()).first()
    if known is not None:
        return known
    made, _officer = register.found_first_committee(
        operator("register.create_organisation"), name=name.strip(), unit_type=UnitType.OTHER,
        kind="primary_committee", officer=options["officer"].strip(), today=today(), now=clock.instant(),
    )  # fmt: skip
    return made


def _roster(name: str, content: bytes, options: dict[str, Any], tell: Tell) -> dict[str, Any]:
    place = _organisation(options)
    actor = operator("register.import_roster", "register.create_organisation", at=place)
    if options["dry_run"]:
        report = rosters.check(actor, place, content, name, today(), tell=tell)
    else:
        report = register.import_roster(
            actor,
            organisation=place,
            data=content,
            filename=name,
            today=today(),
            now=clock.instant(),
            tell=tell,
        )
    if options.get("found") and report.refused:
        transaction.set_rollback(True)
    return {"organisation": {"code": place.code, "name": place.name}, **report.to_json()}


def _meetings(name: str, content: bytes, options: dict[str, Any], tell: Tell) -> dict[str, Any]:
    place = _organisation(options)
    actor = operator("life.import_meetings", at=place)
    report = ledgers.check(content, actor=actor, today=today(), file_name=name, tell=tell)
    if not options["dry_run"] and report.may_import:
        life.import_meetings(actor, now=clock.instant(), report=report, tell=tell)
    return {"organisation": {"code": place.code, "name": place.name}, **report.as_json()}
