"""One's own calendar feed: the page to open it, and the feed itself behind its secret address."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.life import actions, queries
from zhibu.notices.throttle import Throttle
from zhibu.ui import clock
from zhibu.ui.doors import door, public_door

# whoever tries addresses is slowed down; a calendar program asks a few times an hour
TRIES = Throttle(30, 600)
READS = Throttle(60, 3600)
CONTENT_TYPE = "text/calendar; charset=utf-8"


@door("life.reply")
def feed(request: HttpRequest) -> HttpResponse:
    """Whether my feed is open, and what it gives away."""
    return render(request, "life/feed.html", {"feed": queries.feed_of(request.actor.person), "address": ""})


@door("life.open_feed")
@require_POST
def open_feed(request: HttpRequest) -> HttpResponse:
    """Open or renew my feed. The address is on this one page and nowhere else, so there is no redirect."""
    token = actions.open_feed(request.actor, now=clock.now(request))
    address = request.build_absolute_uri(reverse("life:feed_file", args=[token]))
    context = {"feed": queries.feed_of(request.actor.person), "address": address}
    answer = render(request, "life/feed.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@door("life.revoke_feed")
@require_POST
def revoke_feed(request: HttpRequest) -> HttpResponse:
    """Shut my feed."""
    actions.revoke_feed(request.actor, now=clock.now(request))
    messages.success(request, _("日历订阅已停用，原来的地址不再有效"))
    return redirect("life:feed")


@public_door(reason="日历软件不能登录：地址本身是秘密，只给出会议名称、时间、地点")
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """The feed of whoever holds this address."""
    now = clock.now(request)
    found = queries.feed_at(token, clock.today(request))
    if found is None:
        if not TRIES.allows(request, now):
            return HttpResponse(status=429)
        raise Http404
    if not READS.counts(found.digest.encode(), now):
        return HttpResponse(status=429, headers={"Retry-After": "3600"})
    answer = HttpResponse(queries.calendar_of(found, clock.today(request)), content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
