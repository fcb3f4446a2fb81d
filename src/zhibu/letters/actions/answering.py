"""A letter is answered; what is useful to others is published, worded anew."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms.letters import Handling
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.letters import policies, queries
from zhibu.letters.actions import checks
from zhibu.letters.models import LetterState, Missive
from zhibu.notices.actions import sheets
from zhibu.record import vault
from zhibu.record.writing import write
from zhibu.search.keeping import keep

LONGEST_ANSWER, LONGEST_ASKED = 4000, 300


@transaction.atomic
def answer_letter(actor: Actor, *, letter: Missive, answer: str, now: datetime) -> Missive:
    """Answer a question, a suggestion or a comment: its sender reads the answer by the receipt, or signed in."""
    return _answered(actor, "letters.answer_letter", letter, answer, now)


@transaction.atomic
def answer_complaint(actor: Actor, *, letter: Missive, answer: str, now: datetime) -> Missive:
    """Answer a complaint, in confidence."""
    return _answered(actor, "letters.answer_complaint", letter, answer, now)


@transaction.atomic
def publish_answer(
    actor: Actor, *, letter: Missive, asked: str, answer: str, now: datetime, named: bool = False
) -> Missive:
    """Publish question and answer, worded anew and without personal data; found by search from then on."""
    letter = _held(letter)
    asked, answer = checks.clean(asked)[:LONGEST_ASKED], checks.clean(answer)[:LONGEST_ANSWER]
    opened = queries.opened(letter)
    names = checks.names_in(letter.organisation, (asked, answer), opened.name)
    refuse_if(
        policies.may_act(actor, "letters.publish_answer", letter.organisation),
        policies.may_answer(actor, letter),
        None
        if policies.rule(letter.kind).publishable
        else Refusal("letters.not_publishable", _("这类来信不公开")),
        None
        if letter.state == LetterState.ANSWERED
        else Refusal("letters.not_answered", _("先答复，再公开")),
        checks.given(asked, "letters.asked_needed", _("请写明公开的问题")),
        checks.given(answer, "letters.answer_needed", _("请写明答复")),
        checks.no_numbers(asked, answer),
        checks.names_confirmed(names, confirmed=named),
    )
    letter.asked, letter.answer = asked, answer
    letter.published_on = letter.published_on or timezone.localtime(now).date()
    letter.address = letter.address or sheets.new_address(sheets.NOTICE_LENGTH)
    letter.text = keep(letter.text, title=asked, body=answer)
    letter.save()
    sheets.board_of(letter.organisation)
    write(
        actor, "letters.publish_answer", letter, organisation=letter.organisation, now=now, number=letter.number,
        asked=asked, named=len(names),
    )  # fmt: skip
    sheets.show_anew()
    return letter


@transaction.atomic
def take_down_answer(actor: Actor, *, letter: Missive, reason: str, now: datetime) -> Missive:
    """Take question and answer off the portal; the letter and its answer stay."""
    letter = _held(letter)
    refuse_if(
        policies.may_act(actor, "letters.take_down_answer", letter.organisation),
        policies.may_answer(actor, letter),
        None if letter.published_on else Refusal("letters.not_published", _("这件来信没有公开")),
        checks.given(reason, "letters.reason_needed", _("撤下要写明原因")),
    )
    letter.published_on = None
    text, letter.text = letter.text, None
    letter.save()
    if text is not None:
        text.delete()
    write(
        actor, "letters.take_down_answer", letter, organisation=letter.organisation, now=now,
        number=letter.number, reason=checks.clean(reason)[:200],
    )  # fmt: skip
    sheets.show_anew()
    return letter


def _answered(actor: Actor, verb: str, letter: Missive, answer: str, now: datetime) -> Missive:
    letter = _held(letter)
    handling = Handling(verb.partition(".")[2])
    refuse_if(
        policies.may_act(actor, verb, letter.organisation),
        None
        if policies.rule(letter.kind).handling is handling
        else Refusal("letters.other_handling", _("这类来信由别的人受理")),
        None if letter.state == LetterState.RECEIVED else Refusal("letters.answered", _("这件来信已经答复")),
        checks.given(answer, "letters.answer_needed", _("请写明答复")),
    )
    today = timezone.localtime(now).date()
    letter.answer_sealed = vault.seal(checks.clean(answer)[:LONGEST_ANSWER], "zb_missive.answer")
    letter.state, letter.answered_on = LetterState.ANSWERED, today
    letter.known_at = checks.known_anew(letter, now)
    letter.save()
    write(
        actor, verb, letter, organisation=letter.organisation, now=now, kind=letter.kind, number=letter.number,
        received_on=letter.received_on.isoformat(), late=int(today > letter.due_on), signed=letter.signed,
    )  # fmt: skip
    return letter


def _held(letter: Missive) -> Missive:
    rows = Missive.objects.select_for_update(of=("self",)).select_related("organisation", "text")
    return rows.get(pk=letter.pk)
