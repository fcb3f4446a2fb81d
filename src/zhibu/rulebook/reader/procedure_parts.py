"""The parts of a procedure that an overlay may bring too: papers, endings, prompts, steps."""

from __future__ import annotations

from zhibu.core.norms import Source
from zhibu.core.norms.procedures import Ending, PaperKind, Prompt, PromptKind, Role, Step

from .asked import Names
from .entry import Entry
from .gathering import Gathering
from .problems import listed, meant
from .steps import Reading, read_step
from .terms import NAME
from .tree import Leaf

Steps = tuple[tuple[Step, Reading], ...]


def read_steps(book: Gathering, entry: Entry, key: str, names: Names, sources: tuple[Source, ...]) -> Steps:
    """The steps under a key, each with what of it is still to be looked up."""
    return tuple(read_step(book, each, names, sources) for each in entry.entries(key, "步骤"))


def read_opened_by(entry: Entry) -> tuple[Role, ...]:
    """Who may open a case."""
    node = entry.need("opened_by")
    if node is None:
        return ()
    nodes = (node,) if isinstance(node, Leaf) else entry.page.items(node, "opened_by")
    return tuple(entry.page.choice(each, "opened_by", Role) for each in nodes)


def read_papers(book: Gathering, entry: Entry) -> dict[str, PaperKind]:
    """The papers of a procedure."""
    node, found = entry.get("papers"), {}
    for name, line, each in entry.page.pairs(node, "papers") if node else ():
        if not NAME.fullmatch(name):
            entry.page.note(line, "id_malformed", id=name, rule="用小写英文、数字和下划线，以字母开头")
        paper = entry.page.fields(each, name, f"材料“{name}”")
        document = paper.text_or("document", "") or ""
        if document and document not in book.papers:
            known = book.papers
            paper.page.note(
                paper.at("document"), "unknown_template", id=document, meant=meant(document, known),
                known=listed(known, 40),
            )  # fmt: skip
        found[name] = PaperKind(
            name, paper.wording("title"), document, paper.flag_or("controlled", otherwise=False),
            paper.flag_or("sensitive", otherwise=False),
        )  # fmt: skip
        paper.close()
    return found


def read_endings(entry: Entry) -> dict[str, Ending]:
    """How its cases can end."""
    node, found = entry.get("endings"), {}
    for name, _, each in entry.page.pairs(node, "endings") if node else ():
        ending = entry.page.fields(each, name, f"结局“{name}”")
        found[name] = Ending(name, ending.wording("title"), ending.flag_or("success", otherwise=False))
        ending.close()
    return found


def read_prompt(entry: Entry) -> Prompt:
    """What tells that a case should be opened."""
    found = Prompt(
        entry.choice("kind", PromptKind), entry.whole_or("months", 0) or 0, entry.wording("because")
    )
    entry.close()
    return found
