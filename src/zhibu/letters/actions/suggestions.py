"""A suggestion is taken up, adopted or not with a reason, carried out, and its benefit confirmed by the unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.letters import policies, queries
from zhibu.letters.actions import checks
from zhibu.letters.actions.answering import answer_letter
from zhibu.letters.models import LetterState, Missive, Proposal, ProposalState
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import BRANCH_KINDS
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking, UndertakingState
from zhibu.undertakings.told import Source, Undertaken

SOURCE = "letters.suggestion"
LONGEST_TITLE, LONGEST_REASON, LONGEST_WORDS, LONGEST_OFFICE = 120, 300, 200, 60


@dataclass(frozen=True, slots=True)
class Benefit:
    """What came of a suggestion: in words, in money or hours, and which office of the unit confirms it."""

    told: str
    confirmed_by: str
    fen: int = 0
    hours: int = 0


@transaction.atomic
def take_up_suggestion(
    actor: Actor, *, letter: Missive, title: str, now: datetime, named: bool = False
) -> Proposal:
    """Enter a suggestion in the register, worded anew: its members read the title, never the letter."""
    rows = Missive.objects.select_for_update(of=("self",)).select_related("organisation")
    letter = rows.get(pk=letter.pk)
    title = checks.clean(title)[:LONGEST_TITLE]
    refuse_if(
        policies.may_act(actor, "letters.take_up_suggestion", letter.organisation),
        None
        if policies.rule(letter.kind).register
        else Refusal("letters.not_a_suggestion", _("这类来信不进建议台账"), remedy=_("请直接答复")),
        None
        if letter.state == LetterState.RECEIVED and not Proposal.objects.filter(missive=letter).exists()
        else Refusal("letters.taken_up", _("这条建议已经受理或者答复"), remedy=_("请在建议台账里查看")),
        checks.given(title, "letters.title_needed", _("请用一句话写明建议")),
        *_clear(letter, title, named=named),
    )
    row = Proposal.objects.create(
        organisation=letter.organisation, missive=letter, title=title, received_on=letter.received_on,
        taken_up_on=_day(now), known_at=instant(now),
    )  # fmt: skip
    return _written(actor, "letters.take_up_suggestion", row, now, number=letter.number)


@transaction.atomic
def adopt_suggestion(
    actor: Actor, *, proposal: Proposal, owner: int, due_on: date, answer: str, now: datetime
) -> Proposal:
    """Adopt it: somebody of the branch carries it out by a day, and the sender is told."""
    row = _held(proposal)
    refuse_if(
        policies.may_act(actor, "letters.adopt_suggestion", row.organisation),
        _must_be(row, ProposalState.EXAMINING),
        None
        if row.organisation.kind in BRANCH_KINDS
        else Refusal(
            "letters.forward_to_a_branch", _("采纳的建议由党支部落实"), remedy=_("请先转给负责落实的党支部")
        ),
    )
    answer_letter(actor, letter=row.missive, answer=answer, now=now)
    source = Source(SOURCE, row.pk, _("合理化建议：%(title)s") % {"title": row.title})
    what = Undertaken("measure", text=row.title, owner=owner, due_on=due_on, problem=row.title, source=source)
    undertakings.undertake(actor, organisation=row.organisation, what=what, now=now)
    row.state, row.decided_on = ProposalState.ADOPTED, _day(now)
    return _kept(actor, "letters.adopt_suggestion", row, now)


@transaction.atomic
def decline_suggestion(actor: Actor, *, proposal: Proposal, reason: str, now: datetime) -> Proposal:
    """Not adopted: why is told to the sender and stays in the register."""
    row = _held(proposal)
    reason = checks.clean(reason)[:LONGEST_REASON]
    refuse_if(
        policies.may_act(actor, "letters.decline_suggestion", row.organisation),
        _must_be(row, ProposalState.EXAMINING),
        checks.given(reason, "letters.reason_needed", _("不采纳要写明理由")),
        checks.no_numbers(reason),
    )
    answer_letter(actor, letter=row.missive, answer=reason, now=now)
    row.state, row.decided_on, row.reason = ProposalState.DECLINED, _day(now), reason
    return _kept(actor, "letters.decline_suggestion", row, now)


@transaction.atomic
def confirm_benefit(actor: Actor, *, proposal: Proposal, benefit: Benefit, now: datetime) -> Proposal:
    """Write down what came of it as an office of the unit confirmed, once its measure is reported done."""
    row = _held(proposal)
    told, office = checks.clean(benefit.told), checks.clean(benefit.confirmed_by)
    refuse_if(
        policies.may_act(actor, "letters.confirm_benefit", row.organisation),
        _must_be(row, ProposalState.ADOPTED),
        _carried_out(row),
        checks.given(told, "letters.benefit_needed", _("请写明见到什么效益")),
        checks.given(
            office, "letters.office_needed", _("请写明由单位哪个部门确认"), _("例如财务部、安全环保部")
        ),
        checks.no_numbers(told),
    )
    row.state, row.done_on = ProposalState.DONE, _day(now)
    row.benefit, row.confirmed_by = told[:LONGEST_WORDS], office[:LONGEST_OFFICE]
    row.benefit_fen, row.benefit_hours = benefit.fen, benefit.hours
    return _kept(
        actor, "letters.confirm_benefit", row, now, fen=benefit.fen, hours=benefit.hours, office=row.confirmed_by
    )  # fmt: skip


@transaction.atomic
def thank_sender(
    actor: Actor, *, proposal: Proposal, thanks: str, now: datetime, award_fen: int = 0
) -> Proposal:
    """Thank whoever suggested it, and note an award. Read by the receipt: who it is need not be known."""
    row = _held(proposal)
    thanks = checks.clean(thanks)[:LONGEST_WORDS]
    refuse_if(
        policies.may_act(actor, "letters.thank_sender", row.organisation),
        _must_be(row, ProposalState.ADOPTED, ProposalState.DONE),
        None
        if row.thanked_on is None
        else Refusal("letters.thanked", _("已经致谢"), remedy=_("每条建议致谢一次")),
        checks.given(thanks, "letters.thanks_needed", _("请写一句感谢")),
        *_clear(row.missive, thanks, named=False),
    )
    row.thanks, row.award_fen, row.thanked_on = thanks, award_fen, _day(now)
    return _kept(actor, "letters.thank_sender", row, now, fen=award_fen)


def _day(now: datetime) -> date:
    return timezone.localtime(now).date()


def _held(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "missive__organisation").get(pk=proposal.pk)


def _kept(actor: Actor, verb: str, row: Proposal, now: datetime, **values: Any) -> Proposal:
    row.known_at = instant(now)
    row.save()
    return _written(actor, verb, row, now, **values)


def _written(actor: Actor, verb: str, row: Proposal, now: datetime, **values: Any) -> Proposal:
    write(
        actor, verb, row, organisation=row.organisation, now=now, title=row.title, state=row.state, **values
    )
    return row


def _clear(letter: Missive, text: str, *, named: bool) -> tuple[Refusal | None, ...]:
    """What members read names neither the sender nor anybody else by accident."""
    name = queries.opened(letter).name
    names = checks.names_in(letter.organisation, (text,), name)
    return checks.no_numbers(text), checks.names_confirmed(names, confirmed=named and name not in names)


def _must_be(row: Proposal, *states: str) -> Refusal | None:
    if row.state in states:
        return None
    return Refusal(
        "letters.wrong_state", _("这条建议现在是“{state}”，不能这样办"),
        {"state": str(ProposalState(row.state).label)}, remedy=_("请看办理情况"),
    )  # fmt: skip


def _carried_out(row: Proposal) -> Refusal | None:
    done = (UndertakingState.DONE, UndertakingState.CLOSED)
    if Undertaking.objects.filter(source=SOURCE, source_id=row.pk, state__in=done).exists():
        return None
    return Refusal(
        "letters.not_carried_out", _("落实措施还没有办结"), remedy=_("先由责任人报告办结，再确认效益")
    )
