"""What members of the first branch promise for the year: some are published, some wait, some have not written."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.pledges import actions, queries
from zhibu.pledges.actions.marking import Given
from zhibu.register.models import Organisation

from .shape import BranchShape

PROMISED = (
    "班前会必讲一条安全要点；发现“三违”当场制止。\n全年无责任事故、无质量事故。",
    "带好两名青年职工，年底前让他们独立顶岗。\n每季度讲一次业务课。",
    "牵头解决本岗位一个降本难题，全年节约备件费用 2 万元以上。",
    "服务对象来电当天回复，办不了的三天内说明原因。",
    "每月参加一次义务劳动，联系两户困难职工，逢节必访。",
    "设备点检不漏一项，记录当班完成，交接当面说清。",
    "带头参加技术比武，学会一项新技能，并教给班组。",
)
MARKS = (
    ("kept", "班前会条条讲到，半年无事故"),
    ("kept", ""),
    ("partly", "徒弟还没有独立顶岗，下半年补上"),
    ("kept", "降本难题已立项"),
    ("short", "义务劳动只参加了一次"),
)
SHOWN, WAITING = 6, 9
"""Pledges up to the first number are published, up to the second they wait."""


class Pledges:
    """Pledges of one branch, through the acts."""

    def __init__(self, branch: BranchShape | None, *, names: dict[int, str], today: date) -> None:
        self.branch, self.names, self.today = branch, names, today

    def fill(self) -> None:
        """Some are confirmed and published, some wait; the secretary has not written one yet."""
        branch = self.branch
        if branch is None:
            return
        node = Organisation.objects.get(pk=branch.organisation.id)
        # pledges are made at the beginning of the year, by those who were members then and still are
        day = min(self.today, date(self.today.year, 1, 12))
        now, then = self._at(day), {each.person for each in queries.promises(node, day.year, day)}
        members = queries.promises(node, self.today.year, self.today)
        chosen = [
            each.person
            for each in members
            if each.person in then and each.person != branch.posts[0][0] and not each.pledge
        ][:WAITING]
        secretary = self._actor(branch, branch.posts[0][0])
        made = [
            actions.make(
                secretary, organisation=node, person=person, text=PROMISED[number % len(PROMISED)], now=now
            )
            for number, person in enumerate(chosen)
        ]
        if made:
            actions.publish(
                secretary,
                organisation=node,
                pledges=[each.pk for each in made[:SHOWN]],
                now=now.replace(hour=10),
            )
        self._mark(secretary, node)

    def _mark(self, secretary: Actor, node: Organisation) -> None:
        """The marks of the first half-year; the branch has still to give the last of its own."""
        given_on = date(self.today.year, 7, 8)
        if given_on > self.today:
            return
        now = self._at(given_on)
        rows = queries.marked(node, queries.asked_half(given_on), given_on)
        rows = [each for each in rows if each.person != secretary.person]
        for number, row in enumerate(rows[:-1]):
            given = Given(*MARKS[number % len(MARKS)])
            actions.mark_self(secretary, organisation=node, person=row.person, given=given, now=now)
        whole = {row.person: Given(*MARKS[number % len(MARKS)]) for number, row in enumerate(rows[:-3])}
        if whole:
            actions.mark_branch(secretary, organisation=node, given=whole, now=now)

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, time(9, 0), timezone.get_current_timezone())

    def _actor(self, branch: BranchShape, person: int) -> Actor:
        node = branch.organisation
        verbs = frozenset({"pledges.*", "undertakings.*", "notices.*"})
        return Actor(
            0, person, self.names[person], (Mandate("secretary", node.id, node.path, verbs, Reach.OWN),)
        )
