"""Money on its way in a few branches of the demo: a statement of the bank half matched, orders of the payment door."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.utils import timezone

from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.core.calendar import Month
from zhibu.dues import actions
from zhibu.dues.imports import LineRow, Lines
from zhibu.dues.models import StatementLine
from zhibu.dues.platforms import Local, Told
from zhibu.dues.queries import balances
from zhibu.register.models import Organisation, Person

from .shape import BranchShape, Shape

BRANCHES = 4
STRANGERS = (("某某商贸有限公司", "货款", 128_000), ("王某", "党费", 3_333))


class Coming:
    """Does what the collectors of the first branches did with their statements, and the members with the door."""

    def __init__(self, shape: Shape, first: BranchShape | None, *, today: date) -> None:
        ordered = [*([first] if first else []), *(b for b in shape.branches if b is not first)]
        usable = [
            b for b in ordered if b.organisation.closed is None and b.organisation.founded is None and b.posts
        ]
        self.branches, self.today = usable[:BRANCHES], today
        self.now = datetime.combine(today, time(9, 5), timezone.get_current_timezone())
        self.month = Month.of(today)

    def fill(self) -> None:
        """The running month charged, six or seven members paid by transfer or at the door."""
        nodes = Organisation.objects.in_bulk([b.organisation.id for b in self.branches])
        for branch in self.branches:
            node = nodes[branch.organisation.id]
            person = branch.posts[0][0]
            mandate = Mandate("dues_collector", node.pk, node.path, frozenset({"dues.*"}), Reach.OWN)
            actor = Actor(0, person, Person.objects.get(pk=person).name, (mandate,))
            charged_at = max(self.now - timedelta(days=3), self.now.replace(day=1))
            actions.charge_month(actor, organisation=node, month=self.month, now=charged_at)
            owed = balances.of_branch(node.pk, self.month.first, self.month.first)
            people = Person.objects.filter(pk__in=[key[0] for key in owed]).order_by("pk")
            waiting = [(each, owed[each.pk, self.month.first].open_fen) for each in people]
            self._statement(actor, node, waiting[:5])
            self._orders(node, waiting[5:8])

    def _statement(self, actor: Actor, node: Organisation, waiting: list[tuple[Person, int]]) -> None:
        day = self.today - timedelta(days=1)
        rows = [
            LineRow(f"{self.today:%Y%m%d}{node.pk:06d}{number:03d}", day, fen, name, memo)
            for number, (name, memo, fen) in enumerate(
                [*((person.name, "党费", fen) for person, fen in waiting), *STRANGERS], 1
            )
        ]
        digest = sha256(repr(rows).encode()).hexdigest()
        actions.import_statement(
            actor,
            organisation=node,
            lines=Lines(digest, rows),
            file_name=f"银行流水{self.today:%Y%m}.xlsx",
            now=self.now,
        )
        lines = StatementLine.objects.filter(organisation=node, proposed__isnull=False).order_by("reference")[
            :3
        ]
        chosen = {line.pk: line.proposed_id for line in lines if line.proposed_id}
        actions.match_lines(actor, organisation=node, chosen=chosen, now=self.now)
        company = StatementLine.objects.filter(organisation=node, fen=STRANGERS[0][2]).values_list(
            "pk", flat=True
        )
        actions.set_line_aside(actor, organisation=node, lines=list(company), now=self.now)

    def _orders(self, node: Organisation, waiting: list[tuple[Person, int]]) -> None:
        """The first paid, the second with an amount that does not fit, the third only begun."""
        door = Local()
        for number, (person, fen) in enumerate(waiting):
            mandate = Mandate("member", 0, "", frozenset({"dues.create_order"}), Reach.SELF)
            member = Actor(0, person.pk, person.name, (mandate,))
            order, _address = actions.create_order(
                member, organisation=node, person=person, months=[self.month], door=door, now=self.now
            )
            if number == 2:
                continue
            door.pay(order.number, self.now)
            told = Told(order.number, f"L{order.pk:012d}", fen if number == 0 else fen + 100, self.now)
            actions.settle_order(None, door=door, told=told, now=self.now)
