"""One table of what was undertaken, who helps, and what happened on the way.

Texts lie here and not in the record: care for a person has to be deletable after its term, and the record never
forgets. The record says who did which act on which day.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhibu.record.fields import DayField
from zhibu.record.past import past_of

SHORT = 120
"""Characters of what is undertaken that a list, a heading or a line of the workbench shows."""


def shortened(text: str) -> str:
    """As a list shows it; a long pledge is read whole on its own page."""
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


class UndertakingState(models.TextChoices):
    """Open, said to be done, closed by whoever confirms; or given up with a reason."""

    OPEN = "open", _("办理中")
    DONE = "done", _("已办结，待确认")
    CLOSED = "closed", _("已销号")
    GIVEN_UP = "given_up", _("不再办理")


class Visibility(models.TextChoices):
    """Who sees it, as the rule of its kind said when it was opened."""

    BRANCH = "branch", _("支部内公开")
    COMMITTEE = "committee", _("支委会")
    PERSONS = "persons", _("当事人")
    PUBLIC = "public", _("公示栏公开")


class Undertaking(models.Model):
    """Someone undertakes something by a day. `organisation` is the branch, `party_group` when it is a group's."""

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    party_group = models.ForeignKey(
        "register.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=24, help_text="a kind of undertakings.yaml")
    state = models.CharField(max_length=10, choices=UndertakingState.choices, default=UndertakingState.OPEN)
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    text = models.CharField(max_length=1000, help_text="what is to be done")
    problem = models.CharField(max_length=300, blank=True, default="", help_text="what it answers")
    resolution = models.TextField(
        blank=True, default="", help_text="the words of the decision it follows from"
    )
    owner = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    about = models.ForeignKey(
        "register.Person", null=True, on_delete=models.PROTECT, related_name="+", help_text="whom it concerns"
    )
    whom = models.CharField(
        max_length=20,
        blank=True,
        default="",
        help_text="whom it concerns, not of the register: as the branch calls them",
    )
    keeper = models.ForeignKey(
        "register.Person", null=True, on_delete=models.PROTECT, related_name="+", help_text="who opened it"
    )
    # what it follows from, as values: the rooms above are not known here
    source = models.CharField(max_length=40, blank=True, default="", help_text="such as life.session")
    source_id = models.BigIntegerField(null=True)
    source_told = models.CharField(max_length=200, blank=True, default="")
    opened_on = DayField()
    due_on = DayField(null=True)
    first_due_on = DayField(null=True, help_text="the day first agreed; later ones are extensions")
    extensions = models.PositiveSmallIntegerField(default=0)
    result = models.TextField(blank=True, default="", help_text="what came of it, or why it was given up")
    done_on = DayField(null=True, help_text="the owner said that it is done")
    ended_on = DayField(null=True, help_text="closed or given up")
    in_time = models.SmallIntegerField(default=0, help_text="1: closed, and done by the day due")
    known_at = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_undertaking"
        indexes = (
            models.Index(fields=["organisation", "state", "due_on"], name="zb_undertaking_branch_due"),
            models.Index(fields=["owner", "state"], name="zb_undertaking_owner"),
            models.Index(fields=["source", "source_id"], name="zb_undertaking_source"),
        )

    def __str__(self) -> str:
        return shortened(self.text)


class Helper(models.Model):
    """Someone who helps the owner."""

    undertaking = models.ForeignKey(
        Undertaking, on_delete=models.CASCADE, related_name="helpers", db_index=False
    )
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "zb_undertaking_helper"
        constraints = (
            models.UniqueConstraint(fields=["undertaking", "person"], name="zb_undertaking_helper_once"),
        )


class StepKind(models.TextChoices):
    """What happened to an undertaking on a day."""

    OPENED = "opened", _("立项")
    AGREED = "agreed", _("本人同意")
    PROGRESS = "progress", _("进展")
    CHECKED = "checked", _("检查")
    DONE = "done", _("报告办结")
    SENT_BACK = "sent_back", _("退回继续办")
    EXTENDED = "extended", _("延期")
    HANDED_OVER = "handed_over", _("转交")
    CLAIMED = "claimed", _("认领")
    CLOSED = "closed", _("确认销号")
    GIVEN_UP = "given_up", _("不再办理")


class Step(models.Model):
    """One step on the way, in the words of whoever took it."""

    undertaking = models.ForeignKey(Undertaking, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12, choices=StepKind.choices)
    taken_on = DayField()
    text = models.TextField(blank=True, default="")
    by_name = models.CharField(max_length=60)

    class Meta:
        db_table = "zb_undertaking_step"
        ordering = ("id",)


# no words: care for a person is deletable, and a past would keep them
PastUndertaking = past_of(
    Undertaking, "organisation owner kind state opened_on due_on done_on ended_on in_time extensions"
)
