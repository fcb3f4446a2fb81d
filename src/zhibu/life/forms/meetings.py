"""Forms about meetings: planning, recording, minutes, corrections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.core.days import parse_day
from zhibu.life import kinds
from zhibu.life.forms.details import add_details, details_of
from zhibu.life.imports import Absence, parse_absences
from zhibu.life.models import AgendaTag, AttendanceState, Session
from zhibu.life.queries import Expected, Proposal, Setting, months_to_make_up
from zhibu.life.told import Held, Item, Missing
from zhibu.ui import fields
from zhibu.ui.language import pick

LONGEST_STUDY = 24 * 60
EXTRA_ITEMS = 2


class AgendaItemForm(forms.Form):
    """One line of an agenda: a proposal to tick, or an item to write."""

    use = forms.BooleanField(label=gettext_lazy("已议"), required=False)
    title = forms.CharField(label=gettext_lazy("议题"), max_length=160, required=False)
    tag = forms.ChoiceField(label=gettext_lazy("类别"), choices=AgendaTag.choices, required=False)
    resolution = forms.CharField(
        label=gettext_lazy("决议"),
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    own = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A decision without an item would be lost: it is asked what was decided on."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("resolution") and not values.get("title"):
            self.add_error("title", _("请写明这项决议的议题。"))
        return values

    def item(self) -> Item | None:
        """The item, when it was ticked, decided or written."""
        values = self.cleaned_data
        if values.get("title") and (values.get("use") or values.get("own") or values.get("resolution")):
            return Item(
                values["title"], values.get("tag") or AgendaTag.OTHER.value, values.get("resolution", "")
            )
        return None


_AgendaFormSet = forms.formset_factory(AgendaItemForm, extra=0, max_num=60, absolute_max=60)


def agenda_forms(data: Any, initial: list[dict[str, Any]]) -> Any:
    """The lines of an agenda: what is offered, then empty lines."""
    empty = [{"own": True, "tag": AgendaTag.OTHER.value}] * EXTRA_ITEMS
    return _AgendaFormSet(data, initial=[*initial, *empty], prefix="agenda")


def proposed(proposals: list[Proposal]) -> list[dict[str, Any]]:
    """Proposals as initial lines, unticked: whether something was discussed only people know."""
    return [{"title": each.title, "tag": each.tag, "due": each.due} for each in proposals]


def existing(items: list[Item]) -> list[dict[str, Any]]:
    """Items that stand already as initial lines."""
    return [
        {"title": item.title, "tag": item.tag, "resolution": item.resolution, "own": True} for item in items
    ]


def items_of(formset: Any) -> list[Item]:
    """The items of a valid agenda."""
    return [item for form in formset if (item := form.item()) is not None]


def day_typed(data: Mapping[str, Any] | None, name: str, today: date) -> date:
    """The day in a form not yet checked, today when it cannot be read: whose roll is to be offered."""
    try:
        return min(parse_day((data or {}).get(name)), today)
    except ValueError:
        return today


class WhoCame(forms.Form):
    """Who of the list was not there, and why; everybody else was."""

    excused = fields.People(label=gettext_lazy("到会"), required=False, invert=True)
    reasons = forms.CharField(
        label=gettext_lazy("请假原因"), max_length=1000, required=False,
        help_text=gettext_lazy("原因相同写一次；不同的写“张三（出差）、李四（病假）”。"),
    )  # fmt: skip
    absent = fields.People(label=gettext_lazy("未请假缺席"), required=False)
    observers = fields.People(label=gettext_lazy("列席"), required=False)

    def offer(self, expected: list[Expected], others: list[Expected]) -> None:
        """Let people of the list be picked as missing, the others as observers."""
        self.expected = expected
        for name in ("excused", "absent"):
            self.fields[name].people = [each.choice for each in expected]  # type: ignore[attr-defined]
        self.fields["observers"].people = [each.choice for each in others]  # type: ignore[attr-defined]
        if not others:
            del self.fields["observers"]

    def clean_reasons(self) -> list[Absence]:
        """One reason for all, or "姓名（原因）" for each."""
        text = self.cleaned_data["reasons"]
        try:
            return parse_absences(text)
        except ValueError as error:
            raise forms.ValidationError(_("请写成：蒋涵春（探亲）、田伟欣（倒班）")) from error

    def clean(self) -> dict[str, Any]:
        """Nobody is excused and absent at once."""
        values: dict[str, Any] = super().clean() or {}
        if set(values.get("excused") or ()) & set(values.get("absent") or ()):
            self.add_error("absent", _("同一人不能既请假又缺席。"))
        return values

    def missing(self) -> list[Missing]:
        """Who was not there, with the reasons told."""
        told = self.cleaned_data["reasons"] or []
        by_name = {each.name: each.reason for each in told if each.reason}
        # "出差" alone is a reason for everybody
        common = told[0].name if len(told) == 1 and not told[0].reason else ""
        names = {each.person: each.name for each in self.expected}
        found = [
            Missing(
                person,
                AttendanceState.EXCUSED.value,
                by_name.get(names[person], common if common not in names.values() else ""),
            )
            for person in self.cleaned_data["excused"]
        ]
        return found + [
            Missing(person, AttendanceState.ABSENT.value) for person in self.cleaned_data["absent"]
        ]


class RecordForm(WhoCame):
    """Everything about a meeting that was held, on one page."""

    held_on = fields.Day(label=gettext_lazy("召开日期"))
    starts_at = fields.TimeOfDay(label=gettext_lazy("时间"), required=False)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120, required=False)
    chair = fields.Person(label=gettext_lazy("主持人"), required=False)
    minute_taker = fields.Person(label=gettext_lazy("记录人"), required=False)
    study_minutes = forms.IntegerField(
        label=gettext_lazy("学习时长（分钟）"), min_value=0, max_value=LONGEST_STUDY, required=False
    )
    minutes = fields.LongText(label=gettext_lazy("会议记录"), rows=4, required=False, max_length=100_000)
    makes_up_for = forms.TypedChoiceField(
        label=gettext_lazy("补开"), required=False, coerce=date.fromisoformat, empty_value=None
    )
    again = forms.BooleanField(label=gettext_lazy("确实是另一次会议"), required=False)

    def __init__(self, *args: Any, setting: Setting, today: date, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        people = [each.choice for each in setting.expected]
        self.setting = setting
        self.offer(setting.expected, setting.others)
        everyone = people + [each.choice for each in setting.others]
        for name in ("chair", "minute_taker"):
            self.fields[name].people = everyone
        self.fields["held_on"].latest = today
        self.fields["held_on"].widget.attrs["max"] = today.isoformat()
        self.fields["makes_up_for"].choices = [
            ("", _("不是补开")),
            *((m.first.isoformat(), _("%(year)d年%(month)d月") % {"year": m.year, "month": m.number})
              for m in months_to_make_up(today)),
        ]  # fmt: skip
        add_details(self, setting.kind, people=everyone, values=setting.values.get("details"))
        if not setting.is_study:
            del self.fields["study_minutes"]

    def held(self, agenda: list[Item]) -> Held:
        """The meeting as the act takes it."""
        values = self.cleaned_data
        return Held(
            held_on=values["held_on"], starts_at=values["starts_at"], place=values["place"], title=values["title"],
            chair=values["chair"], minute_taker=values["minute_taker"], missing=self.missing(),
            observers=values.get("observers") or (), agenda=agenda, minutes=values["minutes"], details=details_of(self),
            study_minutes=values.get("study_minutes") or 0, makes_up_for=values["makes_up_for"], again=values["again"],
        )  # fmt: skip


class PlanForm(forms.Form):
    """A meeting to come."""

    planned_on = fields.Day(label=gettext_lazy("日期"))
    starts_at = fields.TimeOfDay(label=gettext_lazy("时间"), required=False)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120, required=False)


class ConveneForm(forms.Form):
    """When and where, settled."""

    planned_on = fields.Day(label=gettext_lazy("日期"))
    starts_at = fields.TimeOfDay(label=gettext_lazy("时间"))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class MinutesForm(forms.Form):
    """Minutes not yet closed; `version` is that of the page being typed on."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)
    minutes = fields.LongText(label=gettext_lazy("会议记录"), rows=14, required=False, max_length=100_000)

    def __init__(self, *args: Any, session: Session, people: list[Any], **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.template = kinds.template_of(session.kind)
        if not session.minutes:
            self.initial["minutes"] = pick(self.template)
        add_details(self, session.kind, people=people, values=self.initial.get("details", session.details))

    def clean_minutes(self) -> str:
        """A template nobody has written into is no minutes."""
        text: str = self.cleaned_data["minutes"]
        bare = text.split()
        return "" if bare in (self.template.zh.split(), self.template.en.split()) else text

    def values(self) -> dict[str, Any]:
        """What was typed, as the act takes it."""
        names = ("version", "title", "place", "minutes")
        return {name: self.cleaned_data[name] for name in names} | {"details": details_of(self)}


class CorrectForm(forms.Form):
    """A correction of closed minutes: only what is changed is kept, beside what was there."""

    held_on = fields.Day(label=gettext_lazy("召开日期"))
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)
    study_minutes = forms.IntegerField(
        label=gettext_lazy("学习时长（分钟）"), min_value=0, max_value=LONGEST_STUDY
    )
    excused = fields.People(label=gettext_lazy("请假"), required=False)
    absent = fields.People(label=gettext_lazy("未请假缺席"), required=False)
    minutes = fields.LongText(label=gettext_lazy("会议记录"), rows=8, required=False, max_length=100_000)
    reason = forms.CharField(label=gettext_lazy("更正原因"), max_length=200)

    def __init__(
        self,
        *args: Any,
        session: Session,
        attendance: list[dict[str, Any]],
        agenda: list[dict[str, Any]],
        **kwargs: Any,
    ) -> None:
        rows = [row for row in attendance if row["state"] != AttendanceState.OBSERVER]
        picked = {
            name: [row["person_id"] for row in rows if row["state"] in states]
            for name, states in (("excused", {"excused", "exempt"}), ("absent", {"absent"}))
        }
        texts = {
            name: getattr(session, name) for name in ("held_on", "title", "place", "study_minutes", "minutes")
        }
        decided = {f"resolution_{item['id']}": item["resolution"] for item in agenda}
        self.fields: dict[str, Any]
        kwargs["initial"] = {**texts, **picked, **decided}
        super().__init__(*args, **kwargs)
        self.rows = {row["person_id"]: (row["state"], row["reason"]) for row in rows}
        # a ledger may name the missing only; whoever is not on the list cannot be corrected into it
        self.complete = len(rows) >= session.expected_count
        people = [(row["person_id"], row["person__name"]) for row in rows]
        for name in ("excused", "absent"):
            self.fields[name].people = people
            if not self.complete:
                del self.fields[name]
        self.fields["held_on"].latest = session.entered_on
        add_details(self, session.kind, people=people, values=session.details)
        for item in agenda:
            label = _("决议：%(title)s") % {"title": item["title"]}
            self.fields[f"resolution_{item['id']}"] = fields.LongText(label=label, rows=2, required=False)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def clean(self) -> dict[str, Any]:
        """Nobody is excused and absent at once."""
        values: dict[str, Any] = super().clean() or {}
        if set(values.get("excused") or ()) & set(values.get("absent") or ()):
            self.add_error("absent", _("同一人不能既请假又缺席。"))
        return values

    def changes(self) -> dict[str, Any]:
        """The correction as the act takes it."""
        values = self.cleaned_data
        texts = {name: values[name] for name in ("title", "place", "minutes")}
        return {
            "reason": values["reason"], "held_on": values["held_on"], "study_minutes": values["study_minutes"],
            "texts": texts, "details": details_of(self), "attendance": self._attendance() if self.complete else None,
            "resolutions": {
                int(name.removeprefix("resolution_")): value
                for name, value in values.items() if name.startswith("resolution_")
            },
        }  # fmt: skip

    def _attendance(self) -> dict[int, tuple[str, str]]:
        now = dict.fromkeys(self.cleaned_data["excused"], AttendanceState.EXCUSED.value)
        now |= dict.fromkeys(self.cleaned_data["absent"], AttendanceState.ABSENT.value)
        told = {}
        for person, (before, reason) in self.rows.items():
            state = now.get(person, AttendanceState.PRESENT.value)
            if before == AttendanceState.EXEMPT and state == AttendanceState.EXCUSED:
                state = before
            if state != before:
                told[person] = (state, reason if state == AttendanceState.EXCUSED else "")
        return told
