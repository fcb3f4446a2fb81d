"""`zhibu backup FILE`: everything the installation owns, in one file."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from zhibu.project.backups import backup
from zhibu.project.spoken import Spoken, add_json


class Command(Spoken):
    """备份。"""

    help = "把数据库、附件和密钥备份到一个文件（权限 0600）。可在使用中进行；文件含密钥和个人信息。"

    def arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", metavar="FILE", help="备份文件；已存在时不覆盖")
        add_json(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, and say what is in it."""
        started = time.perf_counter()
        made = backup(Path(options["file"]))
        manifest = made.manifest
        rows = sum(manifest.rows.values())
        media = sum(name.startswith("media/") for name in manifest.members)
        if options["json"]:
            self.print_json(
                {
                    "file": str(made.file),
                    "size": made.size,
                    "sha256": made.sha256,
                    "made_at": manifest.made_at,
                    "engine": manifest.engine,
                    "tables": manifest.rows,
                    "rows": rows,
                    "media": media,
                    "missing_media": manifest.missing_media,
                    "overlays": manifest.overlays,
                    "notice": manifest.notice,
                }
            )
            return
        seconds = time.perf_counter() - started
        self.stdout.write(
            f"已备份到 {made.file}：{len(manifest.rows)} 个表 {rows} 行，附件 {media} 个，{made.size / 2**20:.1f} MB，{seconds:.1f} 秒"
        )
        self.say(manifest.notice)
        if manifest.missing_media:
            self.say(f"注意：有 {len(manifest.missing_media)} 个附件在磁盘上找不到，备份里也没有")
        if manifest.overlays:
            self.say(f"规则补充目录不在备份内，请另行保存：{'、'.join(manifest.overlays)}")
