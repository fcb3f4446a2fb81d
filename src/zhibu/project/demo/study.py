"""Study in the demo: a library, the plans of the year, training and self-study, tutors, self-tests. Written in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from zhibu.life.models import FiledDocument
from zhibu.search.models import Text
from zhibu.search.tokens import of_text
from zhibu.study import queries, trials
from zhibu.study.models import (
    Material,
    MaterialTag,
    SelfTest,
    SelfTestResult,
    StudyPlan,
    StudyPlanItem,
    StudyRecord,
    TutorTurn,
)

from .bulk import insert, reset_sequences
from .doings import instant
from .shape import BranchShape, Shape

# kind, subject, audience, title, tags, minutes
FROM_ABOVE: tuple[tuple[str, str, str, str, str, int], ...] = (
    ("article", "constitution", "public", "党章学习要点二十问", "党章 应知应会", 40),
    ("article", "constitution", "public", "支部工作条例逐条学", "三会一课 组织生活", 60),
    ("article", "theory", "branch", "全会精神学习提纲", "全会精神 宣讲", 60),
    ("document", "theory", "branch", "本季度党课辅导材料", "党课", 90),
    ("article", "law", "public", "安全生产法班组学习读本", "安全 班组", 45),
    ("article", "safety", "branch", "事故案例警示教育", "警示 案例", 40),
    ("article", "management", "branch", "降本增效金点子汇编", "降本增效", 30),
    ("video", "skill", "branch", "岗位操作示范：交接班标准流程", "交接班 示范", 20),
    ("article", "history", "public", "党史中的今天", "党史", 15),
    ("article", "science", "branch", "智能巡检系统使用入门", "智能化", 30),
    ("exemplar", "other", "public", "扎根一线三十年的老班长", "劳模 师带徒", 15),
    ("article", "constitution", "public", "发展党员工作流程与常见问题", "发展党员 转正", 30),
    ("article", "management", "committee", "党务工作者季度培训课件", "培训", 120),
)
OF_A_BRANCH: tuple[tuple[str, str, str, str, str, int], ...] = (
    ("exemplar", "skill", "branch", "身边的党员：{name}值班抢修记", "身边典型 抢修", 10),
    ("article", "safety", "branch", "{name}岗位风险辨识清单", "风险 岗位", 20),
    ("article", "skill", "branch", "{name}师带徒学习笔记", "师带徒", 15),
)
PHRASES = (
    "学习要联系岗位，先弄懂为什么，再说怎么做。", "交接班要讲清设备状态、隐患和注意事项，接班人复述一遍。",
    "发现隐患当班处置，处置不了的挂牌、汇报、跟踪到销号。", "党员责任区要有图、有人、有检查，群众看得见。",
    "三会一课要议实事：议题提前三天告知，会后有落实、有反馈。", "带着问题学，围绕生产计划和成本指标找办法。",
    "预备党员要把学习心得写清楚，由介绍人逐条谈。", "技术骨干轮流讲，讲完现场做，做完大家评。",
    "倒班的同志看材料、问组长，下一个班前会上补一句体会。", "安全规程的每一条背后都有教训，逐条对照本班组的做法。",
    "降本增效从一颗螺丝、一度电做起，每月公布一次数字。", "谈心谈话先听后说，答应的事写下来、办到底。",
)  # fmt: skip
SUMMARY = "供党小组学习讨论，学后联系本岗位谈一条改进。"
TRAININGS = (
    ("集中轮训：新修订条例解读", "training", 240), ("网络专题班：基层党建实务", "online", 180),
    ("技能培训：应急处置实操", "training", 360), ("网络专题班：安全生产法", "online", 120),
)  # fmt: skip
SELF_STUDY = ("自学党章第一章", "读支部工作条例", "学习岗位安全规程", "看警示教育片", "读党史专题")
TEST = """党支部党员大会一般多久召开一次？
每月
* 每季度
每年
解析：支部工作条例规定，支部党员大会一般每季度召开一次。

发现隐患，当班首先应当做什么？
* 立即处置并报告
等下一班处理
写进月度总结
解析：隐患当班处置，处置不了的挂牌、汇报。

党员每年集中学习培训一般不少于多少学时？
* 32 学时
16 学时
56 学时
解析：党员教育管理工作条例第二十条。"""
TRIED = 8
"""Branches with a self-test and named tutors."""


class Studies:
    """Writes what branches and committees study."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape, self.today = shape, shape.today
        self.rng = Random(seed * 7 + 5)
        self.branches = [
            b for b in shape.branches if b.organisation.closed is None and b.organisation.founded is None
        ]

    def write(self) -> None:
        """Everything."""
        self._library()
        self._plans()
        self._records()
        self._tests()
        reset_sequences(
            (Text, Material, MaterialTag, StudyPlan, StudyPlanItem, StudyRecord, SelfTest, TutorTurn)
        )

    def _library(self) -> None:
        rows = list(self._materials())
        insert(Text, ("id", "title", "body", "title_tokens", "body_tokens"), (
            (pk, f"{title} {tags}", f"{SUMMARY}\n{content}", of_text(f"{title} {tags}"), of_text(f"{SUMMARY}\n{content}"))
            for pk, _place, (_kind, _subject, _audience, title, tags, _minutes), content, _day in rows
        ))  # fmt: skip
        names = (
            "id", "organisation_id", "kind", "subject", "audience", "title", "summary", "content", "minutes",
            "published_on", "author_name", "address", "text_id",
        )  # fmt: skip
        insert(Material, names, (
            (pk, place, kind, subject, audience, title, SUMMARY, content, minutes, day.toordinal(), "宣传委员",
             f"d{pk:08d}" if audience == "public" else None, pk)
            for pk, place, (kind, subject, audience, title, _tags, minutes), content, day in rows
        ))  # fmt: skip
        insert(MaterialTag, ("material_id", "word"), (
            (pk, word) for pk, _place, told, _content, _day in rows for word in told[4].split()
        ))  # fmt: skip

    def _materials(self) -> Iterator[tuple[int, int, tuple[str, str, str, str, str, int], str, date]]:
        pk = 0
        for place in [self.shape.organisations[0].id, *(each.id for each in self.shape.committees[:3])]:
            for told in FROM_ABOVE if place == self.shape.organisations[0].id else FROM_ABOVE[5:8]:
                pk += 1
                yield pk, place, told, self._content(14), self._day(300)
        for number, branch in enumerate(self.branches):
            name = branch.organisation.name.removesuffix("党支部")
            for kind, subject, audience, title, tags, minutes in OF_A_BRANCH[: 1 + number % 3]:
                pk += 1
                told = (kind, subject, audience, title.format(name=name)[:120], tags, minutes)
                yield pk, branch.organisation.id, told, self._content(6), self._day(200)

    def _content(self, sentences: int) -> str:
        lines = [self.rng.choice(PHRASES) for _each in range(sentences)]
        return "\n".join("".join(lines[start : start + 3]) for start in range(0, len(lines), 3))

    def _day(self, back: int) -> date:
        return self.today - timedelta(days=self.rng.randrange(1, back))

    def _plans(self) -> None:
        """The plan of the year of every branch that filed one, with what came of the months that are over."""
        year = self.today.year
        filed = FiledDocument.objects.filter(kind="study_plan", covers_on=date(year, 1, 1)).order_by("-id")
        documents = {
            branch: (pk, day) for branch, pk, day in filed.values_list("organisation_id", "id", "filed_on")
        }
        plans = [
            (pk, branch, year, "学得进、用得上：每月一题，学后一改。", day.toordinal(), document)
            for pk, (branch, (document, day)) in enumerate(sorted(documents.items()), 1)
        ]
        insert(StudyPlan, ("id", "organisation_id", "year", "goal", "adopted_on", "document_id"), plans)
        names = (
            "plan_id", "organisation_id", "known_at", "month_on", "content", "way", "minutes", "effect", "outcome",
            "outcome_on",
        )  # fmt: skip
        insert(StudyPlanItem, names, self._items([(row[0], row[1], row[4]) for row in plans], year))

    def _items(self, plans: list[tuple[int, int, int]], year: int) -> Iterator[tuple[Any, ...]]:
        proposed = queries.proposed(year)
        for plan, branch, adopted in plans:
            for item in proposed:
                over = item.month_on.replace(day=28) < self.today and self.rng.random() < 0.4
                outcome = (
                    self.rng.choice(("讨论形成两条整改措施，已落实", "三名党员上台讲，班组反映听得懂"))
                    if over
                    else ""
                )
                done = item.month_on.replace(day=28).toordinal() if over else None
                yield (
                    plan, branch, instant(done or adopted), item.month_on.toordinal(), item.content, str(item.way), item.minutes,
                    "每人联系岗位提一条改进" if item.way == "together" else "", outcome,
                    done,
                )  # fmt: skip

    def _records(self) -> None:
        names = (
            "organisation_id", "person_id", "kind", "studied_on", "minutes", "title", "platform", "entered_on",
            "known_at",
        )  # fmt: skip
        insert(StudyRecord, names, (row for branch in self.branches for row in self._of(branch)))

    def _of(self, branch: BranchShape) -> Iterator[tuple[Any, ...]]:
        """Training of most members, self-study of some."""
        start = date(self.today.year, 1, 10)
        span = max((self.today - start).days, 1)
        for person in branch.members:
            for title, kind, minutes in TRAININGS[: self.rng.randrange(4)]:
                day = start + timedelta(days=self.rng.randrange(span))
                if day >= branch.arrived[person.id] and day <= self.today:
                    platform = "干部网络学院" if kind == "online" else ""
                    yield (
                        branch.organisation.id, person.id, kind, day.toordinal(), minutes, title, platform,
                        day.toordinal(), instant(day.toordinal()),
                    )  # fmt: skip
            if self.rng.random() < 0.3:
                day = start + timedelta(days=self.rng.randrange(span))
                if branch.arrived[person.id] <= day <= self.today:
                    yield (
                        branch.organisation.id, person.id, "self_study", day.toordinal(), self.rng.choice((30, 45, 60)),
                        self.rng.choice(SELF_STUDY), "", day.toordinal(), instant(day.toordinal()),
                    )  # fmt: skip

    def _tests(self) -> None:
        questions, tried = trials.parsed(TEST), self.branches[:TRIED]
        opened = self.today - timedelta(days=20)
        for branch in tried:
            test = SelfTest.objects.create(
                organisation_id=branch.organisation.id,
                title="应知应会三题",
                questions=questions,
                opened_on=opened,
            )
            answers = [[1], [0]]
            SelfTestResult.objects.bulk_create(
                SelfTestResult(
                    test=test, person_id=person.id, answers=[answers[0], answers[1], [place % 3]],
                    right=2 + (place % 3 == 0), taken_on=opened + timedelta(days=place % 9),
                )
                for place, person in enumerate(branch.members[1:9])
            )  # fmt: skip
        month = self.today.replace(day=1)
        TutorTurn.objects.bulk_create(
            TutorTurn(organisation_id=branch.organisation.id, person_id=branch.posts[0][0], month_on=month, topic="联系岗位谈落实")
            for branch in tried
            if branch.posts
        )  # fmt: skip
