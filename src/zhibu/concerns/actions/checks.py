"""Why an act of this room is refused, each reason by itself."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.concerns.models import Survey, SurveyState
from zhibu.core.refusal import Refusal
from zhibu.letters.actions.checks import clean, names_in
from zhibu.register.identity import NUMBERS_WITHIN
from zhibu.register.models import BRANCH_KINDS, Organisation


def local_day(now: datetime) -> date:
    """The day of an act where the platform runs."""
    return timezone.localtime(now).date()


def is_a_branch(organisation: Organisation, today: date) -> Refusal | None:
    """Branches ask and analyse; the committee above looks at what they made of it."""
    stands = organisation.closed_on is None or organisation.closed_on > today
    if organisation.kind in BRANCH_KINDS and stands:
        return None
    return Refusal(
        "concerns.not_a_branch", _("“{name}”不是正在活动的党支部"), {"name": organisation.name},
        remedy=_("请选择党支部"),
    )  # fmt: skip


def must_be(survey: Survey, *states: str) -> Refusal | None:
    """The state it has to be in."""
    if survey.state in states:
        return None
    return Refusal(
        "concerns.wrong_state", _("这份问卷现在是“{state}”，不能这样办"),
        {"state": str(SurveyState(survey.state).label)}, remedy=_("请看问卷情况"),
    )  # fmt: skip


def said(text: str, code: str, message: str, remedy: str = "") -> Refusal | None:
    """Something was written."""
    return None if clean(text) else Refusal(code, message, remedy=remedy)


def no_numbers(*texts: str) -> Refusal | None:
    """Identity and telephone numbers have no place in what the branch reads."""
    if not any(NUMBERS_WITHIN.search(text) for text in texts):
        return None
    return Refusal("concerns.numbers", _("内容里有身份证号或手机号码"), remedy=_("请删去个人号码"))


def no_names(organisation: Organisation, texts: tuple[str, ...], *, named: bool) -> Refusal | None:
    """It is about matters, not about who thinks what; a word that only looks like a name can be confirmed."""
    names = [] if named else names_in(organisation, texts)
    if not names:
        return None
    return Refusal(
        "concerns.names", _("内容里出现了姓名：{names}"), {"names": "、".join(names[:5])},
        remedy=_("只写事，不写人；只是字面相同的，勾选“不是人名”后再提交"),
    )  # fmt: skip
