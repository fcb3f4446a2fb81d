"""Forms: the unit's figures, a campaign and its results."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.production.models import CampaignKind
from zhibu.production.told import Announced, Team, Told
from zhibu.ui import fields

MOST = 10**12
MOST_FEN = 10**13
MOST_COUNT = 9999
MOST_TEAMS = 30
NARROW = {"class": "form-control zb-short", "inputmode": "numeric"}


def _number(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=more.pop("most", MOST), required=False,
        widget=forms.TextInput(attrs=NARROW), **more,
    )  # fmt: skip


class FiguresForm(forms.Form):
    """The unit's figures of a month."""

    measure = forms.CharField(
        label=gettext_lazy("计划用什么单位"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("如：吨、台、项、课时"),
    )
    planned = _number(gettext_lazy("本月计划"))
    done = _number(gettext_lazy("本月完成"))
    cost_plan_fen = fields.Fen(label=gettext_lazy("计划成本（经费）"), maximum=MOST_FEN, required=False)
    cost_fen = fields.Fen(label=gettext_lazy("实际成本（经费）"), maximum=MOST_FEN, required=False)
    accidents = _number(gettext_lazy("事故（起）"), most=MOST_COUNT)
    hazards_found = _number(gettext_lazy("查出隐患（处）"), most=MOST_COUNT)
    hazards_fixed = _number(gettext_lazy("已整改（处）"), most=MOST_COUNT)
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=200, required=False,
        help_text=gettext_lazy("本单位没有的指标留空；全都没有的，在这里写一句"),
    )  # fmt: skip
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def told(self) -> Told:
        """What the act takes."""
        found = dict(self.cleaned_data)
        found.pop("version")
        for name in ("accidents", "hazards_found", "hazards_fixed"):
            found[name] = found[name] or 0
        return Told(**found)


class CampaignForm(forms.Form):
    """A competition or shock task."""

    kind = forms.ChoiceField(
        label=gettext_lazy("类别"), choices=CampaignKind.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    rules = fields.LongText(
        label=gettext_lazy("规则"),
        rows=5,
        max_length=2000,
        help_text=gettext_lazy("比什么、怎么比、怎么奖励"),
    )
    opens_on = fields.Day(label=gettext_lazy("开始日期"))
    closes_on = fields.Day(label=gettext_lazy("结束日期（含当日）"))
    teams = fields.LongText(
        label=gettext_lazy("参加的班组"), rows=4, max_length=1200, required=False,
        help_text=gettext_lazy("一行一个。只比集体，不给个人排名"),
    )  # fmt: skip
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def announced(self) -> Announced:
        """What the act takes."""
        return Announced(**{name: value for name, value in self.cleaned_data.items() if name != "version"})

    def clean_teams(self) -> tuple[str, ...]:
        """One name a line."""
        names = [line.strip() for line in self.cleaned_data["teams"].splitlines() if line.strip()]
        if len(names) > MOST_TEAMS:
            raise forms.ValidationError(_("最多 %(n)d 个。") % {"n": MOST_TEAMS})
        return tuple(names)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        opens, closes = values.get("opens_on"), values.get("closes_on")
        if isinstance(opens, date) and isinstance(closes, date) and closes < opens:
            self.add_error("closes_on", _("结束日期不能早于开始日期。"))
        return values


class ResultsForm(forms.Form):
    """What each team reached, and what came of the whole."""

    outcome = fields.LongText(
        label=gettext_lazy("结果"), rows=4, max_length=500, help_text=gettext_lazy("完成了什么，效果怎样")
    )

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, teams: list[list[Any]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.names = [str(team[0]) for team in teams]
        for number, (_name, result, place) in enumerate(teams):
            self.fields[f"result-{number}"] = forms.CharField(
                label=_("成绩"), max_length=80, required=False, initial=result
            )
            self.fields[f"place-{number}"] = _number(_("名次"), most=MOST_TEAMS, initial=place or None)

    @property
    def lines(self) -> list[tuple[str, Any, Any]]:
        """A line for each team: its name, what it reached, its place."""
        return [
            (name, self[f"result-{number}"], self[f"place-{number}"])
            for number, name in enumerate(self.names)
        ]

    def told(self) -> list[Team]:
        """What the act takes."""
        found = self.cleaned_data
        return [
            Team(name, found[f"result-{number}"].strip(), found[f"place-{number}"] or 0)
            for number, name in enumerate(self.names)
        ]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)
