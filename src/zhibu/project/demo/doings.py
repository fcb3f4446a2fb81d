"""What the branches of the demo did: meetings, attendance, agenda, talks, papers, dues, notices. Pure.

Rows are tuples in the order of the ``*_COLUMNS`` next to them, days as ordinals, ready for ``bulk.insert``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any

from zhibu.core.calendar import Month, Quarter

from . import held, names
from .dues import Ledger, base_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .shape import OrganisationRow, Shape

NOON = 12 * 3600 * 1000
EPOCH = date(1970, 1, 1).toordinal()
Row = tuple[Any, ...]

SESSION_COLUMNS = (
    "id", "organisation_id", "party_group_id", "kind", "state", "title", "planned_on", "starts_at", "place", "held_on",
    "chair_id", "minute_taker_id", "minutes", "study_minutes", "expected_count", "present_count", "excused_count",
    "absent_count", "expected_voters", "voters_present", "half_present", "entered_on", "entry_delay", "closed_at", "closed_by", "known_at", "details",
)  # fmt: skip
ATTENDANCE_COLUMNS = (
    "session_id", "organisation_id", "person_id", "state", "reason", "held_on", "study_minutes", "votes", "known_at",
)  # fmt: skip
AGENDA_COLUMNS = (
    "session_id", "organisation_id", "position", "tag", "title", "resolution", "session_kind", "session_closed", "held_on", "known_at",
)  # fmt: skip
TALK_COLUMNS = (
    "organisation_id",
    "person_id",
    "talker_id",
    "kind",
    "held_on",
    "entered_on",
    "promised",
    "known_at",
)
EXAMINATION_COLUMNS = ("organisation_id", "person_id", "held_on", "entered_on", "opinion", "known_at")
DOCUMENT_COLUMNS = ("organisation_id", "kind", "title", "covers_on", "filed_on", "known_at")
NOTICE_COLUMNS = (
    "organisation_id", "kind", "title", "subject_id", "opens_on", "closes_on", "working_days", "has_result", "result",
    "result_on", "entered_on", "known_at",
)  # fmt: skip

TITLES = {
    "general_meeting": ("听取支委会季度工作报告", "讨论年度重点任务", "学习贯彻上级党委会议精神"),
    "committee_meeting": (
        "研究本月党建和生产重点工作",
        "研究安全生产和队伍稳定工作",
        "研究发展党员和党费收缴工作",
    ),
    "group_meeting": ("学习讨论、汇报思想和工作", "对照岗位查找差距", "落实支部大会决议"),
    "party_lesson": ("书记讲党课：责任与担当", "学党章 守纪律", "弘扬劳模精神"),
    "themed_day": (
        "主题党日：现场查隐患",
        "主题党日：重温入党誓词",
        "主题党日：师带徒结对",
        "主题党日：降本增效金点子",
    ),
    "organisational_life_meeting": ("支委会组织生活会",),
    "committee_study": ("支委会集中学习",),
    "group_study": ("党员集中学习",),
    "member_appraisal": ("年度民主评议党员",),
}
AGENDA = {
    "production_plan": ("研究季度生产计划完成情况", "同意按计划推进，党员突击队包保两个关键工序"),
    "operating_plan": ("通报成本指标执行情况", "各班组按预算控制材料消耗，每月通报一次"),
    "safety": ("研究安全措施落实情况", "开展党员身边无事故活动，隐患当班整改"),
    "mass_organisations": ("听取工会、共青团工作汇报", "支持工会开展劳动竞赛"),
    "integrity": ("开展党风廉政警示教育", "党员干部对照检查，签订承诺"),
    "admission": ("研究入党积极分子培养情况", "同意按期开展培养教育考察"),
    "culture": ("研究企业文化宣贯工作", "班前会宣讲行为规范"),
    "difficulties": ("研究职工反映的热点难点问题", "明确责任人，限期答复"),
    "suggestions": ("评议职工合理化建议", "采纳两条，交技术组实施"),
    "other": ("研究近期重点工作", "同意按分工落实"),
    "study": ("学习有关文件和讲话精神", "联系岗位谈认识"),
    "committee_report": ("支委会向党员大会报告工作", "大会同意工作报告"),
}
MINUTES = "会议由{chair}主持。与会同志围绕议题发言，联系本单位实际提出意见建议，形成一致意见后会议结束。"
ROTATION = (
    "production_plan",
    "safety",
    "operating_plan",
    "integrity",
    "difficulties",
    "culture",
    "suggestions",
    "admission",
    "mass_organisations",
)
EXCUSES = ("倒班", "出差", "休假", "病假", "探亲", "外出学习")
EIGHT, HALF_PAST_FOUR = time(8, 30), time(16, 30)


def instant(day: int, extra: int = 0) -> int:
    """Noon of a day given as ordinal, as epoch milliseconds, plus a few milliseconds to tell rows apart."""
    return (day - EPOCH) * 86_400_000 + NOON + extra


class Doings:
    """Collects the rows of all branches from the first quarter on record up to today."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape = shape
        self.seed = seed
        self.today = shape.today.toordinal()
        self.session_ids = count(1)
        self.sessions: list[Row] = []
        self.attendance: list[Row] = []
        self.agenda: list[Row] = []
        self.decisions: list[Row] = []
        self.remarks: list[Row] = []
        self.talks: list[Row] = []
        self.examinations: list[Row] = []
        self.documents: list[Row] = []
        self.dues = Ledger(shape.today.toordinal())
        self.notices: list[Row] = []

    def build(self) -> None:
        """Every branch, month by month."""
        for branch in self.shape.branches:
            self.rng = Random(self.seed * 1_000_003 + branch.organisation.id)
            self.branch = branch
            self.secretary = branch.posts[0][0] if branch.posts else branch.members[0].id
            self.scribe = branch.posts[1][0] if len(branch.posts) > 1 else self.secretary
            self.names = {person.id: person.name for person in branch.members}
            self.dues.declare(branch, self.shape.first_quarter.first.toordinal())
            for month in self._months():
                self._month(month)
        self.dues.finish()

    def _months(self) -> Iterator[Month]:
        node, month = self.branch.organisation, Month.of(self.shape.first_quarter.first)
        while month.first.toordinal() <= self.today:
            if not (node.founded and month.last < node.founded) and not (
                node.closed and month.first >= node.closed
            ):
                yield month
            month = month.next()

    def _does(self, ease: float = 1.0) -> bool:
        return self.rng.random() < self.branch.manner.holds**ease

    def _day(self, month: Month, low: int, high: int) -> int | None:
        """A day of the month the branch existed and that is past; None otherwise."""
        day = month.first.toordinal() + self.rng.randint(low, high) - 1
        node = self.branch.organisation
        if (
            day > self.today
            or (node.founded and day < node.founded.toordinal())
            or (node.closed and day >= node.closed.toordinal())
        ):
            return None
        return day

    def _month(self, month: Month) -> None:
        quarter, index = Quarter.of(month.first), (month.number - 1) % 3
        node = self.branch.organisation
        if len(self.branch.posts) > 2:
            self._session(month, "committee_meeting", 2, 24, tags=self._tags(month, index))
            self._session(month, "committee_study", 4, 26, study=60, tags=("study",))
        self._session(month, "themed_day", 3, 26, study=60)
        self._session(month, "group_study", 5, 27, study=120, tags=("study",))
        for group in self.branch.groups:
            self._session(month, "group_meeting", 2, 27, group=group)
        turn = (node.id + quarter.key) % 3
        if index == turn:
            self._session(month, "general_meeting", 6, 25, tags=("committee_report", "other"))
        if index == (turn + 1) % 3:
            self._session(month, "party_lesson", 6, 25, study=90)
        if month.number in (6, 12):
            self._session(month, "organisational_life_meeting", 4, 20, ease=1.6)
            self._examine(month)
        if month.number == 12:
            self._session(month, "member_appraisal", 8, 22)
        if index == 1:
            self._talks(quarter)
        self._papers(month)
        self._dues(month)
        if index == 2 and self.branch.applicants and self.rng.random() < 0.12:
            self._notice(month)

    def _tags(self, month: Month, index: int) -> tuple[str, ...]:
        start = (self.branch.organisation.id + month.key * 3) % len(ROTATION)
        wanted = 3 if self.branch.manner.name == "excellent" else 2
        tags = [ROTATION[(start + step) % len(ROTATION)] for step in range(wanted)]
        if index == 0 and self._does():
            tags[0] = "production_plan"
        if index == 1 and self._does():
            tags[0] = "safety"
        if index == 2 and self._does():
            tags[0] = "operating_plan"
        return tuple(tags)

    def _roll(self, kind: str, day: int, group: OrganisationRow | None) -> list[int]:
        branch = self.branch
        if kind in ("committee_meeting", "committee_study"):
            return [person for person, _ in branch.posts]
        present = [p.id for p in branch.members if branch.arrived[p.id].toordinal() <= day]
        return [p for p in present if branch.group_of.get(p) == group.id] if group else present

    def _session(
        self,
        month: Month,
        kind: str,
        low: int,
        high: int,
        *,
        group: OrganisationRow | None = None,
        study: int = 0,
        tags: tuple[str, ...] = (),
        ease: float = 1.0,
    ) -> None:
        day = self._day(month, low, high)
        if day is None or not self._does(ease):
            return
        rng, manner, node = self.rng, self.branch.manner, self.branch.organisation
        roll = self._roll(kind, day, group)
        if not roll:
            return
        delay = rng.randint(*manner.delay)
        entered = min(day + delay, self.today)
        closed = not (day > self.today - 12 and rng.random() < 0.25)
        key, known = next(self.session_ids), instant(entered, node.id)
        missing = rng.sample(roll, min(len(roll) - 1, sum(rng.random() < manner.absence for _ in roll)))
        absent = set(missing[: len(missing) // 4])
        excused = {person: rng.choice(EXCUSES) for person in missing[len(missing) // 4 :]}
        # whoever works away is seldom there; no draw is made for it, so that everything else stays as it was
        away = [
            p
            for p in roll
            if p in self.branch.mobile and (p + day) % 5 and p not in missing and p != self.secretary
        ]
        missing += away[: (len(roll) - 1) // 2 - len(missing)] if len(missing) < (len(roll) - 1) // 2 else []
        excused |= dict.fromkeys(set(away) & set(missing), "在外务工")
        present = len(roll) - len(missing)
        stamp = known if closed else 0
        without = self.branch.probationary | {
            person for person, since in self.branch.converted.items() if day < since.toordinal()
        }
        voters = sum(p not in without for p in roll)
        title = rng.choice(TITLES[kind])
        self.sessions.append((
            key, node.id, group.id if group else None, kind, "closed" if closed else "held", title, day,
            HALF_PAST_FOUR if rng.random() < 0.7 else EIGHT, rng.choice(names.PLACES), day, self._chair(group), self.scribe,
            MINUTES.format(chair=self.names.get(self._chair(group), "")), study, len(roll), present, len(excused), len(absent),
            voters, voters - sum(p not in without for p in missing), int(present * 2 >= len(roll)), entered, entered - day,
            datetime.fromtimestamp(known / 1000, UTC) if closed else None, self.names.get(self.secretary, "") if closed else "", stamp,
            held.details_of(kind, TITLES[kind].index(title), self.names.get(self.secretary, ""), tags),
        ))  # fmt: skip
        self.attendance.extend(
            (key, node.id, p, "absent", "", day, 0, int(p not in without), stamp) if p in absent
            else (key, node.id, p, "excused", excused[p], day, 0, int(p not in without), stamp) if p in excused
            else (key, node.id, p, "present", "", day, study, int(p not in without), stamp)
            for p in roll
        )  # fmt: skip
        if kind == "general_meeting" and tags and closed:
            self._said(
                key, AGENDA[tags[0]][0], voters, voters - sum(p not in without for p in missing), known, roll
            )
        for position, tag in enumerate(tags, 1):
            title, resolution = AGENDA[tag]
            self.agenda.append(
                (
                    key,
                    node.id,
                    position,
                    tag,
                    title,
                    resolution if tag != "study" else "",
                    kind,
                    int(closed),
                    day,
                    stamp,
                )
            )

    def _said(self, key: int, item: str, voters: int, present: int, known: int, roll: list[int]) -> None:
        by = self.names.get(self.secretary, "")
        self.decisions.append((key, item, voters, present, known, by))
        if key % 3 == 0:
            person = roll[key % len(roll)]
            self.remarks.append(held.remark(key, item, person, self.names.get(person, ""), known, by))

    def _chair(self, group: OrganisationRow | None) -> int:
        if group:
            return next((person for key, person in self.branch.leaders if key == group.id), self.secretary)
        return self.secretary

    def _talks(self, quarter: Quarter) -> None:
        for person in self.branch.activists:
            day = self._day(quarter.months[self.rng.randint(0, 2)], 3, 27)
            if day and self._does():
                entered = min(self.today, day + self.rng.randint(*self.branch.manner.delay))
                self.talks.append((
                    self.branch.organisation.id, person.id, self.scribe, "activist_talk", day, entered,
                    self.rng.choice(("", "", "提供学习资料", "参加党员突击队", "帮助解决倒班学习时间")), instant(entered),
                ))  # fmt: skip
        if self._does(3) and len(self.branch.members) > 6:
            day = self._day(quarter.months[1], 3, 27)
            if day:
                person = self.rng.choice(self.branch.members)
                self.talks.append(
                    (
                        self.branch.organisation.id,
                        person.id,
                        self.secretary,
                        "heart_to_heart",
                        day,
                        day,
                        "",
                        instant(day),
                    )
                )

    def _examine(self, month: Month) -> None:
        for person in self.branch.activists:
            day = self._day(month, 5, 26)
            if day and self._does():
                self.examinations.append(
                    (self.branch.organisation.id, person.id, day, day, "表现较好，继续培养", instant(day))
                )

    def _papers(self, month: Month) -> None:
        year = month.year
        due: list[tuple[str, str, date]] = []
        if month.number == 1:
            due += [
                ("year_plan", f"{year}年支部工作计划", month.first),
                ("study_plan", f"{year}年学习计划", month.first),
            ]
            due += [
                ("integrity_promise", f"{year}年廉政承诺书", month.first),
                ("zone_map", "党员责任区示意图", month.first),
            ]
            due += [("network_chart", "思想政治工作网络图", month.first)]
        if month.number in (6, 12):
            due.append(
                (
                    "integrity_check",
                    f"{year}年{'上' if month.number == 6 else '下'}半年廉政检查与反馈",
                    month.first,
                )
            )
        if month.number == 6:
            due.append(("half_year_summary", f"{year}年半年工作小结", date(year, 1, 1)))
        if month.number == 12:
            due.append(("year_summary", f"{year}年工作总结", date(year, 1, 1)))
        if month.number % 3 == 0:
            due.append(
                (
                    "thought_analysis",
                    f"{year}年第{names.numeral(month.number // 3)}季度员工思想动态分析",
                    Quarter.of(month.first).first,
                )
            )
        if month == Month.of(self.shape.first_quarter.first):
            due += [("rules", "支部工作制度汇编", month.first)]
        for kind, title, covers in due:
            day = self._day(month, 5, 28)
            if day and self._does():
                self.documents.append(
                    (self.branch.organisation.id, kind, title, covers.toordinal(), day, instant(day))
                )

    def _dues(self, month: Month) -> None:
        """Some pay late, an idle branch loses sight of a part; entered early in the next month, or not at all."""
        rng, branch = self.rng, self.branch
        entered = month.last.toordinal() + rng.randint(1, 6)
        if entered > self.today or not self._does(0.6):
            return
        heads = [p.id for p in branch.members if branch.arrived[p.id] <= month.last]
        late = [rng.random() > branch.manner.dues_in_time for _ in heads]
        retired = branch.organisation.unit_type == "retired"
        slow = sum(base_of(p, retired=retired)[1] for p, is_late in zip(heads, late, strict=True) if is_late)
        self.dues.month(branch, month, heads, late, slow // 3 if branch.manner.name == "idle" else 0, entered)

    def _notice(self, month: Month) -> None:
        day = self._day(month, 2, 12)
        if day is None or day + 12 > self.today:
            return
        person = self.rng.choice(self.branch.applicants)
        days = 5 if self.branch.manner.name != "idle" else self.rng.choice((3, 5))
        opens = day + (7 - date.fromordinal(day).weekday()) % 7
        closes = opens + days - 1
        self.notices.append((
            self.branch.organisation.id, "admission", f"拟列为发展对象公示：{person.name}", person.id, opens, closes, days, 1,
            "公示期间未收到异议", closes + 1, opens, instant(closes + 1),
        ))  # fmt: skip
