"""Mutation testing of the arithmetic of dues and of its tables: how many small faults the tests notice.

    .venv/bin/python -m tools.mutate_levy [--jobs N] [--list] [--only TEXT]

Every mutant changes one thing in `core/levy/*.py` or `core/norms/dues.py` (a comparison, an operator, a number, a
condition, a returned value, a member of an enumeration) or one thing in `rulebook/dues/*.yaml` (a number, a choice, a
payer, a band) outside the examples. Each runs in a process of its own, in memory: no file is touched. It is killed when
the rulebook no longer loads or a test of `tests/core/test_levy.py` or `tests/rulebook/test_dues.py` fails. Exit code 1
when fewer than 95 % are killed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.machinery
import os
import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "zhibu"
CODE = [*sorted((SOURCE / "core" / "levy").glob("*.py")), SOURCE / "core" / "norms" / "dues.py"]
TABLES = sorted((SOURCE / "rulebook" / "dues").glob("*.yaml"))
TESTS = ("tests/core/test_levy.py", "tests/rulebook/test_dues.py")
WANTED = 95
LONGEST = 120

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}  # fmt: skip
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip
CHOICES = (
    ("monthly", "yearly"), ("total", "basic"), ("fen_half_up", "jiao_half_up"), ("fen_half_up", "jiao_down"),
    ("admission_month", "following_month"), ("superior", "branch"),
)  # fmt: skip
PAYERS = (
    "monthly_paid", "annual_paid", "self_employed", "retired", "farmer", "student", "unemployed", "relief",
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A file with one thing changed."""

    path: Path
    line: int
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.what}"


# -------------------------------------------------------------------------------------------- making them
def of_code(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for number, node in enumerate(ast.walk(tree)):
        for what, change in _changes(node):
            other = copy.deepcopy(tree)
            twin = list(ast.walk(other))[number]
            change(twin)
            yield Mutant(
                path, getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(other))
            )


def _changes(node: ast.AST) -> Iterator[tuple[str, object]]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in COMPARED[type(operator)]:
                yield f"{type(operator).__name__} -> {other.__name__}", _setter("ops", place, other)
    elif isinstance(node, ast.BinOp) and type(node.op) in COUNTED:
        other_op = COUNTED[type(node.op)]
        yield f"{type(node.op).__name__} -> {other_op.__name__}", _attribute("op", other_op)
    elif isinstance(node, ast.BoolOp):
        other_bool = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} -> {other_bool.__name__}", _attribute("op", other_bool)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        for step in (1, -1):
            yield f"{node.value} -> {node.value + step}", _value(node.value + step)
    else:
        yield from _turns(node)


def _turns(node: ast.AST) -> Iterator[tuple[str, object]]:
    if isinstance(node, ast.If | ast.IfExp):
        for truth in (True, False):
            yield f"if -> {truth}", _test(truth)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return None", _returns_none
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not -> nothing", _unnot
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("min", "max"):
        yield f"{node.func.id} -> the other", _other_extreme


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _setter(name: str, place: int, kind: type[ast.cmpop]) -> object:
    return lambda twin: getattr(twin, name).__setitem__(place, kind())


def _attribute(name: str, kind: type[ast.AST]) -> object:
    return lambda twin: setattr(twin, name, kind())


def _value(number: int) -> object:
    return lambda twin: setattr(twin, "value", number)


def _test(truth: bool) -> object:  # noqa: FBT001 - the mutant's own value
    return lambda twin: setattr(twin, "test", ast.Constant(truth))


def _returns_none(twin: ast.Return) -> None:
    twin.value = ast.Constant(None)


def _unnot(twin: ast.UnaryOp) -> None:
    twin.op = ast.UAdd()
    twin.operand = ast.Call(ast.Name("bool", ast.Load()), [twin.operand], [])


def _other_extreme(twin: ast.Call) -> None:
    twin.func = ast.Name("max" if twin.func.id == "min" else "min", ast.Load())  # type: ignore[attr-defined]


def of_table(path: Path) -> Iterator[Mutant]:
    """Every mutant of a table, outside its examples, comments and titles."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.startswith("examples:"):
            return
        if line.startswith(("#", "title:", "sources:", "id:", "level:", "verified:")):
            continue
        for what, changed in _of_line(line):
            yield Mutant(path, number + 1, what, "".join([*lines[:number], changed, *lines[number + 1 :]]))


def _of_line(line: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer(r"(?<=: )\d+\b", line):
        value = int(found.group())
        for other in (value + 1, value - 1, value * 10):
            if other != value:
                yield f"{value} -> {other}", line[: found.start()] + str(other) + line[found.end() :]
    if day := re.match(r"  (\d{4})-04-01:", line):
        yield "a year later", line.replace(day.group(1), "2009", 1)
        yield "a month earlier", line.replace("-04-01", "-03-01", 1)
    if line.startswith("  2") and "{fixing" in line:
        for one, other_choice in CHOICES:
            if f": {one}" in line:
                yield f"{one} -> {other_choice}", line.replace(f": {one}", f": {other_choice}", 1)
    if line.startswith("payers:"):
        for each in PAYERS:
            if each in line:
                yield f"without {each}", re.sub(rf"{each},? ?", "", line).replace(", ]", "]")
    if line.lstrip().startswith("- {"):
        yield "without the band", ""


# -------------------------------------------------------------------------------------------- trying them
class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module its mutated text."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text

    def find_spec(
        self, name: str, path: object, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The module asked for, when it is ours."""
        if name != self.name:
            return None
        spec = importlib.machinery.ModuleSpec(name, self, is_package=name.endswith(".levy"))
        if name.endswith(".levy"):
            spec.submodule_search_locations = [str(SOURCE / "core" / "levy")]
        return spec

    def exec_module(self, module: object) -> None:
        """Run the mutated text."""
        exec(compile(self.text, self.name, "exec"), vars(module))  # noqa: S102 - that is the work


def module_of(path: Path) -> str:
    """The name a file is imported by."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def survives(mutant: Mutant | None) -> bool:
    """Whether the tests pass all the same; in a child, which is stopped when it takes too long."""
    child = os.fork()
    if child == 0:
        os._exit(_tried(mutant))
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.02)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return False


def _tried(mutant: Mutant | None) -> int:
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = os.devnull
    try:
        if mutant and mutant.path.suffix == ".py":
            sys.meta_path.insert(0, Finder(module_of(mutant.path), mutant.text))
        elif mutant:
            _give_table(mutant)
        import pytest  # noqa: PLC0415 - anew in every child

        options = [
            "-q",
            "-x",
            "-c",
            os.devnull,
            "--rootdir",
            str(ROOT),
            "--import-mode=importlib",
            "--noconftest",
        ]
        return int(pytest.main([*options, "-p", "no:cacheprovider", "-p", "no:django", *TESTS]))
    except BaseException:  # noqa: BLE001 - a mutant that breaks everything is killed
        return 1


def _give_table(mutant: Mutant) -> None:
    truly = Path.read_bytes
    Path.read_bytes = (  # type: ignore[method-assign]
        lambda self: mutant.text.encode() if self == mutant.path else truly(self)
    )


def main() -> int:
    """Make, try, and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="mutants whose place contains this text")
    parser.add_argument("--list", action="store_true", help="only list them")
    options = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    mutants = [each for path in CODE for each in of_code(path)] + [
        each for path in TABLES for each in of_table(path)
    ]
    mutants = [each for each in mutants if options.only in str(each)]
    if options.list:
        print(*mutants, f"{len(mutants)} mutants", sep="\n")
        return 0
    import hypothesis  # noqa: F401, PLC0415 - once, before the children
    import pytest  # noqa: F401, PLC0415

    if not survives(None):
        print("the tests fail without any mutant")
        return 2
    started = time.monotonic()
    with ThreadPoolExecutor(options.jobs) as pool:
        alive = [each for each, lives in zip(mutants, pool.map(survives, mutants), strict=True) if lives]
    killed = len(mutants) - len(alive)
    for kind in (".py", ".yaml"):
        count = sum(each.path.suffix == kind for each in mutants)
        print(f"{kind}: {count - sum(each.path.suffix == kind for each in alive)} of {count} killed")
    print(*(f"alive  {each}" for each in alive), sep="\n")
    print(
        f"{killed} of {len(mutants)} killed: {100 * killed / len(mutants):.1f} % in {time.monotonic() - started:.0f} s"
    )
    return 0 if killed * 100 >= WANTED * len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
