"""The counts of a vote as they are typed: one line for each candidate, one number for each sum."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.procedures.queries.grading import Grading
from zhibu.ui import fields

MOST = 99_999
COUNTS = (
    ("expected", gettext_lazy("应到会有表决权人数")),
    ("present", gettext_lazy("实到会有表决权人数")),
    ("issued", gettext_lazy("发出票数")),
    ("returned", gettext_lazy("收回票数")),
    ("void", gettext_lazy("无效票")),
)
OPINIONS = (
    ("yes", gettext_lazy("赞成")), ("no", gettext_lazy("不赞成")), ("abstain", gettext_lazy("弃权")),
)  # fmt: skip
OF_THE_MEETING = ("expected", "present")
OF_PAPERS = ("issued", "returned")
NEVER_EMPTY = ("n_yes", "n_seats", "n_all_members", "candidates", "grades")


def number(label: Any, initial: int | None = None) -> forms.IntegerField:
    """A count."""
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST, initial=initial,
        widget=forms.NumberInput(attrs={"class": "zb-short"}),
    )  # fmt: skip


def vote_fields(
    kind: str, grades: Sequence[str], *, written: bool, expected: int | None, secret: bool, meetings: bool
) -> dict[str, forms.Field]:
    """The fields of a vote of a kind: motion, election or appraisal. Each says whether it may be left empty."""
    found = _fields(kind, grades, written=written, expected=expected)
    told = {f"n_{name}": _("没有选会议时必填") if meetings else _("必填") for name in OF_THE_MEETING}
    told |= {f"n_{name}": _("必填") if secret else _("无记名投票时填") for name in OF_PAPERS}
    told |= dict.fromkeys(NEVER_EMPTY, _("必填"))
    for name, each in found.items():
        each.needed = told.get(name, _("没有的不填"))  # type: ignore[attr-defined]  # read by ui/_field.html
    return found


def _fields(
    kind: str, grades: Sequence[str], *, written: bool, expected: int | None
) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {
        f"n_{name}": number(label, expected if name == "expected" else None) for name, label in COUNTS
    }
    if kind == "motion":
        found |= {f"n_{name}": number(label) for name, label in OPINIONS}
        if written:
            found |= {
                f"w_{name}": number(_("书面意见：%(opinion)s") % {"opinion": label})
                for name, label in OPINIONS
            }
    elif kind == "election":
        found["n_seats"] = number(_("应选名额"))
        found["candidates"] = fields.LongText(
            label=_("候选人得票"), rows=4, required=False, max_length=4000,
            help_text=_("每行一人：姓名 赞成 不赞成 弃权，如“王某 15 1 0”"),
        )  # fmt: skip
    else:
        found["n_all_members"] = number(_("党员总数"))
        found["grades"] = fields.LongText(
            label=_("测评票数"), rows=6, required=False, max_length=20_000,
            help_text=_("每行一人：姓名和各等次票数，等次依次为 %(grades)s") % {"grades": _("、").join(grades)},
        )  # fmt: skip
    return found


def grade_fields(
    grading: Grading, grades: Sequence[tuple[str, str]], expected: int | None, *, meetings: bool
) -> dict[str, Any]:
    """The grade each person is given, one choice a person, with what the ballot said of them under the name."""
    found: dict[str, Any] = {
        "n_expected": number(_("应到会人数"), expected),
        "n_present": number(_("实到会人数")),
        "n_all_members": number(_("党员总数"), grading.all_members),
    }
    needed = _("没有选会议时必填") if meetings else _("必填")
    for name, each in found.items():
        each.needed = _("必填") if name == "n_all_members" else needed
    offered = [("", _("不评定等次")), *grades]
    for place, person in enumerate(grading.people):
        told = _("、").join(
            f"{title} {person.counts[code]}" for code, title in grades if person.counts.get(code)
        )
        short = forms.Select(attrs={"class": "zb-short"})
        chosen: Any = forms.ChoiceField(label=person.name, choices=offered, required=False, widget=short)
        chosen.needed = _("测评：%(counts)s") % {"counts": told} if told else _("没有测评票数")
        found[f"g_{place}"] = chosen
    return found


def grades_of(grading: Grading, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    """The grades given, as `core.tally` reads them; None when nobody was given one."""
    given = {
        each.name: cleaned[f"g_{place}"]
        for place, each in enumerate(grading.people)
        if cleaned.get(f"g_{place}")
    }
    if not given:
        return None
    names = ("expected", "present", "all_members")
    found = {name: cleaned[f"n_{name}"] for name in names if cleaned.get(f"n_{name}") is not None}
    return {**found, "grades": {each.name: {} for each in grading.people}, "given": given}


def vote_of(kind: str, grades: Sequence[str], cleaned: dict[str, Any]) -> dict[str, Any] | None:
    """The counts as `core.tally` reads them; None when nothing was entered. Raises ValidationError for unreadable lines."""
    names = [name for name, _label in (*COUNTS, *OPINIONS)] + ["seats", "all_members"]
    found: dict[str, Any] = {
        name: cleaned[f"n_{name}"] for name in names if cleaned.get(f"n_{name}") is not None
    }
    written = {name: cleaned[f"w_{name}"] for name, _label in OPINIONS if cleaned.get(f"w_{name}")}
    if written:
        found["written"] = written
    if kind == "election" and cleaned.get("candidates"):
        found["candidates"] = _lines(cleaned["candidates"], [name for name, _label in OPINIONS])
    if kind == "appraisal" and cleaned.get("grades"):
        found["grades"] = _lines(cleaned["grades"], list(grades))
    # the number expected is prefilled: alone it is no vote
    return found if set(found) - {"expected"} else None


def typed_of(kind: str, grades: Sequence[str], vote: Mapping[str, Any]) -> dict[str, Any]:
    """Counts of a vote held on the platform, as they would be typed: the other way round than `vote_of`."""
    names = [name for name, _label in (*COUNTS, *OPINIONS)] + ["seats", "all_members"]
    found: dict[str, Any] = {f"n_{name}": vote[name] for name in names if name in vote}
    found |= {f"w_{name}": count for name, count in (vote.get("written") or {}).items() if count}
    marks = [name for name, _label in OPINIONS] if kind == "election" else list(grades)
    key = "candidates" if kind == "election" else "grades"
    if isinstance(vote.get(key), Mapping):
        found[key] = "\n".join(
            " ".join([name, *(str(counts.get(mark, 0)) for mark in marks)])
            for name, counts in vote[key].items()
        )
    return found


def _lines(text: str, names: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, *counts = re.split(r"[\s,，、:：]+", line.strip())
        if (
            not counts
            or len(counts) > len(names)
            or not all(each.isascii() and each.isdigit() for each in counts)
        ):
            raise ValidationError(
                _("读不懂“%(line)s”，请写成：姓名 票数 票数 …") % {"line": line.strip()[:40]}
            )
        found[name] = {key: int(count) for key, count in zip(names, counts, strict=False)}
    return found
