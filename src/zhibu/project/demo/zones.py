"""Two floors of one unit with their zones and model posts: most in order, one with a finding, one not looked at for long."""

from __future__ import annotations

import struct
import zlib
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.pledges import actions, queries
from zhibu.register.models import Organisation

from .shape import BranchShape

WIDTH, HEIGHT, WALL = 1000, 620, 6
#: rooms of the plan as left, top, right, bottom
ROOMS = (
    (40, 40, 960, 580), (40, 40, 340, 300), (340, 40, 640, 300), (640, 40, 960, 220), (640, 220, 960, 580),
    (40, 380, 240, 580), (240, 380, 440, 580), (440, 380, 640, 580),
)  # fmt: skip
ZONES = (
    ("zone", "一号泵房", "设备点检不漏一项，地面无油污", "45,75 335,470"),
    ("zone", "配电室", "巡检按时，停送电有人监护", "345,75 635,470"),
    ("zone", "检修班组", "班前讲安全，工器具摆放到位", "645,75 950,345"),
    ("zone", "主厂房东段", "通道畅通，消防器材完好", "645,365 955,365 955,925 790,925 790,640 645,640"),
    ("model_post", "中控操作岗", "参数记录当班完成，异常当场报告", "45,620 235,925"),
    ("model_post", "化验岗", "化验及时准确，结果当班公布", "245,620 435,925"),
)  # fmt: skip
UPSTAIRS = (4, 5)
FOUND, UNSEEN = 1, 4
"""The zone in which something was found, and the one nobody looked at for long."""


class Zones:
    """Zones of one branch, through the acts."""

    def __init__(self, branch: BranchShape | None, *, names: dict[int, str], today: date) -> None:
        self.branch, self.names, self.today = branch, names, today

    def fill(self) -> None:
        """Two plans, zones on them, and how they were found."""
        branch = self.branch
        if branch is None:
            return
        node = Organisation.objects.get(pk=branch.organisation.id)
        secretary = branch.posts[0][0]
        verbs = frozenset({"pledges.*", "undertakings.*", "notices.*"})
        actor = Actor(
            0, secretary, self.names[secretary], (Mandate("secretary", node.id, node.path, verbs, Reach.OWN),)
        )
        drawn_on, looked_on = self._at(50), self._at(6)
        # whoever was a member when it was drawn, and is one still
        still = {each.person for each in queries.promises(node, self.today.year, self.today)}
        holders = [
            each.person
            for each in queries.promises(node, drawn_on.year, drawn_on.date())
            if each.person in still and each.person != secretary
        ]
        if len(holders) < len(ZONES):
            return
        ground, upper = (
            actions.set_plan(actor, organisation=node, title=title, content=floor(), now=drawn_on)
            for title in ("厂房一层", "厂房二层")
        )
        for number, (kind, title, asks, shape) in enumerate(ZONES):
            zone = actions.draw_zone(
                actor,
                organisation=node,
                kind=kind,
                title=title,
                asks=asks,
                holder=holders[number],
                shape=shape,
                plan=(upper if number in UPSTAIRS else ground).pk,
                now=drawn_on,
            )
            if number != UNSEEN:
                found = "三号配电柜门没有锁，操作票夹缺一页" if number == FOUND else ""
                actions.check_zone(actor, zone=zone, checked_on=looked_on.date(), found=found, now=looked_on)
        actions.publish_zones(actor, organisation=node, now=looked_on)

    def _at(self, days: int) -> datetime:
        return datetime.combine(
            self.today - timedelta(days=days), time(9, 30), timezone.get_current_timezone()
        )


def floor() -> bytes:
    """A floor plan as a PNG of three greys: walls, floor, and the ground around it."""
    rows = [bytearray(b"\x02" * WIDTH) for _ in range(HEIGHT)]
    for left, top, right, bottom in ROOMS:
        for y in range(top, bottom):
            wall = y < top + WALL or y >= bottom - WALL
            rows[y][left:right] = b"\0" * (right - left) if wall else (
                b"\0" * WALL + b"\1" * (right - left - 2 * WALL) + b"\0" * WALL
            )  # fmt: skip
    for left, top in ((180, 294), (480, 294), (634, 330), (130, 380), (330, 380), (530, 380), (480, 574)):
        for y in range(top, top + WALL):
            rows[y][left : left + 50] = b"\1" * 50
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    colours = bytes((90, 90, 90, 255, 255, 255, 236, 234, 230))
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    parts = ((b"IHDR", head), (b"PLTE", colours), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
