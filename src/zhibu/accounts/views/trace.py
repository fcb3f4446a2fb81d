"""The record as people read it. It stands here because the room `record` lies below the tree and cannot see it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.accounts import policies, queries
from zhibu.accounts.forms import EntriesForm
from zhibu.accounts.views.entered import Entered
from zhibu.record.attachments import content_of_attachment
from zhibu.record.files import MEDIA_TYPES
from zhibu.ui.doors import door, signed_in
from zhibu.ui.listing import SIZE


@door("record.view")
def entries(request: Entered, chain: int | None = None) -> HttpResponseBase:
    """留痕：谁在何时做了什么，新的在前。"""
    chain, name = queries.chain_for(request.actor, chain)
    form = EntriesForm(request.GET, acts=queries.acts_of(chain))
    # what is wrong with one filter does not undo the others
    form.is_valid()
    wanted = form.cleaned_data
    rows = queries.entries(
        chain,
        act=wanted.get("act") or "",
        person=wanted.get("q") or "",
        since=_midnight(wanted.get("since")),
        until=_midnight(wanted.get("until"), after=True),
        before=wanted.get("before"),
    )
    page = queries.told(rows[: SIZE + 1])
    told = {
        "chain": chain,
        "name": name,
        "rows": page[:SIZE],
        "earlier": page[SIZE - 1].sequence if len(page) > SIZE else None,
        "organisations": queries.organisations_with_record(request.actor)[:500],
        "installation": policies.everywhere(request.actor, "record.view"),
        "form": form,
    }
    return render(request, "record/entries.html", told)


@door("record.verify")
def verify(request: Entered, chain: int) -> HttpResponseBase:
    """重新计算一条留痕链的每一个摘要。"""
    chain, name = queries.chain_for(request.actor, chain, "record.verify")
    told = {"result": record.verify(chain), "chain": chain, "name": name}
    told["crumbs"] = [(_("留痕"), ".."), (_("核验"), None)]
    return render(request, "record/verify.html", told)


@signed_in
def download(request: Entered, pk: int) -> HttpResponseBase:
    """下载佐证材料；谁可以看，由材料所属组织和用途决定。"""
    attachment = queries.attachment_for(request.actor, pk)
    answer = HttpResponse(content_of_attachment(attachment), content_type=MEDIA_TYPES[attachment.kind])
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=attachment.name)
    answer["X-Content-Type-Options"] = "nosniff"
    # even a browser that shows it in spite of that runs nothing in it
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _midnight(day: object, *, after: bool = False) -> datetime | None:
    """The instant a local day begins, or ends."""
    if day is None:
        return None
    begins = timezone.make_aware(datetime.combine(day, time.min))  # type: ignore[arg-type]
    return begins + timedelta(days=1) if after else begins
