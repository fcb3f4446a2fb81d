"""What is written about the program is true as far as reading can tell: settings, commands, rooms, links, features."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "zhibu"
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
HANDBOOK = DOCS / "handbook" / "zh"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
MOST_BYTES = 4_000_000


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors a forge makes of the headings of a page."""
    headings = re.findall(
        r"^#+\s+(.+)$", re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def own_commands() -> set[str]:
    """Every command of our rooms; Django's own are not ours to explain, but for the one we changed."""
    return {name for name, app in get_commands().items() if str(app).startswith("zhibu.")}


def test_every_setting_is_explained():
    """A setting read from the environment is named in the page on operating."""
    settings = (PACKAGE / "project" / "settings.py").read_text("utf-8")
    read = set(re.findall(r"""env_\w+\(\s*["'](ZHIBU_\w+)""", settings))
    read |= set(re.findall(r"""environ(?:\.get\(|\[)\s*["'](ZHIBU_\w+)""", settings))
    explained = set(re.findall(r"`(ZHIBU_\w+)`", (DOCS / "operate" / "README.md").read_text("utf-8")))
    assert read, "no setting was found: has the way of reading them changed?"
    assert read - explained == set()


def test_every_command_is_explained():
    """A command of `zhibu` is named in the reference, with its words as they are typed."""
    text = (DOCS / "reference" / "commands.md").read_text("utf-8")
    spoken = {name.replace("_", " ").split(" ")[0] for name in own_commands()}
    assert {name for name in spoken if not re.search(rf"zhibu {re.escape(name)}\b", text)} == set()


def test_every_room_is_in_the_structure():
    """A room that exists has its line in the table of rooms."""
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    text = (DOCS / "architecture" / "structure.md").read_text("utf-8")
    assert {room for room in rooms if not re.search(rf"^\|[^|]*\| `{room}` \|", text, re.MULTILINE)} == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_and_pictures_exist(page):
    """A relative link leads to a file, and what follows # to a heading of it."""
    broken = []
    for target in LINK.findall(without_code(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor.lower() not in anchors(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_table_of_features_is_whole(name):
    """G1 to G14, each once, each saying how far it is, in both languages."""
    rows = re.findall(r"^\| (G\d+) [^|]+\| ([^|]+) \|", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    assert [group for group, _state in rows] == [f"G{number}" for number in range(1, 15)]
    assert {state.strip() for _group, state in rows} <= {"works", "partly", "not yet", "可用", "部分", "尚无"}


def test_both_tables_of_features_say_the_same():
    """What is ready in English is ready in Chinese."""
    same = {"可用": "works", "部分": "partly", "尚无": "not yet"}
    english, chinese = (
        re.findall(r"^\| G\d+ [^|]+\| ([^|]+) \|", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        for name in ("README.md", "README.zh-CN.md")
    )
    assert [same.get(state.strip(), state) for state in chinese] == [state.strip() for state in english]


def test_every_picture_is_made_by_the_script_and_shown():
    """No picture is made by hand, none lies about unused, and together they stay small."""
    pictures = {path.name for path in (HANDBOOK / "images").iterdir()}
    script = set(
        re.findall(r'Picture\("([\w-]+\.\w+)"', (ROOT / "tools" / "screenshots.py").read_text("utf-8"))
    )
    script |= set(
        re.findall(r'"(vote-[\w-]+\.jpg)"', (ROOT / "tools" / "vote_pictures.py").read_text("utf-8"))
    )
    shown = {Path(target).name for page in PAGES for target in LINK.findall(page.read_text("utf-8"))}
    assert pictures == script
    assert pictures - shown == set()
    assert sum(path.stat().st_size for path in (HANDBOOK / "images").iterdir()) < MOST_BYTES
