"""Letters and bulletins of the demo, through the acts: asked, answered, published, waiting, overdue; written and reviewed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.letters import actions
from zhibu.letters.models import Bulletin, Proposal
from zhibu.register.models import Organisation, Post
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking

from .shape import BranchShape, Shape

BRANCHES = 8
ASKED = (
    ("预备期从哪一天算起，什么时候写转正申请？", "预备期从支部大会通过之日算起，一年。预备期满前一个月内写转正申请，交给党小组或支部。", "预备期怎么算，何时申请转正？"),
    ("组织关系转到外省，介绍信要自己带去吗？", "通过系统办理的不用纸质介绍信，由支部在网上发起，对方接收后即完成。", "组织关系转出要不要带介绍信？"),
    ("倒班赶不上支部大会，怎么补课？", "可以看会议记录和材料，在两周内找党小组长补学，支部登记为补学。", "倒班党员没赶上会议怎么补？"),
    ("退休以后党费按什么交？", "按基本养老金为基数，比例见党费收缴规定；有困难的可以申请减免。", "退休党员党费怎么交？"),
)  # fmt: skip
WAITING = ("想了解入党积极分子培训什么时候办？", "党员活动室晚班能不能用？", "家属区楼道灯坏了，该找谁反映？")
SUGGESTED = (
    ("空压机没人用气也一直转，能不能改成跟着用气自动停？", "空压机改为联动控制，空载自动停机"),
    ("停车位不够，楼前空地能不能划成车位？", "楼前空地划停车位"),
    ("夜班的热水晚上十点就停了，能不能延到交班？", "夜班热水供到交班"),
)  # fmt: skip
BULLETINS = (
    ("news", "支部开展“现场查隐患”主题党日", "党员带头到三个作业点查隐患，当场整改七处，其余两处定人定期。\n班组反映：查得细、讲得清、改得快。"),
    ("policy", "发展党员新规：公示期怎么算", "公示期不少于五个工作日，节假日不算在内。\n公示期内任何人都可以署名或不署名反映情况，支部核实后答复。"),
    ("outcome", "合理化建议见成效：一季度节电八千度", "职工建议把空载风机改为联动控制，支部立项、班组实施、财务核算，一季度节电八千度。"),
    ("exemplar", "身边典型：守好交接班的那一刻钟", "当班班长坚持提前一刻钟到岗，设备状态、隐患、注意事项逐项交清，三年无差错。"),
)  # fmt: skip
PRACTICES = (
    ("safety", "班前五分钟讲隐患", "交接不清，同一处隐患反复出现。", "上一班讲三处隐患，接班人现场指认并签字，责任区党员当班复查。", "重复隐患由每月九处降到两处。"),
    ("life", "倒班支部两个时段开会", "倒班人员到不齐，补课走形式。", "同一议题白班、夜班各开一场，记录合成一份，决议两场都过半才算。", "到会率由六成升到九成。"),
    ("cost", "修旧利废积分到班组", "配件领用多、修复少。", "修复的配件按节约金额记到班组，季度兑现到班组活动经费。", "季度节约四万元。"),
    ("masses", "诉求一次办结", "职工反映的事在几个科室之间转。", "支部指定一名委员受理，三天答复，跨科室的由他跑到底。", "二十七件诉求全部办结。"),
)  # fmt: skip


def watcher(shape: Shape, branch: BranchShape) -> tuple[int, str]:
    """A member of another branch as discipline officer of the committee above this one: complaints come past the branches."""
    node = Organisation.objects.select_related("parent").get(pk=branch.organisation.id)
    committee = node.parent or node
    others = [each for each in shape.branches if each is not branch] or [branch]
    person = others[-1].members[-1].id
    Post.objects.create(
        organisation=committee,
        person_id=person,
        kind="discipline_officer",
        since=date(2015, 1, 1),
        known_at=1,
    )
    return person, committee.name


class Mail:
    """Letters to the first branches and to the committee above, and what they publish."""

    def __init__(self, shape: Shape, first: BranchShape | None, *, today: date) -> None:
        ordered = [*([first] if first else []), *(b for b in shape.branches if b is not first)]
        usable = [b for b in ordered if b.organisation.closed is None and b.organisation.founded is None]
        self.branches = [b for b in usable if len(b.posts) > 2][:BRANCHES]
        self.shape, self.today = shape, today
        self.names = {person.id: person.name for person in shape.people}

    def fill(self) -> None:
        """Every branch a few; the committee of all the explanations of policy."""
        nodes = Organisation.objects.in_bulk([b.organisation.id for b in self.branches])
        for number, branch in enumerate(self.branches):
            node = nodes[branch.organisation.id]
            clerk, secretary = (
                self._actor(branch, 2, "publicity_officer"),
                self._actor(branch, 0, "secretary"),
            )
            self._letters(node, secretary, number)
            self._bulletins(node, clerk, secretary, number)
        self._practices(nodes)
        root = Organisation.objects.get(pk=self.shape.organisations[0].id)
        officers = [self._officer(root, place) for place in (0, 1)]
        self._bulletins(root, officers[0], officers[1], 1, kinds=("policy", "outcome"))

    def _actor(self, branch: BranchShape, place: int, post: str) -> Actor:
        person, node = branch.posts[place][0], branch.organisation
        mandate = Mandate(post, node.id, node.path, frozenset({"letters.*", "undertakings.*"}), Reach.OWN)
        return Actor(-person, person, self.names[person], (mandate,))

    def _officer(self, root: Organisation, place: int) -> Actor:
        person = self.shape.officers[min(place, len(self.shape.officers) - 1)][1]
        mandate = Mandate("committee_officer", root.pk, root.path, frozenset({"letters.*"}), Reach.BELOW)
        return Actor(-person - place, person, self.names[person], (mandate,))

    def _at(self, days_ago: int, hour: int = 9) -> datetime:
        return datetime.combine(
            self.today - timedelta(days=days_ago), time(hour), timezone.get_current_timezone()
        )

    def _letters(self, node: Organisation, secretary: Actor, number: int) -> None:
        for place in range(2):
            said, answer, asked = ASKED[(number + place) % len(ASKED)]
            letter = actions.receive(
                organisation=node, kind="question", text=said, receipt=f"{node.code}-{place}",
                now=self._at(40 - place * 9),
            )  # fmt: skip
            actions.answer_letter(secretary, letter=letter, answer=answer, now=self._at(37 - place * 9))
            actions.publish_answer(
                secretary, letter=letter, asked=asked, answer=answer, now=self._at(36 - place * 9), named=True
            )
        actions.receive(
            organisation=node, kind="question", text=WAITING[number % len(WAITING)], receipt=f"{node.code}-w",
            now=self._at(12 if number % 4 == 0 else 1),
        )  # fmt: skip
        if number % 2 == 0:
            actions.receive(
                organisation=node, kind="suggestion", text="建议班前会留五分钟讲一条规程。", name="班组职工",
                receipt=f"{node.code}-s", now=self._at(3),
            )  # fmt: skip
        if number == 0:
            # it goes past the branch, to the discipline officer of the committee
            actions.receive(
                organisation=node, kind="complaint", text="班组奖金怎么分没有公开，问过两次没有下文。",
                receipt=f"{node.code}-c", now=self._at(2),
            )  # fmt: skip
        self._suggestions(node, secretary, number)

    def _suggestions(self, node: Organisation, secretary: Actor, number: int) -> None:
        """One taken up to its benefit, one not adopted, one being examined."""
        for place, (text, title) in enumerate(SUGGESTED):
            came = 70 - place * 20 - number
            letter = actions.receive(
                organisation=node, kind="suggestion", text=text, receipt=f"{node.code}-v{place}", now=self._at(came)
            )  # fmt: skip
            row = actions.take_up_suggestion(
                secretary, letter=letter, title=title, now=self._at(came - 2), named=True
            )
            if place == 0:
                self._to_its_benefit(secretary, row, came)
            elif place == 1:
                actions.decline_suggestion(
                    secretary, proposal=row, reason="场地在消防通道上，不能占用；已另找位置协商。", now=self._at(came - 6)
                )  # fmt: skip

    def _to_its_benefit(self, secretary: Actor, row: Proposal, came: int) -> None:
        owner = self._owner(row.organisation_id)
        due = self.today - timedelta(days=came - 45)
        actions.adopt_suggestion(
            secretary, proposal=row, owner=owner, due_on=due, answer="采纳，由班组改造，四十五天内完成。", now=self._at(came - 6)
        )  # fmt: skip
        measure = Undertaking.objects.get(source="letters.suggestion", source_id=row.pk)
        undertakings.report_done(
            secretary, undertaking=measure, result="已改为联动控制，运行正常。", now=self._at(came - 30)
        )
        benefit = actions.Benefit("空载停机，月均节电两千七百度", "财务部", 1_900_00, 40)
        actions.confirm_benefit(secretary, proposal=row, benefit=benefit, now=self._at(came - 40))
        actions.thank_sender(
            secretary, proposal=row, thanks="谢谢您的好建议。", award_fen=200_00, now=self._at(came - 41)
        )

    def _owner(self, organisation: int) -> int:
        branch = next(each for each in self.branches if each.organisation.id == organisation)
        return branch.posts[1][0]

    def _bulletins(
        self, node: Organisation, writer: Actor, reviewer: Actor, number: int, kinds: tuple[str, ...] = ()
    ) -> None:
        told = [each for each in BULLETINS if each[0] in kinds] or [
            BULLETINS[(number + place) % len(BULLETINS)] for place in range(3)
        ]
        for place, (kind, title, body) in enumerate(told):
            made = actions.write_bulletin(
                writer, organisation=node, kind=kind, title=title, body=body, now=self._at(20 - place * 4)
            )
            actions.submit_bulletin(writer, bulletin=made, now=self._at(20 - place * 4, 10))
            if place < 2:
                actions.publish_bulletin(reviewer, bulletin=made, now=self._at(19 - place * 4), named=True)

    def _practices(self, nodes: dict[int, Organisation]) -> None:
        """The first branches write one each; the others take one over, as it is done there."""
        made: list[Bulletin] = []
        for number, branch in enumerate(self.branches):
            node, days = nodes[branch.organisation.id], 60 - number * 5
            clerk, secretary = (
                self._actor(branch, 2, "publicity_officer"),
                self._actor(branch, 0, "secretary"),
            )
            if number < len(PRACTICES):
                topic, title, problem, method, effect = PRACTICES[number]
                body = f"一、解决什么问题\n{problem}\n二、怎么做\n{method}\n三、效果\n{effect}"
                row = actions.write_bulletin(
                    clerk,
                    organisation=node,
                    kind="practice",
                    title=title,
                    body=body,
                    topic=topic,
                    now=self._at(days),
                )
                made.append(row)
            else:
                other = made[number % len(made)]
                row = actions.take_over(
                    clerk, organisation=node, bulletin=other, body=f"照做。\n{other.body}", now=self._at(days)
                )
            actions.submit_bulletin(clerk, bulletin=row, now=self._at(days - 1))
            actions.publish_bulletin(secretary, bulletin=row, now=self._at(days - 2), named=True)
            row.refresh_from_db()
