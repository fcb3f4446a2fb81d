"""A paper on file."""

from __future__ import annotations

from django.http import Http404

from zhibu.core.authority import Actor, may
from zhibu.procedures.models import CasePaper
from zhibu.procedures.queries.cases import case_for
from zhibu.record.models import Attachment


def paper_for(actor: Actor, pk: int) -> Attachment:
    """The file of a paper, or 404: whoever sees the case, and holds the verb the paper asks for."""
    row = CasePaper.objects.filter(pk=pk).select_related("attachment", "case__organisation").first()
    if row is None or row.attachment is None:
        raise Http404(pk)
    case = case_for(actor, row.case_id)
    verb = row.attachment.read_verb
    above = may(actor, "procedures.reply", case.organisation.path)
    if not above and not may(actor, verb, case.organisation.path):
        raise Http404(pk)
    return row.attachment
