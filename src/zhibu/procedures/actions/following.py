"""Open cases of a person go where the person goes."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.procedures.actions.happening import move
from zhibu.procedures.actions.standing import locked
from zhibu.procedures.models import Case, CaseState
from zhibu.procedures.queries.engine import procedure_of
from zhibu.register.models import Organisation, Person


def follow(
    actor: Actor, person: Person, source: Organisation, target: Organisation, since: date, now: datetime
) -> None:
    """Called within the act that moved the person; a case that is itself about moving stays where it was opened."""
    for case in Case.objects.filter(person=person, organisation=source).exclude(state=CaseState.ENDED):
        procedure = procedure_of(case.procedure)
        if procedure is not None and procedure.group == "affiliation":
            continue
        move(actor, locked(case), target, max(since, case.opened_on), _("组织关系转接，事项随本人转移"), now)
