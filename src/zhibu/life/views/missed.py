"""What I missed: on one's own page, made up in two taps; and the branch's side of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.calendar import Quarter
from zhibu.life import actions, queries
from zhibu.life.forms import missed as forms
from zhibu.life.limits import limit
from zhibu.life.queries import missed as found
from zhibu.life.queries.visits import visits_in
from zhibu.life.views import reading
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door, holds, signed_in

QUARTERS = 4


@signed_in
def missed(request: HttpRequest) -> HttpResponse:
    """What I missed in the last twelve months, what I wrote, what was answered."""
    today, person = clock.today(request), request.actor.person
    rows = found.missed_by(person, today) if person else []
    context = {
        "rows": [row for row in rows if row.open or row.standing == "reported"],
        "done": [row for row in rows if not row.open and row.standing != "reported"][:30],
        "voices": found.voices_of(person) if person else [],
        "rule": limit("make_up_days", today),
        "keeps": holds(request.actor, "life.record_make_up"),
        "contacts": holds(request.actor, "life.record_contact"),
    }
    return render(request, "life/missed.html", context)


@signed_in
def missed_session(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting I was not at: what was decided, the minutes, the materials; ask, or say that I made it up."""
    today = clock.today(request)
    session, row = found.missed_session_for(request.actor, pk, today)
    context = {
        "session": session, "row": row, "agenda": queries.agenda_of(session),
        "attachments": queries.attachments("zb_session", session.pk),
        "followed": queries.followed(request.actor, session, today),
        "voices": found.voices_of(row.person, session.pk),
        "form": forms.OwnMakeUpForm(today=today), "ask": forms.AskForm(), "rule": limit("make_up_days", row.held_on),
        "may_open": found.may_open(request.actor, session),
    }  # fmt: skip
    return render(request, "life/missed_session.html", context)


@door("life.report_make_up", once=True)
@require_POST
def report_make_up(request: HttpRequest, pk: int) -> HttpResponse:
    """I made it up."""
    today = clock.today(request)
    session, _row = found.missed_session_for(request.actor, pk, today)
    form = forms.OwnMakeUpForm(request.POST, today=today)
    if form.is_valid():
        actions.report_make_up(request.actor, session=session, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已报给支部，确认后记为已补"))
    else:
        _tell(request, form)
    return redirect("life:missed")


@door("life.write_voice", once=True)
@require_POST
def write_voice(request: HttpRequest) -> HttpResponse:
    """Ask about a meeting or say what I think of it."""
    pk, form = number(request, "session"), forms.AskForm(request.POST)
    session, _row = found.missed_session_for(request.actor, pk or 0, clock.today(request))
    if form.is_valid():
        actions.write_voice(request.actor, session=session, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已送到支部，答复后显示在这里"))
    else:
        _tell(request, form)
    return redirect("life:missed_session", session.pk)


@door("life.record_make_up")
def absentees(request: HttpRequest) -> HttpResponse:
    """Who was not there this quarter and how far it is made up; what waits to be confirmed and answered."""
    today = clock.today(request)
    branch, _group = queries.place_for(
        request.actor, "life.record_make_up", number(request, "organisation"), None
    )
    quarter = reading.quarter(request) or Quarter.of(today)
    rows = found.missed_in(branch, today, quarter)
    context = {
        "branch": branch, "quarter": quarter, "counts": found.reached(branch, quarter, rows),
        "meetings": _by_meeting(rows), "reported": found.reported_in(branch), "voices": found.voices_to(branch),
        "exempt": visits_in(branch, today), "rule": limit("make_up_days", today),
        "quarters": [Quarter.from_key(Quarter.of(today).key - back) for back in range(QUARTERS)],
        "branches": queries.branches(request.actor, "life.record_make_up")[:50], "crumbs": [(branch.name, None)],
    }  # fmt: skip
    return render(request, "life/absentees.html", context)


def _by_meeting(rows: list[found.Missed]) -> list[dict[str, Any]]:
    """The rows by meeting, the newest first; those with something open before those without."""
    meetings: dict[int, dict[str, Any]] = {}
    for row in rows:
        each = meetings.setdefault(row.session, {"row": row, "people": [], "open": 0})
        each["people"].append(row)
        each["open"] += row.open
    return sorted(meetings.values(), key=lambda each: not each["open"])


@door("life.record_make_up", once=True)
def record_make_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Record for several at once that they made up for a meeting."""
    session, today = queries.session_for(request.actor, pk), clock.today(request)
    people = [
        (row.person, row.name, row.reason)
        for row in found.missed_of(session, today)
        if row.standing != "made_up"
    ]
    form = forms.MakeUpForm(
        request.POST or None, people=people, today=today, initial={"people": [each[0] for each in people]}
    )
    if request.method == "POST" and form.is_valid():
        made = actions.record_make_up(
            request.actor, session=session, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已登记 %(n)d 人补课") % {"n": len(made)})
        return redirect(f"{reverse('life:absentees')}?organisation={session.organisation_id}")
    note = f"{session.held_on} {session.title}"
    return _page(request, form, session.organisation, _("登记补课"), _("登记"), note=note)


@door("life.confirm_make_up", once=True)
@require_POST
def confirm_make_up(request: HttpRequest, pk: int) -> HttpResponse:
    """What a member said holds."""
    row = found.make_up_for(request.actor, pk)
    actions.confirm_make_up(request.actor, make_up=row, now=clock.now(request))
    messages.success(request, _("已确认"))
    return redirect(f"{reverse('life:absentees')}?organisation={row.organisation_id}")


@door("life.return_make_up", once=True)
def return_make_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Not yet, and why."""
    row = found.make_up_for(request.actor, pk)
    form = forms.ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.return_make_up(request.actor, make_up=row, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已退回，本人会看到原因"))
        return redirect(f"{reverse('life:absentees')}?organisation={row.organisation_id}")
    note = f"{row.person.name} · {row.session.title}"
    return _page(request, form, row.organisation, _("退回再补"), _("退回"), note=note)


@door("life.exempt", once=True)
def exempt(request: HttpRequest) -> HttpResponse:
    """Somebody need not come."""
    today = clock.today(request)
    branch, _group = queries.place_for(request.actor, "life.exempt", number(request, "organisation"), None)
    people = [each.choice for each in queries.roll(branch, "general_meeting", today)]
    form = forms.ExemptForm(request.POST or None, people=people, today=today)
    if request.method == "POST" and form.is_valid():
        actions.exempt(request.actor, organisation=branch, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已登记；会议内容请送学上门"))
        return redirect(f"{reverse('life:absentees')}?organisation={branch.pk}")
    return _page(request, form, branch, _("登记可不到会"), _("登记"), rule=("member-education-2019", "23"))


@door("life.record_visit", once=True)
def record_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Visited at home."""
    row = found.exemption_for(request.actor, pk, "life.record_visit")
    form = forms.VisitForm(request.POST or None, today=clock.today(request))
    if request.method == "POST" and form.is_valid():
        actions.record_visit(request.actor, exemption=row, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已记下"))
        return redirect(f"{reverse('life:absentees')}?organisation={row.organisation_id}")
    rule = ("member-education-2019", "23")
    return _page(request, form, row.organisation, _("记走访"), _("记下"), note=row.person.name, rule=rule)


@door("life.end_exemption", once=True)
def end_exemption(request: HttpRequest, pk: int) -> HttpResponse:
    """Expected again."""
    row = found.exemption_for(request.actor, pk)
    form = forms.EndForm(request.POST or None, today=clock.today(request))
    if request.method == "POST" and form.is_valid():
        actions.end_exemption(request.actor, exemption=row, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已结束"))
        return redirect(f"{reverse('life:absentees')}?organisation={row.organisation_id}")
    return _page(request, form, row.organisation, _("恢复到会"), _("结束"), note=row.person.name)


@door("life.answer_voice", once=True)
def answer_voice(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a member."""
    row = found.voice_for(request.actor, pk)
    form = forms.AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.answer_voice(request.actor, voice=row, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已答复"))
        return redirect(f"{reverse('life:absentees')}?organisation={row.organisation_id}")
    return _page(request, form, row.organisation, _("答复党员"), _("答复"), voice=row)


def _tell(request: HttpRequest, form: Any) -> None:
    messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))


def _page(request: HttpRequest, form: Any, branch: Any, title: str, button: str, **more: Any) -> HttpResponse:
    context = {
        "form": form, "title": title, "button": button, "crumbs": [(branch.name, None)],
        "back": more.pop("back", "") or f"{reverse('life:absentees')}?organisation={branch.pk}", **more,
    }  # fmt: skip
    return render(request, "life/away_form.html", context)
