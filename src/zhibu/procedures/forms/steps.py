"""The form of a step: put together from what the rulebook asks of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.core.norms.procedures import Field, FieldKind, Role, Step, StepKind
from zhibu.core.procedure.words import ROLES
from zhibu.procedures.forms.given import PREFIX, form_field, values_of
from zhibu.procedures.forms.votes import grade_fields, grades_of, vote_fields, vote_of
from zhibu.procedures.queries import Choices
from zhibu.procedures.told import Told
from zhibu.ui import fields
from zhibu.ui.language import pick

LASTS = (StepKind.TRAIN,)
NOTE = 500


class StepForm(forms.Form):
    """What is entered of a step: its day, who decided, the outcome, fields, people, votes."""

    def __init__(
        self,
        *args: Any,
        step: Step,
        roles: Sequence[Role],
        choices: Choices,
        today: date,
        words: dict[str, str],
        from_notice: bool = False,
        **kwargs: Any,
    ) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.step, self.choices, self.from_notice = step, choices, from_notice
        self._when(today)
        self._who(roles)
        if step.people:
            self._people(words)
        if choices.grading.people:
            self.fields |= grade_fields(
                choices.grading, self._grades(), choices.expected, meetings=bool(choices.sessions)
            )
        elif choices.vote:
            self.fields |= vote_fields(
                choices.vote, [title for _code, title in self._grades()], written=choices.written, expected=choices.expected,
                secret=choices.secret, meetings=bool(choices.sessions),
            )  # fmt: skip
        always = all(each.passes for each in step.outcomes)
        for each in self._entered():
            self.fields[f"{PREFIX}{each.id}"] = form_field(
                each,
                required=each.required and always,
                people=[one for one in choices.people if one[0] in choices.named.get(each.id, {one[0]})],
                organisations=choices.organisations,
            )
        self._outcome()
        self._needed(always=always)
        self.fields["note"] = fields.LongText(label=_("说明"), rows=2, required=False, max_length=NOTE)

    def _grades(self) -> list[tuple[str, str]]:
        return [(code, pick(title)) for code, title in self.choices.grade_titles]

    def _entered(self) -> list[Field]:
        """The fields of the step that are typed: what is counted from the grades given is not."""
        return [each for each in self.step.fields if not (each.counts and self.choices.grading.people)]

    def _when(self, today: date) -> None:
        if self.from_notice:
            return
        if self.choices.sessions:
            offered = [("", _("会议没有在系统中记录")), *self.choices.sessions]
            self.fields["session"] = forms.TypedChoiceField(
                label=_("在哪次会议上"), choices=offered, coerce=int, empty_value=None, required=False,
                help_text=_("选了会议，日期和到会人数就不用再填"),
            )  # fmt: skip
        self.fields["on"] = fields.Day(label=_("日期"), latest=today, initial=today)
        if self.step.kind in LASTS or self.step.kind is StepKind.NOTICE:
            self.fields["until"] = fields.Day(label=_("结束日期"), latest=today, required=False)

    def _who(self, roles: Sequence[Role]) -> None:
        if len(roles) > 1:
            offered = [(str(role), pick(ROLES[role])) for role in roles]
            self.fields["role"] = forms.ChoiceField(
                label=_("由谁办理"), choices=offered, initial=offered[0][0]
            )
        elif roles:
            self.fields["role"] = forms.CharField(
                widget=forms.HiddenInput, initial=str(roles[0]), required=False
            )

    def _people(self, words: dict[str, str]) -> None:
        people = self.step.people
        if people is None:
            return
        self.fields["people"] = fields.People(
            label=pick(people.title), people=self.choices.people, required=False
        )
        if self.step.kind is StepKind.BALLOT:
            self.fields["first"] = fields.Person(
                label=_("排在首位的人"), people=self.choices.people, required=False,
                help_text=_("选出书记、副书记时，首位为书记；其他情形不用选"),
            )  # fmt: skip
        if people.bars:
            offered = [("", _("没有")), *words.items()]
            self.fields["sanctioned"] = fields.Person(
                label=_("其中受过党纪处分的人"), people=self.choices.people, required=False
            )
            self.fields["sanction"] = forms.ChoiceField(label=_("处分"), choices=offered, required=False)
            self.fields["sanction_on"] = fields.Day(label=_("处分日期"), required=False)

    def _outcome(self) -> None:
        if self.choices.replies:
            offered = [(code, pick(text)) for code, text in self.choices.replies]
            # a consent that is merely returned to is no consent: nothing is chosen beforehand
            self.fields["reply"] = forms.ChoiceField(
                label=_("答复"), choices=offered, widget=forms.RadioSelect
            )
        elif not self.choices.vote and not self.from_notice and len(self.step.outcomes) > 1:
            offered = [(each.id, pick(each.title)) for each in self.step.outcomes]
            self.fields["outcome"] = forms.ChoiceField(
                label=_("结果"), choices=offered, widget=forms.RadioSelect, initial=self.step.passing.id
            )

    def _needed(self, *, always: bool) -> None:
        """What must be there only when the step passes says so; the browser asks for it then."""
        # a box may stay unticked: that is an answer
        asked = [
            f"{PREFIX}{each.id}"
            for each in self._entered()
            if each.required and not always and each.kind is not FieldKind.FLAG
        ]
        if self.step.people and (self.step.people.least or self.step.people.seats):
            asked.append("people")
        told, decided = _("必填"), ""
        if not always:
            told, decided = self._when_passed()
        for name in asked:
            self.fields[name].needed = told
            if decided and name != "people":
                self.fields[name].widget.attrs["data-needed"] = decided

    def _when_passed(self) -> tuple[str, str]:
        """The words for it, and which answers of which field make it so; none where only the counts decide."""
        name = next((each for each in ("reply", "outcome") if each in self.fields), "")
        if not name:
            return (_("表决通过时必填") if self.choices.vote else _("公示无异议时必填")), ""
        failing = {each.id for each in self.step.outcomes if not each.passes}
        passing = [(code, title) for code, title in self.fields[name].choices if code not in failing]
        named = _("、").join(_("“%(title)s”") % {"title": title} for _code, title in passing)
        told = _("%(answers)s时必填") % {"answers": named}
        return told, " ".join([name, *(code for code, _title in passing)])

    def clean(self) -> dict[str, Any]:
        """Votes are read line by line; what cannot be read is said at its field."""
        values: dict[str, Any] = super().clean() or {}
        self.vote = None
        if self.choices.grading.people:
            self.vote = grades_of(self.choices.grading, values)
        elif self.choices.vote:
            try:
                self.vote = vote_of(self.choices.vote, self.choices.grades, values)
            except ValidationError as error:
                self.add_error("candidates" if "candidates" in self.fields else "grades", error)
        return values

    def told(self) -> Told:
        """What was entered, as the act takes it."""
        given = self.cleaned_data
        people = list(given.get("people") or [])
        if first := given.get("first"):
            people = [first, *(each for each in people if each != first)]
        sanctions = {}
        if given.get("sanctioned") and given.get("sanction"):
            sanctions[given["sanctioned"]] = (given["sanction"], given.get("sanction_on"))
        return Told(
            on=given.get("on"), until=given.get("until"), outcome=given.get("outcome") or "",
            role=given.get("role") or "", reply=given.get("reply") or "",
            values=values_of(self.step.fields, given), people=people, sanctions=sanctions, vote=self.vote,
            note=given.get("note") or "", session=given.get("session"),
        )  # fmt: skip


class NoticeForm(forms.Form):
    """From when to when a step's notice is up."""

    opens_on = fields.Day(label=gettext_lazy("开始日期"))
    closes_on = fields.Day(
        label=gettext_lazy("结束日期（含当日）"),
        required=False,
        help_text=gettext_lazy("留空为规定的最早期满日"),
    )


class BulkForm(forms.Form):
    """One answer for several cases."""

    on = fields.Day(label=gettext_lazy("答复日期"))
    reply = forms.CharField(max_length=20, required=False)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=NOTE, required=False)
