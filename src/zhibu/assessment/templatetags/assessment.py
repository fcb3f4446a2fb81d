"""Tags for the assessment's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhibu.core.norms import Act
from zhibu.core.points import hundredths_of
from zhibu.core.scoring import Gain
from zhibu.ui import formats
from zhibu.ui.language import pick

register = template.Library()


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
        fen = fact.id.endswith("_fen")
        have, need = (formats.fen(n) if fen else str(n) for n in (gap.value, gap.bound))
        told.append(
            _("现有 %(have)s%(unit)s，应有 %(need)s%(unit)s")
            % {"have": have.replace("-", "−"), "need": need, "unit": "" if fen else _unit(fact)}
        )
    return _("：") + _("；").join(told) if told else ""


def _unit(fact: Any) -> str:
    unit = pick(fact.unit)
    return f" {unit}" if unit else ""


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
    return format_html_join(
        "",
        '<span class="zb-dot zb-dot-{}" title="{} {}"><b>{}</b>{}</span>',
        (
            (
                tone,
                title,
                formats.NOTHING if percent is None else f"{percent}%",
                key,
                formats.NOTHING if percent is None else percent,
            )
            for key, title, percent, tone in marks
        ),
    )
