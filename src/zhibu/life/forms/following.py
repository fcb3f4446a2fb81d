"""The form by which resolutions become undertakings: a line for each item of the agenda."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from zhibu.life.queries.following import Decided, follow_choices
from zhibu.ui import fields
from zhibu.undertakings.policies import kinds
from zhibu.undertakings.told import Undertaken


class FollowLine(forms.Form):
    """One item: whether somebody is to do something, what, who, by when."""

    # an empty line that is not ticked is sent like the others
    use_required_attribute = False

    use = forms.BooleanField(label=gettext_lazy("要落实"), required=False)
    text = forms.CharField(label=gettext_lazy("要办什么"), max_length=300)
    owner = fields.Person(label=gettext_lazy("责任人"))
    due_on = fields.Day(label=gettext_lazy("何时办结"))
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=())

    def __init__(self, data: Any, prefix: str, item: Decided, people: list[Any], today: date) -> None:
        self.fields: dict[str, Any]
        super().__init__(data, prefix=prefix, initial=item.initial)
        self.item = item
        # what is not ticked asks for nothing; its owner and day are no part of it
        ticked = data is None or bool(data.get(f"{prefix}-use"))
        for name in ("text", "owner", "due_on"):
            self.fields[name].required = ticked
        self.fields["owner"].people = people
        self.fields["due_on"].earliest = today
        self.fields["due_on"].widget.attrs["min"] = today.isoformat()
        self.fields["kind"].choices = follow_choices()

    def what(self) -> Undertaken:
        """As the act takes it: the problem is the item itself, the resolution its words."""
        values, kind = self.cleaned_data, kinds()[self.cleaned_data["kind"]]
        return Undertaken(
            kind=kind.id, text=values["text"], owner=values["owner"], due_on=values["due_on"],
            problem=self.item.problem if kind.answers_problem else "", resolution=self.item.resolution,
            source=self.item.source,
        )  # fmt: skip


def follow_lines(data: Any, items: list[Decided], people: list[Any], today: date) -> list[FollowLine]:
    """A line for each item that is not followed yet."""
    return [
        FollowLine(data, prefix=f"item{number}", item=item, people=people, today=today)
        for number, item in enumerate(items)
        if not item.followed
    ]
