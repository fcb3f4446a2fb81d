"""Makes the pictures of the handbook's chapter of votes: holds one vote on paper and one in secret, and looks on the way.

    .venv/bin/python -m tools.vote_pictures

As tools/screenshots.py: a demonstration of its own, the pictures in docs/handbook/zh/images. Takes about a minute.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from tools.screenshots import DESK, IMAGES, PHONE, QUALITY, SEED, TALLEST, chromium, served, signed_in, zhibu

BRANCHES = 6


class Hall:
    """The secretary at a desk, a member with a phone, and the camera."""

    def __init__(self, browser: Any, address: str, passwords: dict[str, str]) -> None:
        self.desk = signed_in(browser, address, "shuji", passwords, phone=False)
        self.phone = signed_in(browser, address, "dangyuan", passwords, phone=True)
        self.other = signed_in(browser, address, "shuji", passwords, phone=True)
        self.pk = 0

    def take(self, page: Any, name: str) -> None:
        """Keep what is seen, the whole page up to a height."""
        phone = name.endswith("-phone.jpg")
        size, tallest = (PHONE, TALLEST["phone"]) if phone else (DESK, TALLEST["desk"])
        page.wait_for_load_state("networkidle")
        wanted = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size(size | {"height": max(size["height"], min(wanted, tallest))})
        page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
        page.screenshot(path=IMAGES / name, type="jpeg", quality=QUALITY)
        page.set_viewport_size(size)
        self.took(page, name)

    def took(self, page: Any, name: str) -> None:
        """Say so."""
        print(f"{name:28} {(IMAGES / name).stat().st_size // 1024:4} KB  {page.title()}")

    def press(self, address: str) -> None:
        """Open a page of the vote and press its button."""
        self.desk.goto(f"/ballots/{self.pk}/{address}")
        self.desk.click("form[method=post] .btn-primary")
        self.desk.wait_for_load_state()

    def open(self, rule: str, title: str, *, names: int = 0, seats: int = 0) -> None:
        """Prepare a vote, and name who watches and counts: the secretary and the member count."""
        page = self.desk
        page.goto(f"/ballots/open/?rule={rule}&title={title}")
        if names:
            everyone = page.eval_on_selector_all(
                "input[name=names]", "all => all.map(each => each.dataset.name)"
            )
            for each in everyone[2 : 2 + names]:
                page.fill("#id_names", each)
                page.press("#id_names", "Enter")
            page.fill("#id_seats", str(seats))
            self.take(page, "vote-open.jpg")
        page.click("form[method=post] .btn-primary")
        page.wait_for_url(re.compile(r"/ballots/\d+/$"))
        self.pk = int(page.url.rstrip("/").rpartition("/")[2])
        mine = [self.name_of(each) for each in (self.desk, self.phone)]
        page.goto(f"/ballots/{self.pk}/officials/")
        everyone = page.eval_on_selector_all(
            "input[name=tellers]", "all => all.map(each => each.dataset.name)"
        )
        for field, people in (("scrutineers", [everyone[-1]]), ("tellers", mine)):
            for each in people:
                page.fill(f"#id_{field}", each)
                page.press(f"#id_{field}", "Enter")
        page.click("form[method=post] .btn-primary")
        page.wait_for_load_state()

    def name_of(self, page: Any) -> str:
        """Who is signed in."""
        page.goto("/accounts/me/")
        return str(page.locator(".zb-header-note").first.inner_text()).strip()

    def on_paper(self) -> None:
        """An election with printed papers, up to its result."""
        self.open("branch-election", "支部委员会换届选举", names=4, seats=3)
        self.press("start/")
        self.desk.goto(f"/ballots/{self.pk}/print/")
        self.take(self.desk, "vote-papers.jpg")
        self.press("present/")
        self.press("close/")
        self.desk.goto(f"/ballots/{self.pk}/")
        there = int(re.search(r"实到\s*(\d+)", self.desk.inner_text("main"))[1])  # type: ignore[index]
        sheet = {"issued": there, "returned": there, "void": 0}
        for place, no in enumerate((1, 0, 2, there - 2)):
            sheet |= {f"n{place}_yes": there - no, f"n{place}_no": no, f"n{place}_abstain": 0}
        tellers = self.desk.eval_on_selector_all(
            "a[href*='tally/?teller=']", "all => all.map(each => each.href)"
        )
        for place, each in enumerate(tellers):
            self.desk.goto(each)
            for field, value in sheet.items():
                self.desk.fill(f"#id_{field}", str(value))
            if place == 0:
                self.take(self.desk, "vote-tally.jpg")
            self.desk.click("form[method=post] .btn-primary")
            self.desk.wait_for_load_state()
        self.desk.goto(f"/ballots/{self.pk}/")
        self.take(self.desk, "vote-result.jpg")

    def in_secret(self) -> None:
        """An appraisal on phones, up to the count."""
        self.open("member-appraisal", "民主评议党员")
        for page in (self.phone, self.other):
            page.goto(f"/ballots/{self.pk}/teller/")
            page.click('[data-do="key"]')
            page.locator("[data-has-key]").wait_for(state="visible")
        self.press("start/")
        for page in (self.phone, self.other):
            page.goto(f"/ballots/{self.pk}/vote/")
            page.locator('[data-do="ticket"]').wait_for(state="visible")
        self.take(self.phone, "vote-ticket-phone.jpg")
        for page in (self.phone, self.other):
            page.click('[data-do="ticket"]')
            page.locator('[data-step="wait"]').wait_for(state="visible")
        self.press("casting/")
        for page in (self.phone, self.other):
            page.locator('[data-step="mark"]').wait_for(state="visible")
        self.take(self.phone, "vote-mark-phone.jpg")
        for page in (self.phone, self.other):
            while page.locator('[data-step="review"]').is_hidden():
                page.locator("fieldset:not([hidden]) input").first.check()
                page.click('[data-do="next"]')
        self.take(self.phone, "vote-review-phone.jpg")
        for page in (self.phone, self.other):
            page.click('[data-do="cast"]')
            page.locator('[data-step="done"]').wait_for(state="visible")
        self.take(self.phone, "vote-done-phone.jpg")
        self.desk.goto(f"/ballots/{self.pk}/screen/")
        self.take(self.desk, "vote-screen.jpg")
        self.press("close/")
        self.phone.goto(f"/ballots/{self.pk}/teller/")
        self.phone.click("[data-teller] summary")
        self.take(self.phone, "vote-teller-phone.jpg")


def main() -> None:
    """Build, serve, vote, take."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zhibu-pictures-") as home:
        zhibu("migrate", "-v0", home=Path(home))
        told = json.loads(
            zhibu("demo", "--branches", str(BRANCHES), "--seed", str(SEED), "--json", home=Path(home))
        )
        passwords = {row["username"]: row["password"] for row in told}
        with served(Path(home)) as address, chromium() as browser:
            hall = Hall(browser, address, passwords)
            hall.on_paper()
            hall.in_secret()


if __name__ == "__main__":
    main()
