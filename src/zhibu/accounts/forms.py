"""Forms of signing in (allauth asks for them by settings), and of the pages of accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhibu.accounts.channels import ChannelKind
from zhibu.accounts.passwords import rule
from zhibu.ui import fields

# the record knows no other days, and the first and the last day of all cannot be put into another time zone
FIRST_DAY, LAST_DAY = date(1921, 7, 1), date(2199, 12, 31)
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "placeholder": ""}


def _say(form: forms.Form, name: str, label: Any, help_text: Any = "", **attributes: Any) -> None:
    field = form.fields[name]
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update({key: value for key, value in attributes.items() if value != ""})


class SignInForm(AllauthLoginForm):
    """Sign-in name or mobile number, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self, "login", _("登录名或手机号"), autocomplete="username", autocapitalize="none", autofocus=True
        )
        _say(self, "password", _("密码"))


class ChangePasswordForm(AllauthChangePasswordForm):
    """The password in use, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = getattr(self.user, "must_change_password", False)
        _say(self, "oldpassword", _("一次性密码") if first else _("现用密码"))
        _say(self, "password1", _("新密码"), rule())
        _say(self, "password2", _("再输一次新密码"))

    def clean(self) -> dict[str, Any] | None:
        """A one-time password is replaced, not kept."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("password1") and cleaned.get("password1") == cleaned.get("oldpassword"):
            self.add_error("password1", _("新密码不能与现用密码相同。"))
        return cleaned


class ConfirmPasswordForm(AllauthReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password", _("密码"), autofocus=True)


class CodeForm(AuthenticateForm):
    """The code of the authenticator, or a recovery code, while signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "code", _("验证码"), _("身份验证器上显示的 6 位数字，或一个备用码。"), **CODE)


class ConfirmCodeForm(ReauthenticateForm):
    """The code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "code", _("验证码"), **CODE)


class EnrolForm(ActivateTOTPForm):
    """The first code, which shows that the telephone and the platform agree."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "code", _("身份验证器上显示的 6 位数字"), **{**CODE, "autofocus": ""})


class CreateAccountForm(forms.Form):
    """The name and number an account signs in with. `phone` is the number known of the person, in digits."""

    username = forms.CharField(
        label=_("登录名"), max_length=64, help_text=_("可以用中文姓名；重名时加单位简称。")
    )
    use_phone = forms.BooleanField(label=_("也可用登记的手机号登录"), required=False, initial=True)
    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        required=False,
        help_text=_("填写后也可用手机号登录。号码加密保存。"),
    )

    def __init__(self, *args: Any, name: str, phone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_phone = phone
        self.fields["username"].initial = name
        self.fields["username"].widget.attrs["autocomplete"] = "off"
        if phone:
            del self.fields["phone"]
            self.fields["use_phone"].help_text = f"{phone[:3]}****{phone[-4:]}"
        else:
            del self.fields["use_phone"]
            self.fields["phone"].widget.attrs.update({"inputmode": "tel", "autocomplete": "off"})

    def chosen(self) -> tuple[str, str]:
        """The sign-in name and the mobile number, "" for none."""
        cleaned = self.cleaned_data
        phone = self.known_phone if cleaned.get("use_phone") else cleaned.get("phone", "")
        return cleaned["username"], phone


class DeactivateForm(forms.Form):
    """Why the account is shut."""

    reason = forms.CharField(label=_("停用原因"), max_length=100)


class LanguageForm(forms.Form):
    """The language of the pages."""

    language = forms.ChoiceField(label=_("界面语言"), choices=settings.LANGUAGES)


class EntriesForm(forms.Form):
    """Which entries of the record are shown; `acts` are those that occur, with their words."""

    since = fields.Day(required=False, label=_("自"), earliest=FIRST_DAY, latest=LAST_DAY)
    until = fields.Day(required=False, label=_("至"), earliest=FIRST_DAY, latest=LAST_DAY)
    act = forms.ChoiceField(required=False, label=_("操作"))
    q = forms.CharField(required=False, max_length=60, label=_("姓名"))
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, acts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [("", _("全部")), *acts]  # type: ignore[attr-defined]


class ChannelForm(forms.Form):
    """A group robot, as its address is copied out of the group."""

    kind = forms.ChoiceField(label=_("平台"), choices=ChannelKind.choices)
    name = forms.CharField(label=_("群的名称"), max_length=40)
    address = forms.CharField(
        label=_("机器人地址（Webhook）"), max_length=300,
        help_text=_("在群里添加机器人后复制。保存后加密存放，不再显示。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("加签密钥"), max_length=120, required=False,
        help_text=_("钉钉机器人选了“加签”的才填。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class MailboxForm(forms.Form):
    """One's own address."""

    address = forms.CharField(label=_("邮箱"), max_length=120)


class MailCodeForm(forms.Form):
    """The code that came by mail."""

    code = forms.CharField(
        label=_("验证码"), max_length=6, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
