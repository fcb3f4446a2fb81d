"""Which of the two languages the page speaks, and texts that carry both."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from django.utils.translation import get_language, override

from zhibu.core.wording import Text


def current() -> str:
    """The language of this page as the rulebook names it: "zh" or "en"."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def pick(text: Text | Mapping[str, str] | str | None) -> str:
    """The text in the language of this page; the other one rather than nothing.

    Rulebook texts carry both languages themselves and never pass through a catalogue.
    """
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    wanted = current()
    if isinstance(text, Text):
        return text[wanted]
    return text.get(wanted) or text.get("zh") or next(iter(text.values()), "")


def chinese() -> AbstractContextManager[None]:
    """While it lasts, texts are as the source has them: for papers that are filed, whoever asks for them."""
    return override(None)


def in_chinese(text: object) -> str:
    """A translated text as the source has it: what is stored or read back is Chinese, whoever is at work."""
    with override(None):
        return str(text)
