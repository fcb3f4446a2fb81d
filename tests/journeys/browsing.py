"""People at work on cases in Chromium: what `Work` sends over HTTP is typed, ticked and clicked here.

Whoever is on the phone has a page of that width; the clock and the database are the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.urls import reverse

from tests.journeys.casework import Work
from zhibu.notices.models import Board, Notice
from zhibu.procedures.models import Case

SIDEWAYS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@dataclass
class Browsing(Work):
    """Work in a browser. `open_page` makes a page of a width; `wide` and `narrow` are those of each person."""

    address_of_server: str = ""
    open_page: Any = None
    folder: Path = Path()
    small: bool = False
    pages: dict[tuple[str, bool], Any] = field(default_factory=dict)
    saw: list[str] = field(default_factory=list)

    def eyes(self, who: str) -> Any:
        """The page of a person, on a desk or on the phone."""
        key = (who, self.small)
        if key not in self.pages:
            page = self.open_page(small=self.small)
            if who:
                cookie = self.client(who).cookies["zhibu_session"].value
                page.context.add_cookies(
                    [{"name": "zhibu_session", "value": cookie, "url": self.address_of_server}]
                )
            self.pages[key] = page
        return self.pages[key]

    def look(self, who: str, address: str) -> Any:
        """Go there; nothing runs over the side of the screen."""
        page = self.eyes(who)
        page.goto(address)
        assert page.evaluate(SIDEWAYS), (address, self.small)
        return page

    # ------------------------------------------------------------------------------------ what is entered
    def _enter(self, page: Any, values: dict[str, Any]) -> None:
        for name, value in values.items():
            picker = page.locator(f"#id_{name}_field [data-people]")
            if picker.count():
                self._pick(picker, value if isinstance(value, list) else [value])
                continue
            box = page.locator(f"main form [name={name}]:not([type=hidden])")
            kind = box.first.evaluate("box => box.type") if box.count() else "hidden"
            if kind == "radio":
                page.locator(f'main form [name={name}][value="{value}"]').check()
            elif kind == "checkbox":
                box.set_checked(bool(value))
            elif kind == "select-one":
                box.select_option(str(value))
            elif kind != "hidden":
                box.fill(str(value))

    def _pick(self, picker: Any, people: Iterable[int]) -> None:
        """By the name typed, as one would."""
        for each in people:
            name = picker.locator(f'input[data-name][value="{each}"]').get_attribute("data-name")
            picker.locator(".zb-people-input").fill(name)
            picker.locator(".zb-people-input").press("Enter")

    def _send(self, page: Any) -> None:
        page.locator("main form .btn-primary").last.click()
        page.wait_for_load_state()

    # ------------------------------------------------------------------------------------ as `Work` has it
    def open(self, who: str, procedure: str, day: str, **values: Any) -> Case:
        self.on(day)
        page = self.look(who, reverse("procedures:open_case", args=[procedure]))
        self._enter(page, {"opened_on": day} | values)
        self._send(page)
        page.get_by_text("已立项").wait_for()
        return Case.objects.get(pk=page.url.rstrip("/").rsplit("/", 1)[-1])

    def step(self, who: str, case: Case, name: str, day: str, **values: Any) -> None:
        self.on(day)
        page = self.look(who, self.address(who, case, name))
        self._enter(page, {"on": day} | values)
        self._send(page)
        told = page.locator("main, .zb-messages", has_text="已登记“").or_(
            page.locator(".zb-refusal, .zb-field-error")
        )
        told.first.wait_for()
        assert "已登记“" in page.content(), (name, day, told.first.inner_text())

    def refused(self, who: str, case: Case, name: str, day: str, **values: Any) -> str:
        self.on(day)
        before = case.steps.count()
        page = self.look(who, self.address(who, case, name))
        self._enter(page, {"on": day} | values)
        self._send(page)
        panel = page.locator(".zb-refusal")
        panel.wait_for()
        assert page.evaluate(SIDEWAYS)
        assert case.steps.count() == before
        self.saw.append(panel.inner_text())
        return str(panel.inner_text())

    def file(self, who: str, case: Case, *papers: str) -> None:
        for paper in papers:
            page = self.look(who, reverse("procedures:attach_paper", args=[case.pk]))
            scan = self.folder / f"{paper}.pdf"
            scan.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
            page.locator("[name=file]").set_input_files(scan)
            self._enter(page, {"paper": paper, "note": "原件存党支部档案柜"})
            self._send(page)
            page.wait_for_url(f"**{reverse('procedures:case', args=[case.pk])}")

    def publish(self, who: str, case: Case, step: str, day: str) -> int:
        self.on(day)
        page = self.look(who, reverse("procedures:publish", args=[case.pk, step]))
        self._enter(page, {"opens_on": day})
        self._send(page)
        page.get_by_text("公示已张贴到").wait_for()
        notice = Notice.objects.select_related("organisation").latest("pk")
        self.seen_by_everyone(notice)
        return notice.pk

    def seen_by_everyone(self, notice: Notice) -> None:
        """On the screen of somebody who is not signed in: it hangs on the board, with the way to object."""
        board = Board.objects.get(organisation=notice.organisation)
        page = self.look("", reverse("board:board", args=[board.address]))
        page.get_by_role("link", name=notice.title).click()
        page.get_by_role("heading", name=notice.title).wait_for()
        assert page.evaluate(SIDEWAYS)
        self.saw.append(page.locator("main").inner_text())

    def result(self, who: str, notice: int, day: str) -> None:
        self.on(day)
        page = self.look(who, reverse("notices:record_result", args=[notice]))
        self._enter(page, {"result": "公示期满，无异议。", "objections": 0})
        self._send(page)
        page.wait_for_url(f"**{reverse('notices:notice', args=[notice])}")
