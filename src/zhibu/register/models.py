"""Organisations as a tree, people, where they belong and which posts they hold.

History is kept in spells: a row holds from ``since`` (inclusive) to ``until``
(exclusive; empty means "still"). A change closes one spell and opens the next, so
"who belonged where on that day" is one range condition. What the register said on an
earlier day, before it was corrected, is kept in the ``Past`` tables (``record.past``).
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of


class OrganisationKind(models.TextChoices):
    """Kinds of organisation in the tree (glossary)."""

    PRIMARY_COMMITTEE = "primary_committee", _("基层党委")
    GENERAL_BRANCH = "general_branch", _("党总支")
    BRANCH = "branch", _("党支部")
    JOINT_BRANCH = "joint_branch", _("联合党支部")
    TEMPORARY_BRANCH = "temporary_branch", _("临时党支部")
    MOBILE_BRANCH = "mobile_branch", _("流动党员党支部")
    PARTY_GROUP = "party_group", _("党小组")


BRANCH_KINDS = ("branch", "joint_branch", "temporary_branch", "mobile_branch")


class UnitType(models.TextChoices):
    """What the unit of the organisation does; branches compete with their like only."""

    PRODUCTION = "production", _("生产单位")
    RESEARCH = "research", _("科研单位")
    ORGAN = "organ", _("机关")
    SERVICE = "service", _("后勤服务")
    SCHOOL = "school", _("学校")
    RETIRED = "retired", _("离退休")
    COMMUNITY = "community", _("社区（村）")
    OTHER = "other", _("其他")


class Organisation(models.Model):
    """A node of the tree; ``path`` is four digits per level, its superior's path first."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60, blank=True, default="")
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    unit_type = models.CharField(max_length=20, choices=UnitType.choices, default=UnitType.OTHER)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", db_index=False
    )
    path = models.CharField(max_length=80, unique=True)
    founded_on = DayField(null=True)
    closed_on = DayField(null=True, help_text="first day on which it no longer exists")
    can_approve = models.SmallIntegerField(default=0, help_text="may approve probationary members (1/0)")
    pinyin = models.CharField(max_length=240, blank=True, default="")
    initials = models.CharField(max_length=60, blank=True, default="")
    known_at = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_organisation"
        ordering = ("path",)
        indexes = (models.Index(fields=["parent"], name="zb_organisation_parent"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_branch(self) -> bool:
        """Whether people belong to it: a branch of any kind."""
        return self.kind in BRANCH_KINDS

    @property
    def is_group(self) -> bool:
        return self.kind == OrganisationKind.PARTY_GROUP


class Placement(models.Model):
    """Under which superior an organisation stood and how it was called, and since when.

    Written when an organisation is moved or renamed; one without any row has always stood where it stands.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    since = DayField()
    until = DayField(null=True)

    class Meta:
        db_table = "zb_placement"


class Sex(models.TextChoices):
    """GB/T 2261.1-2003."""

    MALE = "1", _("男")
    FEMALE = "2", _("女")
    UNKNOWN = "0", _("未知")


class Person(models.Model):
    """A person known to a branch. Sensitive numbers are sealed; see ``register.secrets``."""

    name = models.CharField(max_length=60)
    pinyin = models.CharField(
        max_length=240, blank=True, default="", help_text="every reading, blank between"
    )
    initials = models.CharField(max_length=60, blank=True, default="")
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    born_on = DayField(null=True)
    nation = models.CharField(max_length=20, blank=True, default="")
    education = models.CharField(max_length=20, blank=True, default="")
    position = models.CharField(max_length=60, blank=True, default="")
    id_sealed = models.TextField(blank=True, default="")
    id_index = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique, so absent must be NULL
    phone_sealed = models.TextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    joined_on = DayField(null=True, help_text="admission meeting (入党日期)")
    full_since = DayField(null=True, help_text="conversion (转正日期); standing counts from here")
    note = models.CharField(max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_person"
        indexes = (
            models.Index(fields=["name"], name="zb_person_name"),
            models.Index(fields=["initials"], name="zb_person_initials"),
        )

    def __str__(self) -> str:
        return self.name


class PhoneToken(models.Model):
    """Blind index of every four-digit run of a phone number, for search by part of it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phone_tokens")
    token = models.CharField(max_length=24, db_index=True)

    class Meta:
        db_table = "zb_phone_token"


class Stage(models.TextChoices):
    """Stages of a person on the way to and in the Party (glossary)."""

    APPLICANT = "applicant", _("入党申请人")
    ACTIVIST = "activist", _("入党积极分子")
    PROSPECT = "prospect", _("发展对象")
    PROBATIONARY_MEMBER = "probationary_member", _("预备党员")
    FULL_MEMBER = "full_member", _("正式党员")


MEMBER_STAGES = ("probationary_member", "full_member")


class Began(models.TextChoices):
    """Why a spell of membership began."""

    RECORDED = "recorded", _("登记")
    IMPORTED = "imported", _("名册导入")
    STAGE = "stage", _("身份变化")
    TRANSFER = "transfer", _("组织关系转入")
    GROUP = "group", _("调整党小组")


class Ended(models.TextChoices):
    """Why a spell of membership ended; the last five end the belonging itself."""

    STAGE = "stage", _("身份变化")
    TRANSFER = "transfer", _("转到本系统其他支部")
    GROUP = "group", _("调整党小组")
    AWAY = "transferred_away", _("组织关系转出")
    DECEASED = "deceased", _("去世")
    EXPELLED = "expelled", _("出党")
    CANCELLED = "cancelled", _("取消资格")
    SUSPENDED = "suspended", _("停止党籍")


class Membership(models.Model):
    """A spell of one person in one branch (and Party group) at one stage."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships", db_index=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", db_index=False
    )
    party_group = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    stage = models.CharField(max_length=20, choices=Stage.choices)
    since = DayField()
    until = DayField(null=True)
    since_known = models.SmallIntegerField(default=1, help_text="0: the roster did not say since when")
    began_because = models.CharField(max_length=20, choices=Began.choices, default=Began.RECORDED)
    ended_because = models.CharField(max_length=20, choices=Ended.choices, blank=True, default="")
    remark = models.CharField(
        max_length=200, blank=True, default="", help_text="where from, where to, number of the letter"
    )
    dues_monthly_fen = models.IntegerField(null=True, help_text="as stated in the roster; fen")
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_membership"
        indexes = (
            models.Index(fields=["organisation", "until", "stage"], name="zb_membership_branch"),
            models.Index(fields=["person", "since"], name="zb_membership_person"),
            models.Index(fields=["party_group"], name="zb_membership_group"),
        )


LEAVING = (Ended.AWAY, Ended.DECEASED, Ended.EXPELLED, Ended.CANCELLED, Ended.SUSPENDED)
"""Endings after which a person belongs to no branch."""


class MobileSpell(models.Model):
    """A time during which a member works away from the branch (流动党员)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mobile_spells")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.CharField(max_length=120, blank=True, default="")
    since = DayField()
    until = DayField(null=True)
    since_known = models.SmallIntegerField(default=1, help_text="0: the roster did not say since when")

    class Meta:
        db_table = "zb_mobile_spell"
        indexes = (models.Index(fields=["organisation", "until"], name="zb_mobile_spell_branch"),)


class PostKind(models.TextChoices):
    """Posts that a person can hold in an organisation; mandates.yaml says what each may do."""

    SECRETARY = "secretary", _("书记")
    DEPUTY_SECRETARY = "deputy_secretary", _("副书记")
    ORGANISATION_OFFICER = "organisation_officer", _("组织委员")
    PUBLICITY_OFFICER = "publicity_officer", _("宣传委员")
    DISCIPLINE_OFFICER = "discipline_officer", _("纪检委员")
    COMMITTEE_MEMBER = "committee_member", _("委员")
    GROUP_LEADER = "group_leader", _("党小组长")
    DUES_COLLECTOR = "dues_collector", _("党费收缴人")
    COMMITTEE_SECRETARY = "committee_secretary", _("党委书记")
    COMMITTEE_OFFICER = "committee_officer", _("党务工作者")


COMMITTEE_POSTS = (
    "secretary",
    "deputy_secretary",
    "organisation_officer",
    "publicity_officer",
    "discipline_officer",
    "committee_member",
)


class Post(models.Model):
    """A post held by a person from ``since`` to ``until`` (exclusive)."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="posts", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts", db_index=False)
    kind = models.CharField(max_length=24, choices=PostKind.choices)
    in_committee = models.SmallIntegerField(default=0, help_text="1: a seat of the branch committee")
    has_duties = models.SmallIntegerField(default=0, help_text="1: duties are written down")
    duties = models.CharField(max_length=300, blank=True, default="")
    since = DayField()
    until = DayField(null=True)
    since_known = models.SmallIntegerField(default=1, help_text="0: the roster did not say since when")
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_post"
        indexes = (
            models.Index(fields=["organisation", "until"], name="zb_post_branch"),
            models.Index(fields=["person", "until"], name="zb_post_person"),
        )


class Term(models.Model):
    """A committee's term of office (届)."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="terms", db_index=False
    )
    number = models.PositiveSmallIntegerField(default=1)
    elected_on = DayField()
    expires_on = DayField()
    shifted_to = DayField(null=True, help_text="approved shift of the election, at most a year")
    valid_until = DayField(help_text="expires_on, or the approved later day")
    seats = models.PositiveSmallIntegerField(default=0)
    ended_on = DayField(null=True)
    known_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "zb_term"
        indexes = (models.Index(fields=["organisation", "elected_on"], name="zb_term_branch"),)


PastOrganisation = past_of(Organisation, "parent path name kind unit_type founded_on closed_on")
PastMembership = past_of(Membership, "organisation person party_group stage began_because since until")
PastPost = past_of(Post, "organisation person kind in_committee has_duties since until")
PastTerm = past_of(Term, "organisation number seats elected_on expires_on valid_until ended_on")
