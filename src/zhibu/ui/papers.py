"""Official documents of cases, laid out from their templates: what is known is filled in, the rest left to the pen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from zhibu.core.norms.papers import Block, BlockKind, PaperTemplate, Signer
from zhibu.core.wording import Text
from zhibu.ui.document import Document
from zhibu.ui.language import pick

_PLACE = re.compile(r"\{([a-z_]+)\}")
BLANK: Final = "＿＿＿＿＿＿"
"""Where nothing is known: a line to write on."""

LABELS: Final[dict[str, Text]] = {
    "paper": Text("材料", "Paper"),
    "procedure": Text("事项", "Procedure"),
    "step": Text("步骤", "Step"),
    "branch": Text("党支部", "Branch"),
    "superior": Text("上级党组织", "Superior"),
    "subject": Text("对象", "Subject"),
    "day": Text("日期", "Day"),
    "until": Text("结束日期", "Until"),
    "today": Text("制发日期", "Issued on"),
    "opened": Text("立项日期", "Opened on"),
    "outcome": Text("结果", "Outcome"),
    "reply": Text("上级答复", "Reply"),
    "by": Text("办理", "Done by"),
    "note": Text("说明", "Note"),
    "expected": Text("应到会有表决权人数", "Expected voters"),
    "present": Text("实到会有表决权人数", "Present voters"),
    "in_favour": Text("赞成", "Yes"),
    "against": Text("反对", "No"),
    "abstain": Text("弃权", "Abstentions"),
    "counted": Text("表决结果", "Result"),
    "people": Text("人员", "People"),
    "article": Text("依据", "Rule"),
}


@dataclass(frozen=True, slots=True)
class PaperValues:
    """What a paper is filled with: places, the fields of the step, people, the vote explained, steps, papers."""

    places: Mapping[str, str]
    fields: Sequence[tuple[str, str]] = ()
    people: Sequence[Sequence[str]] = ()
    people_head: Sequence[str] = ()
    vote: Sequence[str] = ()
    history: Sequence[Sequence[str]] = ()
    papers: Sequence[str] = ()
    signed_on: date | None = None
    signers: Mapping[Signer, str] = field(default_factory=dict)


def lay_out(template: PaperTemplate, values: PaperValues) -> bytes:
    """The .docx of a template with these values, in the layout of GB/T 9704-2012."""
    told = _Places(values.places)
    paper = Document(told.fill(template.title))
    if template.to is not None:
        paper.addressee(told.fill(template.to))
    for block in template.blocks:
        if not block.when or values.places.get(block.when):
            _put(paper, block, values, told)
    if template.sign is not Signer.NOBODY:
        paper.signature(values.signers.get(template.sign) or BLANK, values.signed_on)
    return paper.bytes()


class _Places:
    def __init__(self, given: Mapping[str, str]) -> None:
        self.known = {name: given.get(name) or BLANK for name in LABELS}

    def fill(self, text: Text | None) -> str:
        # in one pass: what is filled in is a value, and stays as it is
        return _PLACE.sub(lambda found: self.known.get(found[1], found[0]), pick(text))


def _put(paper: Document, block: Block, values: PaperValues, told: _Places) -> None:
    match block.kind:
        case BlockKind.HEADING:
            paper.heading(1, told.fill(block.text))
        case BlockKind.TEXT:
            paper.paragraph(told.fill(block.text))
        case BlockKind.FACTS:
            paper.facts([(pick(LABELS[name]), told.known[name]) for name in block.names])
        case BlockKind.FIELDS:
            paper.facts([(label, value or BLANK) for label, value in values.fields])
        case BlockKind.PEOPLE if values.people:
            paper.table(values.people_head, values.people)
        case BlockKind.VOTE:
            for line in values.vote:
                paper.paragraph(line)
        case BlockKind.HISTORY if values.history:
            paper.table((_("步骤"), _("日期"), _("结果"), _("依据")), values.history, widths=(52, 28, 26, 50))
        case BlockKind.PAPERS if values.papers:
            paper.attachments(values.papers)
