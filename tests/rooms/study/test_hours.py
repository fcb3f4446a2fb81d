"""Hours from meetings and from one line; whom the numbers are for; plans, tutors, self-tests."""

from datetime import date, timedelta
from io import BytesIO

import docx
import pytest

from tests.rooms.study.people import with_study
from zhibu import analytics, rulebook
from zhibu.core.refusal import Refused
from zhibu.life import actions as life
from zhibu.life.models import FiledDocument
from zhibu.life.told import Held
from zhibu.record.attachments import content_of_attachment
from zhibu.record.models import Entry
from zhibu.record.past import instant
from zhibu.register.models import Post
from zhibu.study import actions, queries, trials
from zhibu.study.models import PastStudyRecord, SelfTestResult, StudyRecord
from zhibu.study.told import Planned

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 20)
QUESTIONS = (
    "发现隐患首先应当？\n* 立即报告\n下班再说\n解析：当班处置\n\n交接班要讲清什么？\n* 隐患\n*措施\n闲话"
)


@pytest.fixture
def who(town):
    return {name: with_study(actor) for name, actor in town.actors.items()}


def refused(call):
    with pytest.raises(Refused) as caught:
        call()
    return [each.code for each in caught.value.refusals]


class TestHours:
    def report(self, who, town, now, name="chen", by=None, **more):
        values = {"title": "读党章", "minutes": 60, "studied_on": date(2026, 7, 19)} | more
        person = town.people[name].pk
        return actions.record_self_study(
            who[by or name], organisation=town.mining, person=person, now=now, **values
        )

    def test_who_may_not(self, town, who, now):
        assert refused(lambda: self.report(who, town, now, "chen", by="qian")) == ["study.no_mandate"]
        assert refused(lambda: self.report(who, town, now, "li", by="chen")) == ["study.no_mandate"]

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"title": " "}, "study.what_needed"), ({"minutes": 0}, "study.no_time"),
            ({"studied_on": date(2026, 7, 21)}, "study.in_the_future"), ({"minutes": 721}, "study.too_long"),
            ({"studied_on": date(2014, 1, 1)}, "study.not_of_the_branch"),
        ],
    )  # fmt: skip
    def test_what_cannot_be(self, town, who, now, more, code):
        assert refused(lambda: self.report(who, town, now, **more)) == [code]

    def test_what_counts_and_what_is_missing(self, town, who, now):
        life.record(
            town.li, organisation=town.mining, kind="group_study", now=now,
            held=Held(date(2026, 7, 10), title="集中学习", study_minutes=90),
        )  # fmt: skip
        self.report(who, town, now)
        people = [town.people["chen"].pk, town.people["zhao"].pk]
        actions.record_training(
            who["li"], organisation=town.mining, people=people, title="集中轮训", minutes=480,
            studied_on=date(2026, 7, 1), now=now,
        )  # fmt: skip
        found = queries.hours_of(town.people["chen"].pk, 2026, TODAY)
        assert (found.needed, found.counted, found.beside, found.gap) == (32 * 60, 570, 60, 1350)
        assert [(line.what, line.minutes, line.counts) for line in found.lines] == [
            ("读党章", 60, False), ("集中学习", 90, True), ("集中轮训", 480, True),
        ]  # fmt: skip
        assert found.told == {"needed": "32", "counted": "9.5", "beside": "1", "gap": "22.5"}
        # a seat in the committee asks for more
        assert queries.hours_of(town.people["li"].pk, 2026, TODAY).needed == 56 * 60
        assert queries.hours_of(town.people["chen"].pk, 2025, TODAY).counted == 0

    def test_a_branch_sees_how_many_and_whom_to_help(self, town, who, now):
        for month in (1, 2, 3, 4):
            actions.record_training(
                who["li"], organisation=town.mining, people=[town.people["chen"].pk], title="轮训", minutes=480,
                studied_on=date(2026, month, 5), now=now,
            )  # fmt: skip
        found = queries.branch_hours(town.mining, 2026, TODAY)
        assert (found.members, found.reached) == (4, 1)
        assert [name for _person, name in found.behind] == ["李书记", "王副书记", "赵党员"]

    def test_what_is_taken_back_stays_in_the_past(self, town, who, now):
        made = self.report(who, town, now)
        assert refused(lambda: actions.take_back_record(who["qian"], record=made, now=now)) == [
            "study.no_mandate"
        ]
        actions.take_back_record(who["chen"], record=made, now=now + timedelta(hours=1))
        assert (StudyRecord.objects.count(), PastStudyRecord.objects.count()) == (0, 1)
        assert list(Entry.objects.filter(act__startswith="study.").values_list("act", flat=True)) == [
            "study.record_self_study", "study.take_back_record",
        ]  # fmt: skip
        assert "读党章" not in "".join(Entry.objects.values_list("values", flat=True))

    def test_the_page_is_one_line_and_nobody_elses(self, town, enter, settings):
        settings.ZHIBU_SECOND_FACTOR = "none"
        chen = enter(town.people["chen"])
        page = chen.get("/study/").content.decode()
        assert "报告自学" in page
        sent = chen.post(
            "/study/record/", {"title": "读党章", "minutes": "45", "studied_on": "2026-07-20"}, follow=True
        )
        assert "读党章" in sent.content.decode()
        mine = StudyRecord.objects.get()
        assert (mine.minutes, mine.person_id) == (45, town.people["chen"].pk)
        assert enter(town.people["sun"]).post(f"/study/record/{mine.pk}/take-back/").status_code == 404
        assert "读党章" not in enter(town.people["li"]).get("/study/branch/").content.decode()

    def test_the_branch_page_gives_names_to_the_branch_alone(self, town, enter, settings):
        settings.ZHIBU_SECOND_FACTOR = "none"
        near = enter(town.people["li"]).get("/study/branch/").content.decode()
        assert "陈预备" in near
        assert enter(town.people["chen"]).get("/study/branch/").status_code == 404
        Post.objects.create(
            person=town.people["sun"], organisation=town.committee, kind="committee_officer", since=date(2020, 1, 1), known_at=1
        )  # fmt: skip
        above = (
            enter(town.people["sun"]).get(f"/study/branch/?organisation={town.mining.pk}").content.decode()
        )
        assert ("陈预备" in above, "上级只看人数，不看到人。" in above) == (False, True)


class TestPlans:
    def test_drafted_adopted_filed_and_its_effect(self, town, who, now):
        items = queries.proposed(2026)
        assert sum(item.minutes for item in items) >= 32 * 60
        assert refused(
            lambda: actions.draft_plan(who["chen"], organisation=town.mining, year=2026, items=items, now=now)
        ) == ["study.no_mandate"]
        plan = actions.draft_plan(
            who["li"], organisation=town.mining, year=2026, items=items, goal="学以致用", now=now
        )
        assert refused(
            lambda: actions.draft_plan(who["li"], organisation=town.mining, year=2026, items=items, now=now)
        ) == ["study.planned"]
        first = plan.items.order_by("month_on", "id").first()
        assert refused(lambda: actions.record_outcome(who["li"], item=first, outcome="好", now=now)) == [
            "study.not_adopted"
        ]
        adopted = actions.adopt_plan(who["li"], plan=plan, now=now)
        filed = FiledDocument.objects.get()
        assert (filed.kind, filed.covers_on, filed.attachment.kind) == (
            "study_plan",
            date(2026, 1, 1),
            "docx",
        )
        assert adopted.document_id == filed.pk
        actions.record_outcome(who["li"], item=first, outcome="讨论形成两条整改措施", now=now)
        assert refused(
            lambda: actions.change_plan(who["li"], plan=adopted, items=items[:3], version=1, now=now)
        ) == ["study.changed_meanwhile"]
        changed = actions.change_plan(who["li"], plan=adopted, items=items[:3], version=2, now=now)
        assert sorted(changed.items.values_list("outcome", flat=True)) == ["", "", "讨论形成两条整改措施"]

    def test_the_committee_leads_the_study_of_a_branch(self, town, who, now, enter, settings):
        items = queries.proposed(2026)
        plan = actions.draft_plan(who["li"], organisation=town.mining, year=2026, items=items, now=now)
        li, wang = town.people["li"].name, town.people["wang"].name
        seats = set(
            Post.objects.filter(organisation=town.mining, in_committee=1).values_list(
                "person__name", flat=True
            )
        )
        found = queries.leading_group(plan, now.date())
        assert (found.leader, found.deputies, set(found.members)) == (li, (wang,), seats - {li, wang})
        # who no longer holds the post no longer leads; without a secretary nobody does
        Post.objects.filter(person=town.people["wang"]).update(until=now.date())
        assert queries.leading_group(plan, now.date()).deputies == ()
        own = actions.draft_plan(
            who["chen"],
            organisation=town.mining,
            year=2026,
            items=items,
            person=town.people["chen"].pk,
            now=now,
        )
        assert queries.leading_group(own, now.date()) is None
        adopted = actions.adopt_plan(who["li"], plan=plan, now=now)
        words = [
            each.text
            for each in docx.Document(BytesIO(content_of_attachment(adopted.document.attachment))).paragraphs
        ]
        assert any(text.startswith(f"组长：{li}") for text in words)
        settings.ZHIBU_SECOND_FACTOR = "none"
        assert "学习领导小组" in enter(town.people["li"]).get(f"/study/plans/{plan.pk}/").content.decode()

    def test_how_far_it_was_carried_out(self, town, who, now):
        """Hand count: the branch's own adopted plan, its months that have begun; nobody else's plan is any."""
        items = [Planned(date(2026, month, 1), f"第{month}题", "together") for month in (1, 7, 8, 12)]
        kept = instant(now)

        def facts(known_by=None, last=date(2026, 9, 30)):
            names = ("study.plan_items_due", "study.plan_items_done")
            path = town.mining.path
            found = analytics.facts_for(
                rulebook.load(()), names, path, path + "0", date(2026, 7, 1), last, known_by=known_by
            )
            return tuple(found[town.mining.pk][name] for name in names)

        plan = actions.draft_plan(who["li"], organisation=town.mining, year=2026, items=items, now=now)
        for more in ({"person": town.people["chen"].pk}, {"party_group": town.second_group}):
            by = who["chen" if "person" in more else "zhao"]
            other = actions.draft_plan(by, organisation=town.mining, year=2026, items=items, now=now, **more)
            actions.adopt_plan(by, plan=other, now=now)
        assert facts() == (0, 0)
        plan = actions.adopt_plan(who["li"], plan=plan, now=now)
        assert facts() == (3, 0)
        for item in plan.items.filter(month_on__in=(date(2026, 1, 1), date(2026, 12, 1))):
            actions.record_outcome(who["li"], item=item, outcome="学懂了", now=now + timedelta(hours=1))
        assert (facts(), facts(last=date(2026, 12, 31))) == ((3, 1), (4, 2))
        later = now + timedelta(hours=2)
        actions.change_plan(who["li"], plan=plan, items=items[:2], version=plan.version, now=later)
        assert (facts(), facts(known_by=kept), facts(known_by=instant(later) - 1)) == ((2, 1), (3, 0), (3, 1))

    def test_what_is_no_line(self, town, who, now):
        wrong = [Planned(date(2025, 1, 1), "学习", "together")]
        assert refused(
            lambda: actions.draft_plan(who["li"], organisation=town.mining, year=2026, items=wrong, now=now)
        ) == ["study.other_year"]

    def test_a_personal_plan_is_ones_own(self, town, who, now):
        plan = actions.draft_plan(
            who["chen"], organisation=town.mining, year=2026, items=queries.proposed(2026, alone=True),
            person=town.people["chen"].pk, now=now,
        )  # fmt: skip
        assert refused(lambda: actions.adopt_plan(who["li"], plan=plan, now=now)) == ["study.own_only"]
        assert [
            queries.plans(who[name], 2026).filter(pk=plan.pk).exists() for name in ("chen", "li", "sun")
        ] == [True, False, False]
        assert actions.adopt_plan(who["chen"], plan=plan, now=now).document_id is None

    def test_a_group_leader_plans_for_the_group(self, town, who, now):
        plan = actions.draft_plan(
            who["zhao"], organisation=town.mining, party_group=town.second_group, year=2026,
            items=queries.proposed(2026), now=now,
        )  # fmt: skip
        assert actions.adopt_plan(who["zhao"], plan=plan, now=now).adopted_on == TODAY
        assert FiledDocument.objects.count() == 0
        assert refused(
            lambda: actions.draft_plan(
                who["zhao"],
                organisation=town.mining,
                party_group=town.first_group,
                year=2026,
                items=[],
                now=now,
            )
        ) == ["study.no_mandate"]

    def test_tutors_take_turns(self, town, who, now):
        names = lambda: [turn.name for turn in queries.tutors(town.mining, TODAY, months=4)]
        assert names() == ["李书记", "王副书记", "赵党员", "李书记"]
        actions.name_tutor(
            who["li"], organisation=town.mining, month_on=TODAY, person=town.people["wang"].pk, now=now
        )
        assert names() == ["王副书记", "赵党员", "李书记", "王副书记"]
        assert refused(
            lambda: actions.name_tutor(
                who["chen"], organisation=town.mining, month_on=TODAY, person=town.people["li"].pk, now=now
            )
        ) == ["study.no_mandate"]

    def test_pages(self, town, enter, settings):
        settings.ZHIBU_SECOND_FACTOR = "none"
        li = enter(town.people["li"])
        data = {"goal": "学用结合", "items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "0"}
        for number, content in enumerate(("学党章", "")):
            data |= {
                f"items-{number}-month": "3",
                f"items-{number}-content": content,
                f"items-{number}-way": "together",
                f"items-{number}-minutes": "120",
            }
        sent = li.post("/study/plans/draft/?year=2026", data, follow=True)
        assert (sent.status_code, "学党章" in sent.content.decode()) == (200, True)
        assert li.get("/study/plans/?year=2026").content.decode().count("2026 年学习计划") == 1
        assert li.get("/study/plans/draft/?of=me").status_code == 200


class TestTrials:
    def test_questions_are_read_and_written_alike(self):
        found = trials.parsed(QUESTIONS)
        assert [(q["text"], q["right"], q["why"]) for q in found] == [
            ("发现隐患首先应当？", [0], "当班处置"), ("交接班要讲清什么？", [0, 1], ""),
        ]  # fmt: skip
        assert trials.parsed(trials.written(found)) == found

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "还没有题目"),
            ("只有题目", "第 1 题要有"),
            ("题\n甲\n乙", "第 1 题没有标出正确选项"),
            ("题\n*甲\n乙\n\n题\n*甲", "第 2 题要有"),
        ],
    )
    def test_what_is_unclear_is_said(self, text, said):
        with pytest.raises(trials.Unclear, match=said):
            trials.parsed(text)

    def test_own_result_and_counts_only(self, big_town, now, settings):
        town = big_town(6)
        who = {name: with_study(each) for name, each in town.actors.items()}
        assert refused(
            lambda: actions.write_test(
                who["chen"], organisation=town.mining, title="x", questions=QUESTIONS, now=now
            )
        ) == ["study.no_mandate"]
        test = actions.write_test(
            who["li"], organisation=town.mining, title="安全自测", questions=QUESTIONS, now=now
        )
        assert refused(lambda: actions.take_test(who["chen"], test=test, answers=[[0], []], now=now)) == [
            "study.unanswered"
        ]
        assert refused(lambda: actions.take_test(who["qian"], test=test, answers=[[0], [0, 1]], now=now)) == [
            "study.not_for_you"
        ]
        assert actions.take_test(who["chen"], test=test, answers=[[1], [0]], now=now).right == 0
        assert actions.take_test(who["chen"], test=test, answers=[[0], [1, 0]], now=now).right == 2
        assert queries.taken(test) == queries.taken(test).__class__(1, enough=False, least=5)
        for number in range(4):
            SelfTestResult.objects.create(
                test=test, person=town.people[f"m{number}"], answers=[[0], [0]], right=1, taken_on=TODAY
            )
        assert queries.taken(test).right == (("发现隐患首先应当？", 5), ("交接班要讲清什么？", 1))
        assert queries.result_of(who["li"], test) is None
        # who took a test is nobody's business: the chain of the branch does not know
        assert not Entry.objects.filter(act="study.take_test", organisation_id=town.mining.pk).exists()
        actions.close_test(who["li"], test=test, now=now)
        assert refused(lambda: actions.take_test(who["chen"], test=test, answers=[[0], [0, 1]], now=now)) == [
            "study.test_closed"
        ]

    def test_pages(self, town, who, enter, now, settings):
        settings.ZHIBU_SECOND_FACTOR = "none"
        test = actions.write_test(
            who["li"], organisation=town.mining, title="安全自测", questions=QUESTIONS, now=now
        )
        chen = enter(town.people["chen"])
        before = chen.get(f"/study/tests/{test.pk}/").content.decode()
        assert ("当班处置" in before, "下班再说" in before) == (False, False)
        after = chen.post(
            f"/study/tests/{test.pk}/take/", {"q1": "1", "q2": ["0", "1"]}, follow=True
        ).content.decode()
        assert ("当班处置" in after, "我选的" in after) == (True, True)
        kept = enter(town.people["li"]).get(f"/study/tests/{test.pk}/").content.decode()
        assert ("我选的" in kept, "满 5 人才显示" in kept) == (False, True)
