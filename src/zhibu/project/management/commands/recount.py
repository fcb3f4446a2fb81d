"""`zhibu recount FILE`: count a secret vote again, offline, from the file a teller hands over."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from zhibu.ballots.recount import RecountError, recount
from zhibu.project.management.commands.tally import data_of
from zhibu.project.spoken import BAD_DATA, Fault, Spoken, add_json


class Command(Spoken):
    """从复核文件重新计票。不需要数据库。"""

    help = "复核无记名电子投票：逐张验章、验签、开封、计票。文件由计票人在“计票”页面下载。"

    def arguments(self, parser: ArgumentParser) -> None:
        """Which file."""
        parser.add_argument("file", metavar="FILE", help="复核文件，JSON")
        add_json(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, open, count, say."""
        try:
            found = recount(data_of(options["file"]))
        except RecountError as error:
            raise Fault(
                "recount", f"不是复核文件：{error}", "请计票人重新下载", exit_code=BAD_DATA
            ) from error
        if options["json"]:
            told = {"marks": dict(found.marks), "trackers": list(found.trackers), "wrong": dict(found.wrong)}
            self.print_json(told)
        else:
            lines = [f"{marks or '（空白）'}  {number} 张" for marks, number in found.marks.items()]
            lines += [f"不成立 {tracker}：{why}" for tracker, why in found.wrong.items()]
            self.stdout.write("\n".join([f"选票 {len(found.trackers)} 张", *lines]))
        if found.wrong:
            raise Fault(
                "papers_wrong", f"有 {len(found.wrong)} 张票不成立", "与监票人一起核对", exit_code=BAD_DATA
            )
