"""The figures of a month, typed in yuan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.core.calendar import Month
from zhibu.dues.models import DuesMonth
from zhibu.ui import fields

MOST_PEOPLE = 100_000
MOST_FEN = 10_000_000_00
"""Ten million yuan a month: more is a slip of the keyboard, and still far below what the column holds."""


class MonthForm(forms.Form):
    """Due, received and received in time of one month."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    members_due = forms.IntegerField(label=gettext_lazy("应交人数"), min_value=0, max_value=MOST_PEOPLE)
    members_paid = forms.IntegerField(label=gettext_lazy("已交人数"), min_value=0, max_value=MOST_PEOPLE)
    due_fen = fields.Fen(label=gettext_lazy("应交"), maximum=MOST_FEN)
    received_fen = fields.Fen(label=gettext_lazy("实收"), maximum=MOST_FEN)
    in_time_fen = fields.Fen(label=gettext_lazy("其中按时"), maximum=MOST_FEN)

    def clean(self) -> dict[str, Any]:
        """Figures that contradict each other are named at the figure."""
        values: dict[str, Any] = super().clean() or {}
        if (values.get("in_time_fen") or 0) > (values.get("received_fen") or 0):
            self.add_error("in_time_fen", _("按时收到的不能多于实收。"))
        if (values.get("members_paid") or 0) > (values.get("members_due") or 0):
            self.add_error("members_paid", _("已交人数不能多于应交人数。"))
        return values


def initial(row: DuesMonth | None, members: int, due_fen: int, before: DuesMonth | None) -> dict[str, Any]:
    """What is offered: the row itself, else members and standards of the roster, else the month before."""
    if row is not None:
        names = ("version", "members_due", "members_paid", "due_fen", "received_fen", "in_time_fen")
        return {name: getattr(row, name) for name in names}
    due = due_fen or (before.due_fen if before else 0)
    return {"version": 0, "members_due": members, "due_fen": due or None}


def month_asked(text: str, latest: Month) -> Month:
    """The month of an address, the latest when it names none."""
    try:
        return Month.parse(text)
    except ValueError:
        return latest
