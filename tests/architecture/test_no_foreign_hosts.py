"""The repository names no host that packages come from, and no directory of anybody's machine.

Both would work on one desk only: packages come from the mirror of the reader's choice, and paths are
told by ZHIBU_HOME. The forbidden words are put together from pieces, so that this file is clean.
"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOT = r"\."
HOSTS = [
    f"pypi{DOT}org",
    f"pythonhosted{DOT}org",
    f"registry{DOT}npmjs{DOT}org",
    f"npmmirror{DOT}com",
    f"deb{DOT}debian{DOT}org",
    f"proxy{DOT}golang{DOT}org",
    "tuna" + DOT + "tsinghua",
    "mirrors" + DOT + r"\w+" + DOT,
    "artifact" + "ory",
]
HOME_OF_SOMEBODY = (
    r"(?<![\w.~$}/])/(?:ro" + r"ot|ho" + r"me|User" + r"s|wo" + r"rk|mnt|work" + r"space)/[\w.]"
)
OF_A_SHELL = r"/bas" + "h_jobs"
FORBIDDEN = re.compile("|".join([*HOSTS, HOME_OF_SOMEBODY, OF_A_SHELL]), re.IGNORECASE)
BINARY = {".png", ".jpg", ".ico", ".xlsx", ".docx", ".pdf", ".woff2", ".mo", ".parquet", ".zip", ".gz"}


def offences(text: str) -> list[str]:
    return [
        f"{number}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), 1)
        if FORBIDDEN.search(line)
    ]


def tracked_files() -> list[Path]:
    """What git keeps or would keep; in an unpacked archive without git, nothing to say."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = done.stdout.split("\0") if done.returncode == 0 else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_the_patterns_know_good_from_bad():
    good = [
        "docs/wo" + "rk/one.md",
        "$HOME/var",
        "/etc/zhibu",
        "/usr/bin/chromium",
        "from zhibu.work import x",
        "a/root/b",
    ]
    bad = ["https://py" + "pi.org/simple", "/ro" + "ot/.cache", "'/ho" + "me/li/var'", "=/wo" + "rk/main"]
    assert [line for line in good if offences(line)] == []
    assert [line for line in bad if not offences(line)] == []


def test_no_host_of_packages_and_no_path_of_a_machine():
    """Rule: any mirror serves, and any directory."""
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in tracked_files()
        if path.suffix not in BINARY
        and (lines := offences(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert found == {}
