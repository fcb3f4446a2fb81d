"""Reading the forms of a page and filling them: sensibly, and as badly as people and programs can."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

DAYS = ("0001-01-01", "9999-12-31", "2026-02-29", "2026-13-45")
NUMBERS = ("-1", "9" * 30, "1e400", "1.5.5", "٣", "NaN")
TEXTS = (
    "",
    "\x00",
    "a\x00b",
    "🀄🚩" * 40,
    "长" * 5000,
    "x" * 1_000_000,
    "=HYPERLINK(1)",
    "<script>1</script>",
    "\u202e\ud7ff",
)
EVIL = (*TEXTS, *DAYS, *NUMBERS)
OF_TYPE = {
    "date": DAYS[:2],
    "number": NUMBERS[:2],
    "month": ("0000-01", "9999-12"),
    "time": ("99:99", "\x00"),
}


@dataclass
class Typed:
    """A form: where it is sent, the type of each field, and what would be sensible in it."""

    action: str = ""
    method: str = "get"
    types: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def people(self) -> list[str]:
        """Fields that a person fills in."""
        return [
            name
            for name, kind in self.types.items()
            if kind != "file" and name not in ("csrfmiddlewaretoken", "zb_token")
        ]


SENSIBLE = {"date": "2026-07-15", "time": "09:00", "number": "1", "month": "2026-06"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Typed] = []
        self.inside: Typed | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = Typed(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self.inside)
        if self.inside is None:
            return
        name = told.get("name", "")
        if tag in ("input", "textarea") and name:
            self._field(name, told.get("type", "text"), told.get("value", ""))
        elif tag == "select":
            self.select = name
            self.inside.types[name] = "select"
        elif (
            tag == "option" and self.select and (told.get("value") and self.select not in self.inside.values)
        ):
            self.inside.values[self.select] = told["value"]

    def _field(self, name: str, kind: str, value: str) -> None:
        assert self.inside is not None
        self.inside.types.setdefault(name, kind)
        if kind == "radio":
            if value:
                self.inside.values.setdefault(name, value)
        elif kind not in ("checkbox", "submit", "file"):
            self.inside.values[name] = value or SENSIBLE.get(kind, "x")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        if tag == "select":
            self.select = ""


def forms_of(page: str) -> list[Typed]:
    """The forms of a page that change something."""
    reader = _Reader()
    reader.feed(page)
    return [each for each in reader.forms if each.method == "post"]
