"""The words people type, the modules that answer them, and what the command line says when it cannot."""

import os
import subprocess
import sys

import pytest
from django.core.management import get_commands, load_command_class

from zhibu.project.cli import EXIT_CODES, OVERVIEW, overview, spoken_to_module
from zhibu.project.spoken import in_chinese, table, width


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        (["zhibu"], ["zhibu"]),
        (["zhibu", "import", "roster.xlsx"], ["zhibu", "import_ledger", "roster.xlsx"]),
        (["zhibu", "help", "import"], ["zhibu", "help", "import_ledger"]),
        (["zhibu", "export", "import"], ["zhibu", "export", "import"]),
    ],
)
def test_import_is_a_word(typed, answered):
    assert spoken_to_module(typed) == answered


def run(*words, **environment):
    """The command as it is installed, in a process of its own."""
    given = {name: value for name, value in os.environ.items() if name != "ZHIBU_DATABASE_URL"} | environment
    command = [sys.executable, "-W", "ignore", "-m", "zhibu.project.cli", *words]
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


def test_alone_it_tells_what_there_is():
    done = run()
    assert (done.returncode, done.stdout, done.stderr) == (0, overview() + "\n", "")
    assert EXIT_CODES in done.stdout
    assert all(name in done.stdout for name, _what in OVERVIEW)
    assert run("help").stdout == run("--help").stdout == done.stdout


@pytest.mark.parametrize("name", sorted({name.split()[0] for name, _what in OVERVIEW}))
def test_every_command_named_has_help(name, capsys):
    _program, module = spoken_to_module(["zhibu", name])
    command = load_command_class(get_commands()[module], module)
    command.print_help("zhibu", module)
    told = capsys.readouterr().out
    assert f"zhibu {name}" in told
    assert "import_ledger" not in told


def test_its_version():
    assert run("--version").stdout.startswith("zhibu ")


def test_an_unknown_command(tmp_path):
    done = run("imprt", ZHIBU_HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "错误 [unknown_command] 没有“imprt”这个命令\n办法：是否想用 zhibu import？\n"


def test_settings_that_cannot_be_understood(tmp_path):
    done = run("assess", ZHIBU_HOME=str(tmp_path), ZHIBU_HTTPS="perhaps")
    assert done.returncode == 6
    assert "错误 [settings] 设置有误：ZHIBU_HTTPS='perhaps' is neither yes nor no" in done.stderr


def test_no_database_yet(tmp_path):
    done = run("assess", "--organisation", "1", "--quarter", "2026Q1", ZHIBU_HOME=str(tmp_path))
    assert done.returncode == 6
    assert done.stderr.startswith("错误 [not_migrated] ")
    assert done.stderr.endswith("办法：zhibu migrate\n")


def test_a_database_that_does_not_answer(tmp_path):
    url = "postgresql://nobody@127.0.0.1:1/none"
    for words in (("assess", "--organisation", "1", "--quarter", "2026Q1"), ("migrate",)):
        done = run(*words, ZHIBU_HOME=str(tmp_path), ZHIBU_DATABASE_URL=url)
        assert (done.returncode, done.stdout) == (6, ""), done.stderr
        assert "错误 [database] 数据库不可用：" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_reader_who_has_enough(tmp_path):
    environment = {**os.environ, "ZHIBU_HOME": str(tmp_path)}
    environment.pop("ZHIBU_DATABASE_URL", None)
    command = f"{sys.executable} -W ignore -m zhibu.project.cli rulebook check --json | true"
    done = subprocess.run(command, shell=True, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_defect_shows_where_and_leaves_with_one(monkeypatch, capsys):
    from zhibu.project import cli

    def broken(self):
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(cli.Utility, "execute", broken)
    monkeypatch.setattr(sys, "argv", ["zhibu", "check"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    told = capsys.readouterr().err
    assert left.value.code == 1
    assert "ZeroDivisionError: by nothing" in told
    assert told.endswith(
        "错误 [internal] 程序内部错误，以上是出错位置\n办法：请把命令和以上内容报告给开发者\n"
    )


def test_tables_of_chinese_stand_straight():
    rows = [("党支部", "1"), ("E1", "22")]
    assert table(("名称", "数"), rows, right=(1,)) == "名称    数\n党支部   1\nE1      22"
    assert width("支部 Zhibu") == 10


def test_usage_errors_speak_chinese():
    assert in_chinese("the following arguments are required: FILE") == "缺少参数 FILE"
    assert in_chinese("argument --top: invalid int value: 'x'") == "参数 --top 要写整数，不能是 'x'"
    assert in_chinese("something else") == "something else"


def test_what_a_command_does_stands_in_one_column():
    """A Chinese character takes two columns, and the longest name keeps its blank."""
    lines = [line for line in overview().splitlines() if line.startswith("  ")]
    begins = [width(line[: -len(what)]) for line, (_name, what) in zip(lines, OVERVIEW, strict=True)]
    assert len(set(begins)) == 1
    assert all(line[: -len(what)].endswith("  ") for line, (_name, what) in zip(lines, OVERVIEW, strict=True))
