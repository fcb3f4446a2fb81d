"""What waits for the superior, in piles of one step each, and whether a pile may be answered together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from zhibu.core.norms.procedures import Reply, Step
from zhibu.core.procedure.words import REPLIES
from zhibu.core.wording import Text
from zhibu.procedures.policies import answered_apart
from zhibu.procedures.queries.cases import Line, lines
from zhibu.procedures.queries.engine import procedure_of


@dataclass(frozen=True, slots=True)
class Pile:
    """What waits at one step of one procedure. `apart` says why each must be opened by itself; `replies` may be given."""

    procedure: str
    title: Text
    step: str
    step_title: Text
    lines: tuple[Line, ...]
    apart: Text | str
    by_rule: bool
    replies: tuple[tuple[str, Text], ...]
    source: str
    article: str


def piles(rows: Iterable[Mapping[str, Any]], today: date) -> list[Pile]:
    """Rows of `waiting` in piles."""
    found = []
    for (name, step_name), some in groupby(rows, key=lambda row: (row["procedure"], row["above_step"])):
        procedure = procedure_of(name)
        if procedure is None:
            continue
        try:
            step = procedure.step(step_name)
        except KeyError:
            continue
        # in this list a case is shown at what waits above, with its own days
        shown = [
            {
                **row,
                "next_step": row["above_step"],
                "next_from": row["above_from"],
                "next_due": row["above_due"],
            }
            for row in some
        ]
        barred = answered_apart(step)
        source = step.sources[0] if step.sources else None
        found.append(
            Pile(
                name, procedure.title, step.id, step.title, tuple(lines(shown, today)), barred.message if barred else "", step.one_by_one,
                replies_of(step, today), source.document if source else "", source.article if source else "",
            )
        )  # fmt: skip
    return found


def replies_of(step: Step, day: date, since: date | None = None) -> tuple[tuple[str, Text], ...]:
    """The answers a step takes on a day: what the rule asks for first, then what sends the case back.

    With `since`, those of the rules before it too: an answer given then is entered late as it was given.
    """
    rows = [step.row_on(day)]
    if since is not None:
        rows += [step.row_on(since), *(each for each in step.rows if since < each.since <= day)]
    asked = list(dict.fromkeys(Reply(row.reply) for row in rows if row and row.reply))
    known = {each.id for each in step.outcomes}
    asked += [reply for reply in (Reply.RETURNED, Reply.REFUSED) if reply.value in known]
    return tuple((reply.value, REPLIES[reply]) for reply in asked)
