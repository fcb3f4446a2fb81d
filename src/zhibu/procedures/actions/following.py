"""Open cases of a person go where the person goes, and end when the person belongs nowhere any more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms.procedures import SUBJECT_LEFT
from zhibu.procedures.actions.happening import end_because, move
from zhibu.procedures.actions.standing import locked
from zhibu.procedures.models import Case, CaseState
from zhibu.procedures.queries.engine import procedure_of
from zhibu.register.models import Ended, Organisation, Person

_taken: ContextVar[int | None] = ContextVar("case whose own step makes the person leave", default=None)


@contextmanager
def by_own_step(case: Case) -> Iterator[None]:
    """While a step of this case lets its person leave: how this case ends, its own steps say."""
    token = _taken.set(case.pk)
    try:
        yield
    finally:
        _taken.reset(token)


def follow(
    actor: Actor, person: Person, source: Organisation, target: Organisation, since: date, now: datetime
) -> None:
    """Called within the act that moved the person; a case that is itself about moving stays where it was opened."""
    for case in Case.objects.filter(person=person, organisation=source).exclude(state=CaseState.ENDED):
        procedure = procedure_of(case.procedure)
        if procedure is not None and procedure.group == "affiliation":
            continue
        move(actor, locked(case), target, max(since, case.opened_on), _("组织关系转接，事项随本人转移"), now)


def left(actor: Actor, person: Person, because: str, until: date, now: datetime) -> None:
    """Called within the act that ended the person's belonging: what was under way about the person ends with it.

    Not the case whose own step did it, and not a transfer when the person was transferred away: its receipt is still
    to come. Nothing is lost: the case keeps its steps, and says from when and why it ended.
    """
    reason = _("本人{why}，事项随之终止").format(why=Ended(because).label)
    own = _taken.get()
    for case in Case.objects.filter(person=person).exclude(state=CaseState.ENDED):
        if case.pk == own:
            continue
        procedure = procedure_of(case.procedure)
        if because == Ended.AWAY and procedure is not None and procedure.group == "affiliation":
            continue
        end_because(actor, locked(case), SUBJECT_LEFT, max(until, case.opened_on), reason, now)
