"""The command `zhibu`: Django's manage.py, installed with the package, and made to speak to whoever keeps it running."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from importlib.metadata import version
from unicodedata import east_asian_width

from django.core.management import ManagementUtility, get_commands
from django.core.management.base import BaseCommand

from zhibu.project import memory

# a Python keyword cannot be the name of the module that holds a command
SPOKEN_NAMES = {"import": "import_ledger"}

OVERVIEW = (
    ("serve", "启动网站"),
    ("deliver", "发送等着的邮件和群消息；serve 自己会做"),
    ("migrate", "建表或升级数据库（升级前自动备份）"),
    ("import roster | meetings", "导入党员名册、会议台账"),
    ("assess", "计算一个季度的考核得分和名次"),
    ("explain", "说明一项标准的得分：规则、事实、依据"),
    ("tally --rule ID --from FILE.json", "按规则库计算一次表决、选举或测评的结果"),
    ("recount FILE", "从复核文件重新计一次无记名投票的票"),
    ("shred", "销毁保存期满的选票，每夜运行"),
    ("rulebook check | show | digest", "检查、查看规则库"),
    ("dues compute", "按所给基数计算党费"),
    ("record verify | anchor", "核验留痕链、取存证根"),
    ("procedure show | project | list", "查看程序的步骤和期限；推算一件事的下一步和最早、最晚日期"),
    ("cases rebuild", "按现在的规则和日期重算各件事的下一步，每夜运行"),
    ("library read", "读取学习资料文件里的文字，供查找，每夜运行"),
    ("backup", "备份数据库、附件和密钥"),
    ("restore", "从备份恢复，或演练"),
    ("demo", "建演示单位，或空安装的管理员账号"),
    ("operator 登录名", "新建系统管理员账号，或重置其密码"),
    ("forget", "清理过期会话和登录日志，每夜运行"),
)
EXIT_CODES = "0 完成 · 1 程序内部错误 · 2 命令写法不对 · 3 被拒绝 · 4 找不到 · 5 数据有误或核验不通过 · 6 环境未就绪 · 130 中断"


def spoken_to_module(arguments: Sequence[str]) -> list[str]:
    """Replace the words people type by the names of the modules that answer them."""
    program, *rest = arguments
    if rest and rest[0] == "help":
        return [program, "help", *(SPOKEN_NAMES.get(word, word) for word in rest[1:])]
    return [program, *(SPOKEN_NAMES.get(word, word) for word in rest[:1]), *rest[1:]]


def overview() -> str:
    """What `zhibu` alone prints."""
    lines = [f"支部 Zhibu {version('zhibu')}", "", "zhibu 命令 [参数]    各命令的说明：zhibu help 命令", ""]
    wide = max(_columns(name) for name, _what in OVERVIEW) + 2
    lines += [f"  {name}{' ' * (wide - _columns(name))}{what}" for name, what in OVERVIEW]
    lines += [
        "",
        "环境：ZHIBU_HOME 数据目录，ZHIBU_DATABASE_URL PostgreSQL 地址，ZHIBU_OVERLAYS 规则补充目录",
        f"退出码：{EXIT_CODES}",
    ]
    return "\n".join(lines)


def _columns(text: str) -> int:
    """How wide a terminal shows it: a Chinese character takes two columns."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


class Utility(ManagementUtility):
    """Django's, with errors that have a code and a remedy."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """The command of a name; without one, what is near to it."""
        if self.settings_exception is not None:
            leave("settings", f"设置有误：{self.settings_exception}", "改正环境变量后再运行", 6)
        known = get_commands()
        if subcommand not in known:
            near = get_close_matches(
                subcommand, [name.split()[0] for name, _what in OVERVIEW] + list(known), n=1
            )
            hint = f"是否想用 zhibu {near[0]}？" if near else "zhibu help 列出全部命令"
            leave("unknown_command", f"没有“{subcommand}”这个命令", hint, 2)
        return super().fetch_command(subcommand)


def leave(code: str, message: str, remedy: str, exit_code: int) -> None:
    """Say why and leave; the same words as `spoken.Fault`, which needs settings that may be what is wrong."""
    sys.stderr.write(f"错误 [{code}] {message}\n办法：{remedy}\n")
    sys.exit(exit_code)


def leave_because(error: Exception) -> None:
    """What a command of Django's or of a room's did not say itself: a fault in words, a defect with its place."""
    # settings may be what is wrong, and then nothing of the rooms can be imported
    with suppress(Exception):
        from zhibu.project.spoken import fault_of  # noqa: PLC0415

        fault = fault_of(error)
        if fault is not None and "--traceback" not in sys.argv:
            leave(fault.code, fault.message, fault.remedy, fault.returncode)
    traceback.print_exception(error)
    leave("internal", "程序内部错误，以上是出错位置", "请把命令和以上内容报告给开发者", 1)


def main() -> None:
    """The entry point of the package."""
    memory.keep()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.project.settings")
    arguments = spoken_to_module(sys.argv)
    if arguments[1:] in ([], ["help"], ["--help"], ["-h"]):
        sys.stdout.write(overview() + "\n")
        return
    if arguments[1:] in (["--version"], ["version"]):
        sys.stdout.write(f"zhibu {version('zhibu')}\n")
        return
    try:
        Utility(arguments).execute()
    except BrokenPipeError:
        # whoever read the answer has enough of it; nothing more is written, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last one who can say what happened
        leave_because(error)


if __name__ == "__main__":
    main()
