"""`zhibu restore FILE`: an installation from a backup, or a drill that changes nothing."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from zhibu.project.backups import Restored, drill, restore
from zhibu.project.spoken import BAD_DATA, Fault, Spoken, add_json


class Command(Spoken):
    """恢复。"""

    help = "从备份恢复到空的安装。先核验校验值、完整性、行数、留痕链和密钥；有一处不符就什么也不改。"

    def arguments(self, parser: ArgumentParser) -> None:
        """From which file, and how far."""
        parser.add_argument("file", metavar="FILE", help="zhibu backup 制作的备份")
        parser.add_argument(
            "--verify", action="store_true", help="演练：恢复到临时位置并核验，随后删除，不改变本安装"
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help="本安装已有数据时（SQLite）：先停止服务；现有内容移到 backups/replaced-…",
        )
        parser.add_argument(
            "--accept-record-faults", action="store_true", help="留痕链不完好也恢复（制作备份时就已如此）"
        )
        add_json(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore or drill, and say what was found."""
        started = time.perf_counter()
        file = Path(options["file"])
        if options["verify"]:
            done = drill(file)
        else:
            done = restore(file, force=options["force"], accept_faults=options["accept_record_faults"])
        if options["json"]:
            self.print_json(as_json(done, options))
        else:
            self.stdout.write(as_text(done, time.perf_counter() - started, drilled=options["verify"]))
        if options["verify"] and done.faults and not options["accept_record_faults"]:
            raise Fault(
                "record_broken",
                f"留痕链核验不通过：{'；'.join(done.faults[:3])}",
                "换一份备份",
                exit_code=BAD_DATA,
            )


def as_json(done: Restored, options: dict[str, Any]) -> dict[str, Any]:
    """The answer for machines."""
    manifest = done.manifest
    return {
        "file": options["file"],
        "restored": not options["verify"],
        "depth": done.depth,
        "made_at": manifest.made_at,
        "zhibu": manifest.zhibu,
        "engine": manifest.engine,
        "tables": manifest.rows,
        "rows": sum(manifest.rows.values()),
        "media": sum(name.startswith("media/") for name in manifest.members),
        "entries": done.entries,
        "faults": list(done.faults),
        "pending": list(done.pending),
        "replaced": str(done.replaced) if done.replaced else None,
    }


def as_text(done: Restored, seconds: float, *, drilled: bool) -> str:
    """The answer for people."""
    manifest = done.manifest
    media = sum(name.startswith("media/") for name in manifest.members)
    rows = f"{sum(manifest.rows.values())} 行，附件 {media} 个"
    if done.depth == "archive":
        return f"备份文件完好（{manifest.made_at}，{rows}）。本机是 SQLite，没有装入数据库；请在 PostgreSQL 安装上演练"
    told = [
        f"{'演练通过' if drilled else '已恢复'}：{manifest.made_at} 的备份，{rows}，留痕 {done.entries} 条核验无误，{seconds:.1f} 秒"
    ]
    if done.faults:
        told[0] = told[0].replace("核验无误", f"有 {len(done.faults)} 处不符")
    if done.pending:
        told.append(
            f"备份来自较早的版本，还要运行 zhibu migrate（{len(done.pending)} 步），再运行 zhibu record verify"
        )
    if done.replaced:
        told.append(f"原有内容移到了 {done.replaced}，确认无误后可删除")
    if not drilled:
        told.append("登录状态没有恢复，所有人需要重新登录")
    return "\n".join(told)
