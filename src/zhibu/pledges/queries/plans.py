"""The plans of a branch: one picture for each title (a floor, a site, a section); the last one given by a title holds."""

from __future__ import annotations

from datetime import date

from django.http import Http404

from zhibu.core.authority import Actor, ranges
from zhibu.life.models import DocumentKind, FiledDocument
from zhibu.pledges import policies
from zhibu.record.models import Attachment
from zhibu.register.models import Organisation
from zhibu.ui.doors import within

PLANS, MOST_PLANS = "zb_organisation", 12


def title_of(plan: Attachment) -> str:
    """What a plan is called: its name without the ending."""
    return plan.name.rpartition(".")[0] or plan.name


def plans_of(branch: Organisation) -> list[Attachment]:
    """The plans that hold, in the order in which their titles were first given. One put away is no more among them."""
    rows = Attachment.objects.filter(
        subject_table=PLANS, subject_id=branch.pk, organisation_id=branch.pk, read_verb=policies.VIEW
    )
    # a later picture of the same title takes its place
    return list({title_of(row): row for row in rows.order_by("id")}.values())


def plan_for(actor: Actor, pk: int, verb: str = policies.VIEW) -> tuple[Organisation, Attachment]:
    """A plan that holds, with its branch, within reach; or 404."""
    row = Attachment.objects.filter(pk=pk, subject_table=PLANS, read_verb=policies.VIEW).first()
    if row is not None:
        branch = (
            within(Organisation.objects.all(), ranges(actor, verb), "path").filter(pk=row.subject_id).first()
        )
        if branch is not None and row in plans_of(branch):
            return branch, row
    raise Http404(pk)


def map_filed(branch: Organisation, today: date) -> bool:
    """Whether a map of zones is filed for this year: the paper the standard on zones looks for."""
    rows = FiledDocument.objects.filter(organisation=branch, kind=DocumentKind.ZONE_MAP)
    return rows.filter(
        covers_on__gte=date(today.year, 1, 1), covers_on__lte=date(today.year, 12, 31)
    ).exists()
