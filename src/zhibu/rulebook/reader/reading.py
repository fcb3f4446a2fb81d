"""Reading all layers in the order things refer to each other, and everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from zhibu.core.norms import Layer, Level, Rulebook, Scheme, Terms
from zhibu.core.norms.sessions import SessionKind
from zhibu.core.wording import Text

from .calendars import check_gaps, read_calendar
from .dues import read_dues
from .dues_examples import run_dues
from .entered import check_called
from .entry import Page
from .evidence import read_tables
from .facts import read_facts
from .gathering import Gathering
from .home import read_home
from .integrity import read_integrity
from .layers import LIMITS, OVERLAY, SHIPPED, Place, check_files, places
from .letters import read_letters
from .overlays import amend
from .papers import read_template
from .problems import Problem, Problems, RulebookError, meant
from .procedures import read_procedure
from .publications import read_publications
from .scheme import read_limits, read_scheme
from .selection import read_selection
from .sessions import read_session_kinds
from .sources import read_documents
from .standards import read_standard, standard_id
from .surveys import read_surveys
from .tree import Fields, Leaf, Node, parse
from .undertakings import read_undertakings
from .vocabulary import read_groups, read_mandates, read_vocabulary
from .votes import read_vote

Read: TypeAlias = Callable[[Gathering, Page, Node], None]

Value = TypeVar("Value")

GROUPS = "standards/groups.yaml"
SHIPPED_LAYER = Layer("shipped", Text("随系统发布", "Shipped"))
EXISTENCE = "register.months_in_period"
"""The fact every branch is asked first: 0 whole months, and it is not assessed."""

WHOLE = 10_000
"""Hundredths of a point all weights together should make."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of reading: problems (it does not load), notes (worth knowing), how many examples were run."""

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    examples: int
    rulebook: Rulebook | None

    @property
    def sound(self) -> bool:
        """Whether the rulebook loads."""
        return self.rulebook is not None


def read(overlays: tuple[Path, ...] = (), shipped: Path = SHIPPED, *, thorough: bool = True) -> Report:
    """Read the shipped rulebook and the overlays over it, later over earlier.

    Unless it is to be `thorough`, the worked cases of the shipped layer are read and not run.
    """
    book = Gathering(thorough=thorough)
    found = [(place, _trees(place, book.problems)) for place in places(overlays, shipped)]
    for place, trees in found:
        book.layers.append(_layer(book, place, trees))
    for name, reader in SECTIONS:
        for (place, trees), layer in zip(found, book.layers, strict=True):
            book.layer, book.overlay = layer.id, place.overlay
            for file, tree in trees.items():
                if _belongs(file, name):
                    reader(book, Page(place.named(file), book.problems), tree)
    check_gaps(book, Page("calendars", book.problems))
    check_called(book)
    run_dues(book)
    if book.problems.found:
        return Report(tuple(sorted(book.problems.found)), (), 0, None)
    rulebook = _sealed(book)
    examples = sum(len(each.examples) for each in rulebook.standards.values())
    examples += sum(len(each.examples) for each in rulebook.votes.values())
    examples += sum(len(procedure.examples) for procedure in rulebook.procedures.values())
    examples += rulebook.levy.examples
    return Report((), tuple(_notes(book)), examples, rulebook)


def effective(overlays: tuple[Path, ...] = (), shipped: Path = SHIPPED) -> Rulebook:
    """The rulebook of the layers, to be used. Raises RulebookError with every problem when it does not load."""
    report = read(overlays, shipped, thorough=shipped != SHIPPED)
    if report.rulebook is None:
        raise RulebookError(report.problems)
    return report.rulebook


# -------------------------------------------------------------------------------------------- files
def _trees(place: Place, problems: Problems) -> dict[str, Node]:
    found = {}
    for name, path in check_files(place, problems).items():
        tree = parse(path.read_bytes(), place.named(name), problems)
        if tree is not None:
            found[name] = tree
    return found


def _layer(book: Gathering, place: Place, trees: dict[str, Node]) -> Layer:
    """What an overlay's overlay.yaml says of it."""
    if not place.overlay:
        return SHIPPED_LAYER
    tree = trees.get(OVERLAY)
    if tree is None:
        return Layer(place.label, Text(place.label, place.label))
    page = Page(place.named(OVERLAY), book.problems)
    entry = page.fields(tree, OVERLAY, "overlay.yaml")
    level = entry.choice("layer", Level)
    if level is Level.NATIONAL and entry.has("layer"):
        page.note(entry.at("layer"), "overlay_claims_national", id=place.label)
    layer = Layer(place.label, entry.wording("title"))
    entry.close()
    return layer


def _belongs(file: str, section: str) -> bool:
    if section == "standards":
        return file.startswith("standards/") and file != GROUPS
    if section == "limits":
        return file in LIMITS
    return file == section or file.startswith(f"{section}/")


def _read_norm(book: Gathering, page: Page, root: Node) -> None:
    """A whole standard, or an overlay's amendment of one that there is."""
    name = _written_id(root)
    if not book.overlay or not isinstance(root, Fields):
        read_standard(book, page, root)
        return
    if name in book.standards:
        entry = page.fields(root, page.file, "标准修改")
        standard_id(entry)
        amend(book, entry, book.standards[name])
        return
    keys = {key.text for key, _ in root.entries}
    if "title" not in keys and keys & {"reason", "disable"}:
        page.note(root.line, "overlay_unknown_standard", id=name, meant=meant(name, book.standards))
        return
    read_standard(book, page, root)


def _written_id(root: Node) -> str:
    entries = root.entries if isinstance(root, Fields) else ()
    return next((node.text for key, node in entries if key.text == "id" and isinstance(node, Leaf)), "")


SECTIONS: Final[tuple[tuple[str, Read], ...]] = (
    ("sources.yaml", read_documents),
    ("vocabulary.yaml", read_vocabulary),
    ("tables.yaml", read_tables),
    ("facts.yaml", read_facts),
    (GROUPS, read_groups),
    ("scheme.yaml", read_scheme),
    ("limits", read_limits),
    ("publications.yaml", read_publications),
    ("letters.yaml", read_letters),
    ("surveys.yaml", read_surveys),
    ("home.yaml", read_home),
    ("integrity.yaml", read_integrity),
    ("mandates.yaml", read_mandates),
    ("calendars", read_calendar),
    ("standards", _read_norm),
    ("votes", read_vote),
    ("session_kinds.yaml", read_session_kinds),
    ("undertakings.yaml", read_undertakings),
    ("dues", read_dues),
    ("documents", read_template),
    ("procedures", read_procedure),
    ("selection.yaml", read_selection),
)
"""Sections in the order they refer to one another: what is referred to is read first, in every layer."""


# -------------------------------------------------------------------------------------------- the whole
def _sealed(book: Gathering) -> Rulebook:
    nothing = Scheme(Text("", ""), Level.LOCAL, (), {}, Terms(()))
    return Rulebook(
        digest="",
        layers=tuple(book.layers),
        documents=_in_order(book.documents),
        words=book.words,
        tables=_in_order(book.tables),
        facts=_in_order(book.facts),
        groups=_in_order(book.groups),
        standards=_in_order(book.standards),
        disabled=_in_order(book.disabled),
        mandates=_in_order(book.mandates),
        calendar=dict(sorted(book.calendar.items())),
        scheme=book.scheme or nothing,
        limits=_in_order(book.limits),
        votes=_in_order(book.votes),
        papers=_in_order(book.papers),
        procedures=_in_order(book.procedures),
        levy=book.levy,
        publications=_in_order(book.publications),
        # in the order in which they are written: that is the order in which one walks through
        home=dict(book.home),
        session_kinds=_by_place(book.session_kinds),
        matters=_in_order(book.matters),
        undertakings=_in_order(book.undertakings),
        letters=_in_order(book.letters),
        selection=_in_order(book.selection),
        promise_letter=book.promise_letter,
        # in the order in which they are written: what the secretary answers for stands first
        integrity_duties=dict(book.integrity_duties),
        surveys=_in_order(book.surveys),
    ).sealed()


def _in_order(found: dict[str, Value]) -> dict[str, Value]:
    return dict(sorted(found.items()))


def _by_place(found: dict[str, SessionKind]) -> dict[str, SessionKind]:
    """Kinds of meeting in the order people think of them."""
    return dict(sorted(found.items(), key=lambda each: (each[1].order, each[0])))


def _notes(book: Gathering) -> Iterator[Problem]:
    notes = Problems()
    used = {fact for standard in book.standards.values() for fact in standard.facts()}
    used |= {
        fact
        for standard in book.standards.values()
        for part in standard.reviewed
        for fact in part.supported_by
    }
    for name in book.facts.keys() - used - {EXISTENCE}:
        notes.add(*book.places["fact", name], "fact_unused", name=name)
    for day, total in _weights(book):
        if total != WHOLE:
            notes.add("standards", 1, "weights_sum", date=day, total=total)
    return iter(sorted(notes.found))


def _weights(book: Gathering) -> list[tuple[date, int]]:
    """The sum of all weights on every day it may change, from the day all standards are there."""
    standards = [each for each in book.standards.values() if each.terms.rows]
    if not standards:
        return []
    start = max(each.terms.rows[0].since for each in standards)
    days = {start} | {row.since for each in standards for row in each.terms.rows if row.since > start}
    return [
        (day, sum(each.weight(part, day) or 0 for each in standards for part in each.parts))
        for day in sorted(days)
    ]
