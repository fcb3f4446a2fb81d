"""The pages of voters, tellers and the meeting room."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.ballots import actions, box, forms, policies, public, queries, showing
from zhibu.ballots.middleware import is_safe
from zhibu.ballots.models import Ballot, BallotState, Way
from zhibu.core.refusal import Refused
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door, public_door

Answer = Callable[[dict[str, Any]], dict[str, Any]]


@door("ballots.take_ticket")
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """The voter's page: take a ticket, mark, look over, cast."""
    found = queries.ballot_for(request.actor, pk)
    voter = policies.voter_of(request.actor, found)
    if voter is None or found.way not in {Way.SECRET, Way.NAMED}:
        raise Http404(pk)
    context = {
        "voter": voter,
        "has_ticket": bool(voter.ticket),
        "voted": bool(voter.named_choice),
        "slip": False,
    }
    return _vote_page(request, found, context)


@door("ballots.cast_named", once=True)
def cast_named(request: HttpRequest, pk: int) -> HttpResponse:
    """Cast a vote by name."""
    found = queries.ballot_for(request.actor, pk)
    if request.method != "POST":
        return redirect("ballots:vote", pk)
    words = {letter: word for letter, word, _label in showing.options(found)}
    given = [request.POST.get(f"m{place}", "b") for place, _name in enumerate(queries.names(found))]
    choices = {name: words.get(letter, "") for name, letter in zip(queries.names(found), given, strict=True)}
    choices = {name: word for name, word in choices.items() if word}
    actions.cast_named(request.actor, ballot=found, choices=choices, now=clock.now(request))
    messages.success(request, _("您的票已记名登记"))
    return redirect("ballots:vote", pk)


@door("ballots.take_ticket")
@require_POST
def take_ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the blind signature the browser asked for."""
    line = queries.line_of(request.actor, pk)
    if line is None:
        queries.ballot_for(request.actor, pk)

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        blinded = bytes.fromhex(str(asked.get("blinded", "")))
        given = actions.take_ticket(request.actor, line=line, blinded=blinded, now=clock.now(request))
        return {"signature": given.hex()}

    return _json(request, answer)


@public_door("who has a slip has no account")
def slip_vote(request: HttpRequest, code: str) -> HttpResponse:
    """The page of people who vote with the code of a slip."""
    found = queries.slip_ballot(code)
    return _vote_page(request, found, {"voter": None, "has_ticket": False, "voted": False, "slip": True})


@public_door("who has a slip has no account")
@require_POST
def take_slip_ticket(request: HttpRequest) -> HttpResponse:
    """Give the blind signature to whoever holds the code of a slip."""

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        blinded = bytes.fromhex(str(asked.get("blinded", "")))
        given = actions.take_slip_ticket(
            None, code=str(asked.get("slip", "")), blinded=blinded, now=clock.now(request)
        )
        return {"signature": given.hex()}

    return _json(request, answer)


@door("ballots.register_key")
def teller(request: HttpRequest, pk: int) -> HttpResponse:
    """The teller's page: make a key before, open and count after."""
    found, official = _teller(request, pk)
    place = [each.pk for each in queries.tellers(found)].index(official.pk)
    data = {
        "code": found.code,
        "place": place,
        "tellers": 2,
        "modulus": found.key_modulus,
        "key": official.key,
    }
    context = {"ballot": found, "official": official, "data": data, "outcome": queries.outcome_of(found)}
    return render(request, "ballots/teller.html", context)


@door("ballots.register_key")
@require_POST
def register_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the public key a teller's browser has made."""
    found, _official = _teller(request, pk)

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        actions.register_key(
            request.actor, ballot=found, key=str(asked.get("key", "")), now=clock.now(request)
        )
        return {"done": True}

    return _json(request, answer)


@door("ballots.register_key")
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """All sealed papers, sorted by tracker: for tellers, after the close."""
    found, _official = _teller(request, pk)
    if found.state not in {BallotState.CLOSED, BallotState.COUNTED} or not box.exists(found.code):
        raise Http404(pk)
    return JsonResponse({"papers": [base64.b64encode(each).decode() for each in box.papers(found.code)]})


@door("ballots.enter_tally", once=True)
def enter_tally(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a tally sheet."""
    found = queries.ballot_for(request.actor, pk)
    if request.content_type == "application/json":
        return _enter_opened(request, found)
    if not policies.counts(request.actor, found):
        raise Http404(pk)
    entering = _entering(request, found)
    labels = [(word, label) for _letter, word, label in showing.options(found) if word]
    form = forms.TallyForm(
        request.POST or None, kind=queries.kind_of(found), names=queries.names(found), grades=labels,
        papers=found.way == Way.PAPER,
    )  # fmt: skip
    if found.way == Way.NAMED or (request.method == "POST" and form.is_valid()):
        entry = {} if found.way == Way.NAMED else form.entry()
        actions.enter_tally(
            request.actor, ballot=found, entry=entry, official=entering, now=clock.now(request)
        )
        return redirect("ballots:ballot", pk)
    context = {"ballot": found, "form": form, "entering": entering, "tellers": queries.tellers(found)}
    return render(request, "ballots/enter_tally.html", context)


@door("ballots.view")
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """The big screen of the meeting room: turnout until the close, the result after the count."""
    found = queries.ballot_for(request.actor, pk)
    return render(request, "ballots/screen.html", {"ballot": found, **showing.page(request.actor, found)})


def _vote_page(request: HttpRequest, found: Ballot, context: dict[str, Any]) -> HttpResponse:
    expected = queries.numbers(found).expected
    context |= {
        "ballot": found,
        "paper": showing.paper(found),
        "options": showing.options(found),
        "names": list(enumerate(queries.names(found))),
        "kind": queries.kind_of(found).value,
        "fingerprint": showing.fingerprint(found),
        "every": showing.asks_every(expected),
        "few": expected < 2 * queries.least_answers(found.voted_on),
        "is_safe": is_safe(request),
        "turnout": public.turnout(found),
    }
    return render(request, "ballots/slip_vote.html" if context["slip"] else "ballots/vote.html", context)


def _teller(request: HttpRequest, pk: int) -> tuple[Ballot, Any]:
    found = queries.ballot_for(request.actor, pk)
    official = policies.duty_of(request.actor, found)
    if official is None or found.way != Way.SECRET:
        raise Http404(pk)
    return found, official


def _entering(request: HttpRequest, found: Ballot) -> Any:
    """The teller whose sheet is entered: oneself, or the one chosen by whoever runs the vote."""
    asked = number(request, "teller")
    if asked is not None:
        return found.officials.filter(pk=asked, duty="teller").first()
    return policies.duty_of(request.actor, found)


def _enter_opened(request: HttpRequest, found: Ballot) -> HttpResponse:
    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        by_file = bool(asked.pop("by_file", False))
        done = actions.enter_tally(
            request.actor, ballot=found, entry=asked, now=clock.now(request), by_file=by_file
        )
        return {"state": done.state}

    return _json(request, answer)


def _json(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Answer JSON with JSON; a refusal is said in its words."""
    try:
        asked = json.loads(request.body)
        return JsonResponse(answer(asked if isinstance(asked, dict) else {}))
    except Refused as refused:
        first = refused.refusals[0]
        told = {"code": first.code, "message": first.told(), "remedy": first.remedied()}
        return JsonResponse(told, status=409)
    except ValueError:
        return JsonResponse({"code": "unreadable", "message": _("请求读不懂"), "remedy": ""}, status=400)
