"""What the meetings of the demo led to: resolutions with owners, problems solved, points put right, pledges. Pure rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from zhibu.pledges.models import Mark
from zhibu.undertakings.models import Helper, Step, Undertaking

from .bulk import insert, reset_sequences
from .doings import Doings, instant
from .shape import BranchShape, Shape

Row = tuple[Any, ...]
COLUMNS = (
    "id", "organisation_id", "party_group_id", "kind", "state", "visibility", "text", "problem", "resolution", "owner_id",
    "about_id", "keeper_id", "source", "source_id", "source_told", "opened_on", "due_on", "first_due_on", "extensions",
    "result", "done_on", "ended_on", "in_time", "known_at",
)  # fmt: skip
MARKS = ("organisation_id", "person_id", "year", "half", "stage", "level", "words", "given_on")
STEPS = ("undertaking_id", "kind", "taken_on", "text", "by_name")
MEETINGS = {
    "committee_meeting": "支部委员会会议",
    "themed_day": "主题党日",
    "organisational_life_meeting": "组织生活会",
}
PROBLEMS = (
    (
        "三号皮带机清扫器磨损快，停机多",
        "换聚氨酯刮刀，党员突击队包保一个月",
        "停机由每月六次降到一次，已纳入检修标准",
    ),
    ("夜班交接信息不全，隐患漏报", "修订交接班表，班长签字，值班党员抽查", "一个季度抽查二十次，无漏报"),
    ("备件领用手续多，抢修等件", "与物资科商定应急备件清单，先领后补", "应急备件到场由四小时缩到四十分钟"),
    ("新员工操作不熟，返工多", "一名党员带两名新员工，师徒签约", "返工率由百分之五降到百分之二"),
    ("井口浴室热水不足", "报后勤科改造水箱，班后错峰使用", "水箱已更换，职工反映良好"),
)
POINTS = (
    ("理论学习不够经常，联系实际不紧", "每月列出学习专题，党员轮流领学", "半年领学六次，联系岗位写体会"),
    ("深入班组少，听意见不够", "支委每人联系一个班组，每月到班组一次", "联系记录齐全，解决问题四件"),
    ("批评帮助不够经常", "谈心谈话每季度一轮，书记带头", "本季度谈心一轮已完成"),
)
VISITS = (
    (
        "到检修班看夜班备件领用，听班长意见",
        "夜里领料要等值班员，一次等了四十分钟；班里已自己备了常用件清单。",
    ),
    ("到三号泵房看雨季排水准备", "两台泵能用，一台密封漏；操作工建议把备用泵提前试一遍，当场定了日子。"),
    ("到选煤车间看新员工带教", "师傅带得认真，作业票还是手写，容易漏项；车间同意统一样表。"),
)
TASKS = ("按分工落实并在下次会议报告", "整理材料报上级党委", "组织一次现场检查并通报", "与工会商定活动方案")
PLEDGES = (
    "带好一名徒弟，半年内独立上岗",
    "责任区全年无事故",
    "提一条合理化建议并落实",
    "每月参加一次志愿服务",
)


class Undertakings:
    """Rows of what was undertaken in the last year."""

    def __init__(self, shape: Shape, doings: Doings, seed: int) -> None:
        self.shape, self.doings, self.seed = shape, doings, seed
        self.today = shape.today.toordinal()
        self.rows: list[Row] = []
        self.steps: list[Row] = []
        self.helpers: list[Row] = []
        self.marks: list[Row] = []

    def write(self, say: Callable[[str], None]) -> None:
        """Everything into the database."""
        decided: dict[int, list[Row]] = {}
        for item in self.doings.agenda:
            if item[6] == "committee_meeting" and item[7] and item[8] > self.today - 300 and item[2] == 1:
                decided.setdefault(item[1], []).append(item)
        for row in self.doings.sessions:
            # what a themed day or a life meeting brought up stands in no agenda of the demo
            if (
                row[3] in MEETINGS
                and row[3] != "committee_meeting"
                and row[4] == "closed"
                and row[9] > self.today - 300
            ):
                decided.setdefault(row[1], []).append(
                    (row[0], row[1], 1, "", row[5], "", row[3], 1, row[9], 0)
                )
        for branch in self.shape.branches:
            if branch.organisation.closed is None and branch.posts:
                self._branch(branch, decided.get(branch.organisation.id, []))
        say(f"写入 {len(self.rows)} 项任务 …")
        insert(Undertaking, COLUMNS, self.rows)
        insert(Step, STEPS, self.steps)
        insert(Helper, ("undertaking_id", "person_id"), self.helpers)
        insert(Mark, MARKS, self.marks)
        reset_sequences((Undertaking, Step, Helper, Mark))

    def _branch(self, branch: BranchShape, items: list[Row]) -> None:
        rng = Random(self.seed * 7_919 + branch.organisation.id)
        keeper = branch.posts[0][0]
        working = [
            person.id for person in branch.members if person.id != keeper and person.id not in branch.mobile
        ]
        if not working:
            return
        for item in items:
            given = self._given(rng, item)
            if given is not None:
                self._add(rng, branch, item, given, keeper, rng.choice(working))
        self._visits(branch, keeper)
        if branch.organisation.founded is None:
            year = self.shape.today.year
            days = date(year, 1, 15).toordinal(), date(year, 12, 31).toordinal()
            for person in rng.sample(working, min(3, len(working))):
                told = ("pledge", "public", "", rng.choice(PLEDGES), "")
                self._row(branch, told, None, days, owner=person, keeper=person)
                self._marked(rng, branch, person, year)

    def _visits(self, branch: BranchShape, keeper: int) -> None:
        """The secretary goes where the work is done: twice in half a year, or once."""
        rng = Random(self.seed * 6_007 + branch.organisation.id)
        for back in (23, 96)[: 2 if rng.random() < branch.manner.holds else 1]:
            gone = self.today - back - rng.randrange(9)
            told = ("site_visit", "branch", "", *rng.choice(VISITS))
            self._row(
                branch, told, None, (gone - 2, gone + 5), owner=keeper, keeper=keeper, done=gone, ended=gone
            )

    def _marked(self, rng: Random, branch: BranchShape, person: int, year: int) -> None:
        """The marks of the first half-year, once they were due; late branches have not given theirs."""
        if date(year, 7, 15) > self.shape.today:
            return
        place, level = branch.organisation.id, rng.choice(("kept", "kept", "partly"))
        for stage, day in (("self", 2), ("group", 6), ("branch", 12)):
            if stage == "self" or rng.random() < branch.manner.holds:
                words = "" if level == "kept" else "义务劳动少去了一次，下半年补上"
                self.marks.append(
                    (place, person, year, 1, stage, level, words, date(year, 7, day).toordinal())
                )

    def _given(self, rng: Random, item: Row) -> tuple[tuple[str, str, str, str, str], int] | None:
        """What an item leads to: (kind, sight, problem, text, result) and its days; often nothing."""
        chance = rng.random()
        if item[6] == "organisational_life_meeting":
            return ("rectification", "committee", *rng.choice(POINTS)), 90
        if item[6] == "themed_day" and chance < 0.4:
            return ("production_problem", "branch", *rng.choice(PROBLEMS)), 90
        if item[6] == "committee_meeting" and chance < 0.5:
            text = f"{item[4].removeprefix('研究')}：{rng.choice(TASKS)}"
            return ("resolution", "branch", "", text, "已办完，情况在支委会上作了报告"), 30
        return None

    def _add(
        self, rng: Random, branch: BranchShape, item: Row, given: tuple[tuple[str, str, str, str, str], int], keeper: int,
        owner: int,
    ) -> None:  # fmt: skip
        """One that follows from an item: done in time, late, still running or overdue, after the branch's manner."""
        told, length = given
        opened, due = item[8], item[8] + length
        done = opened + round(length * rng.uniform(0.3, 1.05 if rng.random() < branch.manner.holds else 1.6))
        ended = None if done > self.today - 3 else min(done + 2, self.today)
        self._row(
            branch, told, item, (opened, due), owner=owner, keeper=keeper, ended=ended,
            done=None if done > self.today else done,
        )  # fmt: skip
        if len(branch.members) > 8 and rng.random() < 0.3:
            other = next((person for person in branch.members if person.id not in {owner, keeper}), None)
            if other is not None:
                self.helpers.append((len(self.rows), other.id))

    def _row(
        self, branch: BranchShape, told: tuple[str, str, str, str, str], item: Row | None, days: tuple[int, int], *,
        owner: int, keeper: int, done: int | None = None, ended: int | None = None,
    ) -> None:  # fmt: skip
        key, names, (kind, sight, problem, text, result) = len(self.rows) + 1, self.shape.people, told
        opened, due = days
        state = "closed" if ended else "done" if done else "open"
        source = ("life.session", item[0], self._told(item)) if item else ("", None, "")
        self.rows.append((
            key, branch.organisation.id, None, kind, state, sight, text, problem, item[5] if item else "", owner, None,
            keeper, *source, opened, due, due, 0, result if done else "", done, ended,
            int(ended is not None and done is not None and done <= due), instant(ended or done or opened),
        ))  # fmt: skip
        self.steps.append((key, "opened", opened, "", names[keeper - 1].name))
        if done is not None:
            self.steps.append((key, "done", done, result, names[owner - 1].name))
        if ended is not None:
            self.steps.append((key, "closed", ended, "", names[keeper - 1].name))

    def _told(self, item: Row) -> str:
        return f"{MEETINGS[item[6]]} {date.fromordinal(item[8]).isoformat()}：{item[4]}"[:200]
