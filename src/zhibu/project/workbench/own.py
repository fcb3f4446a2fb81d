"""The desk of a member, and the first steps of a new installation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.assessment.models import Run
from zhibu.core import authority
from zhibu.core.authority import Reach
from zhibu.dues.queries import balances
from zhibu.life.models import Attendance, AttendanceState, Session
from zhibu.life.queries.missed import Missed, missed_by
from zhibu.register.models import BRANCH_KINDS, MobileSpell, Organisation
from zhibu.ui.doors import within

if TYPE_CHECKING:
    from zhibu.core.authority import Actor

from .integrity import own_promise
from .lines import Line, Planned, Waiting, coming
from .parts import Parts
from .pledges import group_marks, own_mark, own_pledge
from .undertakings import small_lines, undertaking_lines
from .votes import own_votes


@dataclass(frozen=True, slots=True)
class MyDesk:
    """What a member sees: what comes, what was missed, how long was studied. Never compared with others."""

    coming: tuple[Planned, ...]
    missed: tuple[Missed, ...]
    study_minutes: int
    attended: int
    owed_fen: int = 0
    """Dues charged and not paid yet."""
    away: bool = False
    """Whether one is away from the branch: a page of one's own says how one is reached."""
    mine: tuple[Line, ...] = ()
    """The pledge still to be made, and what one has undertaken; that is on the desk already of whoever leads the branch."""


def my_desk(parts: Parts, branches: Sequence[Organisation], *, ahead: bool = True) -> MyDesk | None:
    """The member's own page part; None for who is no person of the register or belongs to no branch.

    Without `ahead` what comes is left out: whoever leads a branch sees it on the branch's desk.
    """
    actor, today, of = parts.actor, parts.today, parts.of
    if actor.person is None or not branches:
        return None
    person = actor.person
    attended, minutes, missed = of("life", _my_year, person, today)
    planned = [each for branch in branches for each in of("life", coming, branch, today)] if ahead else []
    mine = (
        *of("ballots", own_votes, actor, today),
        *of("integrity undertakings", own_promise, actor, today),
        *of("pledges undertakings", own_pledge, actor, today),
        *of("pledges undertakings", own_mark, actor, today),
        *of("pledges undertakings", group_marks, actor, today),
        *of("undertakings", small_lines, actor, today),
        *(of("undertakings", undertaking_lines, actor, today) if ahead else ()),
    )
    owed, away = of("dues", balances.owed, person), of("", _away, person)
    return MyDesk(tuple(planned[:5]), missed, minutes, attended, owed, away, mine)


def _away(person: int) -> bool:
    return bool(record.rows(_spells, person))


def _spells(person: int) -> QuerySet[MobileSpell, Any]:
    return MobileSpell.objects.filter(person=person, until=None).values_list("pk")[:1]


def _my_year(person: int, today: date) -> tuple[int, int, tuple[Missed, ...]]:
    """(meetings attended this year, minutes of study, meetings not made up) of one person."""
    minutes = attended = 0
    for state, spent in record.rows(_attended, person, date(today.year, 1, 1)):
        attended += state == AttendanceState.PRESENT
        minutes += spent
    missed = [row for row in missed_by(person, today) if row.open]
    return attended, minutes, tuple(missed[:5])


def _attended(person: int, since: date) -> QuerySet[Attendance, Any]:
    return Attendance.objects.filter(person_id=person, held_on__gte=since).values_list(
        "state", "study_minutes"
    )


def own_branches(actor: Actor) -> list[Organisation]:
    """Branches whose meetings the actor's own post or membership opens."""
    nodes = {
        mandate.organisation
        for mandate in actor.mandates
        if mandate.post not in authority.POSTS_ABOVE and mandate.path
    }
    rows = Organisation.objects.filter(pk__in=nodes).select_related("parent").order_by("path")
    found = {}
    for row in rows:
        branch = row if row.kind in BRANCH_KINDS else row.parent
        if branch is not None and branch.kind in BRANCH_KINDS:
            found[branch.pk] = branch
    return list(found.values())


def leads(actor: Actor, branch: Organisation) -> bool:
    """Whether a post within the branch makes its desk theirs; who may record from above has the committee's desk."""
    own = replace(
        actor, mandates=tuple(each for each in actor.mandates if each.post not in authority.POSTS_ABOVE)
    )
    return authority.may(own, "life.record", branch.path)


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step of putting a new installation to work."""

    what: str
    note: str
    done: bool
    url: str
    first: bool = False
    """Whether it is the next one to do."""


def first_steps(actor: Actor) -> tuple[FirstStep, ...]:
    """What a new installation still lacks, in order; empty once everything was done once."""
    assessed = record.kept("assessed", Run.objects.exists, within=record.Rooms.of("assessment"))
    if assessed and record.kept("held", Session.objects.exists, within=record.Rooms.of("life")):
        return ()
    branches = within(Organisation.objects.filter(kind__in=BRANCH_KINDS), _seen(actor), "path")
    founded = Organisation.objects.exists()
    peopled = founded and branches.exists()
    steps = (
        FirstStep(
            _("建立本单位党委"),
            _("填写名称即可，之后可以修改"),
            founded,
            _link("register:first_organisation"),
        ),
        FirstStep(
            _("导入党员名册"),
            _("Excel 名册直接导入，支部和党小组一并建立"),
            peopled,
            _link("register:import_roster") if founded else "",
        ),
        FirstStep(
            _("记录一次会议"),
            _("一分钟内记完：人员、地点、议题都已备好"),
            Session.objects.exists(),
            # a button appears when the step before it is done: earlier, its page could only refuse
            _link("life:record") if peopled else "",
        ),
        FirstStep(
            _("开展季度考核"),
            _("得分由记录算出，每一分都能点开看依据"),
            Run.objects.exists(),
            _link("assessment:home") if peopled else "",
        ),
    )
    following = next((step for step in steps if not step.done), None)
    return () if following is None else tuple(replace(step, first=step is following) for step in steps)


def operator_lines(actor: Actor) -> tuple[Waiting, ...]:
    """What an operator looks after: accounts, imports and the record; never personal content. Empty for others."""
    if not any(mandate.reach is Reach.EVERYWHERE for mandate in actor.mandates):
        return ()
    return (
        Waiting(_("账号"), _("建立账号、重置密码、停用"), reverse("accounts:accounts")),
        Waiting(_("导入名册"), _("代各单位导入党员名册"), reverse("register:import_roster")),
        Waiting(_("留痕核验"), _("核对每个组织的留痕链是否完整"), reverse("record:entries")),
    )


def _seen(actor: Actor) -> tuple[tuple[str, str], ...]:
    return authority.ranges(actor, "register.view") or authority.ranges(actor, "register.import_roster")


def _link(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
