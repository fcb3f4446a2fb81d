"""The doors shown at the side of a desk and at the foot of a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from typing import Any, TypeAlias

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhibu.core.authority import Actor, Mandate, Reach, reaches
from zhibu.ui import clock

PANEL_TARGET = "zb-panel-body"
NUMBERS = count(1)
Held: TypeAlias = frozenset[tuple[frozenset[str], Reach]]


@dataclass(frozen=True, slots=True)
class Way:
    """A door as it is written down: `verb` None = everyone signed in; `wide` = not for one's own data alone.

    Doors of one `area` stand behind one door for whoever has more than fit.
    """

    word: Any
    url_name: str
    icon: str
    verb: str | None
    wide: bool = True
    area: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A door as the page shows it; `inner` are the doors of its area while one is behind it, `named` = under one's name."""

    word: Any
    url: str
    icon: str
    here: bool
    inner: tuple[Shown, ...] = ()
    named: bool = False


AREAS = {
    "life": (_("组织生活"), "calendar-event"),
    "deliberation": (_("议事"), "route"),
    "masses": (_("群众"), "message-circle"),
    "unit": (_("阵地和生产"), "building-community"),
    "assessment": (_("考核"), "chart-bar"),
}
BEHIND_NAME = "system"
"""The area whose doors stand under one's own name when the side is full."""
WAYS = (
    Way(_("工作台"), "project:workbench", "layout-dashboard", None),
    Way(_("组织"), "register:tree", "sitemap", "register.view"),
    Way(_("党员"), "register:members", "users", "register.view"),
    Way(_("会议"), "life:sessions", "calendar-event", "life.view", wide=False, area="life"),
    Way(_("任务"), "undertakings:undertakings", "list-details", "undertakings.view", wide=False, area="life"),
    Way(_("承诺"), "pledges:pledges", "award", "pledges.view", wide=False, area="life"),
    Way(_("廉政"), "integrity:integrity", "shield-check", "integrity.view", wide=False, area="life"),
    Way(_("学习"), "study:study", "book", "study.view", wide=False, area="life"),
    Way(_("程序"), "procedures:cases", "route", "procedures.view", area="deliberation"),
    Way(
        pgettext_lazy("list of votes", "投票"),
        "ballots:ballots",
        "checkbox",
        "ballots.view",
        wide=False,
        area="deliberation",
    ),
    Way(_("党费"), "dues:months", "coin-yuan", "dues.view"),
    Way(_("公示"), "notices:notices", "speakerphone", "notices.view", wide=False, area="deliberation"),
    Way(_("来信"), "letters:letters", "mail", "letters.view", wide=False, area="masses"),
    Way(_("思想与关爱"), "concerns:quarter", "heart", "concerns.view", wide=False, area="masses"),
    Way(_("阵地"), "premises:inventory", "building-community", "premises.view", wide=False, area="unit"),
    Way(_("中心工作"), "production:quarter", "target", "production.view", wide=False, area="unit"),
    Way(_("考核"), "assessment:home", "chart-bar", "assessment.view", wide=False, area="assessment"),
    Way(_("标准"), "assessment:standards", "list-check", "assessment.view", wide=False, area="assessment"),
    Way(_("留痕"), "record:entries", "history", "record.view", area="system"),
    Way(_("账号"), "accounts:accounts", "key", "accounts.view", area="system"),
)
AT_MOST = 9
"""Doors at the side of a desk."""
ON_PHONE = ("project:workbench", "life:sessions", "assessment:home")
MINE = ("register:me", "accounts:me", "accounts:account")

#: Gives the digest of the rulebook in force for the foot of the page; set by the room `project`.
digest: Callable[[], str] | None = None


def address(*url_names: str) -> str:
    """The address of the first of these URL names that exists; "" when none does (yet)."""
    for name in url_names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def frame_for(actor: Actor | None, here: str = "") -> str:
    """What the frame of a page depends on: whoever has the same sees the same around it, and it is written once."""
    return f"{_number(_held(actor)) if actor else 0} {here} {get_language()} {_addresses()}"


def doors_for(actor: Actor | None, here: str = "") -> list[Shown]:
    """The doors whose verb some mandate of the actor grants, in their fixed order; by area when they are many."""
    found = _opened(actor, here)
    if len(found) <= AT_MOST:
        return [door for _way, door in found]
    areas: dict[str, list[Shown]] = {}
    for way, door in found:
        areas.setdefault(way.area or way.url_name, []).append(door)
    areas.pop(BEHIND_NAME, None)
    return [_gathered(area, doors) for area, doors in areas.items()]


def menu_for(actor: Actor | None, here: str = "") -> list[Shown]:
    """Every door, under one's name on a phone; a desk shows there only what its side has no place for."""
    found = _opened(actor, here)
    full = len(found) > AT_MOST
    return [replace(door, named=full and way.area == BEHIND_NAME) for way, door in found]


def _opened(actor: Actor | None, here: str) -> list[tuple[Way, Shown]]:
    if actor is None:
        return []
    return [
        (way, Shown(way.word, url, way.icon, way.url_name == here))
        for way, url in _ways(_held(actor), _addresses())
    ]


def _held(actor: Actor) -> Held:
    """What verbs and how far, wherever: what doors depend on."""
    return frozenset((mandate.verbs, mandate.reach) for mandate in actor.mandates)


@lru_cache(maxsize=256)
def _number(_of: Held) -> int:
    """One number for all of the same verbs and reaches, never given twice."""
    return next(NUMBERS)


def _addresses() -> str:
    return str(get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=256)
def _ways(held: Held, _of: str) -> tuple[tuple[Way, str], ...]:
    """The doors that verbs and reaches open, and their addresses: the same for everyone of the same posts."""
    actor = Actor(0, None, "", tuple(Mandate("", 0, "", verbs, reach) for verbs, reach in held))
    return tuple((way, url) for way in WAYS if _open(way, actor) and (url := address(way.url_name)))


def _gathered(area: str, doors: list[Shown]) -> Shown:
    if len(doors) == 1:
        return doors[0]
    word, icon = AREAS[area]
    within = any(door.here for door in doors)
    return Shown(word, doors[0].url, icon, within, tuple(doors) if within else ())


def _open(way: Way, actor: Actor) -> bool:
    if way.verb is None:
        return True
    reach = reaches(actor, way.verb)
    return bool(reach - {Reach.SELF}) if way.wide else bool(reach)


def where(request: HttpRequest) -> str:
    """The door a request belongs to: by URL name, else the first door of the same room."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return ""
    name = match.view_name or ""
    if any(way.url_name == name for way in WAYS):
        return str(name)
    room = name.partition(":")[0]
    if name.startswith("register:") and any(part in name for part in ("person", "member")):
        return "register:members"
    if name.startswith("assessment:standard"):
        return "assessment:standards"
    return next((way.url_name for way in WAYS if way.url_name.startswith(f"{room}:")), "")


def phone_doors_for(actor: Actor | None, here: str = "") -> list[Shown]:
    """Four doors at most at the foot of a phone: 工作台 · 会议 · 考核 · 我的."""
    if actor is None:
        return []
    four = [door for way, door in _opened(actor, here) if way.url_name in ON_PHONE]
    mine = address(*MINE)
    if mine:
        four.append(Shown(_("我的"), mine, "user", here == "mine"))
    return four


def context(request: HttpRequest) -> dict[str, Any]:
    """What every page needs: the context processor of the platform."""
    actor: Actor | None = getattr(request, "actor", None)
    here = where(request)
    in_panel = request.headers.get("HX-Target") == PANEL_TARGET
    return {
        "shell": "ui/panel.html" if in_panel else "base.html",
        "actor": actor,
        "today": clock.today(request),
        "here": here,
        "frame": frame_for(actor, here),
        "may_find": actor is not None and bool(reaches(actor, "register.view")),
        "doors": SimpleLazyObject(lambda: doors_for(actor, here)),
        "menu_doors": SimpleLazyObject(lambda: menu_for(actor, here)),
        "phone_doors": SimpleLazyObject(lambda: phone_doors_for(actor, here)),
        "refusals": getattr(request, "refusals", ()),
        "rulebook_digest": digest()[:12] if digest else "",
    }
