"""Kinds of meeting as the rulebook has them: titles, rolls, what is entered. Code names only those it must know."""

from __future__ import annotations

from collections.abc import Mapping

from zhibu import rulebook
from zhibu.core.norms.sessions import Expects, Matter, SessionKind
from zhibu.core.wording import Text
from zhibu.ui.language import pick


def known() -> Mapping[str, SessionKind]:
    """Every kind of the effective rulebook, in the order people think of them."""
    return rulebook.load().session_kinds


def choices() -> list[tuple[str, str]]:
    """Kinds to choose from, titles in the reader's language."""
    return [(name, pick(kind.title)) for name, kind in known().items()]


def title(kind: str) -> str:
    """A kind in the reader's language; its code when the rulebook no longer has it."""
    found = known().get(kind)
    return pick(found.title) if found else kind


def title_zh(kind: str) -> str:
    """A kind in Chinese, as a meeting without a name of its own is stored."""
    found = known().get(kind)
    return found.title.zh if found else kind


def short_zh(kind: str) -> str:
    """What a kind is called for short in papers, in Chinese."""
    found = known().get(kind)
    return found.short.zh if found else kind


def template_of(kind: str) -> Text:
    """The template of the minutes of a kind, in the language of whoever writes them; empty when it has none."""
    found = known().get(kind)
    return found.minutes if found and found.minutes else Text("", "")


def expecting(*expects: Expects) -> frozenset[str]:
    """The kinds held with these rolls."""
    return frozenset(name for name, kind in known().items() if kind.expects in expects)


def is_study(kind: str) -> bool:
    """Whether the length of such a meeting is study."""
    found = known().get(kind)
    return bool(found and found.study)


def matter(tag: str, kind: str) -> Matter | None:
    """What an agenda item of the tag asks at a meeting of the kind, when it asks anything."""
    found = rulebook.load().matters.get(tag)
    return found if found and kind in found.kinds else None


def vote_rule(kind: str, tag: str = "") -> str:
    """The rule an item is decided by: that of its matter, else that of the meeting; empty when there is none."""
    found = matter(tag, kind)
    if found and kind in found.votes:
        return found.votes[kind]
    known_kind = known().get(kind)
    return known_kind.vote if known_kind else ""
