"""A small township at work on its cases: people sign in, the clock is set, steps are entered as the pages send them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.people import person, township
from zhibu.accounts.models import User
from zhibu.procedures.models import Case
from zhibu.register.models import Person, Post

BACKEND = "zhibu.accounts.backends.PhoneOrName"
SINCE = date(2020, 1, 1)
PEOPLE = ("li", "wang", "zhao")


def refusals(page: str) -> list[str]:
    """What a page says is wrong, in the order it says it."""
    found = re.findall(
        r'class="(?:zb-refusal-message|invalid-feedback|errorlist)[^"]*"[^>]*>(.*?)</', page, re.DOTALL
    )
    return [re.sub(r"<[^>]+>|\s+", " ", unescape(each)).strip() for each in found]


@dataclass
class Work:
    """Who is signed in on which day, and what they do over HTTP."""

    town: Any
    settings: Any
    clients: dict[str, Client] = field(default_factory=dict)

    def on(self, day: str) -> None:
        """Set the clock."""
        self.settings.ZHIBU_TODAY = day

    def client(self, who: str) -> Client:
        """The session of a person of the town."""
        if who not in self.clients:
            user = User.objects.create_user(f"u-{who}", person=self.town.people[who])
            self.clients[who] = Client()
            self.clients[who].force_login(user, backend=BACKEND)
        return self.clients[who]

    def page(self, who: str, address: str) -> str:
        """What someone sees at an address."""
        answer = self.client(who).get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return str(answer.content.decode())

    def send(self, who: str, address: str, **values: Any) -> Any:
        """Send a form."""
        return self.client(who).post(address, values)

    def sent(self, who: str, address: str, **values: Any) -> Any:
        """Send a form that is taken."""
        answer = self.send(who, address, **values)
        assert answer.status_code == 302, (
            address,
            self.settings.ZHIBU_TODAY,
            answer.status_code,
            _told(answer),
        )
        return answer

    def open(self, who: str, procedure: str, day: str, **values: Any) -> Case:
        """Open a case over its form."""
        self.on(day)
        answer = self.sent(who, reverse("procedures:open_case", args=[procedure]), opened_on=day, **values)
        return Case.objects.get(pk=answer.url.rstrip("/").rsplit("/", 1)[-1])

    def step(self, who: str, case: Case, name: str, day: str, **values: Any) -> None:
        """Enter a step of the branch, or answer it from above, on its own day."""
        self.on(day)
        address = self.address(who, case, name)
        self.sent(who, address, **(self.offered(who, address) | {"on": day} | values))

    def refused(self, who: str, case: Case, name: str, day: str, **values: Any) -> str:
        """The page that says why a step cannot be taken."""
        self.on(day)
        before = case.steps.count()
        address = self.address(who, case, name)
        answer = self.send(who, address, **(self.offered(who, address) | {"on": day} | values))
        assert (answer.status_code, case.steps.count()) == (409, before), (name, day, _told(answer))
        return str(answer.content.decode())

    def offered(self, who: str, address: str) -> dict[str, Any]:
        """What the form of a page has filled in already."""
        form = self.client(who).get(address).context["form"]
        found = {name: form.get_initial_for_field(each, name) for name, each in form.fields.items()}
        return {name: value for name, value in found.items() if value not in (None, "")}

    def address(self, who: str, case: Case, name: str) -> str:
        """The officer answers; everybody else enters the steps of the branch."""
        return reverse(f"procedures:{'reply' if who == 'sun' else 'take_step'}", args=[case.pk, name])

    def file(self, who: str, case: Case, *papers: str) -> None:
        """File papers: the first as a scan, the others by where the original lies."""
        for number, paper in enumerate(papers):
            values: dict[str, Any] = {"paper": paper, "note": "原件存党支部档案柜"}
            if not number:
                scan = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
                values["file"] = SimpleUploadedFile(f"{paper}.pdf", scan, "application/pdf")
            self.sent(who, reverse("procedures:attach_paper", args=[case.pk]), **values)

    def publish(self, who: str, case: Case, step: str, day: str) -> int:
        """Put up the notice of a step; the number of the notice."""
        from zhibu.notices.models import Notice

        self.on(day)
        self.sent(who, reverse("procedures:publish", args=[case.pk, step]), opens_on=day)
        return Notice.objects.latest("pk").pk

    def result(self, who: str, notice: int, day: str) -> None:
        """Record how a notice ended."""
        self.on(day)
        self.sent(
            who, reverse("notices:record_result", args=[notice]), result="公示期满，无异议。", objections=0
        )


def _told(answer: Any) -> Any:
    page = answer.content.decode()
    main = page[page.find("<main") :]
    return re.sub(
        r"\s+", " ", re.sub(r"<(script|style|select)[^>]*>.*?</\1>|<[^>]+>", " ", main, flags=re.DOTALL)
    )[:1500]


def at_work(settings: Any, members: int = 9) -> Work:
    """A branch of twelve full members with its secretary, below a committee that may approve members."""
    town = township(members=members)
    town.committee.can_approve = 1
    town.committee.save()
    Post.objects.create(
        person=town.people["sun"], organisation=town.committee, kind="committee_officer", since=SINCE, known_at=1
    )  # fmt: skip
    return Work(town, settings)


def applicant(work: Work, name: str, since: date) -> Person:
    """Somebody the branch has entered as an applicant."""
    found = person(name, "sqr", work.town.mining, stage="applicant", since=since)
    found.born_on = date(1998, 3, 1)
    found.save()
    work.town.people["applicant"] = found
    return found


def ids(work: Work, *names: str) -> list[int]:
    """Numbers of people of the town."""
    return [work.town.people[each].pk for each in names]


def vote(expected: int, present: int, yes: int, **others: int) -> dict[str, int]:
    """The counts of a motion, as they are typed."""
    counts = {
        "expected": expected,
        "present": present,
        "issued": present,
        "returned": present,
        "yes": yes,
    } | others
    return {f"n_{name}": count for name, count in counts.items()}


def candidates(work: Work, votes: Iterable[tuple[str, int, int]]) -> str:
    """Lines of an election: name, for, against."""
    return "\n".join(f"{work.town.people[who].name} {yes} {no} 0" for who, yes, no in votes)


def table(work: Work, who: str, name: str, step: str) -> list[Any]:
    """The rows below the heads of a table of entries."""
    answer = work.client(who).get(f"/procedures/rules/{name}/{step}.xlsx")
    assert answer.status_code == 200
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    return rows[next(place for place, row in enumerate(rows) if row[0] == "党支部") + 1 :]
