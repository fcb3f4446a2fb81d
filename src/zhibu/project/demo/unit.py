"""The homes and the work of the demo's branches: things, honours, figures, campaigns, slogans on screens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from zhibu import rulebook
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.notices import actions as notices
from zhibu.premises.models import Fixture, Honour
from zhibu.production.models import Campaign, Figures
from zhibu.production.queries import before
from zhibu.register.models import Organisation, Post

from .bulk import insert, reset_sequences
from .shape import BranchShape, Shape

MONTHS = 15
NOON = 12 * 3600 * 1000
EPOCH = date(1970, 1, 1).toordinal()
PRESENT = {"ordinary": 0.8, "excellent": 1.0, "idle": 0.55, "late": 0.7}
LACKING = {
    "premises": ("与班组合用会议室", 0), "sign": ("字迹褪色", 60_000), "seal": ("印章未刻", 30_000), "flag": ("党旗破损", 20_000),
    "display": ("版面两年没有更换", 150_000), "office": ("没有打印机", 120_000), "activity_room": ("没有专用房间", 800_000),
    "audio_visual": ("没有投影", 450_000), "affairs_board": ("公开栏玻璃碎裂", 80_000), "pledge_board": ("没有承诺栏", 60_000),
    "book_cabinet": ("没有图书柜", 90_000), "papers_cabinet": ("资料柜没有锁", 40_000),
}  # fmt: skip
MEASURES = {
    "production": ("吨", 12_000), "research": ("项", 6), "organ": ("项", 20), "service": ("次", 300), "school": ("课时", 900),
    "other": ("项", 12),
}  # fmt: skip
CAMPAIGNS = (
    ("labour_competition", "安全生产百日赛", "比产量、比安全、比质量，每周公布，前两名班组奖励。", "百日无事故，产量超计划 5%。"),
    ("shock_task", "雨季前排水沟清淤", "三天完成 400 米，党员先上。", "提前一天完成，雨季没有积水。"),
    ("innovation_drive", "修旧利废", "各班组报成果，技术组核实节约金额。", "修复配件 36 件，节约 4.2 万元。"),
    ("skills_contest", "班组技能比武", "理论加实操，按班组总分。", "三个班组参加，推广了两项操作法。"),
)  # fmt: skip
SLOGANS = (
    ("slogan_party", "一个支部一座堡垒，一名党员一面旗帜", 60),
    ("slogan_safety", "高高兴兴上班，平平安安回家", 40),
    ("slogan_quality", "精益求精，一次做对", 30),
)
TEAMS = ("一班", "二班", "三班")


class Unit:
    """Rows in bulk for every branch, and slogans through their acts for the first."""

    def __init__(self, shape: Shape, first: BranchShape | None, *, seed: int, today: date) -> None:
        self.branches = [branch for branch in shape.branches if branch.organisation.closed is None]
        self.first, self.today, self.rng = first, today, Random(seed)
        self.months = [before(today.replace(day=1))]
        for _each in range(MONTHS - 1):
            self.months.append(before(self.months[-1]))

    def write(self) -> None:
        """Everything but the slogans."""
        names = ["organisation_id", "item", "state", "seen_on", "lacking", "cost_fen", "keeper_id"]
        insert(Fixture, names, self._fixtures())
        names = [
            "organisation_id",
            "person_id",
            "title",
            "given_by",
            "level",
            "given_on",
            "shown",
            "known_at",
        ]
        insert(Honour, names, self._honours())
        names = [
            "organisation_id",
            "month_on",
            "measure",
            "planned",
            "done",
            "cost_plan_fen",
            "cost_fen",
            "accidents",
            "hazards_found",
            "hazards_fixed",
            "entered_on",
            "known_at",
        ]
        insert(Figures, names, self._figures())
        Campaign.objects.bulk_create(
            [made for branch in self.branches if (made := self._campaign(branch)) is not None], batch_size=500
        )
        reset_sequences((Fixture, Honour, Figures))

    def slogans(self) -> None:
        """Slogans of the top for every screen, and of the first branch, which has a screen."""
        now = datetime.combine(self.today, time(8, 30), timezone.get_current_timezone())
        places = [Organisation.objects.order_by("path").first()]
        if self.first is not None:
            places.append(Organisation.objects.get(pk=self.first.organisation.id))
        for place, slogans in zip(places, (SLOGANS[:1], SLOGANS[1:]), strict=False):
            holders = (
                Post.objects.filter(organisation=place, until=None).select_related("person").order_by("id")
            )
            post = holders.first()
            if place is None or post is None:
                continue
            mandate = Mandate("secretary", place.pk, place.path, frozenset({"notices.*"}), Reach.OWN)
            actor = Actor(0, post.person_id, post.person.name, (mandate,))
            for kind, title, days in slogans:
                notices.publish(
                    actor, organisation=place, kind=kind, title=title, opens_on=self.today - timedelta(days=5),
                    closes_on=self.today + timedelta(days=days), now=now,
                )  # fmt: skip
            notices.renew_screen(actor, organisation=place, now=now)

    def _fixtures(self) -> Iterator[tuple[Any, ...]]:
        items = rulebook.load().home
        for branch in self.branches:
            share = PRESENT.get(branch.manner.name, 0.8)
            seen = (self.today - timedelta(days=self.rng.randrange(20, 420))).toordinal()
            for item in items:
                dice = self.rng.random()
                if dice < share:
                    named = items[item].keeper and branch.members and self.rng.random() < 0.8
                    keeper = self.rng.choice(branch.members).id if named else None
                    yield branch.organisation.id, item, "present", seen, "", 0, keeper
                elif dice < share + 0.15:
                    lacking, cost = LACKING.get(item, ("", 0))
                    state = "missing" if lacking.startswith(("没有", "与", "印")) else "worn"
                    yield branch.organisation.id, item, state, seen, lacking, cost, None

    def _honours(self) -> Iterator[tuple[Any, ...]]:
        for branch in self.branches:
            if branch.manner.name not in ("excellent", "ordinary") or self.rng.random() < 0.5:
                continue
            day = (self.today - timedelta(days=self.rng.randrange(30, 500))).toordinal()
            known = (day - EPOCH) * 86_400_000 + NOON
            yield branch.organisation.id, None, "五好党支部", "上级党委", "committee", day, 1, known
            if branch.members and self.rng.random() < 0.5:
                person = self.rng.choice(branch.members).id
                shown = int(self.rng.random() < 0.8)
                yield (
                    branch.organisation.id,
                    person,
                    "优秀共产党员",
                    "上级党委",
                    "committee",
                    day,
                    shown,
                    known,
                )

    def _figures(self) -> Iterator[tuple[Any, ...]]:
        for branch in self.branches:
            found = MEASURES.get(branch.organisation.unit_type)
            if found is None:
                continue
            measure, usual = found
            founded = branch.organisation.founded or date.min
            for month in self.months:
                if month < founded or (branch.manner.name == "idle" and self.rng.random() < 0.4):
                    continue
                done = round(usual * self.rng.uniform(0.93, 1.08))
                cost = round(80_000_000 * self.rng.uniform(0.94, 1.04))
                hazards = self.rng.randrange(0, 9)
                entered = month.toordinal() + 31 + self.rng.randrange(1, 12)
                entered = min(entered, self.today.toordinal())
                yield (
                    branch.organisation.id, month.toordinal(), measure, usual, done, 80_000_000, cost,
                    int(self.rng.random() < 0.02), hazards, max(0, hazards - self.rng.randrange(0, 2)), entered,
                    (entered - EPOCH) * 86_400_000 + NOON,
                )  # fmt: skip

    def _campaign(self, branch: BranchShape) -> Campaign | None:
        if branch.organisation.unit_type not in MEASURES:
            return None
        kind, title, rules, outcome = self.rng.choice(CAMPAIGNS)
        ended = self.today - timedelta(days=self.rng.randrange(10, 150))
        known = (ended.toordinal() - EPOCH) * 86_400_000 + NOON
        results = [
            [name, f"完成 {100 + number * 2}%", len(TEAMS) - number] for number, name in enumerate(TEAMS)
        ]
        return Campaign(
            organisation_id=branch.organisation.id, kind=kind, title=title, rules=rules,
            opens_on=ended - timedelta(days=60), closes_on=ended, teams=results, outcome=outcome, ended_on=ended,
            known_at=known,
        )  # fmt: skip
