"""A notice of meeting as the person told of it sees it, and the answer; and the answers as the branch sees them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.authority import may
from zhibu.life import actions, forms, policies, queries
from zhibu.life.models import Session
from zhibu.life.planned import Reply
from zhibu.life.queries import collecting
from zhibu.ui import clock
from zhibu.ui.doors import door


def told(request: HttpRequest, found: Session) -> dict[str, Any]:
    """What the page of a meeting shows of its notice: one's own answer, and for whoever convenes everyone's."""
    asking = found.state == "convened"
    foreseen = queries.foreseen(found) if asking else None
    convenes = policies.may_act_on(request.actor, "life.convene", found) is None
    own = queries.invitation_of(found, request.actor.person) if asking else None
    replies = queries.replies_of(found) if foreseen and convenes else []
    return {
        "foreseen": foreseen,
        "own": own,
        "exempt": own is not None and own.person_id in queries.exempt_from(found),
        "reasons": queries.REASONS,
        "collected": collecting.collected(request.actor, found),
        "replies": replies,
        "unreached": queries.unreached(replies),
        "joint": queries.joint_of(found) if foreseen and convenes else [],
        # after it was held nobody asks how the notice went out
        "letters": queries.letters_about(found)
        if convenes and found.state in {"convened", "cancelled"}
        else {},
        "sees_letters": may(request.actor, "accounts.send_again", found.organisation.path),
        "may_tell": bool(foreseen and queries.unanswered(found).exists())
        and policies.may_act_on(request.actor, "life.tell", found) is None,
    }


@door("life.reply")
def invitations(request: HttpRequest) -> HttpResponse:
    """What I was told of and is still to come."""
    rows = queries.own_invitations(request.actor.person, clock.today(request))
    asking = collecting.asking(request.actor.person, clock.today(request))
    context = {"invitations": rows, "reasons": queries.REASONS, "asking": asking}
    return render(request, "life/invitations.html", context)


@door("life.reply")
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice: when, where, what about, with which materials; a joint meeting of another branch, too."""
    found = queries.session_told(request.actor, pk)
    own = queries.invitation_of(found, request.actor.person)
    context = {
        "session": found,
        "own": own,
        "exempt": own is not None and own.person_id in queries.exempt_from(found),
        "agenda": queries.agenda_of(found) if found.state == "convened" else [],
        "attachments": queries.attachments("zb_session", found.pk) if found.state == "convened" else [],
        "reasons": queries.REASONS,
        "answers": Reply.choices,
        "asks": collecting.is_open(found)
        and collecting.belongs(request.actor.person, found, clock.today(request)),
    }
    return render(request, "life/notice.html", context)


@door("life.reply")
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer for oneself."""
    found = queries.session_told(request.actor, pk)
    form = forms.ReplyForm(request.POST)
    values = form.cleaned_data if form.is_valid() else {}
    answer, reason = values.get("answer", ""), values.get("reason", "")
    actions.reply(request.actor, session=found, answer=answer, reason=reason, now=clock.now(request))
    messages.success(request, _("已回复：%(answer)s") % {"answer": Reply(answer).label})
    back = {"workbench": "project:workbench", "invitations": "life:invitations"}.get(values.get("then", ""))
    return redirect(back) if back else redirect("life:notice", pk)
