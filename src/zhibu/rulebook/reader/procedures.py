"""procedures/*.yaml: one procedure a file; its references are looked up when all its steps are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from zhibu.core.norms import Level
from zhibu.core.norms.procedures import Procedure, Subject

from .asked import Names
from .entered import read_case_field
from .entry import Entry, Page
from .gathering import Gathering
from .procedure_checks import check_steps
from .procedure_examples import read_cases, run_cases
from .procedure_overlays import amend_procedure
from .procedure_parts import read_endings, read_opened_by, read_papers, read_prompt, read_steps
from .sources import check_level, read_sources
from .terms import NAME
from .tree import Fields, Node


def read_procedure(book: Gathering, page: Page, root: Node) -> None:
    """Read one procedure into the gathering, or an overlay's amendment of one, and run its examples."""
    entry = page.fields(root, page.file, "程序")
    name = procedure_id(entry)
    if book.overlay and name in book.procedures and _amends(root):
        amend_procedure(book, entry, book.procedures[name])
        return
    procedure = _procedure(book, entry, name)
    entry.close()
    if not book.claim(page, "procedure", name, entry.at("id")):
        return
    book.procedures[name] = procedure
    if book.proves and not book.problems.within(page.file):
        run_cases(book, procedure, procedure.examples, entry)


def _amends(root: Node) -> bool:
    return isinstance(root, Fields) and "title" not in {key.text for key, _ in root.entries}


def procedure_id(entry: Entry) -> str:
    """The id, well formed and the name of its file."""
    name, page = entry.text("id"), entry.page
    if name and not NAME.fullmatch(name):
        page.note(entry.at("id"), "id_malformed", id=name, rule="用小写英文、数字和下划线，以字母开头")
    elif name and PurePath(page.file).stem != name:
        page.note(entry.at("id"), "file_name_differs", id=name)
    return name


def _procedure(book: Gathering, entry: Entry, name: str) -> Procedure:
    level = entry.choice("level", Level)
    if book.overlay and level is Level.NATIONAL and entry.has("level"):
        entry.page.note(entry.at("level"), "overlay_claims_national", id=name)
    sources = read_sources(book, entry)
    if not sources:
        entry.page.note(entry.at("sources"), "missing_source", what=entry.what)
    check_level(book, entry, level, sources)
    fields = tuple(read_case_field(each) for each in entry.entries("fields", "项目"))
    kinds = entry.some("applies_to")
    for kind, line in kinds:
        book.kind_known(entry.page, kind, line)
    procedure = Procedure(
        id=name,
        title=entry.wording("title"),
        about=entry.wording("about"),
        level=level,
        subject=entry.choice("subject", Subject),
        applies_to=tuple(kind for kind, _ in kinds),
        opened_by=read_opened_by(entry),
        group=_group(book, entry),
        sources=sources,
        fields=fields,
        papers=read_papers(book, entry),
        endings=read_endings(entry),
        prompts=tuple(read_prompt(each) for each in entry.entries("prompts", "提示")),
        steps=(),
        examples=(),
        layer=book.layer,
        was=entry.texts("was"),
    )
    names = Names(entry.page, frozenset(each.id for each in fields))
    read = read_steps(book, entry, "steps", names, sources)
    if not read:
        entry.page.note(entry.at("steps"), "procedure_without_steps")
    procedure = replace(procedure, steps=tuple(step for step, _ in read))
    sound = check_steps(book, entry, procedure, read)
    return replace(procedure, examples=read_cases(entry, procedure) if sound else _skipped(entry))


def _skipped(entry: Entry) -> tuple[()]:
    entry.get("examples")
    return ()


def _group(book: Gathering, entry: Entry) -> str:
    group = entry.text("group")
    book.word_known(entry.page, "procedure_groups", "unknown_procedure_group", group, entry.at("group"))
    return group
