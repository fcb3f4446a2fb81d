"""Walks every address of the platform as every role and looks for what should not be there.

A token outside the reader's part of the tree, outside what the reader's posts open, unescaped or taken for a formula;
a full identity or telephone number; a page without its protecting headers; an answer that tells that something exists.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.datastructures import MultiValueDict

from tests.journeys.planted import TODAY, TOKEN, Garden, Planted
from zhibu.accounts.queries import actor_for
from zhibu.core.authority import POSTS_ABOVE, STEP, Actor, may
from zhibu.register.models import Membership, Post

BACKEND = "zhibu.accounts.backends.PhoneOrName"

# what the number in an address is of: the beginning of the route says it, so that a new address of a known kind is
# walked by itself and one of a new kind fails
NUMBERS = {
    "record/<int:chain>": "zb_organisation", "record/files/<int:pk>": "zb_attachment",
    "register/organisation/<int:pk>": "zb_organisation", "register/post/<int:pk>": "zb_post",
    "register/member/<int:pk>": "zb_person", "register/import/<int:pk>": "zb_import_batch",
    "accounts/new/<int:person>": "zb_person", "accounts/<int:pk>": "zb_user", "dues/effect/<int:pk>": "zb_dues_effect",
    "dues/adjust/<int:person>": "zb_person", "dues/voucher/<int:pk>": "zb_dues_voucher",
    "dues/receipt/<int:pk>": "zb_dues_voucher", "dues/bases/<int:person>": "zb_person",
    "dues/reliefs/<int:pk>": "zb_dues_hardship", "dues/order/<int:pk>": "zb_dues_order",
    "dues/remittances/<int:pk>": "zb_dues_remittance",
    "ballots/<int:pk>": "zb_ballot", "notices/<int:pk>": "zb_notice", "undertakings/<int:pk>": "zb_undertaking",
    "undertakings/attachments/<int:pk>": "zb_attachment", "study/library/<int:pk>": "zb_material",
    "study/record/<int:pk>": "zb_study_record", "study/import/<int:pk>": "zb_import_batch",
    "study/attachments/<int:pk>": "zb_attachment", "study/plans/<int:pk>": "zb_study_plan",
    "study/plans/items/<int:pk>": "zb_study_plan_item", "study/tests/<int:pk>": "zb_self_test",
    "letters/<int:pk>": "zb_missive", "letters/bulletins/<int:pk>": "zb_bulletin", "letters/suggestions/<int:pk>": "zb_proposal", "notices/objection/<int:pk>": "zb_objection", "life/<int:pk>": "zb_session", "life/agenda/<int:pk>": "zb_agenda_item",
    "life/remarks/<int:pk>": "zb_remark", "life/plans/<int:pk>": "zb_plan", "life/plans/lines/<int:pk>": "zb_plan_item",
    "accounts/channels/<int:pk>": "zb_channel", "accounts/letters/<int:pk>": "zb_letter",
    "life/attachments/<int:pk>": "zb_attachment", "life/documents/<int:pk>": "zb_filed_document",
    "life/missed/<int:pk>": "zb_session", "life/joint/<int:pk>": "zb_session", "life/voices/<int:pk>": "zb_voice", "life/make-ups/<int:pk>": "zb_make_up",
    "life/exempt/<int:pk>": "zb_exemption", "life/away/<int:pk>": "zb_mobile_spell",
    "life/import/<int:pk>": "zb_import_batch", "assessment/committees/<int:committee>": "zb_organisation",
    "assessment/runs/<int:run>": "zb_run", "assessment/appeals/<int:appeal>": "zb_appeal",
    "assessment/rectifications/<int:rectification>": "zb_rectification",
    "assessment/branches/<int:branch>": "zb_organisation", "pledges/<int:pk>": "zb_undertaking", "pledges/zones/<int:pk>": "zb_zone", "pledges/year/<int:person>": "zb_person", "pledges/portrait/<int:person>": "zb_person",
    "pledges/zones/picture/<int:pk>": "zb_attachment", "procedures/<int:pk>": "zb_case",
    "integrity/checks/<int:pk>": "zb_undertaking",
    "premises/honours/<int:pk>": "zb_honour", "premises/photo/<int:pk>": "zb_attachment", "production/figures/<int:pk>": "zb_figures",
    "concerns/analyses/<int:pk>": "zb_analysis", "concerns/surveys/<int:pk>": "zb_survey",
    "production/campaigns/<int:pk>": "zb_campaign",
    "procedures/steps/<int:pk>": "zb_step", "procedures/papers/<int:pk>": "zb_case_paper",
}  # fmt: skip
# no board has this address: what stands on the real ones is for everyone, see tests/rooms/notices/test_board.py
WORDS = {
    "board": ("nowhere",),
    "token": ("nothing",),
    "notice": ("nothing",),
    "address": ("nothing",),
    "only": ("nothing",),
    "kind": ("question",),
    "code": ("T",),
    "voter": ("1",),
    "number": ("none",),
    "floor": ("1",),
    "name": ("local", "admission"),
    "person": ("1",),
    "quarter": ("2026Q2",),
    "standard": ("S12",),
    "year": ("2026",),
    "format": ("xlsx", "docx"),
    "step": ("talk",),
    "item": ("flag",),
}
PARAMETERS = ("organisation", "branch", "group", "person", "parent", "committee")

ANYWHERE = (
    "register.view", "life.view", "notices.view", "dues.view", "accounts.view", "record.view", "assessment.view",
    "ballots.view", "undertakings.view", "study.view", "letters.view", "register.import_roster", "register.create_organisation", "procedures.view",
    "premises.view", "production.view", "concerns.view",
)  # fmt: skip
NAMED = (
    "register.view",
    "life.view",
    "notices.view",
    "undertakings.view",
    "ballots.view",
    "accounts.view",
    "record.view",
    "procedures.view",
    "premises.view",
    "production.view",
    "concerns.view",
)
READ: dict[str, tuple[str, ...]] = {
    "zb_organisation": ANYWHERE,
    "zb_plan": ("life.view",), "zb_plan_item": ("life.view",), "zb_recurring_day": ("life.view",),
    "zb_shift": ("life.view",), "zb_invitation": ("life.convene",),
    "zb_channel": ("accounts.connect_channel",), "zb_letter": ("accounts.send_again",),
    "zb_placement": ("register.view",),
    "zb_person": ("register.view",),
    **dict.fromkeys(("zb_person.name", "zb_person.pinyin", "zb_person.initials"), NAMED),
    "zb_membership": ("register.view",), "zb_mobile_spell": ("register.view",), "zb_post": ("register.view",),
    "zb_user": ("accounts.view",), "zb_notice": ("notices.view",), "zb_notice_sheet": ("notices.view",),
    "zb_notice_posting": ("notices.view",), "zb_objection": ("notices.answer_objection",), "zb_session": ("life.view",),
    **dict.fromkeys(("zb_ballot", "zb_ballot_choice", "zb_ballot_voter", "zb_ballot_official"), ("ballots.view",)),
    "zb_attendance": ("life.view",), "zb_agenda_item": ("life.view",), "zb_correction": ("life.view",),
    **dict.fromkeys(("zb_decision", "zb_remark", "zb_arrival"), ("life.view",)),
    "zb_minutes_draft": (), "zb_talk": ("life.record_talk",), "zb_examination": ("life.view",),
    "zb_filed_document": ("life.view",), "zb_attachment": ("life.view", "study.view", "procedures.view"), "zb_result": ("assessment.view",),
    "zb_make_up": ("life.record_make_up",), "zb_exemption": ("life.exempt",), "zb_voice": ("life.answer_voice",),
    "zb_mobile_card": ("life.record_contact",), "zb_contact": ("life.record_contact",),
    "zb_review": ("assessment.view",), "zb_self_review": ("assessment.view",), "zb_appeal": ("assessment.view",),
    "zb_rectification": ("assessment.view",), "zb_import_batch": ("register.import_roster", "life.import_meetings", "study.import_results"),
    "zb_entry": ("record.view",),
    **dict.fromkeys(
        ("zb_material", "zb_material_tag", "zb_text", "zb_study_plan", "zb_study_plan_item", "zb_tutor_turn", "zb_self_test"),
        ("study.view",),
    ),
    "zb_study_record": ("study.record_training",), "zb_missive": ("letters.answer_letter",), "zb_proposal": ("letters.view",),
    "zb_bulletin": ("letters.write_bulletin", "letters.publish_bulletin"),
    "zb_zone": ("pledges.view",), "zb_mark": ("pledges.mark_branch", "pledges.oversee"),
    **dict.fromkeys(("zb_fixture", "zb_honour"), ("premises.view",)),
    **dict.fromkeys(("zb_figures", "zb_campaign"), ("production.view",)),
    "zb_survey": ("concerns.view",), "zb_analysis": ("concerns.view",),
    **dict.fromkeys(("zb_undertaking", "zb_undertaking_step"), ("undertakings.view",)),
    **dict.fromkeys(("zb_case", "zb_step", "zb_case_event", "zb_case_paper"), ("procedures.view",)),
}  # fmt: skip
# of these a superior's post learns that they are, not what they say
NEAR = {"zb_talk.promised"}
# where one chooses with whom to meet, the branches under the same superior are named
NEIGHBOURS = {"life:convene"}
# whoever sees one of these sees the thing; another verb of the room only says whether it may be changed
SEEN_BY = {"record/files/": "life.view", "accounts/": "accounts.view"}

# the acts that show a full number, each with a reason on record
UNMASKING = {"register.reveal", "register.export_roster"}
INLINE = re.compile(
    rb"<script(?![^>]*(?:\ssrc=|type=\"application/json\"))|<style|\sstyle=\"|\son[a-z]+=\"|javascript:",
    re.IGNORECASE,
)
NUMBER = re.compile(r"1301\d{13}[\dX]|1380\d{7}")
FORMULA = re.compile(r"<f[ >]")
UNESCAPED = re.compile(r"<b>q\d\d-")


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the resolver and the number or words it may be filled with: (url, table, key)."""

    name: str
    route: str
    verb: str
    url: str
    table: str = ""
    key: int = 0


@dataclass
class Walk:
    """What was found, and how many requests it took."""

    garden: Garden
    requests: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    tokens_seen: set[str] = field(default_factory=set)

    def found(self, what: str, who: str, address: Address, detail: object = "") -> None:
        self.findings[f"{what}: {who} {address.name} {detail}"] += 1


def routes(
    resolver: URLResolver | None = None, route: str = "", space: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """(name, route, view) of every address."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from routes(each, route + str(each.pattern), inner)
        elif isinstance(each, URLPattern):
            yield f"{space}{each.name}", route + str(each.pattern), each.callback


def addresses(garden: Garden, some: dict[str, list[int]] | None = None) -> list[Address]:
    """Every address with every row it may name, or some rows. Raises LookupError for one nobody knows how to fill."""
    keys = some or rows_of(garden)
    found = []
    for name, route, view in routes():
        verb = getattr(view, "verb", None) or ""
        places = list(re.finditer(r"<\w+:(\w+)>", route))
        number = next((place for place in places if route[: place.end()] in NUMBERS), None)
        known = {place[1] for place in places} - ({number[1]} if number else set())
        if known - set(WORDS):
            raise LookupError(
                f"{name}: the walker does not know what {known} of {route} is; see NUMBERS and WORDS"
            )
        table = NUMBERS[route[: number.end()]] if number else ""
        for key in keys.get(table, []) if number else [0]:
            first = route.replace(number[0], str(key), 1) if number else route
            found += [Address(name, route, verb, f"/{url}", table, key) for url in _worded(first)]
    return found


def rows_of(
    garden: Garden, each: int | None = None, owners: frozenset[str] | None = None
) -> dict[str, list[int]]:
    """The keys of every table; at most so many of each owner, and of some owners alone."""
    kept: Counter[tuple[str, str]] = Counter()
    keys: dict[str, list[int]] = {}
    for (table, key), path in garden.owners.items():
        kept[table, path] += 1
        if (each is None or kept[table, path] <= each) and (owners is None or path in owners):
            keys.setdefault(table, []).append(key)
    return keys


def _worded(route: str) -> list[str]:
    place = re.search(r"<\w+:(\w+)>", route)
    if place is None:
        return [route]
    return [each for word in WORDS[place[1]] for each in _worded(route.replace(place[0], word, 1))]


def contents(response: HttpResponse) -> str:
    """Everything an answer says: headers, text, and what is packed in an archive."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    parts = [str(response.headers), str(response.cookies), body.decode(errors="replace")]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts += [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    return "\n".join(parts)


@contextmanager
def reading() -> Iterator[set[str]]:
    """The names of parameters that pages look for while this is open; whoever goes through all of them looks for none."""
    names: set[str] = set()

    def spied(own: Any) -> Any:
        def spy(self: Any, key: str, *rest: Any, **more: Any) -> Any:
            names.add(key)
            return own(self, key, *rest, **more)

        return spy

    with pytest.MonkeyPatch.context() as patch:
        for method in ("__getitem__", "__contains__", "get", "getlist"):
            patch.setattr(MultiValueDict, method, spied(getattr(MultiValueDict, method)))
        yield names


class Walker:
    """One role walking."""

    def __init__(self, walk: Walk, who: str) -> None:
        self.walk, self.who = walk, who
        self.user = walk.garden.users.get(who)
        self.client = Client(raise_request_exception=False)
        self.actor: Actor | None = None
        self.homes: set[str] = set()
        self.cookies = self.client.cookies.copy()
        if self.user is not None:
            self.client.force_login(self.user, backend=BACKEND)
            # the first request of a session writes when it began; taken back each time, each would write it again
            self.client.get("/health/")
            self.actor = actor_for(self.user, TODAY)
            self.cookies = self.client.cookies.copy()
            for model in (Membership, Post):
                self.homes |= set(
                    model.objects.filter(person_id=self.user.person_id or 0).values_list(
                        "organisation__path", flat=True
                    )
                )

    def opens(self, told: Planted) -> bool:
        """Whether this role may read a token."""
        actor = self.actor
        if actor is None:
            return False
        if (told.person and told.person == actor.person) or told.user == actor.user:
            return True
        table = told.column.partition(".")[0]
        if table == "zb_organisation" and any(home.startswith(told.path) for home in self.homes):
            # where one belongs, and how the superiors of that place are called
            return True
        if told.column in NEAR:
            actor = Actor(
                actor.user, actor.person, "", tuple(m for m in actor.mandates if m.post not in POSTS_ABOVE)
            )
        verbs = READ[told.column] if told.column in READ else READ[table]
        return any(may(actor, verb, told.path) for verb in verbs)

    def _near(self, told: Planted, address: Address) -> bool:
        """Whether it is the name of a branch beside one's own, on a page that must name it."""
        beside = {home[:-STEP] for home in self.homes}
        return (
            told.column == "zb_organisation.name"
            and address.name in NEIGHBOURS
            and told.path[:-STEP] in beside
        )

    def must_not_exist(self, address: Address) -> bool:
        """Whether the row of an address lies where this role sees nothing of its room."""
        path = self.walk.garden.owners.get((address.table, address.key))
        if self.actor is None or not address.table or path is None:
            return False
        if address.table == "zb_run" and any(
            mandate.path.startswith(path) for mandate in self.actor.mandates
        ):
            return False
        room = address.route.partition("/")[0]
        seen = next(
            (verb for begin, verb in SEEN_BY.items() if address.route.startswith(begin)), f"{room}.view"
        )
        mine = address.table == "zb_person" and address.key == self.actor.person
        return not (
            mine or any(may(self.actor, verb, path) for verb in (seen, address.verb) if verb != "own")
        )

    def go(
        self, method: str, address: Address, query: str = "", data: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One request, looked through, and taken back."""
        with transaction.atomic():
            response = getattr(self.client, method)(
                address.url + query, *([data or {}] if method == "post" else [])
            )
            transaction.set_rollback(True)
        # whoever signed out or chose a language is back where they were, as the database is
        self.client.cookies = self.cookies.copy()
        self.walk.requests += 1
        self.walk.statuses[response.status_code] += 1
        self._judge(method, address, query, response)
        return response

    def _judge(self, method: str, address: Address, query: str, response: HttpResponse) -> None:
        status, note = response.status_code, f"{method} {query} {response.status_code}"
        if status >= 500:
            self.walk.found("broken", self.who, address, note)
        if not query and self.must_not_exist(address) and status not in (404, 405):
            self.walk.found("exists", self.who, address, note)
        if self.actor is None and address.verb and status not in (302, 404, 405):
            self.walk.found("open", self.who, address, note)
        text = contents(response)
        for number, rest in TOKEN.findall(text):
            token = f"q{number}-{rest}"
            told = self.walk.garden.tokens.get(token)
            if told is not None and not self.opens(told) and not self._near(told, address):
                self.walk.found("leak", self.who, address, f"{note} {told.column} of {told.path}")
            self.walk.tokens_seen.add(token)
        if NUMBER.search(text) and not (method == "post" and address.verb in UNMASKING):
            self.walk.found("number", self.who, address, f"{note} {NUMBER.findall(text)[:2]}")
        if "spreadsheetml" in response.headers.get("Content-Type", "") and FORMULA.search(text):
            self.walk.found("formula", self.who, address, note)
        self._protected(address, response, text, note)

    def _protected(self, address: Address, response: HttpResponse, text: str, note: str) -> None:
        headers, html = response.headers, response.headers.get("Content-Type", "").startswith("text/html")
        if html and (UNESCAPED.search(text) or INLINE.search(response.content)):
            self.walk.found("unescaped or inline", self.who, address, note)
        policy = headers.get("Content-Security-Policy", "")
        wanted = {
            "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer" if address.name in {"board:receipt", "screen:worker"} else "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }  # fmt: skip
        wrong = [name for name, value in wanted.items() if headers.get(name) != value]
        if wrong or "default-src 'none'" not in policy or "unsafe" in policy:
            self.walk.found("headers", self.who, address, f"{note} {wrong} {policy[:60]}")
        if self.actor is not None and "no-store" not in headers.get("Cache-Control", ""):
            self.walk.found("kept in caches", self.who, address, note)
