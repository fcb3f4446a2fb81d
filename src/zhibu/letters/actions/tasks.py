"""A small matter in a letter becomes a small task that a member claims."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms.letters import Handling
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.letters import policies, queries
from zhibu.letters.actions import checks
from zhibu.letters.models import Missive
from zhibu.letters.queries.suggestions import TASK, TASK_SOURCE
from zhibu.record.writing import write
from zhibu.register.models import BRANCH_KINDS
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.told import Source, Undertaken

LONGEST_TASK = 300


@transaction.atomic
def open_task(
    actor: Actor, *, letter: Missive, text: str, due_on: date, now: datetime, named: bool = False
) -> Undertaking:
    """Put a small matter of a letter up to be claimed, worded anew: members read the task, never the letter."""
    rows = Missive.objects.select_for_update(of=("self",)).select_related("organisation")
    letter = rows.get(pk=letter.pk)
    text = checks.clean(text)[:LONGEST_TASK]
    names = checks.names_in(letter.organisation, (text,), queries.opened(letter).name)
    refuse_if(
        policies.may_act(actor, "letters.open_task", letter.organisation),
        policies.may_answer(actor, letter),
        None
        if policies.rule(letter.kind).handling is Handling.OPENLY
        else Refusal("letters.in_confidence", _("这类来信要保密，不转为微心愿"), remedy=_("请直接答复")),
        None
        if letter.organisation.kind in BRANCH_KINDS and actor.person is not None
        else Refusal(
            "letters.forward_to_a_branch", _("微心愿由党支部的党员认领"), remedy=_("请先转给党支部")
        ),
        None
        if not queries.has_task(letter)
        else Refusal("letters.task_opened", _("这件来信已经转为微心愿"), remedy=_("请在“微心愿”里查看")),
        checks.given(text, "letters.task_needed", _("请用一句话写明要办什么")),
        checks.no_numbers(text),
        checks.names_confirmed(names, confirmed=named),
    )
    source = Source(TASK_SOURCE, letter.pk, _("群众来信"))
    row = undertakings.undertake(
        actor, organisation=letter.organisation, now=now,
        what=Undertaken(TASK, text, actor.person or 0, due_on=due_on, source=source),
    )  # fmt: skip
    write(
        actor, "letters.open_task", letter, organisation=letter.organisation, now=now, number=letter.number,
        undertaking=row.pk,
    )  # fmt: skip
    return row
