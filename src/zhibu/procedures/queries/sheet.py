"""A case opened: its picture, the present steps, its papers and its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may
from zhibu.core.norms.procedures import Field, FieldKind, Outcome, PaperKind, Procedure, Role, Step, StepKind
from zhibu.core.procedure import OPEN, Plan, Projection, StepState, StepView
from zhibu.core.procedure.words import REPLIES, ROLES
from zhibu.core.refusal import Refusal
from zhibu.core.wording import Text
from zhibu.notices import queries as notices
from zhibu.notices.told import Phase, Purpose, Standing
from zhibu.procedures import policies, sealing
from zhibu.procedures.models import Case, CaseEventKind, CaseState, StepTaken
from zhibu.procedures.queries.engine import plan_of, projection_of, waits_for
from zhibu.procedures.queries.picture import Picture, picture
from zhibu.register.models import Organisation, Person
from zhibu.ui import formats
from zhibu.ui.language import pick

SOON = timedelta(days=30)


LATEST = 8


@dataclass(frozen=True, slots=True)
class Present:
    """A step that may be taken now, or the one waited for."""

    step: Step
    view: StepView
    roles: tuple[Role, ...]
    who: str
    reasons: tuple[Refusal, ...]
    sources: tuple[tuple[str, str], ...]
    since: date | None
    notice: Standing | None
    above: bool
    open: bool
    aside: bool
    """It may be left out and nothing presses: shown folded."""

    @property
    def extendable(self) -> bool:
        """Whether the rule allows a longer time."""
        return any(each.extended for each in self.step.due)

    @property
    def mine(self) -> bool:
        """Whether this actor may take it today."""
        return self.open and bool(self.roles)

    @property
    def publishes(self) -> bool:
        """Whether a window must be opened before the step can be done."""
        return self.step.kind is StepKind.NOTICE and (
            self.notice is None or (self.notice.phase is Phase.CLOSED and not self.notice.passed)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the history, newest first."""

    day: date
    until: date | None
    title: str
    who: str
    outcome: str
    tone: str
    facts: tuple[tuple[str, str], ...]
    note: str
    late: int
    cautions: tuple[str, ...]
    papers_late: int
    reversed: str
    taken: int | None
    since: date | None
    entered: str
    session: int | None
    notice: int | None


@dataclass(frozen=True, slots=True)
class Filed:
    """A paper of the case: what is on file, and what is asked."""

    kind: PaperKind
    rows: tuple[Any, ...]
    readable: bool
    near: bool
    """On file, or of a step that is done or present; the others are shown folded."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page of a case shows."""

    case: Case
    plan: Plan | None
    projection: Projection | None
    picture: Picture | None
    present: tuple[Present, ...]
    history: tuple[Happened, ...]
    papers: tuple[Filed, ...]
    fields: tuple[tuple[str, str], ...]

    @property
    def now(self) -> tuple[Present, ...]:
        """The steps that matter today."""
        return tuple(each for each in self.present if not each.aside)

    @property
    def beside(self) -> tuple[Present, ...]:
        """What else may be done."""
        return tuple(each for each in self.present if each.aside)

    @property
    def latest(self) -> tuple[Happened, ...]:
        """What happened last."""
        return self.history[:LATEST]

    @property
    def earlier(self) -> tuple[Happened, ...]:
        """What happened before that: an admission has forty entries, and a phone shows four at a time."""
        return self.history[LATEST:]

    @property
    def papers_near(self) -> tuple[Filed, ...]:
        """Papers of what is done and of what is present."""
        return tuple(each for each in self.papers if each.near)

    @property
    def papers_later(self) -> tuple[Filed, ...]:
        """The other papers."""
        return tuple(each for each in self.papers if not each.near)

    @property
    def ending(self) -> Text:
        """How the case ended, in words."""
        return (
            self.plan.procedure.ending(self.case.ended).title
            if self.plan
            else Text(self.case.ended, self.case.ended)
        )

    @property
    def procedure(self) -> Procedure | None:
        """The procedure, when the rulebook still has it."""
        return self.plan.procedure if self.plan else None


def sheet(actor: Actor, case: Case, today: date) -> Sheet:
    """A case opened. A fixed number of queries, however many steps it has."""
    plan = plan_of(case.procedure)
    open_to = may(actor, "procedures.take_step", case.organisation.path) or may(
        actor, "procedures.reply", case.organisation.path
    )
    names = Names(case, plan)
    history = _history(case, plan, names, open_to=open_to)
    if plan is None:
        return Sheet(case, None, None, None, (), history, (), ())
    projection = projection_of(plan, case, today)
    present = _present(actor, case, plan, projection, today)
    now_at = present[0].step.id if present else ""
    values = sealing.whole(case.fields, case.sealed, plan.procedure.fields, sealing.CASE)
    return Sheet(
        case, plan, projection, picture(plan, projection, now_at), present, history,
        _papers(case, plan, present, open_to=open_to),
        names.told(plan.procedure.fields, values, open_to=open_to),
    )  # fmt: skip


def _present(
    actor: Actor, case: Case, plan: Plan, projection: Projection, today: date
) -> tuple[Present, ...]:
    """Steps that may be taken now in the order of the procedure; when there are none, the one waited for."""
    if case.state == CaseState.ENDED:
        return ()
    waits = waits_for(plan, projection)
    views = [view for view in projection.of(*OPEN) if plan.steps[view.step].kind is not StepKind.WAIT]
    # what must be done stands before what may
    views.sort(key=lambda view: (view.optional, plan.rank[view.step]))
    if waits.following is not None and all(view.optional for view in views):
        views = [waits.following, *(view for view in views if view.step != waits.following.step)]
    return tuple(_one(actor, case, plan, view, today) for view in views)


def _one(actor: Actor, case: Case, plan: Plan, view: StepView, today: date) -> Present:
    step = plan.steps[view.step]
    row = step.row_on(today)
    presses = view.state is StepState.OVERDUE or (view.latest is not None and view.latest <= today + SOON)
    found = (
        notices.opened_for(Purpose(Case._meta.db_table, case.pk, step.id), today)
        if step.kind is StepKind.NOTICE
        else None
    )
    return Present(
        step, view, policies.roles_open(actor, case, step), _("、").join(pick(ROLES[role]) for role in step.by),
        tuple(view.reasons), tuple((each.document, each.article) for each in plan.cited(step, today)[:2]),
        row.since if row else None, found, policies.verb_for(step.by[0]) == "procedures.reply" if step.by else False,
        view.state in OPEN, view.optional and not presses,
    )  # fmt: skip


# ----------------------------------------------------------------------------------------------- history
class Names:
    """The names behind numbers in fields: persons and organisations, each read once."""

    def __init__(self, case: Case, plan: Plan | None) -> None:
        people: set[int] = set()
        places: set[int] = set()
        for fields, values in _all_values(case, plan):
            for field in fields:
                value = values.get(field.id)
                if str(value).isdigit() and field.kind in (FieldKind.PERSON, FieldKind.ORGANISATION):
                    (people if field.kind is FieldKind.PERSON else places).add(int(str(value)))
        self.people = dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
        self.places = (
            dict(Organisation.objects.filter(pk__in=places).values_list("pk", "name")) if places else {}
        )

    def told(
        self, fields: tuple[Field, ...], values: Mapping[str, Any], *, open_to: bool
    ) -> tuple[tuple[str, str], ...]:
        """(title, value in words) of the fields that have a value; what is sensitive is masked for onlookers."""
        found = []
        for field in fields:
            value = values.get(field.id)
            if value is None or value == "" or value is False:
                continue
            hidden = field.sensitive and not open_to
            found.append((pick(field.title), "••••" if hidden else self.word(field, value)))
        return tuple(found)

    def word(self, field: Field, value: Any) -> str:
        """A value as one reads it."""
        match field.kind:
            case FieldKind.MONEY:
                return _("%(yuan)s 元") % {"yuan": formats.fen(int(value))}
            case FieldKind.FLAG:
                return _("是")
            case FieldKind.CHOICE:
                return pick(field.choices[value]) if value in field.choices else str(value)
            case FieldKind.PERSON:
                return self.people.get(int(value), str(value)) if str(value).isdigit() else str(value)
            case FieldKind.ORGANISATION:
                return self.places.get(int(value), str(value)) if str(value).isdigit() else str(value)
            case _:
                return str(value)


def _all_values(case: Case, plan: Plan | None) -> list[tuple[tuple[Field, ...], Mapping[str, Any]]]:
    if plan is None:
        return []
    found: list[tuple[tuple[Field, ...], Mapping[str, Any]]] = [(plan.procedure.fields, case.fields)]
    found += [(plan.steps[row.step].fields, row.values) for row in case.steps.all() if row.step in plan.steps]
    return found


def _history(case: Case, plan: Plan | None, names: Names, *, open_to: bool) -> tuple[Happened, ...]:
    found = [_step_told(row, plan, names, open_to=open_to) for row in case.steps.all()]
    found += [_event_told(each, plan) for each in case.events.all()]
    return tuple(sorted(found, key=lambda each: (each.day, each.taken or 0), reverse=True))


def _step_told(row: StepTaken, plan: Plan | None, names: Names, *, open_to: bool) -> Happened:
    step = plan.steps.get(row.step) if plan else None
    outcome: Outcome | None = step.outcome(row.outcome) if step else None
    told = pick(outcome.title) if outcome else row.outcome
    if row.reply and row.reply in set(REPLIES):
        told = pick(_reply(row.reply))
    values = sealing.whole(row.values, row.sealed, step.fields if step else (), sealing.STEP)
    facts = list(names.told(step.fields if step else (), values, open_to=open_to))
    if row.people:
        title = pick(step.people.title) if step and step.people else _("人员")
        facts.insert(0, (title, _("、").join(each["name"] for each in row.people)))
    if row.vote:
        facts.insert(0, (_("表决"), vote_told(row.vote)))
    return Happened(
        row.taken_on, row.until_on, pick(step.title) if step else row.step, pick(ROLES[Role(row.role)]) if row.role else "",
        told, "no" if not row.passes or row.reversed else "done", tuple(facts), row.note, row.entry_delay,
        tuple(pick(Text(*words)) for words in row.caution_words), row.paper_delay, _reversed(row), row.pk, row.row_since, row.entered_by, row.session_id, row.notice_id,
    )  # fmt: skip


def _reply(name: str) -> Text:
    return next(text for reply, text in REPLIES.items() if reply == name)


def _reversed(row: StepTaken) -> str:
    if not row.reversed:
        return ""
    told = {"day": row.reversed_on, "who": row.reversed_by, "why": row.reversed_because}
    return _("%(day)s %(who)s撤销：%(why)s") % told


def vote_told(vote: Mapping[str, Any]) -> str:
    """The counts in one line."""
    words = (
        ("expected", _("应到 %(n)s")), ("present", _("实到 %(n)s")), ("yes", _("赞成 %(n)s")), ("no", _("不赞成 %(n)s")),
        ("abstain", _("弃权 %(n)s")),
    )  # fmt: skip
    parts = [word % {"n": vote[name]} for name, word in words if name in vote]
    for name, counts in (
        (vote.get("candidates") or {}).items() if isinstance(vote.get("candidates"), dict) else ()
    ):
        parts.append(f"{name} {counts.get('yes', 0)}")
    return _("，").join(parts)


def _event_told(each: Any, plan: Plan | None) -> Happened:
    detail = each.detail
    if plan is not None and each.kind == CaseEventKind.ENDED:
        detail = pick(plan.procedure.ending(each.detail).title)
    elif plan is not None and each.detail in plan.steps:
        detail = pick(plan.steps[each.detail].title)
    facts = ((_("原党支部"), each.whence.name),) if each.whence_id else ()
    return Happened(
        each.happened_on, None, str(each.get_kind_display()), "", detail, "idle", facts, each.reason, 0, (), 0, "", None, None,
        each.entered_by, None, None,
    )  # fmt: skip


def _papers(case: Case, plan: Plan, present: tuple[Present, ...], *, open_to: bool) -> tuple[Filed, ...]:
    rows = list(case.papers.all())
    near = {row.paper for row in rows}
    near |= {
        name for row in case.steps.all() if not row.reversed and row.step in plan.steps
        for name in (*plan.steps[row.step].needs, *plan.steps[row.step].makes)
    }  # fmt: skip
    near |= {name for each in present if not each.aside for name in (*each.step.needs, *each.step.makes)}
    return tuple(
        Filed(
            kind,
            tuple(row for row in rows if row.paper == kind.id),
            open_to or not kind.sensitive,
            kind.id in near,
        )
        for kind in plan.procedure.papers.values()
    )
