"""A meeting while it goes on: is there a quorum, what was decided, who signed in, who said what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from zhibu import record, rulebook
from zhibu.core.authority import Actor
from zhibu.core.norms import Denominator, VoteKind, VoteRule
from zhibu.core.snapshot import restored
from zhibu.life import kinds, policies
from zhibu.life.models import AttendanceState, AttendanceWay, Decision, Remark, Session, SignInWindow
from zhibu.ui.language import pick


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether enough are there, by which rule, said out loud."""

    rule: str
    title: str
    said: str
    reached: bool
    source: str
    article: str
    needed: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """A show of hands as it is shown: in one sentence, the explanation behind it."""

    said: str
    carried: bool
    void: bool
    told: tuple[str, ...]


def rule_of(kind: str, tag: str = "") -> VoteRule | None:
    """The rule by which an item with this tag is decided at a meeting of the kind; None when there is none."""
    return rulebook.load().votes.get(kinds.vote_rule(kind, tag))


def quorum(session: Session, tag: str = "") -> Quorum | None:
    """The quorum of a meeting, or of an item with a tag at it; None where no rule asks for one."""
    rule = rule_of(session.kind, tag)
    row = rule.row_on(session.held_on) if rule and session.held_on else None
    if rule is None or row is None or row.quorum is None:
        return None
    everyone = session.expected_count
    if row.quorum.of is Denominator.ALL_MEMBERS:
        everyone += session.attendance.filter(state=AttendanceState.EXEMPT).count()
    base = base_of(row.quorum.of, session.expected_voters, everyone)
    if base is None:
        return None
    reached = row.quorum.reached(session.voters_present, base)
    # who need not come is not expected and keeps the vote: that there are more votes than expected is said, not hidden
    more = session.expected_voters > session.expected_count
    voters = _("%(n)d（含可不到会的党员）") if more else "%(n)d"
    needed = row.quorum.needed(base)
    said = _("应到 %(expected)d，有表决权 %(voters)s，实到 %(present)s：%(reached)s（≥ %(needed)d）") % {
        "expected": session.expected_count, "voters": voters % {"n": session.expected_voters}, "present": _present(session),
        "reached": _("达到法定人数") if reached else _("不足法定人数"), "needed": needed,
    }  # fmt: skip
    cited = row.quorum.cited
    return Quorum(rule.id, pick(rule.title), said, reached, cited.document, cited.article, needed)


def base_of(denominator: Denominator, voters: int, everyone: int) -> int | None:
    """What a quorum is a share of: those with a vote, or all members of the roll; both hold who need not come."""
    of_voters = {Denominator.EXPECTED_VOTERS, Denominator.COMMITTEE_SIZE}
    return (
        voters if denominator in of_voters else everyone if denominator is Denominator.ALL_MEMBERS else None
    )


def _present(session: Session) -> str:
    """How many are there; and how many of them have a vote, where it is not all: the quorum counts those."""
    if session.present_count == session.voters_present:
        return str(session.present_count)
    counts = {"present": session.present_count, "voters": session.voters_present}
    return _("%(present)d（有表决权 %(voters)d）") % counts


def decisions_of(session: Session) -> dict[str, Decided]:
    """The shows of hands of a meeting by item; the last of an item holds."""
    if not record.rows(_decided, session.pk):
        return {}
    return {each.item: hands_told(each) for each in session.decisions.order_by("id")}


def _decided(session: int) -> QuerySet[Decision, Any]:
    return Decision.objects.filter(session=session).values_list("pk")[:1]


def hands_told(decision: Decision) -> Decided:
    """A show of hands in words."""
    rule: VoteRule = restored(VoteRule, json.loads(decision.rule_text))
    row = rule.row_on(decision.session.held_on or date.min)
    needed = ""
    if row and row.majority and row.majority.of in {Denominator.EXPECTED_VOTERS, Denominator.COMMITTEE_SIZE}:
        needed = _("（≥ %(needed)d）") % {"needed": row.majority.needed(decision.expected_voters)}
    result = _("无效") if decision.void else _("通过") if decision.carried else _("未通过")
    said = _("应到有表决权 %(voters)d，实到 %(present)d；赞成 %(yes)d，不赞成 %(no)d，弃权 %(abstain)d：%(result)s") % {
        "voters": decision.expected_voters, "present": decision.present_voters, "yes": decision.yes,
        "no": decision.no, "abstain": decision.abstain, "result": result,
    }  # fmt: skip
    return Decided(
        said + needed, bool(decision.carried), bool(decision.void), tuple(decision.told.splitlines())
    )


def may_be_shown_by_hands(kind: str, tag: str) -> bool:
    """Whether an item is decided by a show of hands: there is a rule for it, and it is not a secret one."""
    rule = rule_of(kind, tag)
    return rule is not None and rule.kind is VoteKind.MOTION and not rule.secret


def window_of(session: Session) -> SignInWindow | None:
    """Signing in by code at a meeting, when it was ever opened."""
    return SignInWindow.objects.filter(session=session).first()


def arrived(session: Session) -> set[int]:
    """Those who signed in by code."""
    return set(session.arrivals.values_list("person_id", flat=True))


def meeting_to_sign_in_at(actor: Actor, pk: int) -> Session:
    """A meeting one is expected at, or one within reach; else 404."""
    found = policies.visible_to(actor, Session.objects.select_related("organisation", "party_group"))
    session = found.filter(pk=pk).first()
    if session is None:
        raise Http404(pk)
    return session


def online_of(session: Session) -> list[int]:
    """Those who took part from afar."""
    rows = session.attendance.filter(state=AttendanceState.PRESENT, way=AttendanceWay.ONLINE)
    return list(rows.values_list("person_id", flat=True))


def remarks_of(session: Session) -> list[Remark]:
    """What was said, in order."""
    return list(session.remarks.order_by("id")) if record.rows(_said, session.pk) else []


def _said(session: int) -> QuerySet[Remark, Any]:
    return Remark.objects.filter(session=session).values_list("pk")[:1]


def by_item(remarks: Sequence[Remark], titles: Sequence[str]) -> dict[str, list[Remark]]:
    """Remarks under the items of the agenda; what belongs to none of them any more stands under ""."""
    found: dict[str, list[Remark]] = {title: [] for title in (*titles, "")}
    for each in remarks:
        found[each.item if each.item in found else ""].append(each)
    return found


def remark_for(actor: Actor, pk: int) -> Remark:
    """A remark of a meeting within reach, or 404."""
    remark = (
        Remark.objects.select_related("session__organisation", "session__party_group").filter(pk=pk).first()
    )
    if (
        remark is None
        or not policies.visible_to(actor, Session.objects.filter(pk=remark.session_id)).exists()
    ):
        raise Http404(pk)
    return remark
