"""Reading organisations: the tree with its counts, one organisation's page, the search of the switcher."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu.core.authority import STEP, Actor
from zhibu.core.calendar import add_months
from zhibu.register import policies
from zhibu.register.limits import limit
from zhibu.register.models import (
    BRANCH_KINDS,
    MEMBER_STAGES,
    Membership,
    MobileSpell,
    Organisation,
    OrganisationKind,
    Post,
    PostKind,
    Stage,
    Term,
)
from zhibu.register.tree import subtree
from zhibu.ui.formats import days_left

FOUND = 20


def organisation_for(actor: Actor, pk: int, verb: str = policies.VIEW) -> Organisation:
    """An organisation in which the actor holds the verb, or 404."""
    try:
        return policies.visible_organisations(actor, verb).select_related("parent").get(pk=pk)
    except Organisation.DoesNotExist:
        raise Http404 from None


def post_for(actor: Actor, pk: int, verb: str) -> Post:
    """A post in an organisation where the actor holds the verb, or 404."""
    rows = policies.in_ranges(
        Post.objects.select_related("organisation", "person"), actor, verb, "organisation__path"
    )
    try:
        found: Post = rows.get(pk=pk)
    except Post.DoesNotExist:
        raise Http404 from None
    return found


@dataclass(slots=True)
class Node:
    """One organisation in the tree with what is at and below it; counts of people are members, not applicants."""

    pk: int
    path: str
    name: str
    kind: str
    unit_type: str
    members: int = 0
    probationary: int = 0
    branches: int = 0
    groups: int = 0
    secretary: str = ""
    children: list[Node] = field(default_factory=list)

    @property
    def kind_label(self) -> str:
        return str(dict(OrganisationKind.choices)[self.kind])

    @property
    def note(self) -> str:
        """Its counts in one line; in Python because a tree has thousands of them."""
        parts = [ngettext("{n} 人", "{n} 人", self.members).format(n=self.members)]
        if self.probationary:
            parts.append(_("预备 {n}").format(n=self.probationary))
        if not self.is_branch and not self.is_group:
            parts = [
                self.kind_label,
                ngettext("{n} 个支部", "{n} 个支部", self.branches).format(n=self.branches),
                *parts,
            ]
        return " · ".join(parts)

    @property
    def is_branch(self) -> bool:
        return self.kind in BRANCH_KINDS

    @property
    def is_group(self) -> bool:
        return self.kind == OrganisationKind.PARTY_GROUP

    @property
    def depth(self) -> int:
        return len(self.path) // STEP


def tree(actor: Actor, verb: str = policies.VIEW, needle: str = "") -> list[Node]:
    """The part of the tree the actor sees, as roots with children; three queries whatever its size.

    A `needle` keeps the organisations whose name or initials hold it, and what stands above them.
    """
    rows = (
        policies.visible_organisations(actor, verb)
        .filter(closed_on=None)
        .order_by("path")
        .values_list("pk", "path", "name", "kind", "unit_type", "pinyin", "initials", named=True)
    )
    nodes: dict[str, Node] = {}
    hits: set[str] = set()
    wanted = needle.strip().lower()
    for row in rows:
        nodes[row.path] = Node(row.pk, row.path, row.name, row.kind, row.unit_type)
        if not wanted or wanted in row.name.lower() or wanted in row.initials or wanted in row.pinyin:
            hits.add(row.path)
    _count(actor, verb, nodes)
    kept = nodes if not wanted else {path: node for path, node in nodes.items() if _near(path, hits)}
    return list(_roots(kept))


def _near(path: str, hits: set[str]) -> bool:
    return any(hit.startswith(path) for hit in hits) or any(path.startswith(hit) for hit in hits)


def _count(actor: Actor, verb: str, nodes: dict[str, Node]) -> None:
    """Add up people, branches and groups from below."""
    spells = policies.in_ranges(Membership.objects.filter(until=None), actor, verb, "organisation__path")
    numbers = (
        spells.filter(stage__in=MEMBER_STAGES)
        .values_list("organisation__path", "stage")
        .annotate(n=Count("pk"))
    )
    for path, stage, number in numbers:
        for above in _line(path, nodes):
            above.members += number
            above.probationary += number if stage == Stage.PROBATIONARY_MEMBER else 0
    groups = spells.filter(stage__in=MEMBER_STAGES).exclude(party_group=None)
    for path, number in groups.values_list("party_group__path").annotate(n=Count("pk")):
        if path in nodes:
            nodes[path].members += number
    for path, node in nodes.items():
        for above in _line(path[:-STEP], nodes):
            above.branches += node.is_branch
            above.groups += node.is_group


def _line(path: str, nodes: dict[str, Node]) -> Iterator[Node]:
    while path:
        if path in nodes:
            yield nodes[path]
        path = path[:-STEP]


def _roots(nodes: dict[str, Node]) -> Iterator[Node]:
    for path, node in nodes.items():
        parent = nodes.get(path[:-STEP])
        if parent is None:
            yield node
        else:
            parent.children.append(node)


def line_of(actor: Actor, organisation: Organisation, verb: str = policies.VIEW) -> list[tuple[int, str]]:
    """(id, name) from the highest organisation the actor sees down to this one, for the breadcrumb. One query."""
    path = organisation.path
    above = [path[:end] for end in range(STEP, len(path) + 1, STEP)]
    rows = policies.visible_organisations(actor, verb).filter(path__in=above).order_by("path")
    return list(rows.values_list("pk", "name"))


def find_organisations(actor: Actor, needle: str, verb: str = policies.VIEW) -> QuerySet[Organisation, Any]:
    """Organisations by name, initials or pinyin, for the switcher; twenty at most, Party groups left out."""
    wanted = needle.strip().lower()
    rows = (
        policies.visible_organisations(actor, verb)
        .filter(closed_on=None)
        .exclude(kind=OrganisationKind.PARTY_GROUP)
    )
    if wanted:
        condition = Q(name__icontains=wanted) | Q(short_name__icontains=wanted) | Q(code__startswith=wanted)
        if wanted.isascii():
            condition |= Q(initials__contains=wanted) | Q(pinyin__contains=wanted)
        rows = rows.filter(condition)
    return rows.order_by("path").values_list("pk", "name", "kind", "parent__name", named=True)[:FOUND]


def choices_below(actor: Actor, verb: str, kinds: tuple[str, ...]) -> list[tuple[int, str]]:
    """(id, name) of the open organisations of these kinds in which the actor holds the verb, in tree order."""
    rows = policies.visible_organisations(actor, verb).filter(closed_on=None, kind__in=kinds).order_by("path")
    return list(rows.values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class OrganisationSheet:
    """Everything the page of one organisation shows."""

    stages: Counter[str]
    women: int
    mobile: int
    posts: list[Any]
    groups: list[Any]
    children: list[Any]
    term: Term | None
    terms: list[Term]
    term_state: str
    left: str
    cautions: list[Any]

    @property
    def members(self) -> int:
        return sum(self.stages[stage] for stage in MEMBER_STAGES)

    @property
    def developing(self) -> int:
        """Applicants, activists and prospects."""
        return self.stages.total() - self.members


def organisation_sheet(organisation: Organisation, today: date) -> OrganisationSheet:
    """Read the page of an organisation in a fixed number of queries. The caller has fetched it through its door."""
    low, end = subtree(organisation)
    spells = Membership.objects.filter(until=None, organisation__path__gte=low, organisation__path__lt=end)
    if organisation.kind == OrganisationKind.PARTY_GROUP:
        spells = Membership.objects.filter(until=None, party_group=organisation)
    counted = list(spells.values_list("stage", "person__sex").annotate(n=Count("pk")))
    stages: Counter[str] = Counter()
    for stage, _sex, number in counted:
        stages[stage] += number
    terms = list(Term.objects.filter(organisation=organisation).order_by("-elected_on"))
    term = next((each for each in terms if each.ended_on is None), None)
    return OrganisationSheet(
        stages=stages,
        women=sum(number for stage, sex, number in counted if sex == "2" and stage in MEMBER_STAGES),
        mobile=MobileSpell.objects.filter(until=None, person__memberships__in=spells).count(),
        posts=_posts(organisation),
        groups=_groups(organisation),
        children=_children(organisation),
        term=term,
        terms=terms,
        term_state=_term_state(term, organisation, today),
        left=days_left(term.valid_until, today) if term else "",
        cautions=[
            each
            for each in (policies.branch_is_small(stages[Stage.FULL_MEMBER], organisation, today),)
            if each is not None
        ],
    )


def _posts(organisation: Organisation) -> list[Any]:
    rows = Post.objects.filter(organisation=organisation, until=None).values_list(
        "pk", "person_id", "person__name", "kind", "duties", "since", "since_known", named=True
    )
    order = {kind: place for place, kind in enumerate(PostKind.values)}
    labels = dict(PostKind.choices)
    return [
        {
            **row._asdict(),
            "person": row.person_id,
            "name": row.person__name,
            "kind_label": labels[PostKind(row.kind)],
        }
        for row in sorted(rows, key=lambda row: (order[row.kind], row.since))
    ]


def _groups(organisation: Organisation) -> list[Any]:
    groups = Organisation.objects.filter(
        parent=organisation, kind=OrganisationKind.PARTY_GROUP, closed_on=None
    )
    sizes = dict(
        Membership.objects.filter(until=None, party_group__parent=organisation, stage__in=MEMBER_STAGES)
        .values_list("party_group")
        .annotate(n=Count("pk"))
    )
    leaders = dict(
        Post.objects.filter(
            until=None, organisation__parent=organisation, kind=PostKind.GROUP_LEADER
        ).values_list("organisation_id", "person__name")
    )
    return [
        {"pk": pk, "name": name, "members": sizes.get(pk, 0), "leader": leaders.get(pk, "")}
        for pk, name in groups.order_by("path").values_list("pk", "name")
    ]


def _children(organisation: Organisation) -> list[Any]:
    rows = Organisation.objects.filter(parent=organisation, closed_on=None).exclude(
        kind=OrganisationKind.PARTY_GROUP
    )
    return list(rows.order_by("path").values_list("pk", "name", "kind", named=True)[:500])


def _term_state(term: Term | None, organisation: Organisation, today: date) -> str:
    """`none`, `over`, `soon` (within the months in which the superior reminds), or `running`."""
    if term is None:
        return "none" if organisation.kind in BRANCH_KINDS else ""
    if term.valid_until < today:
        return "over"
    months = limit("term_reminder_months", today)
    return "soon" if months and add_months(today, months.number) >= term.valid_until else "running"
