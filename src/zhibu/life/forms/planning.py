"""Forms about what is to come: plans, usual days, shifts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.core.recurrence import LAST
from zhibu.life import queries
from zhibu.life.planned import PlanItem, Reply
from zhibu.life.told import Arranged
from zhibu.record.files import MATERIAL
from zhibu.register.models import Organisation
from zhibu.ui import fields

WEEKS = (
    ("", gettext_lazy("不固定")),
    (1, gettext_lazy("第一个")),
    (2, gettext_lazy("第二个")),
    (3, gettext_lazy("第三个")),
    (4, gettext_lazy("第四个")),
    (LAST, gettext_lazy("最后一个")),
)
WEEKDAYS = tuple(
    enumerate(
        (
            gettext_lazy("星期一"),
            gettext_lazy("星期二"),
            gettext_lazy("星期三"),
            gettext_lazy("星期四"),
            gettext_lazy("星期五"),
            gettext_lazy("星期六"),
            gettext_lazy("星期日"),
        )
    )
)


class LineForm(forms.Form):
    """A line of a plan, adjusted: another day, or none, or not at all."""

    day = fields.Day(
        label=gettext_lazy("日期"), required=False, help_text=gettext_lazy("不填就是期间内待定。")
    )
    starts_at = fields.TimeOfDay(label=gettext_lazy("时间"), required=False)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=160)
    dropped = forms.BooleanField(label=gettext_lazy("不安排"), required=False)
    reason = forms.CharField(label=gettext_lazy("不安排的原因"), max_length=200, required=False)

    def __init__(self, *args: Any, item: PlanItem, **kwargs: Any) -> None:
        names = ("day", "starts_at", "place", "title", "reason")
        kwargs["initial"] = {name: getattr(item, name) for name in names} | {"dropped": bool(item.dropped)}
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        if item.kind:
            limits = {"min": item.from_on.isoformat(), "max": item.until_on.isoformat()}
            self.fields["day"].widget.attrs.update(limits)
        else:
            for name in ("day", "starts_at", "place"):
                del self.fields[name]

    def told(self) -> Arranged:
        """The line as the act takes it."""
        values = self.cleaned_data
        return Arranged(
            values["title"], values.get("day"), values.get("starts_at"), values.get("place", ""), values["dropped"],
            values["reason"],
        )  # fmt: skip


class NewLineForm(forms.Form):
    """A line of the branch's own."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=160, required=False)
    day = fields.Day(label=gettext_lazy("日期"), required=False)
    starts_at = fields.TimeOfDay(label=gettext_lazy("时间"), required=False)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)
    until_on = fields.Day(
        label=gettext_lazy("完成期限"), required=False, help_text=gettext_lazy("没有定下日期的填这里。")
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("其他工作")), *kinds]

    def clean(self) -> dict[str, Any]:
        """Either a day or a term; work has a name, a meeting that of its kind."""
        values: dict[str, Any] = super().clean() or {}
        if not values.get("day") and not values.get("until_on") and "day" not in self.errors:
            self.add_error("until_on", _("请填日期或完成期限。"))
        if not values.get("kind") and not values.get("title"):
            self.add_error("title", _("请写明是什么工作。"))
        if values.get("kind") in queries.of_group():
            self.add_error("kind", _("党小组会按党小组分别列入，由规则自动提出。"))
        return values

    def line(self) -> dict[str, Any]:
        """The line as the act takes it."""
        values = self.cleaned_data
        until: date = values["until_on"] or values["day"]
        told = Arranged(values["title"], values["day"], values["starts_at"], values["place"])
        return {"told": told, "kind": values["kind"], "party_group": None, "until_on": until}


class AdoptForm(forms.Form):
    """That the committee adopted a plan."""

    adopted_on = fields.Day(label=gettext_lazy("支委会通过的日期"))
    aims = fields.LongText(
        label=gettext_lazy("工作要点"), rows=5, required=False, max_length=4000,
        help_text=gettext_lazy("本年围绕中心工作要做的几件事，印在计划正文里。"),
    )  # fmt: skip


class RecurringForm(forms.Form):
    """The usual day of a kind of meeting."""

    week = forms.TypedChoiceField(
        label=gettext_lazy("每月"), choices=WEEKS, coerce=int, empty_value=None, required=False
    )
    weekday = forms.TypedChoiceField(label=gettext_lazy("星期"), choices=WEEKDAYS, coerce=int, initial=3)
    starts_at = fields.TimeOfDay(label=gettext_lazy("时间"), required=False)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)


class ShiftsForm(forms.Form):
    """A shift roster as a table."""

    file = fields.Upload(
        label=gettext_lazy("排班表"), kinds=("xlsx", "csv"), max_bytes=5 * 1024 * 1024,
        help_text=gettext_lazy("列：姓名或党小组、日期、班次、上班、下班。同一天重新导入，以新的为准。"),
    )  # fmt: skip


class SummonForm(forms.Form):
    """When and where a meeting will be, and who comes along beside those the register expects."""

    planned_on = fields.Day(label=gettext_lazy("日期"))
    starts_at = fields.TimeOfDay(label=gettext_lazy("时间"), required=False)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120, required=False)
    observers = fields.People(label=gettext_lazy("列席"), required=False)
    joint = forms.TypedMultipleChoiceField(
        label=gettext_lazy("联合召开的党支部"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    file = fields.Upload(label=gettext_lazy("会议材料"), kinds=sorted(MATERIAL), required=False)

    def __init__(
        self, *args: Any, others: Sequence[Any], near: Sequence[Organisation], today: date, **kwargs: Any
    ) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.near = {each.pk: each for each in near}
        self.fields["planned_on"].widget.attrs["min"] = today.isoformat()
        self.fields["observers"].people = others
        self.fields["joint"].choices = [(each.pk, each.name) for each in near]
        for name, there in (("observers", others), ("joint", near)):
            if not there:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A notice says when and where; a plan may leave both open."""
        values: dict[str, Any] = super().clean() or {}
        if self.data.get("then") != "later":
            for name in ("starts_at", "place"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("通知开会要写明。"))
        return values

    def asked(self) -> dict[str, Any]:
        """Whom to tell beside those expected."""
        values = self.cleaned_data
        return {
            "observers": values.get("observers") or (),
            "joint": [self.near[pk] for pk in values.get("joint") or ()],
        }

    def when(self) -> dict[str, Any]:
        """When and where."""
        return {name: self.cleaned_data[name] for name in ("planned_on", "starts_at", "place")}


class ReplyForm(forms.Form):
    """One's own answer to a notice."""

    answer = forms.ChoiceField(choices=Reply.choices)
    reason = forms.CharField(max_length=80, required=False)
    then = forms.CharField(max_length=20, required=False)
