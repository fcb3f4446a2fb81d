"""Statements of banks and platforms: taken once, matched by a person, what fits nobody kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.dues import policies, secrets
from zhibu.dues.actions.books import Slip, locked, open_day, today_of
from zhibu.dues.actions.payments import take
from zhibu.dues.imports import Lines
from zhibu.dues.models import Channel, Statement, StatementLine, StatementLineState, VoucherKind
from zhibu.dues.queries import matching
from zhibu.record.writing import write
from zhibu.register.models import Organisation


@transaction.atomic
def import_statement(
    actor: Actor, *, organisation: Organisation, lines: Lines, file_name: str, now: datetime
) -> tuple[Statement, int]:
    """Take a statement; the same file again, and lines known by their number, change nothing. (statement, new lines)."""
    refuse_if(
        policies.may_act(actor, "dues.import_statement", organisation),
        policies.is_branch(organisation),
        Refusal("dues.rows_refused", _("有 {count} 处有误"), {"count": len(lines.bad)})
        if lines.bad
        else None,
    )
    locked(organisation)  # the same statement at the same moment waits here, and then is known
    known = Statement.objects.filter(organisation=organisation, sha256=lines.sha256).first()
    if known is not None:
        return known, 0
    made = Statement.objects.create(
        organisation=organisation, file_name=file_name[:200], sha256=lines.sha256, lines=len(lines.rows),
        imported_on=today_of(now), actor_name=actor.name,
    )  # fmt: skip
    taken = set(
        StatementLine.objects.filter(
            organisation=organisation, reference__in=[each.reference for each in lines.rows]
        ).values_list("reference", flat=True)
    )
    proposals = matching.proposed(organisation, [each for each in lines.rows if each.reference not in taken])
    rows = [
        StatementLine(
            statement=made, organisation=organisation, reference=each.reference, came_on=each.day, fen=each.fen,
            payer_sealed=secrets.seal_line(each.name[:100]), memo_sealed=secrets.seal_line(each.memo[:200]),
            proposed_id=proposal.person, why=proposal.why,
        )
        for each, proposal in proposals
    ]  # fmt: skip
    StatementLine.objects.bulk_create(rows)
    write(
        actor, "dues.import_statement", made, organisation=organisation, now=now, lines=len(lines.rows),
        new=len(rows), proposed=sum(1 for each in rows if each.proposed_id), file=file_name[:100],
    )  # fmt: skip
    return made, len(rows)


@transaction.atomic
def match_lines(actor: Actor, *, organisation: Organisation, chosen: Mapping[int, int], now: datetime) -> int:
    """Confirm to whom lines belong (line to person); each is booked for that member's oldest open months."""
    refuse_if(policies.may_act(actor, "dues.match_lines", organisation))
    book, today = locked(organisation), today_of(now)
    rows = (
        StatementLine.objects.select_for_update()
        .filter(organisation=organisation, pk__in=chosen, state=StatementLineState.OPEN)
        .order_by("came_on", "pk")
    )
    count = 0
    for line in rows:
        parts = matching.parts_of(organisation, chosen[line.pk], line.fen, today)
        refuse_if(
            None
            if sum(each.fen for each in parts) == line.fen
            else Refusal(
                "dues.line_does_not_fit", _("流水 {reference} 的金额多于此人应交的党费"), {"reference": line.reference},
                remedy=_("换一名党员，或留待核对"),
            )
        )  # fmt: skip
        slip = Slip(
            VoucherKind.PAYMENT, open_day(book, line.came_on, today), now, Channel.TRANSFER, line.reference,
            f"line:{line.pk}",
        )  # fmt: skip
        line.voucher = take(actor, organisation, parts, slip, today)
        line.state, line.proposed_id = StatementLineState.MATCHED, chosen[line.pk]
        line.save()
        count += 1
    write(actor, "dues.match_lines", None, organisation=organisation, now=now, lines=count)
    return count


@transaction.atomic
def set_line_aside(actor: Actor, *, organisation: Organisation, lines: Sequence[int], now: datetime) -> int:
    """Say of lines that they are not dues; they stay in the list of what was set aside."""
    refuse_if(policies.may_act(actor, "dues.set_line_aside", organisation))
    count = StatementLine.objects.filter(
        organisation=organisation, pk__in=lines, state=StatementLineState.OPEN
    ).update(state=StatementLineState.SET_ASIDE)
    write(actor, "dues.set_line_aside", None, organisation=organisation, now=now, lines=count)
    return count
