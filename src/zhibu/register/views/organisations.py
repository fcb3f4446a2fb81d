"""Acts on the tree."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.register import actions, forms, policies, queries
from zhibu.register.models import BRANCH_KINDS, COMMITTEE_POSTS, Organisation
from zhibu.register.views.pages import act_page, page_of
from zhibu.ui import clock
from zhibu.ui.asked import number
from zhibu.ui.doors import door

ABOVE = ("primary_committee", "general_branch")


@door("register.create_organisation", once=True)
def first_organisation(request: HttpRequest) -> HttpResponse:
    """The first organisation of an empty installation."""
    form = forms.FirstOrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = actions.found_first_committee(
            request.actor, today=clock.today(request), now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已建立“%(name)s”，下一步导入党员名册。") % {"name": found[0].name})
        if found[1] is not None and not form.cleaned_data["mine"]:
            messages.info(request, _("%(who)s还没有账号，请在“账号”里设立。") % {"who": found[1].name})
        return redirect("register:import_roster")
    return act_page(
        request, form, title=_("建立第一个党组织"), button=_("建立"), back="/",
        note=_("先建最上面的一个，下面的党支部导入名册时自动建立，以后都可以修改。"),
    )  # fmt: skip


@door("register.create_organisation", once=True)
def create_organisation(request: HttpRequest) -> HttpResponse:
    """A new organisation below the one named by `?parent=`."""
    parent = _parent(request)
    form = forms.OrganisationForm(request.POST or None, kinds=policies.BELOW[parent.kind])
    if request.method == "POST" and form.is_valid():
        created = actions.create_organisation(
            request.actor, parent=parent, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已建立“%(name)s”") % {"name": created.name})
        return redirect(page_of(created))
    title = _("在“%(name)s”下新建") % {"name": parent.name}
    return act_page(request, form, title=title, button=_("建立"), back=page_of(parent), organisation=parent)


def _parent(request: HttpRequest) -> Organisation:
    wanted = number(request, "parent")
    verb = "register.create_organisation"
    if wanted is not None:
        return queries.organisation_for(request.actor, wanted, verb)
    first = policies.visible_organisations(request.actor, verb).filter(closed_on=None, kind__in=ABOVE).first()
    if first is None:
        raise Http404
    return first


@door("register.edit_organisation", once=True)
def edit_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = queries.organisation_for(request.actor, pk, "register.edit_organisation")
    kinds = policies.BELOW[organisation.parent.kind] if organisation.parent else {*ABOVE, *BRANCH_KINDS}
    form = forms.EditOrganisationForm(
        request.POST or None, kinds=kinds, initial=forms.EditOrganisationForm.initial_of(organisation)
    )
    if request.method == "POST" and form.is_valid():
        actions.edit_organisation(
            request.actor, organisation=organisation, version=form.cleaned_data["version"], changes=form.changes,
            today=clock.today(request), now=clock.now(request),
        )  # fmt: skip
        messages.success(request, _("已保存"))
        return redirect(page_of(organisation))
    return act_page(
        request, form, title=_("修改"), button=_("保存"), back=page_of(organisation), organisation=organisation,
        note=_("改名从今天起生效，原名称保留在历史中。"),
    )  # fmt: skip


@door("register.move_organisation", once=True)
def move_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    verb = "register.move_organisation"
    organisation = queries.organisation_for(request.actor, pk, verb)
    kinds = tuple(kind for kind in policies.BELOW if organisation.kind in policies.BELOW[kind])
    form = forms.MoveForm(request.POST or None, parents=queries.choices_below(request.actor, verb, kinds))
    if request.method == "POST" and form.is_valid():
        parent = queries.organisation_for(request.actor, form.cleaned_data["parent"], verb)
        actions.move_organisation(
            request.actor, organisation=organisation, parent=parent, reason=form.cleaned_data["reason"],
            today=clock.today(request), now=clock.now(request),
        )  # fmt: skip
        messages.success(request, _("已移到“%(name)s”下") % {"name": parent.name})
        return redirect(page_of(organisation))
    return act_page(
        request,
        form,
        title=_("调整隶属"),
        button=_("移动"),
        back=page_of(organisation),
        organisation=organisation,
    )


@door("register.close_organisation", once=True)
def close_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = queries.organisation_for(request.actor, pk, "register.close_organisation")
    today = clock.today(request)
    form = forms.today_in(forms.CloseForm(request.POST or None), today, "closed_on")
    if request.method == "POST" and form.is_valid():
        actions.close_organisation(
            request.actor, organisation=organisation, today=today, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已撤销“%(name)s”") % {"name": organisation.name})
        return redirect("register:tree")
    return act_page(
        request, form, title=_("撤销组织"), button=_("撤销组织"), back=page_of(organisation), organisation=organisation,
        danger=True, note=_("它的记录全部保留，党员须先转到其他党支部。"),
    )  # fmt: skip


@door("register.record_term", once=True)
def record_term(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = queries.organisation_for(request.actor, pk, "register.record_term")
    today = clock.today(request)
    form = forms.TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        term = actions.record_term(
            request.actor, organisation=organisation, today=today, now=clock.now(request), **form.cleaned_data
        )
        messages.success(
            request, _("已登记第 %(n)s 届，任期至 %(day)s") % {"n": term.number, "day": term.valid_until}
        )
        return redirect(page_of(organisation))
    return act_page(
        request, form, title=_("登记换届"), button=_("登记"), back=page_of(organisation), organisation=organisation,
        note=_("任期按规定计算，上一届同日结束。"),
    )  # fmt: skip


def _posts_of(organisation: Organisation) -> tuple[str, ...]:
    if organisation.is_group:
        return ("group_leader",)
    return (
        (*COMMITTEE_POSTS, "dues_collector")
        if organisation.is_branch
        else ("committee_secretary", "committee_officer", *COMMITTEE_POSTS)
    )


@door("register.appoint", once=True)
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = queries.organisation_for(request.actor, pk, "register.appoint")
    today = clock.today(request)
    form = forms.AppointForm(
        request.POST or None, people=queries.eligible_for(organisation), kinds=_posts_of(organisation),
        initial={"since": today, "kind": request.GET.get("kind", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        values = {
            **form.cleaned_data,
            "person": queries.person_for(request.actor, form.cleaned_data["person"]),
        }
        actions.appoint(
            request.actor, organisation=organisation, today=today, now=clock.now(request), **values
        )
        messages.success(request, _("已登记任职"))
        return redirect(page_of(organisation))
    return act_page(
        request,
        form,
        title=_("任职"),
        button=_("登记任职"),
        back=page_of(organisation),
        organisation=organisation,
    )


@door("register.dismiss", once=True)
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    post = queries.post_for(request.actor, pk, "register.dismiss")
    today = clock.today(request)
    form = forms.today_in(forms.DismissForm(request.POST or None), today, "until")
    if request.method == "POST" and form.is_valid():
        actions.dismiss(request.actor, post=post, today=today, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已登记免职"))
        return HttpResponseRedirect(reverse("register:organisation", args=[post.organisation_id]))
    title = _("%(name)s 免去%(post)s") % {"name": post.person.name, "post": post.get_kind_display()}
    return act_page(
        request, form, title=title, button=_("登记免职"), back=page_of(post.organisation),
        organisation=post.organisation, danger=True,
    )  # fmt: skip
