"""The library: materials, whom they are for, and what they are about."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField


class MaterialKind(models.TextChoices):
    """What a material is."""

    ARTICLE = "article", _("文章")
    DOCUMENT = "document", _("文件")
    LINK = "link", _("网页")
    VIDEO = "video", _("视频")
    EXEMPLAR = "exemplar", _("身边典型")


class Subject(models.TextChoices):
    """What a material is about (requirements G6-06)."""

    THEORY = "theory", _("政治理论")
    CONSTITUTION = "constitution", _("党章党规")
    HISTORY = "history", _("党史")
    LAW = "law", _("法律法规")
    SCIENCE = "science", _("科技知识")
    SKILL = "skill", _("操作技能")
    MANAGEMENT = "management", _("经营管理")
    SAFETY = "safety", _("安全生产")
    OTHER = "other", _("其他")


class Audience(models.TextChoices):
    """Who may see a material: those who keep the library, the people of the organisation, or everyone."""

    COMMITTEE = "committee", _("仅支委会（本级工作人员）")
    BRANCH = "branch", _("本组织及下级党员")
    PUBLIC = "public", _("公开")


class Material(models.Model):
    """Something to read, watch or follow. A committee's is there for every branch below it."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=MaterialKind.choices)
    subject = models.CharField(max_length=14, choices=Subject.choices, default=Subject.OTHER)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.BRANCH)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True, default="")
    content = models.TextField(blank=True, default="")
    link = models.CharField(max_length=500, blank=True, default="")
    attachment = models.ForeignKey("record.Attachment", null=True, on_delete=models.PROTECT, related_name="+")
    read_by = models.PositiveSmallIntegerField(
        default=0, help_text="which way of reading files took the words of this one; 0: none yet"
    )
    minutes = models.PositiveSmallIntegerField(default=0, help_text="how long it takes, minutes")
    published_on = DayField()
    author_name = models.CharField(max_length=60, blank=True, default="")
    withdrawn = models.SmallIntegerField(default=0)
    withdrawn_because = models.CharField(max_length=200, blank=True, default="")
    address = models.CharField(max_length=12, null=True, unique=True, help_text="on the public portal")  # noqa: DJ001 - unique, so absent must be NULL
    text = models.OneToOneField("search.Text", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_material"
        indexes = (
            models.Index(fields=["organisation", "withdrawn", "published_on"], name="zb_material_place_day"),
            models.Index(fields=["audience", "withdrawn", "published_on"], name="zb_material_open_day"),
        )

    def __str__(self) -> str:
        return self.title


class MaterialTag(models.Model):
    """A word under which a material is filed."""

    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="tags", db_index=False)
    word = models.CharField(max_length=20)

    class Meta:
        db_table = "zb_material_tag"
        constraints = (models.UniqueConstraint(fields=["material", "word"], name="zb_material_tag_once"),)
        indexes = (models.Index(fields=["word"], name="zb_material_tag_word"),)
