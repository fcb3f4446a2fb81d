"""Integrity, small tasks and a joint activity of one branch: letters signed, a check with its findings, wishes claimed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.integrity import actions
from zhibu.life import actions as life
from zhibu.life import queries as life_queries
from zhibu.register.models import Organisation
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.told import Undertaken

from .shape import BranchShape

FOUND = (
    ("两笔活动经费报销附件不全", "补齐附件；今后先报计划、后报销，支委两人签字"),
    ("夜班仓库领料登记不及时", "领料当班登记，班长每周核对一次，纪检委员抽查"),
)
WISHES = (
    "三号宿舍楼道灯坏了，夜班回来看不清路，请帮助报修",
    "退休职工老周不会用手机办医保，想请人到家里教一次",
    "新来的两名大学生想找一位老师傅，教一教设备点检",
)
SUPPORT = ("青年职工多，工会活动场地不够", "与后勤商定，职工之家晚间向青年开放，添置两张球桌")


class Integrity:
    """What one branch did, through the acts."""

    def __init__(self, branch: BranchShape | None, *, names: dict[int, str], today: date) -> None:
        self.branch, self.names, self.today = branch, names, today

    def fill(self) -> None:
        """The secretary has not signed yet; one finding is put right and reported back, the other runs."""
        branch = self.branch
        if branch is None:
            return
        node = Organisation.objects.get(pk=branch.organisation.id)
        committee = [person for person, _kind in branch.posts]
        for person in committee[1:]:
            actions.sign_promise(
                self._actor(node, person), organisation=node, person=person, now=self._at(45)
            )
        actions.assign_duties(self._actor(node, committee[0]), organisation=node, now=self._at(44))
        self._checked(node, committee)
        self._together(node, committee[0])
        self._wishes(node, committee, [person.id for person in branch.members if person.id not in committee])

    def _checked(self, node: Organisation, committee: list[int]) -> None:
        secretary, other = self._actor(node, committee[0]), self._actor(node, committee[1])
        check = actions.record_check(
            other, organisation=node, owner=committee[1], now=self._at(30), text="廉政承诺履行、党费和活动经费、物资领用",
            result="承诺总体履行较好，账目清楚；查出两个问题，当场指出，限期纠正。",
        )  # fmt: skip
        undertakings.close(secretary, undertaking=check, note="支委会听取了汇报", now=self._at(29))
        rows = [
            actions.add_finding(
                other, check=check, problem=problem, text=text, owner=committee[-1], due_on=self.today + timedelta(days=20),
                now=self._at(30),
            )
            for problem, text in FOUND
        ]  # fmt: skip
        undertakings.report_done(
            self._actor(node, committee[-1]), undertaking=rows[0], result="附件已补齐，办法已在支委会上明确。", now=self._at(12)
        )  # fmt: skip
        undertakings.close(
            secretary,
            undertaking=rows[0],
            note="在支部党员大会上通报了整改结果，已告知经办人。",
            now=self._at(10),
        )

    def _together(self, node: Organisation, secretary: int) -> None:
        """A joint activity with the branch next door, convened for the week after next."""
        near = life_queries.neighbours(node)[:1]
        if not near:
            return
        actor, day = self._actor(node, secretary), self.today + timedelta(days=12)
        session = life.plan(
            actor,
            organisation=node,
            kind="joint_activity",
            planned_on=day,
            now=self._at(3),
            title="机电设备点检互学互查",
        )
        life.convene(
            actor,
            session=session,
            planned_on=day,
            starts_at=time(14, 30),
            place="井口会议室",
            joint=near,
            now=self._at(2),
        )

    def _wishes(self, node: Organisation, committee: list[int], members: list[int]) -> None:
        secretary, due = self._actor(node, committee[0]), self.today + timedelta(days=15)
        rows = [
            undertakings.undertake(
                secretary, organisation=node, now=self._at(9), what=Undertaken("small_task", text, committee[0], due_on=due)
            )
            for text in WISHES
        ]  # fmt: skip
        for row, person in zip(rows, members[:2], strict=False):
            undertakings.claim(self._actor(node, person), undertaking=row, now=self._at(7))
        if members:
            undertakings.report_done(
                self._actor(node, members[0]),
                undertaking=rows[0],
                result="已报修，当天换好了灯。",
                now=self._at(5),
            )
            undertakings.close(
                secretary, undertaking=rows[0], note="夜班的同志托支部说声谢谢。", now=self._at(4)
            )
        undertakings.undertake(
            secretary, organisation=node, now=self._at(8),
            what=Undertaken("support_task", SUPPORT[1], committee[-1], due_on=due, problem=SUPPORT[0]),
        )  # fmt: skip

    def _at(self, days_ago: int) -> datetime:
        return datetime.combine(
            self.today - timedelta(days=days_ago), time(9, 0), timezone.get_current_timezone()
        )

    def _actor(self, node: Organisation, person: int) -> Actor:
        verbs = frozenset({"integrity.*", "undertakings.*", "life.*"})
        return Actor(
            0, person, self.names[person],
            tuple(Mandate("secretary", node.pk, node.path, verbs, reach) for reach in (Reach.OWN, Reach.SELF)),
        )  # fmt: skip
