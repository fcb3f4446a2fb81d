"""Letters and bulletins."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of

HEADING = re.compile(r"[一二三四五六七八九十]、.{1,12}$")


class LetterKind(models.TextChoices):
    """What a letter is; letters.yaml says who may write one, who reads it, by when it is answered."""

    QUESTION = "question", _("咨询")
    SUGGESTION = "suggestion", _("建议")
    COMPLAINT = "complaint", _("反映问题")
    COMMENT = "comment", _("评论")


class LetterState(models.TextChoices):
    """How far a letter has come."""

    RECEIVED = "received", _("待答复")
    ANSWERED = "answered", _("已答复")


class Missive(models.Model):
    """A letter to an organisation. What is said in it is sealed; of when it came only the day is kept.

    One without a name has no person, no address, no browser and no time of day: as evidence it is known from the end of
    the day it came (`known_at`), which tells no more than that day. `receipt` is a keyed digest of the
    code its sender was shown. `asked` and `answer` are what was published of it, worded by whoever published it.
    """

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12, choices=LetterKind.choices)
    number = models.PositiveIntegerField()
    receipt = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique, so absent must be NULL
    received_on = DayField()
    due_on = DayField(help_text="last day to answer")
    # where it was handed in, when another organisation has it now, and since when that one has it
    origin = models.ForeignKey("register.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    held_since = DayField(null=True)
    person = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    signed = models.SmallIntegerField(default=0)
    text_sealed = models.TextField()
    name_sealed = models.TextField(blank=True, default="")
    contact_sealed = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.RECEIVED)
    answered_on = DayField(null=True)
    answer_sealed = models.TextField(blank=True, default="")
    # what the letter is about, as values: the rooms it may be about are not all known here
    about_table = models.CharField(max_length=63, blank=True, default="")
    about_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=12, null=True, unique=True, help_text="where it is published")  # noqa: DJ001 - unique, so absent must be NULL
    asked = models.CharField(max_length=300, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    published_on = DayField(null=True)
    text = models.OneToOneField("search.Text", null=True, on_delete=models.PROTECT, related_name="+")
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_missive"
        constraints = (models.UniqueConstraint(fields=["organisation", "number"], name="zb_missive_number"),)
        indexes = (
            models.Index(fields=["organisation", "state", "due_on"], name="zb_missive_waiting"),
            models.Index(fields=["organisation", "published_on"], name="zb_missive_published"),
        )


PastMissive = past_of(Missive, "organisation kind due_on answered_on")


class ProposalState(models.TextChoices):
    """How far a suggestion has come."""

    EXAMINING = "examining", _("研究中")
    ADOPTED = "adopted", _("已采纳")
    DECLINED = "declined", _("未采纳")
    DONE = "done", _("已见效")


class Proposal(models.Model):
    """A suggestion as it is dealt with, worded anew by whoever took it up: the letter and its sender stay sealed.

    It begins when somebody takes it up, not when it came: an instant of arrival would tell who sent it.
    """

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    missive = models.OneToOneField(Missive, on_delete=models.PROTECT, related_name="proposal")
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.EXAMINING)
    received_on = DayField()
    taken_up_on = DayField()
    decided_on = DayField(null=True)
    reason = models.CharField(max_length=300, blank=True, default="", help_text="why it is not adopted")
    done_on = DayField(null=True)
    benefit = models.CharField(max_length=200, blank=True, default="", help_text="what came of it")
    benefit_fen = models.BigIntegerField(default=0)
    benefit_hours = models.PositiveIntegerField(default=0)
    confirmed_by = models.CharField(max_length=60, blank=True, default="", help_text="office of the unit")
    thanked_on = DayField(null=True)
    thanks = models.CharField(max_length=200, blank=True, default="")
    award_fen = models.BigIntegerField(default=0)
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_proposal"
        indexes = (models.Index(fields=["organisation", "state", "received_on"], name="zb_proposal_branch"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(benefit_fen__gte=0, award_fen__gte=0), name="zb_proposal_money"
            ),
        )

    def __str__(self) -> str:
        return self.title


class BulletinKind(models.TextChoices):
    """What a bulletin is (requirements G12-09)."""

    NEWS = "news", _("支部动态")
    POLICY = "policy", _("政策解读")
    EXEMPLAR = "exemplar", _("身边典型")
    OUTCOME = "outcome", _("工作成果")
    # read by every branch under the same top organisation, never on the portal
    PRACTICE = "practice", _("好做法")


ON_PORTAL = [each for each in BulletinKind.choices if each[0] != BulletinKind.PRACTICE]


class PracticeField(models.TextChoices):
    """What a practice is about."""

    PRODUCTION = "production", _("生产科研")
    SAFETY = "safety", _("安全")
    COST = "cost", _("降本增效")
    LIFE = "life", _("组织生活")
    STUDY = "study", _("学习教育")
    MEMBERS = "members", _("党员作用")
    MASSES = "masses", _("服务群众")


class BulletinState(models.TextChoices):
    """A bulletin is read by somebody else before everybody reads it."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤下")


class Bulletin(models.Model):
    """News, a policy explained, an exemplar nearby, a result: published on the portal once reviewed.

    A practice is published to the branches instead; one that was taken over names the one it comes from: that is the credit.
    """

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=BulletinKind.choices)
    title = models.CharField(max_length=120)
    body = models.TextField()
    topic = models.CharField(max_length=12, choices=PracticeField.choices, blank=True, default="")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="taken_over")
    state = models.CharField(max_length=10, choices=BulletinState.choices, default=BulletinState.DRAFT)
    author = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    author_user = models.BigIntegerField(help_text="who wrote it may not review it")
    remark = models.CharField(max_length=300, blank=True, default="", help_text="what the reviewer asked for")
    published_on = DayField(null=True)
    address = models.CharField(max_length=12, null=True, unique=True)  # noqa: DJ001 - unique, so absent must be NULL
    text = models.OneToOneField("search.Text", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_bulletin"
        indexes = (models.Index(fields=["organisation", "state", "published_on"], name="zb_bulletin_shown"),)

    @property
    def gist(self) -> str:
        """The text without its headings, for a list."""
        return " ".join(line for line in self.body.splitlines() if line.strip() and not HEADING.match(line))


PastProposal = past_of(
    Proposal, "organisation state received_on taken_up_on decided_on done_on benefit_fen benefit_hours"
)
