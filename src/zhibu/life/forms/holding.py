"""Forms of a meeting while it goes on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhibu.life.forms.meetings import WhoCame
from zhibu.life.queries import Expected
from zhibu.ui import fields

LONGEST = 5000


class RollForm(WhoCame):
    """The list called: who is missing, who takes part from afar."""

    online = fields.People(label=gettext_lazy("线上参加"), required=False)

    def __init__(self, *args: Any, expected: list[Expected], others: list[Expected], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.offer(expected, others)
        self.fields["online"].people = [each.choice for each in expected]

    def clean(self) -> dict[str, Any]:
        """Whoever takes part from afar is not missing."""
        values = super().clean()
        if set(values.get("online") or ()) & {*(values.get("excused") or ()), *(values.get("absent") or ())}:
            self.add_error("online", gettext_lazy("线上参加的人不能同时请假或缺席。"))
        return values

    def called(self) -> dict[str, Any]:
        """The list as the act takes it."""
        values = self.cleaned_data
        return {
            "missing": self.missing(), "online": values["online"], "observers": values.get("observers") or (),
        }  # fmt: skip


class HandsForm(forms.Form):
    """A show of hands, as counted."""

    position = forms.IntegerField(min_value=1, max_value=60, widget=forms.HiddenInput)
    yes = forms.IntegerField(label=gettext_lazy("赞成"), min_value=0, max_value=100_000)
    no = forms.IntegerField(label=gettext_lazy("不赞成"), min_value=0, max_value=100_000, initial=0)
    abstain = forms.IntegerField(label=gettext_lazy("弃权"), min_value=0, max_value=100_000, initial=0)


class RemarkForm(forms.Form):
    """What someone said."""

    person = fields.Person(label=gettext_lazy("发言人"), required=False)
    speaker = forms.CharField(label=gettext_lazy("名单以外的发言人"), max_length=60, required=False)
    item = forms.ChoiceField(label=gettext_lazy("议题"), required=False)
    text = fields.LongText(label=gettext_lazy("发言内容"), rows=2, max_length=LONGEST)

    def __init__(self, *args: Any, people: list[Any], items: list[str], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["person"].people = people
        self.fields["item"].choices = [
            ("", gettext_lazy("不针对某个议题")),
            *((each, each) for each in items),
        ]
