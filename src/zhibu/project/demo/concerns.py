"""What people are concerned about, in a few branches of the demo, through the acts: a quarter analysed, one being asked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from zhibu.concerns import actions, answers, slips
from zhibu.concerns.actions.analysing import Measure
from zhibu.concerns.models import Analysis, Survey
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.core.calendar import Quarter
from zhibu.life.models import DocumentKind, FiledDocument
from zhibu.register.models import Organisation
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.told import Undertaken

from .shape import BranchShape, Shape

BRANCHES = 3
FINDINGS = (
    "多数人状态平稳，检修高峰期比较累。最关心的是班次和休息、浴室热水、技能晋级。"
    "比上季度，反映“没下文”的少了，对改革后岗位怎么定还有疑问。"
)
MEASURES = (
    ("浴室水箱小，夜班交接后没有热水", "与后勤商定换水箱，换好前错峰供水", "水箱已换，夜班后热水正常"),
    ("岗位怎么定讲得少，靠传话", "每月班前会讲一次，把办法和问答贴到公告栏", ""),
)
MATTERS = (
    ("difficulty", "宿舍区夜里停水，下班洗不了澡", "与物业定停水时段，夜班前通知", 20, ""),
    ("conflict", "两个班组为更衣柜起争执", "按人数重新划分，两位班长当面定", 15, "已重新划分，两班无异议"),
)
CARED = (
    ("care_visit", "节前到家里看望，带去组织的问候", 30),
    ("talent_contact", "每季度听一次想法，帮联系技能大师工作室", 365),
    ("help_plan", "帮助安排复查那几天的调班", 60),
)
OUTSIDE = "检修班张师傅"
"""Somebody who is no member: what the branch calls him."""

WORDS = ("夜班后能有热水", "晋级考试早点通知", "班车晚十分钟就好", "讲清楚新班组怎么分")


class Concerns:
    """A survey counted and a quarter analysed in the first branches; in one of them the next survey is open."""

    def __init__(self, shape: Shape, first: BranchShape | None, *, seed: int, today: date) -> None:
        ordered = [*([first] if first else []), *(b for b in shape.branches if b is not first)]
        usable = [b for b in ordered if b.organisation.closed is None and b.organisation.founded is None]
        self.branches = [b for b in usable if len(b.posts) > 2][:BRANCHES]
        self.today, self.random = today, Random(seed)
        self.names = {person.id: person.name for person in shape.people}

    def fill(self) -> None:
        """The quarter before this one, then this one."""
        for number, branch in enumerate(self.branches):
            node = Organisation.objects.get(pk=branch.organisation.id)
            secretary, deputy = self._actor(branch, 0), self._actor(branch, 1)
            last = Quarter.of(self.today).previous()
            begun = last.last - timedelta(days=20)
            survey = self._asked(secretary, node, begun, 7 + 5 * (2 - number), cards=20)
            counted = actions.count_survey(secretary, survey=survey, now=self._at(begun + timedelta(days=11)))
            if counted.words_sealed:
                actions.release_words(secretary, survey=counted, chosen=[0, 1, 2], now=self._at(last.last))
            self._analysed(branch, node, secretary, deputy, last)
            self._cared(branch, node, secretary, deputy)
            if number == 0:
                # one survey a quarter: on its first days this one is new
                begun = max(Quarter.of(self.today).first, self.today - timedelta(days=2))
                self._asked(secretary, node, begun, 6)

    def _asked(
        self, secretary: Actor, node: Organisation, day: date, answered: int, cards: int = 0
    ) -> Survey:
        """By slips, as is proposed; or by its address alone."""
        survey = actions.open_survey(
            secretary, organisation=node, kind="mood", audience="everyone", closes_on=day + timedelta(days=10),
            now=self._at(day), slips_count=cards,
        )  # fmt: skip
        drawn = [slips.digest(each) for each in slips.codes(survey.code, cards)] or [""] * answered
        pick = self.random.choice
        for each in range(answered):
            given: dict[str, object] = {
                "group": "members" if each % 2 else "masses", "state": pick(("good", "steady", "steady", "tired")),
                "concerns": self.random.sample(("pay", "shifts", "skills", "canteen", "reform"), 2),
                "heard": pick(("solved", "answered", "answered", "silent")), "branch": pick(("lead", "some")),
            }  # fmt: skip
            if each % 3 == 0:
                given["first"] = WORDS[each % len(WORDS)]
            answers.put(survey.code, f"demo-{survey.code}-{each}", given, drawn[each])
        return survey

    def _analysed(
        self, branch: BranchShape, node: Organisation, secretary: Actor, deputy: Actor, quarter: Quarter
    ) -> None:
        at = self._at(quarter.last - timedelta(days=3))
        analysis = actions.write_analysis(
            secretary, organisation=node, quarter=quarter, findings=FINDINGS, now=at, named=True
        )
        owner = branch.posts[1][0]
        for cause, text, result in MEASURES:
            measure = Measure(cause, text, owner, quarter.last + timedelta(days=45))
            made = actions.add_measure(secretary, analysis=analysis, measure=measure, now=at)
            if result:
                done = self._at(min(quarter.last + timedelta(days=20), self.today))
                undertakings.report_done(deputy, undertaking=made, result=result, now=done)
                undertakings.close(secretary, undertaking=made, now=done)
        self._file(analysis, secretary, at)

    def _cared(self, branch: BranchShape, node: Organisation, secretary: Actor, deputy: Actor) -> None:
        """Two matters, a visit, a contact with an expert, and a help plan that its helper and the secretary see."""
        owner, begun = branch.posts[1][0], self.today - timedelta(days=24)
        member = branch.members[-1].id
        for kind, problem, text, days, result in MATTERS:
            due = begun + timedelta(days=days)
            what = Undertaken(kind, text=text, owner=owner, due_on=due, problem=problem)
            made = undertakings.undertake(secretary, organisation=node, what=what, now=self._at(begun))
            if result:
                undertakings.report_done(
                    deputy, undertaking=made, result=result, now=self._at(begun + timedelta(days=9))
                )
                undertakings.close(secretary, undertaking=made, now=self._at(begun + timedelta(days=10)))
        visit = Undertaken(
            "care_visit",
            text="住院期间去看望，问要带什么",
            owner=owner,
            due_on=begun + timedelta(days=30),
            whom=OUTSIDE,
        )
        undertakings.undertake(secretary, organisation=node, what=visit, now=self._at(begun))
        for kind, text, days in CARED:
            what = Undertaken(kind, text=text, owner=owner, due_on=begun + timedelta(days=days), about=member)
            made = undertakings.undertake(secretary, organisation=node, what=what, now=self._at(begun))
            if kind == "help_plan":
                undertakings.agree(deputy, undertaking=made, now=self._at(begun))

    def _file(self, analysis: Analysis, secretary: Actor, at: datetime) -> None:
        """The paper of the quarter is there already, where the branch filed one."""
        rows = FiledDocument.objects.filter(
            organisation=analysis.organisation,
            kind=DocumentKind.THOUGHT_ANALYSIS,
            covers_on=analysis.covers_on,
        )
        analysis.document = rows.first()
        if analysis.document is not None:
            analysis.save()
        else:
            actions.file_analysis(secretary, analysis=analysis, now=at)

    def _actor(self, branch: BranchShape, place: int) -> Actor:
        person, node = branch.posts[place][0], branch.organisation
        verbs = frozenset({"concerns.*", "undertakings.*", "life.file_document"})
        mandate = Mandate(
            "secretary" if place == 0 else "deputy_secretary", node.id, node.path, verbs, Reach.OWN
        )
        return Actor(-person, person, self.names[person], (mandate,))

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, time(9), timezone.get_current_timezone())
