"""Who is told of a meeting, what they answered, and whether enough will be there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from zhibu import record
from zhibu.accounts.reaching import without_account
from zhibu.core.authority import Actor
from zhibu.life import policies
from zhibu.life.models import AgendaItem, Session, SessionState
from zhibu.life.models.missing import Exemption
from zhibu.life.planned import Invitation, InvitationRole, Reply
from zhibu.life.queries.collecting import field_of
from zhibu.life.queries.holding import base_of, rule_of
from zhibu.life.queries.roll import Expected, activists, exempt_on, of_committee, roll
from zhibu.record.models import Letter, LetterState
from zhibu.register.models import BRANCH_KINDS, Organisation

REASONS = (_lazy("当班"), _lazy("出差"), _lazy("病假"), _lazy("休假"), _lazy("外出学习"))
"""Why people are most often away: one tap each."""
JOINT = ("party_lesson", "themed_day", "group_study", "joint_meeting", "joint_activity", "voluntary_work")
"""Kinds that branches hold together; what is voted on is each branch's own."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Someone about to be told: whose branch, in which role, with a vote or not."""

    person: int
    organisation: int
    role: str
    votes: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """How many with a vote must be there, by which rule; `item` when it is that of one matter on the agenda."""

    needed: int
    source: str
    article: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The replies of the own branch counted as the meeting will count them, and what they mean for the quorum.

    Who need not come (`exempt`) is expected only after saying "I come", and never counts as silent. The vote stays:
    `voters` holds every full member, as the rules of votes do. `asked` None: no rule asks for a quorum.
    """

    expected: int
    exempt: int
    voters: int
    coming: int
    voters_coming: int
    excused: int
    cannot: int
    silent: int
    voters_silent: int
    asked: Asked | None

    @property
    def needed(self) -> int | None:
        """How many with a vote must be there."""
        return self.asked.needed if self.asked else None

    @property
    def certain(self) -> bool:
        """Whether enough have said they come."""
        return self.needed is not None and self.voters_coming >= self.needed

    @property
    def possible(self) -> bool:
        """Whether it would be enough if everyone who did not answer came."""
        return self.needed is None or self.voters_coming + self.voters_silent >= self.needed

    @property
    def told(self) -> str:
        """The replies in a sentence."""
        said = _(
            "应到 %(expected)d 人（有表决权 %(voters)d 人）：参加 %(coming)d，请假 %(excused)d，"
            "不能参加 %(cannot)d，未回复 %(silent)d。"
        ) % {
            "expected": self.expected, "voters": self.voters, "coming": self.coming, "excused": self.excused,
            "cannot": self.cannot, "silent": self.silent,
        }  # fmt: skip
        return said + _("另有 %(n)d 人可不到会，表决权不变。") % {"n": self.exempt} if self.exempt else said

    @property
    def judged(self) -> str:
        """What that means for the quorum, in a sentence; empty where none is asked for."""
        if self.needed is None:
            return ""
        item = self.asked.item if self.asked else ""
        asked = (
            _("按议题“%(item)s”的规定，有表决权的到会至少 %(n)d 人，")
            if item
            else _("有表决权的到会至少 %(n)d 人，")
        ) % {"n": self.needed, "item": item}
        return _("%(asked)s%(answer)s") % {"asked": asked, "answer": self._answered}

    @property
    def _answered(self) -> str:
        """Whether those who said they come are enough, or could become enough."""
        if self.certain:
            return _("已有 %(n)d 人回复参加，够了。") % {"n": self.voters_coming}
        if not self.possible:
            return _("未回复的都来也不够，建议改期。")
        short = (self.needed or 0) - self.voters_coming
        words = ngettext(
            "还差 %(n)d 人，尚有 %(silent)d 人未回复。", "还差 %(n)d 人，尚有 %(silent)d 人未回复。", short
        )
        return words % {"n": short, "silent": self.voters_silent}


def guests(
    organisation: Organisation,
    kind: str,
    day: date,
    party_group: Organisation | None = None,
    *,
    observers: Sequence[int] = (),
    joint: Sequence[Organisation] = (),
) -> list[Guest]:
    """Everyone to be told of a meeting, by the register of its day; nobody twice, whoever has a vote first."""
    found = [
        Guest(each.person, organisation.pk, InvitationRole.EXPECTED, each.votes)
        for each in roll(organisation, kind, day, party_group)
    ]
    for branch in joint:
        # each branch keeps its own votes; at a joint meeting the guests are expected and do not vote here
        found += [
            Guest(each.person, branch.pk, InvitationRole.EXPECTED, votes=False)
            for each in roll(branch, kind, day)
        ]
    found += [Guest(person, organisation.pk, InvitationRole.OBSERVER, votes=False) for person in observers]
    seen: dict[int, Guest] = {}
    for each in found:
        seen.setdefault(each.person, each)
    return list(seen.values())


def foreseen(session: Session) -> Foreseen | None:
    """The replies of a convened meeting, counted; None when nobody was told."""
    rows = list(
        Invitation.objects.filter(
            session=session, withdrawn=0, role=InvitationRole.EXPECTED, organisation=session.organisation_id
        ).values_list("person_id", "reply", "votes")
    )
    if not rows:
        return None
    free = exempt_from(session)
    counted = [(reply, votes) for person, reply, votes in rows if person not in free or reply == Reply.COMING]
    said = [reply for reply, _votes in counted]
    voters = sum(votes for _person, _reply, votes in rows)
    return Foreseen(
        len(counted), len(rows) - len(counted), voters, said.count(Reply.COMING), _with_votes(counted, Reply.COMING),
        said.count(Reply.EXCUSED), said.count(Reply.CANNOT), said.count(Reply.NONE), _with_votes(counted, Reply.NONE),
        _asked(session, voters, len(rows)),
    )  # fmt: skip


def exempt_from(session: Session) -> frozenset[int]:
    """Who of the own branch need not come to a meeting; a seat on the committee is another matter."""
    if session.planned_on is None or session.kind in of_committee():
        return frozenset()
    return exempt_on(session.organisation, session.planned_on)


def unanswered(session: Session) -> QuerySet[Invitation]:
    """Whom one may remind: who said nothing and does not stay away by right."""
    rows = Invitation.objects.filter(session=session, withdrawn=0, reply=Reply.NONE)
    return rows.exclude(organisation=session.organisation_id, person__in=exempt_from(session))


def _with_votes(counted: Sequence[tuple[str, int]], answer: str) -> int:
    return sum(votes for reply, votes in counted if reply == answer)


def _asked(session: Session, voters: int, everyone: int) -> Asked | None:
    """The strictest quorum asked for: that of the kind, or of a matter on the agenda, by the rule of the day."""
    matters = AgendaItem.objects.filter(session=session).order_by("position").values_list("tag", "title")
    found = [_needed(session, tag, title, voters, everyone) for tag, title in [("", ""), *matters]]
    return max((each for each in found if each), key=lambda each: each.needed, default=None)


def _needed(session: Session, tag: str, title: str, voters: int, everyone: int) -> Asked | None:
    rule = rule_of(session.kind, tag)
    row = rule.row_on(session.planned_on) if rule and session.planned_on else None
    base = base_of(row.quorum.of, voters, everyone) if row and row.quorum else None
    if row is None or row.quorum is None or base is None:
        return None
    cited = row.quorum.cited
    return Asked(row.quorum.needed(base), cited.document, cited.article, title if tag else "")


def replies_of(session: Session) -> list[dict[str, Any]]:
    """Everyone told and what they answered; who is missing first, because they are looked for."""
    order = {Reply.NONE: 0, Reply.EXCUSED: 1, Reply.CANNOT: 2, Reply.COMING: 3}
    rows = Invitation.objects.filter(session=session, withdrawn=0).values(
        "person_id", "person__name", "person__initials", "role", "reply", "reason", "organisation_id",
        "organisation__name",
    )  # fmt: skip
    free = exempt_from(session)
    found = [{**row, "exempt": row["person_id"] in free} for row in rows]
    return sorted(
        found, key=lambda row: (row["exempt"], order[row["reply"]], row["person__initials"], row["person_id"])
    )


def unreached(replies: Sequence[dict[str, Any]]) -> list[str]:
    """The names of those who said nothing and, without an account, read nothing either."""
    silent = [row for row in replies if row["reply"] == Reply.NONE and not row["exempt"]]
    dark = without_account(row["person_id"] for row in silent)
    return [row["person__name"] for row in silent if row["person_id"] in dark]


def excuses_of(session: Session) -> list[tuple[int, str, str]]:
    """Who said they will not be there, with the reason: person, name, reason. What the page of holding offers."""
    rows = Invitation.objects.filter(
        session=session, withdrawn=0, role=InvitationRole.EXPECTED, organisation=session.organisation_id,
        reply__in=(Reply.EXCUSED, Reply.CANNOT),
    ).order_by("person__initials", "person_id")  # fmt: skip
    return list(rows.values_list("person_id", "person__name", "reason"))


def own_invitations(person: int | None, today: date, *, unanswered: bool = False) -> list[Invitation]:
    """What a person was told of and is still to come, the nearest first."""
    if person is None:
        return []
    rows = _told(person, today)
    if unanswered:
        rows = rows.filter(reply=Reply.NONE)
    found = rows.select_related("session", "session__organisation", "session__party_group")
    told = list(found.order_by("session__planned_on", "session__starts_at", "id")[:20])
    free = record.rows(_free, person) if told else []
    for each in told:
        day = each.session.planned_on
        each.exempt = day is not None and each.session.kind not in of_committee() and any(
            place == each.session.organisation_id and since <= day and (until is None or day < until)
            for place, since, until in free
        )  # fmt: skip
        own = each.role == InvitationRole.EXPECTED and each.organisation_id == each.session.organisation_id
        each.asks = own and bool(field_of(each.session.kind))
    return told


def _free(person: int) -> QuerySet[Exemption, Any]:
    return Exemption.objects.filter(person=person).values_list("organisation_id", "since", "until")


def invited_at(person: int, today: date) -> list[str]:
    """Paths of the organisations to whose meetings a person is told to come, today or later."""
    return [path for (path,) in record.rows(_invited, person, today)]


def _invited(person: int, today: date) -> QuerySet[Any, Any]:
    rows = _told(person, today).values_list("session__organisation__path")
    return rows.distinct().order_by("session__organisation__path")


def _told(person: int, today: date) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        person=person, withdrawn=0, session__state=SessionState.CONVENED, session__planned_on__gte=today
    )


def invitation_of(session: Session, person: int | None) -> Invitation | None:
    """One's own notice of a meeting."""
    if person is None:
        return None
    return Invitation.objects.filter(session=session, person=person, withdrawn=0).first()


def session_told(actor: Actor, pk: int) -> Session:
    """A meeting within reach, or one the actor was told of (a joint meeting of another branch), or 404."""
    condition = policies.reached(actor, "life.view", "organisation__path", "party_group__path") or Q(
        pk__in=()
    )
    if actor.person is not None:
        told = Invitation.objects.filter(person=actor.person, withdrawn=0).values("session_id")
        condition |= Q(pk__in=told)
    rows = Session.objects.select_related("organisation", "party_group", "chair", "minute_taker", "batch")
    found = rows.filter(condition, pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def may_observe(organisation: Organisation, expected: Sequence[Expected], day: date) -> list[Expected]:
    """People of the branch who may come to listen: members not expected, activists and prospects."""
    there = {each.person for each in expected}
    everyone = [*roll(organisation, "general_meeting", day), *activists(organisation, day)]
    return [each for each in everyone if each.person not in there]


def neighbours(organisation: Organisation) -> list[Organisation]:
    """Branches under the same superior: with whom a joint meeting is held."""
    rows = Organisation.objects.filter(
        parent=organisation.parent_id, kind__in=BRANCH_KINDS, closed_on__isnull=True
    ).exclude(pk=organisation.pk)
    return list(rows.order_by("path")[:200])


def joint_of(session: Session) -> list[tuple[int, str, int, int]]:
    """The other branches told: id, name, how many, how many coming. Their people are theirs to know."""
    found: dict[int, list[Any]] = {}
    rows = Invitation.objects.filter(session=session, withdrawn=0).exclude(
        organisation=session.organisation_id
    )
    for pk, name, reply in rows.values_list("organisation_id", "organisation__name", "reply"):
        counted = found.setdefault(pk, [pk, name, 0, 0])
        counted[2] += 1
        counted[3] += reply == Reply.COMING
    return [tuple(each) for each in found.values()]


def letters_about(session: Session) -> dict[str, int]:
    """How many letters about a meeting are in which state."""
    rows = Letter.objects.filter(subject_table=Session._meta.db_table, subject_id=session.pk)
    found: dict[str, int] = {}
    for state in rows.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return {str(state.label): found[state] for state in LetterState if state in found}


def told_lately(session: Session, now: datetime, pause: timedelta) -> bool:
    """Whether people were told of a meeting within the last while."""
    return Invitation.objects.filter(session=session, withdrawn=0, told_at__gt=now - pause).exists()
