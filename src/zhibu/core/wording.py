"""A text in the two languages every norm and every message carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text(Mapping[str, str]):
    """Chinese and English of one text; either may hold `{name}` places filled by `filled`.

    It is also the mapping `{"zh": …, "en": …}`, so whatever picks a language out of such a mapping takes it.
    """

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        if language == "zh":
            return self.zh
        if language == "en":
            return self.en
        raise KeyError(language)

    def __iter__(self) -> Iterator[str]:
        return iter(("zh", "en"))

    def __len__(self) -> int:
        return 2

    def filled(self, params: Mapping[str, object]) -> Text:
        """The same text with every `{name}` replaced by its parameter; unknown names stay as they are."""
        return Text(filled(self.zh, params), filled(self.en, params))


def filled(text: str, params: Mapping[str, object]) -> str:
    """A text with every `{name}` replaced: a message with a forgotten parameter must still reach the reader."""
    for name, value in params.items():
        text = text.replace("{" + name + "}", str(value))
    return text
