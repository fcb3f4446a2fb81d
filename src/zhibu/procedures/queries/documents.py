"""Papers the platform makes: what a template of the rulebook says, filled from the case; and the whole case file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from zhibu import rulebook
from zhibu.core.authority import Actor, may
from zhibu.core.norms.papers import Signer
from zhibu.core.norms.procedures import PaperKind, Reply, Role, Step, StepKind, Subject
from zhibu.core.procedure import Plan
from zhibu.core.procedure.words import REPLIES, ROLES
from zhibu.core.tally import VoteDataError, count, vote_from
from zhibu.procedures import sealing
from zhibu.procedures.models import Case, StepTaken
from zhibu.procedures.queries.engine import plan_of, standing_rows
from zhibu.procedures.queries.sheet import Names
from zhibu.record.attachments import content_of_attachment
from zhibu.record.files.bundles import Bundled, bundle
from zhibu.register.models import Stage
from zhibu.ui import formats
from zhibu.ui.language import current, pick
from zhibu.ui.papers import PaperValues, lay_out

DATA_SHEET = "data-sheet"
"""The template offered in place of a controlled paper: its data, to be copied by hand."""

STEP_RECORD = "step-record"


@dataclass(frozen=True, slots=True)
class Made:
    """A document ready to be saved: the name of its file, and the file."""

    name: str
    content: bytes


def template_of(kind: PaperKind) -> str:
    """The template a paper is made from; empty for one that is handed in."""
    return DATA_SHEET if kind.controlled else kind.document


def may_read_whole(actor: Actor, case: Case) -> bool:
    """Whether the actor may see what is sensitive in a case: who takes its steps or answers them."""
    path = case.organisation.path
    return may(actor, "procedures.take_step", path) or may(actor, "procedures.reply", path)


def document(actor: Actor, case: Case, paper: str, today: date) -> Made:
    """A paper of the case as Word. 404 for one that is not made, or holds what the actor may not see."""
    plan = plan_of(case.procedure)
    kind = plan.procedure.papers.get(paper) if plan else None
    if plan is None or kind is None or not template_of(kind):
        raise Http404(paper)
    if kind.sensitive and not may_read_whole(actor, case):
        raise Http404(paper)
    return _made(_Filling(actor, case, plan, today), kind)


def case_file(actor: Actor, case: Case, today: date) -> Made:
    """The whole case in one archive: a folder for each step with its papers, what was handed in, index, checksums."""
    plan = plan_of(case.procedure)
    if plan is None or not may_read_whole(actor, case):
        raise Http404(case.pk)
    filling = _Filling(actor, case, plan, today)
    lines = [
        pick(plan.procedure.title),
        case.organisation.name,
        _("立项：%(day)s") % {"day": case.opened_on.isoformat()},
        _("导出：%(day)s，%(who)s") % {"day": today.isoformat(), "who": actor.name},
    ]
    content = bundle(case.title, lines, _files(filling))
    return Made(f"{case.title} {pick(plan.procedure.title)}", content)


# ------------------------------------------------------------------------------------------- the archive
def _files(filling: _Filling) -> Iterator[Bundled]:
    plan, put = filling.plan, set()
    for number, row in enumerate(standing_rows(filling.case), 1):
        step = plan.steps.get(row.step)
        if step is None:
            continue
        folder = f"{number:02d} {row.taken_on.isoformat()} {pick(step.title)}"
        for name in step.makes:
            kind = plan.procedure.papers[name]
            put.add(name)
            if template_of(kind):
                made = _made(filling, kind, row)
                yield Bundled(folder, f"{made.name}.docx", pick(kind.title), made.content)
        yield from _handed_in(filling, folder, {*step.makes, *step.needs})
        put |= set(step.needs)
    others = plan.procedure.papers.keys() - put
    yield from _handed_in(filling, _("其他材料"), others)


def _handed_in(filling: _Filling, folder: str, names: set[str]) -> Iterator[Bundled]:
    for row in filling.case.papers.all():
        if row.paper not in names or row.pk in filling.bundled:
            continue
        filling.bundled.add(row.pk)
        title = pick(filling.plan.procedure.papers[row.paper].title)
        if row.attachment is not None:
            yield Bundled(folder, row.attachment.name, title, content_of_attachment(row.attachment))
        else:
            told = f"{title}\n{row.note}\n{row.filed_on.isoformat()} {row.filed_by}\n"
            yield Bundled(folder, f"{title}（原件存放处）.txt", title, told.encode())


# --------------------------------------------------------------------------------------------- one paper
class _Filling:
    """A case being written into papers: everything read once."""

    def __init__(self, actor: Actor, case: Case, plan: Plan, today: date) -> None:
        self.case, self.plan, self.today = case, plan, today
        self.names = Names(case, plan)
        self.whole = may_read_whole(actor, case)
        self.bundled: set[int] = set()
        self.rows = standing_rows(case)

    def row_for(self, paper: str) -> tuple[Step | None, StepTaken | None]:
        """The step that makes the paper, and its last taking; the step alone while it is still to be taken."""
        for row in reversed(self.rows):
            step = self.plan.steps.get(row.step)
            if step is not None and paper in step.makes:
                return step, row
        steps = self.plan.procedure.steps
        return next((each for each in steps if paper in (*each.makes, *each.needs)), None), None


def _made(filling: _Filling, kind: PaperKind, row: StepTaken | None = None) -> Made:
    step = filling.plan.steps.get(row.step) if row else None
    if row is None:
        step, row = filling.row_for(kind.id)
    book = rulebook.load()
    template = book.papers.get(template_of(kind)) or book.papers[STEP_RECORD]
    # what stands in for a controlled paper must not bear its name alone
    title = _("%(paper)s（填写参考）") % {"paper": pick(kind.title)} if kind.controlled else pick(kind.title)
    return Made(f"{title} {filling.case.title}", lay_out(template, _values(filling, kind, step, row)))


def _values(filling: _Filling, kind: PaperKind, step: Step | None, row: StepTaken | None) -> PaperValues:
    case = filling.case
    day = row.taken_on if row else filling.today
    vote = _vote(step, row)
    people = list(row.people) if row else []
    superior = case.organisation.parent
    signers = {Signer.BRANCH: case.organisation.name, Signer.SUPERIOR: superior.name if superior else ""}
    return PaperValues(
        places={**_of_case(filling, kind, day), **_of_step(filling, step, row, vote)},
        fields=_fields(filling, kind, step, row),
        people=[(each.get("name", ""), _stage(each), "") for each in people],
        people_head=(_("姓名"), _("身份"), _("备注")),
        vote=vote,
        history=[_line(filling, each) for each in filling.rows],
        papers=_enclosed(filling, kind, step),
        signed_on=day if row else None,
        signers=signers,
    )


def _enclosed(filling: _Filling, kind: PaperKind, step: Step | None) -> list[str]:
    """What goes with a paper: what its step needs; with a list of the archive all that the case has."""
    known = filling.plan.procedure.papers
    names = set(step.needs) if step else set()
    if step is not None and step.kind is StepKind.ARCHIVE:
        names |= {row.paper for row in filling.case.papers.all()}
        names |= {
            name
            for row in filling.rows
            if row.step in filling.plan.steps
            for name in filling.plan.steps[row.step].makes
        }
    return [pick(each.title) for each in known.values() if each.id in names - {kind.id}]


def _of_case(filling: _Filling, kind: PaperKind, day: date) -> dict[str, str]:
    case, superior = filling.case, filling.case.organisation.parent
    return {
        "paper": pick(kind.title),
        "procedure": pick(filling.plan.procedure.title),
        "branch": case.organisation.name,
        "superior": superior.name if superior else "",
        "subject": case.person.name if case.person is not None else case.title,
        "today": formats.official_day(filling.today),
        "opened": formats.official_day(case.opened_on),
    }


def _of_step(filling: _Filling, step: Step | None, row: StepTaken | None, vote: list[str]) -> dict[str, str]:
    if step is None:
        return {}
    told = {"step": pick(step.title), "article": _article(filling.plan, step, row, filling.today)}
    told["by"] = _("、").join(pick(ROLES[role]) for role in step.by)
    if row is None:
        return told
    outcome, counts = step.outcome(row.outcome), row.vote or {}
    names = {
        "expected": "expected",
        "present": "present",
        "in_favour": "yes",
        "against": "no",
        "abstain": "abstain",
    }
    told |= {place: str(counts[name]) for place, name in names.items() if isinstance(counts.get(name), int)}
    told |= {
        "day": formats.official_day(row.taken_on),
        "until": formats.official_day(row.until_on) if row.until_on else "",
        "outcome": pick(outcome.title) if outcome else row.outcome,
        "reply": pick(REPLIES[Reply(row.reply)]) if row.reply else "",
        "note": row.note if filling.whole else "",
        "counted": vote[-1] if vote else "",
        "people": _("、").join(each.get("name", "") for each in row.people),
    }
    if row.role:
        told["by"] = pick(ROLES[Role(row.role)])
    return told


def _fields(
    filling: _Filling, kind: PaperKind, step: Step | None, row: StepTaken | None
) -> tuple[tuple[str, str], ...]:
    procedure, case = filling.plan.procedure, filling.case
    opened: tuple[tuple[str, str], ...] = ()
    if kind.controlled or procedure.subject is not Subject.PERSON:
        values = sealing.whole(case.fields, case.sealed, procedure.fields, sealing.CASE)
        opened = filling.names.told(procedure.fields, values, open_to=filling.whole)
    if kind.controlled or step is None:
        return opened
    if row is None:
        return (*opened, *((pick(each.title), "") for each in step.fields))
    values = sealing.whole(row.values, row.sealed, step.fields, sealing.STEP)
    return (*opened, *filling.names.told(step.fields, values, open_to=filling.whole))


def _vote(step: Step | None, row: StepTaken | None) -> list[str]:
    """The vote explained line by line, by the rule in force on its day."""
    rule = rulebook.load().votes.get(step.vote) if step and step.vote else None
    terms = rule.row_on(row.taken_on) if rule and row else None
    if rule is None or row is None or terms is None or not row.vote:
        return []
    try:
        return count(rule, row.taken_on, vote_from(row.vote, terms, rule.kind)).told(current()).splitlines()
    except VoteDataError:
        return []


def _article(plan: Plan, step: Step, row: StepTaken | None, today: date) -> str:
    cited = plan.cited(step, row.taken_on if row else today)
    if not cited:
        return ""
    document = plan.documents.get(cited[0].document)
    title = pick(document.title) if document else cited[0].document
    article = _("第%(number)s条") % {"number": cited[0].article} if cited[0].article else ""
    return f"《{title}》{article}" if current() == "zh" else f"{title} {article}".strip()


def _stage(person: Mapping[str, Any]) -> str:
    return str(dict(Stage.choices).get(person.get("stage", ""), ""))


def _line(filling: _Filling, row: StepTaken) -> tuple[str, str, str, str]:
    step = filling.plan.steps.get(row.step)
    outcome = step.outcome(row.outcome) if step else None
    cited = filling.plan.cited(step, row.taken_on)[:1] if step else ()
    article = _("第%(number)s条") % {"number": cited[0].article} if cited and cited[0].article else ""
    return (
        pick(step.title) if step else row.step,
        row.taken_on.isoformat(),
        pick(outcome.title) if outcome else row.outcome,
        article,
    )
