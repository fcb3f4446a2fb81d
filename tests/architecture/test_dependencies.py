"""What an installation needs is written once for people and once for machines; both must agree."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"


def names(lines: list[str]) -> set[str]:
    wanted = [line for line in lines if re.match(r"[A-Za-z0-9]", line)]
    return {re.split(r"[=<>;~ ]", line)[0].lower() for line in wanted}


def locked(file: str) -> dict[str, str]:
    text = (REQUIREMENTS / file).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", text, flags=re.MULTILINE))


def test_the_package_asks_for_what_the_lock_holds():
    """Rule: pyproject.toml and requirements/base.in name the same packages, large.in the same extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for file, asked in [
        ("base.in", project["dependencies"]),
        ("large.in", project["optional-dependencies"]["large"]),
    ]:
        assert names((REQUIREMENTS / file).read_text(encoding="utf-8").splitlines()) == names(asked)


def test_we_test_what_we_ship():
    """Rule: development runs on the very versions an installation gets."""
    base, dev = locked("base.txt"), locked("dev.txt")
    assert {name: version for name, version in base.items() if dev.get(name) != version} == {}


def test_htmx_stays_below_four():
    """Rule: htmx 4 answers differently; the step to it is a decision, not an update."""
    package = (ROOT / "package.json").read_text(encoding="utf-8")
    assert re.findall(r'"htmx.org": "(\d+)\.', package) == ["2"]
