"""How every command of `zhibu` speaks: results on stdout, everything else on stderr, one exit code for each case.

An error has a code for machines, a sentence, and what to do about it; with `--json` it is one JSON object on stderr.
docs/reference/commands.md lists the codes.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import unicodedata
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, OperationalError, ProgrammingError

from zhibu.analytics import EngineError
from zhibu.core.refusal import Refused
from zhibu.record.progress import CHECKING, COMPARING, READING, WRITING, Tell, silent
from zhibu.rulebook import RulebookError

DONE = 0
BROKEN = 1
"""A fault of the program itself."""
USAGE = 2
"""The command was not written as it must be."""
REFUSED = 3
"""A rule, a mandate or the state of things does not allow it; nothing was changed."""
NOT_FOUND = 4
"""A file, an organisation, a standard that is not there."""
BAD_DATA = 5
"""What was given cannot be taken as it is (rows of a sheet, a rulebook, a backup); nothing was changed."""
NOT_READY = 6
"""The installation or the machine is not ready: settings, database, port, disk."""
INTERRUPTED = 130

# every command has these from Django; they would hide the few words that matter
_HIDDEN = {
    "--version",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--no-color",
    "--force-color",
    "--skip-checks",
}


class Fault(CommandError):
    """Why a command did not do what it was asked: code, sentence, remedy, exit code."""

    def __init__(self, code: str, message: str, remedy: str = "", *, exit_code: int = REFUSED) -> None:
        self.code, self.message, self.remedy = code, message, remedy
        super().__init__(f"{code}: {message}" + (f" {remedy}" if remedy else ""), returncode=exit_code)

    def told(self, *, as_json: bool) -> str:
        """The fault as stderr carries it."""
        if as_json:
            error = {
                "code": self.code,
                "message": self.message,
                "remedy": self.remedy,
                "exit_code": self.returncode,
            }
            return json.dumps({"error": error}, ensure_ascii=False)
        return f"错误 [{self.code}] {self.message}" + (f"\n办法：{self.remedy}" if self.remedy else "")


class Parser(CommandParser):
    """Usage errors carry a code and a remedy like all others."""

    def error(self, message: str) -> NoReturn:
        told = in_chinese(message)
        fault = Fault(
            "usage", f"命令写法不对：{told}", f"zhibu help {self.prog.partition(' ')[2]}", exit_code=USAGE
        )
        if not self.called_from_command_line:
            raise fault
        if "--json" not in sys.argv:
            self.print_usage(sys.stderr)
        self.exit(USAGE, fault.told(as_json="--json" in sys.argv) + "\n")


# what argparse says most often
_ARGPARSE = (
    (r"the following arguments are required: (.+)", r"缺少参数 \1"),
    (r"unrecognized arguments: (.+)", r"不认识的参数 \1"),
    (r"argument (\S+): expected one argument", r"参数 \1 后面要写一个值"),
    (r"argument (\S+): expected at least one argument", r"参数 \1 后面要写值"),
    (r"argument (\S+): invalid choice: (.+) \(choose from (.+)\)", r"参数 \1 不能是 \2，可选 \3"),
    (r"argument (\S+): invalid int value: (.+)", r"参数 \1 要写整数，不能是 \2"),
    (r"argument (\S+): (.+)", r"参数 \1：\2"),
)


def in_chinese(message: str) -> str:
    """A usage error of argparse in Chinese, where it is a known one."""
    for known, told in _ARGPARSE:
        if re.fullmatch(known, message):
            return re.sub(known, told, message)
    return message


class Spoken(BaseCommand):
    """Base of the platform's commands: `arguments` declares, `handle` does.

    `handle` raises `Fault`, `Refused`, or whatever `fault_of` knows; anything else is a defect and shows where.
    """

    requires_system_checks = ()
    _called_from_command_line = False
    suppressed_base_arguments = _HIDDEN

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Make Django's parser speak as `Parser` does, then declare the command's own arguments."""
        parser.__class__ = Parser
        # what people type, not the module that answers
        parser.prog = parser.prog.replace("import_ledger", "import")
        self.arguments(parser)

    def arguments(self, parser: ArgumentParser) -> None:
        """The command's own arguments."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run, and turn every expected exception into a fault; on the command line, say it and leave."""
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            fault = (
                error
                if isinstance(error, Fault)
                else Fault("refused", str(error), exit_code=error.returncode)
            )
        except Exception as error:
            found = fault_of(error)
            if found is None or options.get("traceback"):
                raise
            fault = found
        if not self._called_from_command_line:
            raise fault
        self.stderr.write(fault.told(as_json=bool(options.get("json"))))
        sys.exit(fault.returncode)

    def print_json(self, value: object) -> None:
        """The whole answer as one JSON document on one line."""
        self.stdout.write(json.dumps(value, ensure_ascii=False))

    def meter(self, **options: Any) -> Tell:
        """Progress on stderr where a person looks at a terminal; silence for machines and files."""
        stream: Any = self.stderr._out  # noqa: SLF001 - the wrapper would colour every line red
        return Meter(stream) if stream.isatty() and not options.get("json") else silent

    def say(self, text: str, **options: Any) -> None:
        """A word on progress, on stderr; nothing for a machine that asked for JSON."""
        if not options.get("json"):
            self.stderr.write(text)


class Meter:
    """One line on a terminal that counts up: `核对 3,200/10,000（32%）`."""

    STAGES: ClassVar = {READING: "读取", CHECKING: "核对", COMPARING: "比对", WRITING: "写入"}

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.shown = ("", -1)

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Write the line anew when its percentage has changed; end it with its stage."""
        percent = done * 100 // total if total else 0
        if (stage, percent) == self.shown:
            return
        self.shown = (stage, percent)
        told = f"{done:,}/{total:,}（{percent}%）" if total else "…"
        self.stream.write(
            f"\r{self.STAGES.get(stage, stage)} {told}\033[K" + ("\n" if total and done >= total else "")
        )
        self.stream.flush()


def fault_of(error: BaseException) -> Fault | None:
    """The fault behind an exception somebody can do something about; None for a defect of the program."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, Refused):
        first = error.refusals[0]
        told = "；".join(each.told() for each in error.refusals)
        remedy = "；".join(filter(None, (first.remedied(), first.settled_by())))
        return Fault(first.code, told, remedy, exit_code=REFUSED)
    if isinstance(error, RulebookError):
        listed = "\n".join(f"  {each}" for each in error.problems)
        return Fault(
            "rulebook_unsound",
            f"规则库有 {len(error.problems)} 处错误：\n{listed}",
            "zhibu rulebook check",
            exit_code=BAD_DATA,
        )
    if isinstance(error, EngineError):
        return Fault("engine", str(error), "去掉 --engine，在本机数据库上计算", exit_code=NOT_READY)
    return _fault_of_machine(error)


def _lacks_table(error: Exception) -> bool:
    """Whether the database lacks a table or a column: it is empty, or of another version."""
    state = getattr(error.__cause__, "sqlstate", "")
    return state in {"42P01", "42703"} or "no such table" in str(error) or "no such column" in str(error)


def _fault_of_machine(error: BaseException) -> Fault | None:
    text = " ".join(str(error).split())
    if isinstance(error, ProgrammingError | OperationalError) and _lacks_table(error):
        return Fault(
            "not_migrated", f"数据库还没有建表，或版本不符（{text}）", "zhibu migrate", exit_code=NOT_READY
        )
    # of itself and not of a kind beneath: pages that SQLite cannot read, already on opening the file
    if type(error) is DatabaseError and type(error.__cause__) is sqlite3.DatabaseError:
        return Fault(
            "database_unsound", f"数据库不完好：{text}", "恢复最近一份完好的备份", exit_code=BAD_DATA
        )
    if isinstance(error, OperationalError):
        return Fault(
            "database",
            f"数据库不可用：{text}",
            "检查 ZHIBU_HOME、ZHIBU_DATABASE_URL 和数据库服务",
            exit_code=NOT_READY,
        )
    if isinstance(error, FileNotFoundError):
        return Fault("file_missing", f"没有这个文件或目录：{error.filename}", "核对路径", exit_code=NOT_FOUND)
    if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
        return Fault(
            "machine",
            f"{error.strerror or text}：{error.filename or ''}",
            "检查磁盘空间和权限",
            exit_code=NOT_READY,
        )
    return None


def table(head: Sequence[str], rows: Iterable[Sequence[object]], *, right: Iterable[int] = ()) -> str:
    """Columns side by side; a Chinese character is two wide. `right` names the columns set to the right."""
    lines = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(width(line[place]) for line in lines) for place in range(len(head))]
    numbers = set(right)
    return "\n".join(
        "  ".join(_set(cell, widths[i], to_right=i in numbers) for i, cell in enumerate(line)).rstrip()
        for line in lines
    )


def _set(cell: str, wide: int, *, to_right: bool) -> str:
    blanks = " " * (wide - width(cell))
    return blanks + cell if to_right else cell + blanks


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def add_json(parser: ArgumentParser) -> None:
    """The argument every command with an answer has."""
    parser.add_argument(
        "--json", action="store_true", help="以 JSON 输出结果（一行，stdout）；错误也以 JSON 写到 stderr"
    )
