"""Tags for the assessment's pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from zhibu.ui.states import mark

register = template.Library()
MINUTES = 60
MONTHS = 3


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


@register.simple_tag
def branch_rows(rows: Sequence[Any]) -> SafeString:
    """The rows of a committee's table, written plainly: as nodes of a template fifty of them cost a third of the page.

    Every name of a branch is escaped; words, marks and figures are ours.
    """
    heads = tuple(_escaped(str(word)) for word in (_("名次"), _("得分"), _("较上季"), _("自评")))
    told = _Told.now()
    return SafeString("".join(_branch_row(row, heads, told) for row in rows))


@dataclass(frozen=True, slots=True)
class _Told:
    """The words and marks of a table's rows, said once for all of them."""

    not_assessed: str
    bands: dict[str, str]
    last: str
    new: str

    @classmethod
    def now(cls) -> _Told:
        """In the language of this page."""
        bands = {"advanced": f" {mark(_('先进'), 'done')}", "lagging": f" {mark(_('后进'), 'soon')}"}
        last, new = f" {mark(_('末位'), 'overdue')}", f" {mark(_('新建'), 'open')}"
        return cls(_escaped(_("不评")), bands, last, new)


def _branch_row(row: Any, heads: tuple[str, ...], told: _Told) -> str:
    line, url = row.line, escape(row.url)
    place = (
        f"{line.place} / {line.of}" if line.place else formats.NOTHING if line.assessed else told.not_assessed
    )
    above = f" <small>{escape(line.above)}</small>" if line.above else ""
    marks = told.bands.get(line.band, "") + (told.last if line.is_last else "")
    if line.assessed and line.months < MONTHS:
        marks += told.new
    return (
        f'<tr data-href="{url}"><td data-label="{heads[0]}" class="zb-num">{place}</td>'
        f'<td class="zb-main"><a href="{url}">{escape(line.name)}</a>{above}{marks}</td>'
        f'<td data-label="{heads[1]}" class="zb-num"><strong>{fixed(line.points)}</strong></td>'
        f'<td data-label="{heads[2]}" class="zb-num zb-change">{arrow(line.change)}</td>'
        f'<td data-label="{heads[3]}" class="zb-num zb-desk">{fixed(line.self_points)}</td>'
        f'<td class="zb-desk"><span class="zb-marks">{dots(row.marks)}</span></td>'
        f'<td class="zb-num zb-desk">{micro_fixed(line.open) if line.open else formats.NOTHING}</td></tr>'
    )
