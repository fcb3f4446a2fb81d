"""The English catalogue. Texts are written in Chinese in the source and translated in one file.

What Django says by itself of a field is said better in the catalogue `zh_Hans`, written by hand.

`update` gathers the texts and keeps the translations there are; `compile` makes what Django reads;
`check` complains of what has no English yet.
No program outside Python is needed: neither xgettext nor msgfmt.
"""

import ast
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "zhibu"
LOCALE = PACKAGE / "locale"
SHOWN = 20
ENGLISH = LOCALE / "en" / "LC_MESSAGES" / "django.po"

# the names under which translation functions are known in Python
FUNCTIONS: dict = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
IN_TEMPLATE = re.compile(
    rf"\b(?P<plural>n)?(?P<context>p)?(?:gettext|_)\(\s*{STRING}(?:\s*,\s*{STRING})?(?:\s*,\s*{STRING})?"
    rf"|(?<![\w.])_\(\s*{STRING}"
)

Message = tuple[str | tuple[str, str], str | None]


def from_template(text: str) -> Iterator[tuple[int, Message]]:
    """Give line and message of every translated text of a Django template."""
    plain = templatize(text)
    for match in IN_TEMPLATE.finditer(plain):
        line = plain.count("\n", 0, match.start()) + 1
        texts = [ast.literal_eval(part) for part in match.groups()[2:] if part]
        context = texts.pop(0) if match["context"] and len(texts) > 1 else None
        message = (texts[0], texts[1]) if match["plural"] and len(texts) > 1 else texts[0]
        yield line, (message, context)


def from_python(path: Path) -> Iterator[tuple[int, Message]]:
    for line, message, _comments, context in extract_from_file("python", path, keywords=FUNCTIONS):
        yield line, (message, context)


def sources() -> Iterable[Path]:
    return sorted(
        path
        for pattern in ("*.py", "*.html", "*.txt")
        for path in PACKAGE.rglob(pattern)
        if not {"static", "frontend", "migrations", "locale"} & set(path.parts)
        and (path.suffix == ".py" or "templates" in path.parts)
    )


def gathered() -> Catalog:
    catalogue = new_catalogue()
    for path in sources():
        name = path.relative_to(PACKAGE).as_posix()
        found = from_python(path) if path.suffix == ".py" else from_template(path.read_text(encoding="utf-8"))
        for _line, (message, context) in found:
            if message and message != ("", ""):
                # no line numbers: they would change with every edit of a source
                catalogue.add(message, locations=[(name, 0)], context=context)
    return catalogue


def new_catalogue(locale: str = "en") -> Catalog:
    return Catalog(locale=locale, domain="django", fuzzy=False)


def read_catalogue(path: Path) -> Catalog:
    # the folder's name: how many plurals there are depends on it
    locale = path.parent.parent.name
    if not path.exists():
        return new_catalogue(locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale, domain="django")


HEADER = (
    'msgid ""\nmsgstr ""\n'
    '"Language: en\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n\n'
)


def joined() -> Catalog:
    """Today's texts, each with the translation it has; what is no longer said is dropped."""
    new, old = gathered(), read_catalogue(ENGLISH)
    for message in new:
        known = old.get(message.id, message.context) if message.id else None
        # what has become a plural needs both forms anew
        if known and known.string and not known.fuzzy and type(known.id) is type(message.id):
            message.string = known.string
    return new


def untranslated(catalogue: Catalog) -> list[str]:
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


PLACE = re.compile(r"%%|%\(\w+\)[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]|\{\w*\}|%[sd]")
QUOTED = re.compile(r"“[^”]*”")
PUNCTUATION = re.compile(r"[，。：；、]")
CHINESE = re.compile(r"[\u3400-\u9fff，。：；、（）]")


def places(text: str) -> set[str]:
    """The placeholders of a text. What Python is to write there may not differ, only order and repetition."""
    return set(PLACE.findall(text))


def faults(message: object, english: object) -> list[str]:
    """What is wrong with a translation: other placeholders, other blanks at its ends, Chinese left in it.

    Chinese in quotation marks stays: words that a Chinese workbook has to contain.
    """
    ids, texts = _forms(message), _forms(english)
    found = []
    if len(ids) != len(texts):
        found.append(f"{len(texts)} forms instead of {len(ids)}")
    for one, text in zip(ids, texts, strict=False):
        if places(one) != places(text):
            found.append(f"placeholders differ: {text}")
        if CHINESE.search(QUOTED.sub("", text)):
            found.append(f"still Chinese: {text}")
        if (
            (text != text.rstrip() and not PUNCTUATION.fullmatch(one))
            or text.startswith("  ")
            or ("\n" in text.strip("\n") and "\n" not in one)
        ):
            found.append(f"stray blanks: {text!r}")
    return found


def _forms(text: object) -> list[str]:
    return [str(each) for each in text] if isinstance(text, list | tuple) else [str(text)]


def update() -> int:
    catalogue = joined()
    out = io.BytesIO()
    # no line numbers and no dates: they would change with every edit and every run
    write_po(out, catalogue, sort_output=True, include_lineno=False, omit_header=True, width=100)
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    aside = ENGLISH.with_suffix(".po.new")
    aside.write_text(HEADER + out.getvalue().decode("utf-8").lstrip(), encoding="utf-8")
    aside.replace(ENGLISH)
    missing = len(untranslated(catalogue))
    print(f"{ENGLISH.relative_to(ROOT)}: {len(catalogue)} texts, {missing} not yet translated.")
    return 0


def check() -> int:
    """Complain of texts without English, and of translations that invent a placeholder."""
    catalogue = joined()
    missing = untranslated(catalogue)
    waiting = set(missing)
    wrong = [
        f"{message.id}: {error}"
        for message in catalogue
        if message.id and _forms(message.id)[0] not in waiting
        for error in [*map(str, message.check()), *faults(message.id, message.string)]
    ]
    for text in [*wrong, *missing[:SHOWN]]:
        print(text)
    print(f"{len(catalogue)} texts, {len(missing)} without English, {len(wrong)} translated wrongly.")
    return 1 if missing or wrong else 0


def compile_all() -> int:
    """Compile every catalogue under src/zhibu, the rooms' own as well."""
    for path in [*PACKAGE.rglob("locale/*/LC_MESSAGES/*.po"), *([] if ENGLISH.exists() else [ENGLISH])]:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(f".mo.{os.getpid()}")
        with aside.open("wb") as file:
            write_mo(file, read_catalogue(path))
        aside.replace(path.with_suffix(".mo"))
    return 0


def main() -> int:
    tasks = {"update": update, "compile": compile_all, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in tasks:
        print("python -m tools.messages update|compile|check", file=sys.stderr)
        return 2
    return tasks[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
