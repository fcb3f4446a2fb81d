"""Papers to be printed, and the official tally sheet."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from zhibu.ballots import queries, sheets, showing
from zhibu.ballots.models import BallotState, Way
from zhibu.ui.document import document_response
from zhibu.ui.doors import door


@door("ballots.view")
def print_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Paper ballots, as many as there are voters; names in stroke order of surnames."""
    found = queries.ballot_for(request.actor, pk, "ballots.start")
    if found.way != Way.PAPER:
        raise Http404(pk)
    row = queries.row_of(found)
    context = {
        "ballot": found,
        "copies": range(queries.numbers(found).expected),
        "names": queries.names(found),
        "options": [label for _letter, word, label in showing.options(found) if word],
        "others": range(found.seats)
        if row.election and row.election.write_ins and found.round != "revote"
        else (),
        "kind": queries.kind_of(found).value,
    }
    return render(request, "ballots/print_papers.html", context)


@door("ballots.view")
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The tally sheet and report of the result as a Word document."""
    found = queries.ballot_for(request.actor, pk)
    if found.state != BallotState.COUNTED:
        raise Http404(pk)
    return document_response(f"{found.title}-计票结果.docx", sheets.result(found).bytes())
