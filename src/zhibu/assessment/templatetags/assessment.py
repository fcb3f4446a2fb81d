"""Tags for the assessment's pages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhibu.core.norms import Act, Fact, Reduce
from zhibu.core.points import hundredths_of
from zhibu.core.scoring import Gain
from zhibu.ui import formats
from zhibu.ui.language import pick

register = template.Library()
MINUTES = 60


@register.simple_tag
def part_title(sheet: Any, gain: Gain) -> str:
    """The title of the part a gain is about."""
    return pick(sheet.line(gain.standard).standard.part(gain.part).title)


@register.simple_tag
def gaps(sheet: Any, line: Any) -> str:
    """What is there and what is needed, for each comparison that falls short; "" where a person judged."""
    told = []
    for gap in line.verdict.missing:
        fact = sheet.book.facts[gap.fact]
        have = _("没有记录") if _is_absent(fact, gap.value) else measured(fact, gap.value)
        told.append(_("现有 %(have)s，应有 %(need)s") % {"have": have, "need": measured(fact, gap.bound)})
    return _("：") + _("；").join(told) if told else ""


def measured(fact: Fact, value: int) -> str:
    """A value with its unit, as people say it: money in yuan, minutes of study in hours."""
    if fact.id.endswith("_fen"):
        return formats.fen(value)
    if fact.unit["en"] == "minutes":
        hours = f"{value / MINUTES:.1f}".removesuffix(".0")
        return _("%(hours)s 学时") % {"hours": hours}
    unit = pick(fact.unit)
    return f"{value} {unit}".replace("-", "−") if unit else str(value)


def _is_absent(fact: Fact, value: int) -> bool:
    """Whether the value stands for "no record at all" (the `empty` of a fact that takes an extreme or a distance)."""
    return value == fact.empty and fact.reduce.kind in (
        Reduce.MAX,
        Reduce.MIN,
        Reduce.DAYS_SINCE,
        Reduce.DAYS_UNTIL,
    )


@register.simple_tag
def act_link(act: Act, branch: Any) -> str:
    """The address of the one step that answers a check, for a branch; "" when no page answers to the name."""
    try:
        address = reverse(act.name)
    except NoReverseMatch:
        try:
            return reverse(act.name, args=[branch.pk])
        except NoReverseMatch:
            return ""
    return f"{address}?{urlencode([('organisation', branch.pk), *act.query])}"


@register.filter
def fixed(hundredths: int | None) -> str:
    """Points with two decimals, so that a column of them aligns."""
    return formats.NOTHING if hundredths is None or hundredths == "" else f"{hundredths / 100:.2f}"


@register.filter
def micro_fixed(micro: int | None) -> str:
    """Micro-points with two decimals, half up."""
    return formats.NOTHING if micro is None or micro == "" else fixed(hundredths_of(micro))


@register.filter
def arrow(hundredths: int | None) -> str:
    """A change with its arrow and two decimals: ↑ 4.00, ↓ 1.50, →."""
    if hundredths is None or hundredths == "":
        return formats.NOTHING
    return f"{'↑' if hundredths > 0 else '↓'} {fixed(abs(hundredths))}" if hundredths else "→"


@register.simple_tag
def dots(marks: Sequence[tuple[str, str, int | None, str]]) -> SafeString:
    """One mark a group of standards: letter and percent, the group's title on hover."""
    told = []
    for key, title, percent, tone in marks:
        figure = formats.NOTHING if percent is None else str(percent)
        unit = "" if percent is None else "%"
        told.append(
            f'<span class="zb-dot zb-dot-{tone}" title="{_escaped(title)} {figure}{unit}">'
            f"<b>{_escaped(key)}</b>{figure}</span>"
        )
    # four hundred of these stand in a table: texts are escaped once each, tones and figures are ours
    return SafeString("".join(told))


@lru_cache(maxsize=256)
def _escaped(text: str) -> str:
    return str(escape(text))
