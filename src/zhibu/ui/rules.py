"""How a rule is named beside what it forbids: title of the document, article, date, whether verified."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from zhibu.core.refusal import Refusal
from zhibu.ui.language import current


@dataclass(frozen=True, slots=True)
class Document:
    """What a page says of a source: its title in the language of the page, and since when it is in force."""

    title: str
    since: date | None = None
    verified: bool = True


#: Turns a document id of the rulebook and an article into what the page says of it; set by the room `project`.
document: Callable[[str, str], Document | None] | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal in the words of the page."""

    code: str
    message: str
    remedy: str
    who: str
    rule: str
    verified: bool
    blocks: bool


def named(source: str, article: str = "") -> tuple[str, bool]:
    """A rule in one line, 《…》第十一条（2018-10-28 起施行）, and whether it was checked against the official text."""
    if not source:
        return "", True
    found = document(source, article) if document else None
    if found is None:
        return f"{source} {article}".strip(), True
    title = found.title if found.title.startswith("《") or current() == "en" else f"《{found.title}》"
    parts = [title]
    if article:
        parts.append(_("第%(article)s条") % {"article": article} if article[0].isdigit() else article)
    if found.since:
        parts.append(_("（%(day)s 起施行）") % {"day": found.since.isoformat()})
    return (" " if current() == "en" else "").join(parts), found.verified


def told(refusal: Refusal) -> Told:
    """A refusal as the panel shows it, in the language of the page."""
    language = current()
    rule, verified = named(refusal.source, refusal.article)
    return Told(
        refusal.code,
        refusal.told(language),
        refusal.remedied(language),
        refusal.settled_by(language),
        rule,
        verified,
        refusal.blocks,
    )
