"""Forms about votes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.ballots.models import Excluded, NoVote, RollSource, Way
from zhibu.core.norms import VoteKind, VoteRule
from zhibu.ui import fields
from zhibu.ui.language import pick

MOST_SEATS = 50
MOST_SLIPS = 10_000
MARKS = (("yes", gettext_lazy("赞成")), ("no", gettext_lazy("不赞成")), ("abstain", gettext_lazy("弃权")))


class OpenForm(forms.Form):
    """What is voted on, by which rule, in which way."""

    rule = forms.ChoiceField(label=gettext_lazy("表决规则"))
    title = forms.CharField(label=gettext_lazy("表决事项"), max_length=160)
    voted_on = fields.Day(label=gettext_lazy("表决日期"))
    way = forms.ChoiceField(label=gettext_lazy("投票方式"), choices=Way.choices, widget=forms.RadioSelect)
    roll_source = forms.ChoiceField(label=gettext_lazy("谁来投票"), choices=RollSource.choices)
    names = fields.People(
        label=gettext_lazy("候选人或测评对象"), required=False,
        help_text=gettext_lazy("表决一件事时不填。选票上按姓氏笔画排列。"),
    )  # fmt: skip
    seats = forms.IntegerField(
        label=gettext_lazy("应选名额"), min_value=0, max_value=MOST_SEATS, required=False,
        help_text=gettext_lazy("只在选举时填写。"),
    )  # fmt: skip
    allowed_by = forms.CharField(
        label=gettext_lazy("上级同意电子选举的文号或日期"), max_length=200, required=False,
        help_text=gettext_lazy("选举默认用纸质选票；用电子投票时必填。"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, rules: list[VoteRule], people: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [(each.id, pick(each.title)) for each in rules]
        self.fields["names"].people = people
        self.rules = {each.id: each for each in rules}

    def clean(self) -> dict[str, Any]:
        """An election has seats."""
        values: dict[str, Any] = super().clean() or {}
        rule = self.rules.get(values.get("rule", ""))
        if rule and rule.kind is VoteKind.ELECTION and not values.get("seats"):
            self.add_error("seats", _("请写明应选名额。"))
        return values


class ExcludeForm(forms.Form):
    """Why someone has no vote or does not count."""

    no_vote = forms.ChoiceField(
        label=gettext_lazy("没有表决权的原因"),
        required=False,
        choices=[("", gettext_lazy("有表决权")), *NoVote.choices],
    )
    excluded = forms.ChoiceField(
        label=gettext_lazy("不计入应到会人数的原因"), required=False,
        choices=[("", gettext_lazy("计入应到会人数")), *Excluded.choices],
    )  # fmt: skip
    consent = forms.CharField(
        label=gettext_lazy("上级同意和会议通过的情况"), max_length=200, required=False,
        help_text=gettext_lazy("不计入应到会人数时必填，如“党委7月10日同意，7月15日党员大会通过”。"),
    )  # fmt: skip


class OpinionForm(forms.Form):
    """The written opinion of an absent voter."""

    opinion = forms.ChoiceField(
        label=gettext_lazy("会前收到的书面意见"), required=False, choices=[("", gettext_lazy("没有")), *MARKS]
    )


class OfficialsForm(forms.Form):
    """Scrutineers and tellers."""

    scrutineers = fields.People(label=gettext_lazy("监票人"))
    tellers = fields.People(label=gettext_lazy("计票人（两名）"))

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["scrutineers"].people = people
        self.fields["tellers"].people = people


class PresentForm(forms.Form):
    """Who is in the room."""

    present = forms.TypedMultipleChoiceField(
        label=gettext_lazy("实到会的人"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, voters: list[tuple[int, str]], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["present"].choices = voters


class ReasonForm(forms.Form):
    """Why a vote is given up."""

    reason = forms.CharField(label=gettext_lazy("取消的原因"), max_length=200)


class NumberForm(forms.Form):
    """A number of people or slips."""

    number = forms.IntegerField(label=gettext_lazy("人数"), min_value=1, max_value=MOST_SLIPS)


class TallyForm(forms.Form):
    """A tally sheet: papers, then the marks of each name."""

    def __init__(
        self,
        *args: Any,
        kind: VoteKind,
        names: list[str],
        grades: list[tuple[str, str]],
        papers: bool,
        **kwargs: Any,
    ) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.kind, self.names, self.papers = kind, names, papers
        for key, label in (
            (("issued", _("发出票数")), ("returned", _("收回票数")), ("void", _("其中无效票")))
            if papers
            else ()
        ):
            self.fields[key] = _count(label)
        marks = grades if kind is VoteKind.APPRAISAL else [(key, str(label)) for key, label in MARKS]
        self.keys, self.labels = [key for key, _label in marks], [label for _key, label in marks]
        for place, name in enumerate(names):
            for key, label in marks:
                self.fields[f"n{place}_{key}"] = _count(f"{name}：{label}" if name else label)
        if kind is VoteKind.ELECTION and papers:
            self.fields["write_ins"] = fields.LongText(
                label=_("另选人（每行：姓名 票数）"), rows=2, required=False, max_length=1000
            )

    def head(self) -> list[Any]:
        """The fields about papers."""
        return [self[key] for key in ("issued", "returned", "void") if self.papers]

    def marks(self) -> list[tuple[str, list[Any]]]:
        """Each name with its fields, for a table."""
        return [
            (name, [self[f"n{place}_{key}"] for key in self.keys]) for place, name in enumerate(self.names)
        ]

    def clean_write_ins(self) -> dict[str, int]:
        """Lines of a name and a number."""
        found = {}
        for line in self.cleaned_data["write_ins"].splitlines():
            name, _blank, number = line.strip().rpartition(" ")
            if line.strip() and (not name or not number.isdecimal()):
                raise forms.ValidationError(_("写成“姓名 票数”，如：钱某 3"))
            if name:
                found[name.strip()] = int(number)
        return found

    def entry(self) -> dict[str, Any]:
        """The sheet in the words of `zhibu tally`."""
        values = self.cleaned_data
        found: dict[str, Any] = {key: values[key] for key in ("issued", "returned", "void") if self.papers}
        marks = {
            name: {key: values[f"n{place}_{key}"] for key in self.keys}
            for place, name in enumerate(self.names)
        }
        if self.kind is VoteKind.MOTION:
            return {**found, **marks[""]}
        found["candidates" if self.kind is VoteKind.ELECTION else "grades"] = marks
        if values.get("write_ins"):
            found["write_ins"] = values["write_ins"]
        return found


def _count(label: str) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "zb-short", "inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=0, max_value=100_000, initial=0, widget=widget)
