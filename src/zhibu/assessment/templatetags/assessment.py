"""Tags for the assessment's pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import NoReverseMatch, reverse

from zhibu.core.norms import Act
from zhibu.core.scoring import Gain
from zhibu.ui.language import pick

register = template.Library()


@register.simple_tag
def part_title(sheet: Any, gain: Gain) -> str:
    """The title of the part a gain is about."""
    return pick(sheet.line(gain.standard).standard.part(gain.part).title)


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
