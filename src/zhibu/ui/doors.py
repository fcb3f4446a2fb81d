"""Doors: who may enter a view, and what becomes of a refusal, a conflict and a second click.

Every address of the platform has a door; a test fails for one without. A door answers the questions
that are the same everywhere, so that a view is left with: form, one act, redirect.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import reduce, wraps
from operator import or_
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import MultipleObjectsReturned
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from zhibu.core.authority import Actor, reaches
from zhibu.core.refusal import Refusal, Refused

View = Callable[..., HttpResponseBase]
Rows = TypeVar("Rows", bound=QuerySet[Any])

SUBMISSION = "zb_token"
REFUSED = 409
PANEL = "#zb-refusals"
# the largest key a row can have; a database breaks when it is asked for a larger one
LARGEST_KEY = 2**63 - 1


class Held(Protocol):
    """A form being answered.

    `before` is the address the first submission was answered with, if this is a second one; `url` is set once it was
    acted on.
    """

    before: str | None
    url: str


class Submissions(Protocol):
    """Where the answers to forms already sent are remembered. The room `record` gives it."""

    def hold(self, token: str, user: int) -> AbstractContextManager[Held]:
        """Answer a form within one transaction that owns its token; a second submission waits for the first."""


#: Set by the AppConfig of the room `accounts`; without it a form may be sent twice.
submissions: Submissions | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of which two people have different versions."""

    label: str
    theirs: str
    mine: str


class Stale(Exception):
    """What is being saved was changed by someone else since the page was opened.

    `rows` holds (label, what is stored now, what this person wrote); `back` is the page to go on from.
    """

    def __init__(self, rows: Sequence[tuple[str, Any, Any]], back: str = "", who: str = "") -> None:
        super().__init__("stale")
        self.rows = tuple(Difference(label, str(theirs), str(mine)) for label, theirs, mine in rows)
        self.back = back
        self.who = who


def door(verb: str, *, once: bool = False) -> Callable[[View], View]:
    """Let in whoever holds `verb` anywhere; the objects themselves come through the room's queries.

    Nobody signed in: to the sign-in page. No mandate with the verb: 404, as for a page that does not
    exist. `once`: a second submission of the same form gets the answer of the first.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                return _to_sign_in(request)
            if not holds(actor, verb):
                raise Http404(verb)
            if once and request.method == "POST":
                return _once(view, request, actor, args, kwargs)
            return _answered(view, request, args, kwargs)

        entered.verb = verb  # type: ignore[attr-defined]
        entered.once = once  # type: ignore[attr-defined]
        return entered

    return decorate


def signed_in(view: View) -> View:
    """A door for one's own things (my account, the workbench): anyone signed in, nobody else."""

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "actor", None) is None:
            return _to_sign_in(request)
        return _answered(view, request, args, kwargs)

    entered.verb = "own"  # type: ignore[attr-defined]
    return entered


def public_door(reason: str) -> Callable[[View], View]:
    """A page without sign-in; `reason` says why that is right, and a test prints them all."""

    def decorate(view: View) -> View:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _answered(view, request, args, kwargs)

        entered.verb = None  # type: ignore[attr-defined]
        entered.public = reason  # type: ignore[attr-defined]
        return entered

    return decorate


def holds(actor: Actor, verb: str) -> bool:
    """Whether any mandate of the actor grants `verb`, wherever it reaches (also `self` alone)."""
    return bool(reaches(actor, verb))


def within(queryset: Rows, ranges: Sequence[tuple[str, str]], field: str = "organisation__path") -> Rows:
    """Rows whose organisation lies in one of the half-open path ranges; no range, no rows."""
    if not ranges:
        return queryset.none()
    spans = (Q(**{f"{field}__gte": low, f"{field}__lt": high}) for low, high in ranges)
    return queryset.filter(reduce(or_, spans))


def one(queryset: QuerySet[Any], **lookup: Any) -> Any:
    """The one object of an already scoped queryset, or 404: what one may not see does not exist."""
    try:
        return queryset.get(**lookup)
    except (queryset.model.DoesNotExist, MultipleObjectsReturned, ValueError) as error:
        raise Http404 from error


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if _is_htmx(request):
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = redirect_to_login(_page_of(request)).url
        return answer
    # a form cannot be sent again after signing in, so one returns to the page it was on
    return redirect_to_login(request.get_full_path() if request.method == "GET" else _page_of(request))


def _page_of(request: HttpRequest) -> str:
    """The address of the page a request came from, on this site; else the request's own path."""
    referer = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        parts = urlsplit(referer)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.path


def _once(view: View, request: HttpRequest, actor: Actor, args: Any, kwargs: Any) -> HttpResponseBase:
    token = request.POST.get(SUBMISSION, "")
    if not token or submissions is None:
        return _answered(view, request, args, kwargs)
    # asked first and remembered afterwards, ten clicks at once would all find nothing
    with submissions.hold(token, actor.user) as held:
        if held.before is not None:
            return _redirect(request, held.before)
        answer = _answered(view, request, args, kwargs)
        url = answer.headers.get("HX-Redirect") or answer.headers.get("Location")
        if url and answer.status_code < 400:
            held.url = url
    return answer


def _redirect(request: HttpRequest, url: str) -> HttpResponseBase:
    if _is_htmx(request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = url
        return answer
    return HttpResponseRedirect(resolve_url(url))


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def _answered(view: View, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponseBase:
    if any(isinstance(each, int) and each > LARGEST_KEY for each in kwargs.values()):
        raise Http404
    try:
        return view(request, *args, **kwargs)
    except Refused as refused:
        return _refusal(view, request, tuple(refused.refusals), args, kwargs)
    except Stale as stale:
        return render(request, "ui/conflict.html", {"stale": stale}, status=REFUSED)


def _refusal(
    view: View, request: HttpRequest, refusals: tuple[Refusal, ...], args: Any, kwargs: Any
) -> HttpResponseBase:
    """Say what is not possible, on the page the person is on, with everything they typed kept."""
    request.refusals = refusals  # type: ignore[attr-defined]
    if _is_htmx(request):
        answer = render(request, "ui/_refusal.html", {"refusals": refusals}, status=REFUSED)
        answer["HX-Retarget"] = PANEL
        answer["HX-Reswap"] = "innerHTML show:top"
        return answer
    again = _page_again(view, request, args, kwargs) if request.method == "POST" else None
    if again is not None:
        return again
    back = _page_of(request)
    if request.method == "GET" and urlsplit(back).path == request.path:
        # the page itself was refused, and would be again
        back = "/"
    return render(request, "ui/refused.html", {"refusals": refusals, "back": back}, status=REFUSED)


def _page_again(view: View, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponseBase | None:
    """The view's own page, asked for as by GET, its form still bound to request.POST; None if it has none."""
    method, request.method = request.method, "GET"
    try:
        answer = view(request, *args, **kwargs)
    except (Refused, Stale, Http404):
        return None
    finally:
        request.method = method
    if answer.status_code != 200:
        return None
    answer.status_code = REFUSED
    return answer
