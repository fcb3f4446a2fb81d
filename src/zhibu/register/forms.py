"""Turning what is typed into values; the choices come from the view, which got them through its door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from zhibu.register.identity import NumberFault, read_id, read_phone
from zhibu.register.imports.report import words_for
from zhibu.register.imports.values import CellFault, read_name
from zhibu.register.models import (
    LEAVING,
    Ended,
    Organisation,
    OrganisationKind,
    Person,
    PostKind,
    Stage,
    UnitType,
)
from zhibu.ui import fields

AnyForm = TypeVar("AnyForm", bound=forms.Form)
Choices = Sequence[tuple[Any, Any]]
XLSX_BYTES = 20 * 1024 * 1024
_EMPTY = ("", _("请选择"))


def _plain_kinds(values: Any = OrganisationKind.values) -> list[tuple[str, str]]:
    return [(kind, str(label)) for kind, label in OrganisationKind.choices if kind in values]


class OrganisationForm(forms.Form):
    """A new organisation, or the corrected one."""

    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("用全称，如“采矿一队党支部”。"))
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("类别"))
    unit_type = forms.ChoiceField(
        label=_("单位类型"), choices=UnitType.choices, help_text=_("同类单位之间排名。")
    )
    founded_on = fields.Day(label=_("成立日期"), required=False, help_text=_("不清楚可不填，视为一直存在。"))
    code = forms.CharField(label=_("编码"), max_length=40, required=False, help_text=_("留空自动编码。"))

    def __init__(self, *args: Any, kinds: Any = OrganisationKind.values, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _plain_kinds(kinds)  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


class FirstOrganisationForm(forms.Form):
    """The first organisation of an empty installation."""

    name = forms.CharField(
        label=_("党组织名称"), max_length=120, help_text=_("如“××矿业集团第三分公司党委”。")
    )
    kind = forms.ChoiceField(
        label=_("类别"),
        choices=_plain_kinds({"primary_committee", "general_branch", "branch"}),
        initial=OrganisationKind.PRIMARY_COMMITTEE,
    )
    unit_type = forms.ChoiceField(label=_("单位类型"), choices=UnitType.choices, initial=UnitType.PRODUCTION)
    officer = forms.CharField(
        label=_("由谁来管"),
        max_length=60,
        help_text=_(
            "写一位同志的姓名：党委、党总支的是党务工作者，党支部的是书记，由他管理党员、任命职务、组织考核。"
        ),
    )
    mine = forms.BooleanField(
        label=_("就是我本人"),
        required=False,
        initial=True,
        help_text=_("不勾：您只管系统，看不到个人信息；下一步给这位同志设立账号。"),
    )

    def clean_officer(self) -> str:
        return _name(self.cleaned_data["officer"])


def _name(text: str) -> str:
    try:
        return read_name(text)
    except CellFault as fault:
        raise forms.ValidationError(" ".join(words_for(fault.code, {}))) from None


class MoveForm(forms.Form):
    parent = forms.TypedChoiceField(label=_("新的上级"), coerce=int)
    reason = forms.CharField(label=_("依据"), max_length=200, help_text=_("批复的文号或会议。"))

    def __init__(self, *args: Any, parents: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [_EMPTY, *parents]  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    closed_on = fields.Day(label=_("撤销日期"), help_text=_("从这一天起不再存在。"))
    reason = forms.CharField(label=_("依据"), max_length=200, help_text=_("批复的文号或会议。"))


class TermForm(forms.Form):
    elected_on = fields.Day(label=_("选举日期"))
    number = forms.IntegerField(
        label=_("第几届"), min_value=1, max_value=200, required=False, help_text=_("留空接上一届。")
    )
    seats = forms.IntegerField(
        label=_("委员名额"), min_value=0, max_value=30, initial=0, help_text=_("不设委员会的填 0。")
    )
    shifted_to = fields.Day(label=_("经批准延期到"), required=False)


class AppointForm(forms.Form):
    person = fields.Person(label=_("人选"))
    kind = forms.ChoiceField(label=_("职务"))
    since = fields.Day(label=_("任职日期"))
    duties = forms.CharField(
        label=_("分工"),
        max_length=300,
        required=False,
        help_text=_("如“青年工作、学习教育”。写明分工的，计入考核。"),
    )

    def __init__(self, *args: Any, people: Any = (), kinds: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].people = people  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(kind, label) for kind, label in PostKind.choices if kind in kinds]  # type: ignore[attr-defined]


class DismissForm(forms.Form):
    until = fields.Day(label=_("免职日期"), help_text=_("从这一天起不再担任。"))
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)


class PersonDetailsForm(forms.Form):
    """What a file says besides the numbers."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    nation = forms.CharField(label=_("民族"), max_length=20, required=False)
    education = forms.CharField(label=_("学历"), max_length=20, required=False)
    position = forms.CharField(label=_("工作岗位"), max_length=60, required=False)
    joined_on = fields.Day(label=_("入党日期"), required=False, latest=None)
    full_since = fields.Day(label=_("转正日期"), required=False)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def clean_name(self) -> str:
        return _name(self.cleaned_data["name"])

    @property
    def details(self) -> dict[str, Any]:
        return {
            key: value for key, value in self.cleaned_data.items() if key in PersonDetailsForm.base_fields
        }


class AddPersonForm(PersonDetailsForm):
    id_number = forms.CharField(
        label=_("公民身份号码"), max_length=30, help_text=_("性别和出生日期由号码读出。")
    )
    phone = forms.CharField(label=_("手机号码"), max_length=30, required=False)
    stage = forms.ChoiceField(label=_("人员类别"), choices=Stage.choices, initial=Stage.FULL_MEMBER)
    since = fields.Day(label=_("从何时起在本支部"))
    party_group = forms.TypedChoiceField(label=_("党小组"), coerce=int, empty_value=None, required=False)

    field_order = ("name", "id_number", "stage", "since", "party_group", "phone")

    def __init__(self, *args: Any, groups: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party_group"].choices = [("", _("不编入")), *groups]  # type: ignore[attr-defined]

    def clean_id_number(self) -> str:
        return str(_read(read_id, self.cleaned_data["id_number"]).number)

    def clean_phone(self) -> str:
        return str(_read(read_phone, self.cleaned_data["phone"]))


class EditPersonForm(PersonDetailsForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("新手机号码"), max_length=30, required=False, help_text=_("只在更换号码时填写；不填则不变。")
    )

    def clean_phone(self) -> str | None:
        return str(_read(read_phone, self.cleaned_data["phone"])) if self.cleaned_data["phone"] else None

    @classmethod
    def initial_of(cls, person: Person) -> dict[str, Any]:
        return {name: getattr(person, name) for name in (*PersonDetailsForm.base_fields, "version")}


def _read(read: Any, value: str) -> Any:
    try:
        return read(value)
    except NumberFault as fault:
        raise forms.ValidationError(" ".join(words_for(fault.code, {}))) from None


class TransferForm(forms.Form):
    organisation = forms.TypedChoiceField(label=_("转到"), coerce=int)
    since = fields.Day(label=_("转接日期"))
    remark = forms.CharField(label=_("介绍信编号或说明"), max_length=200, required=False)

    def __init__(self, *args: Any, branches: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [_EMPTY, *branches]  # type: ignore[attr-defined]


class JoinForm(TransferForm):
    stage = forms.ChoiceField(label=_("人员类别"), choices=Stage.choices)
    field_order = ("organisation", "stage", "since", "remark")


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=_("新的类别"), choices=Stage.choices)
    since = fields.Day(label=_("日期"), help_text=_("如支部党员大会通过的日期。"))


class GroupForm(forms.Form):
    party_group = forms.TypedChoiceField(label=_("党小组"), coerce=int, empty_value=None, required=False)
    since = fields.Day(label=_("起始日期"))

    def __init__(self, *args: Any, groups: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party_group"].choices = [("", _("不编入")), *groups]  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    because = forms.ChoiceField(
        label=_("原因"), choices=[(each.value, each.label) for each in Ended if each in LEAVING]
    )
    until = fields.Day(label=_("日期"), help_text=_("从这一天起不再属于本支部。"))
    remark = forms.CharField(label=_("去向或说明"), max_length=200, required=False)


class MobileForm(forms.Form):
    place = forms.CharField(label=_("外出地点"), max_length=120)
    since = fields.Day(label=_("外出日期"))


class EndMobileForm(forms.Form):
    until = fields.Day(label=_("返回日期"))


class RevealForm(forms.Form):
    field = forms.ChoiceField(choices=[("id", "id"), ("phone", "phone")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("用途"), max_length=200, help_text=_("如“办理组织关系转接”。会记入留痕，本人可以查到。")
    )


class ImportForm(forms.Form):
    organisation = forms.TypedChoiceField(label=_("导入到"), coerce=int)
    file = fields.Upload(label=_("名册文件"), kinds=["xlsx"], max_bytes=XLSX_BYTES)

    def __init__(self, *args: Any, organisations: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = list(organisations)  # type: ignore[attr-defined]


class NewBranchForm(forms.Form):
    """Kind and unit type of a branch that an import will create, guessed from its name."""

    name = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        choices=_plain_kinds(
            {"branch", "joint_branch", "temporary_branch", "mobile_branch", "general_branch"}
        )
    )
    unit_type = forms.ChoiceField(choices=UnitType.choices)


NewBranches = forms.formset_factory(NewBranchForm, extra=0, max_num=2000, absolute_max=2000)


class ExportForm(forms.Form):
    organisation = forms.TypedChoiceField(label=_("范围"), coerce=int)
    reason = forms.CharField(label=_("用途"), max_length=200, help_text=_("会记入留痕，如“上级统计”。"))
    unmasked = forms.BooleanField(
        label=_("导出完整的身份号码和手机号码"),
        required=False,
        help_text=_("需要查看完整号码的权限；用完请及时删除文件。"),
    )

    def __init__(self, *args: Any, organisations: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = list(organisations)  # type: ignore[attr-defined]


class EditOrganisationForm(OrganisationForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, organisation: Organisation) -> dict[str, Any]:
        return {name: getattr(organisation, name) for name in (*OrganisationForm.base_fields, "version")}

    @property
    def changes(self) -> dict[str, Any]:
        return {
            key: value
            for key, value in self.cleaned_data.items()
            if key != "version" and (key != "code" or value)
        }


def today_in(form: AnyForm, today: date, *names: str) -> AnyForm:
    """Offer today in the day fields of a fresh form."""
    for name in names:
        form.fields[name].initial = today
    return form
