"""What hangs on the public boards of the demo: running and past notices, disclosures, objections, through the acts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.notices import actions, queries
from zhibu.notices.models import Notice
from zhibu.register.models import Organisation

from .shape import BranchShape, Shape

BRANCHES = 8
"""Branches whose boards are filled; every other branch has its past admissions only."""

DISCLOSED = (
    ("dues", "{year}年第{quarter}季度党费收缴公开"),
    ("pledge", "{year}年度党员承诺事项"),
    ("other", "党支部活动经费使用情况"),
)
RESOLVED = (
    (
        "resolution",
        "关于建设班前学习角的决议",
        "会议同意在值班室建设班前学习角，经费从党建活动经费列支，一个月内完成。",
    ),
    ("result", "“党员责任区”照明改造完成情况", "三处照明改造已全部完成并验收，费用与决议一致。"),
    (
        "commendation",
        "拟表彰优秀共产党员名单公示",
        "经民主推荐和党支部研究，拟推荐本支部两名党员为优秀共产党员。",
    ),
)
SAID = (
    ("", "听说学习角要占用更衣柜的位置，希望先征求大家意见。"),
    ("班组职工", "建议把完成时间写得具体一些。"),
)
SAID_OF_A_PERSON = "希望支部说明其预备期内参加义务劳动的情况。"


class Boards:
    """Publishes on the boards of the first branches, as their secretaries would."""

    def __init__(self, shape: Shape, first: BranchShape | None, *, seed: int, today: date) -> None:
        ordered = [*([first] if first else []), *(b for b in shape.branches if b is not first)]
        usable = [
            b for b in ordered if b.organisation.closed is None and b.organisation.founded is None and b.posts
        ]
        self.branches, self.today = usable[:BRANCHES], today
        self.names = {person.id: person.name for person in shape.people}
        self.rng = Random(seed)

    def fill(self) -> None:
        """The boards: a resolution that has ended with an answered objection, what runs now, disclosures."""
        nodes = Organisation.objects.in_bulk([b.organisation.id for b in self.branches])
        for number, branch in enumerate(self.branches):
            node = nodes[branch.organisation.id]
            actor = self._secretary(branch)
            self._ended(actor, node)
            self._disclosed(actor, node, number)
            self._running(actor, node, number, branch)

    def _secretary(self, branch: BranchShape) -> Actor:
        person, node = branch.posts[0][0], branch.organisation
        mandate = Mandate("secretary", node.id, node.path, frozenset({"notices.*"}), Reach.OWN)
        return Actor(0, person, self.names[person], (mandate,))

    def _at(self, days_ago: int, hour: int = 9) -> datetime:
        day = self.today - timedelta(days=days_ago)
        return datetime.combine(day, time(hour, self.rng.randrange(60)), timezone.get_current_timezone())

    def _ended(self, actor: Actor, node: Organisation) -> None:
        kind, title, text = RESOLVED[1]
        notice = self._put_up(actor, node, kind, title, text, 40, 5)
        objection = actions.receive(
            notice=notice,
            text=SAID[1][1],
            name=SAID[1][0],
            receipt=f"{node.code}-ended",
            now=self._at(38, 15),
        )
        actions.examine_objection(actor, objection=objection, now=self._at(37))
        actions.answer_objection(
            actor, objection=objection, finding="已向施工班组核实完工日期。", answer="完工日期已补写入公示，谢谢。",
            now=self._at(36),
        )  # fmt: skip
        actions.record_result(
            actor, notice=notice, result="公示期满，意见已答复，不影响结果。", now=self._at(28)
        )

    def _disclosed(self, actor: Actor, node: Organisation, number: int) -> None:
        kind, title = DISCLOSED[number % len(DISCLOSED)]
        filled = title.format(year=self.today.year, quarter=(self.today.month - 1) // 3 + 1)
        self._put_up(actor, node, kind, filled, "", 6, 10)

    def _running(self, actor: Actor, node: Organisation, number: int, branch: BranchShape) -> None:
        kind, title, text = RESOLVED[(number * 2) % len(RESOLVED)]
        if number == 0 and branch.probationary:
            person = min(branch.probationary)
            opens = self.today - timedelta(days=1)
            notice = actions.publish(
                actor,
                organisation=node,
                kind="conversion",
                subject=person,
                opens_on=opens,
                least=5,
                now=self._at(1),
            )
        else:
            notice = self._put_up(actor, node, kind, title, text, 2, 5)
        if number % 3 == 0:
            name, said = ("", SAID_OF_A_PERSON) if notice.subject_id else SAID[number % 2]
            actions.receive(
                notice=notice, text=said, name=name, receipt=f"{node.code}-running", now=self._at(0, 8)
            )

    def _put_up(
        self, actor: Actor, node: Organisation, kind: str, title: str, text: str, days_ago: int, length: int
    ) -> Notice:
        opens = self.today - timedelta(days=days_ago)
        closes = queries.earliest_close(opens, length).day
        return actions.publish(
            actor, organisation=node, kind=kind, title=title, text=text, opens_on=opens, closes_on=closes,
            now=self._at(days_ago, 8),
        )  # fmt: skip
