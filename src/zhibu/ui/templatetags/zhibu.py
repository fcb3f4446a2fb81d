"""The pieces pages are made of. `{% load zhibu %}`; examples in the handbook of the interface."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import template
from django.forms import BoundField, CheckboxSelectMultiple, RadioSelect
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join, json_script
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from zhibu.core.refusal import Refusal
from zhibu.ui import doors, formats, navigation, rules, states
from zhibu.ui.language import pick as picked
from zhibu.ui.listing import Page
from zhibu.ui.pictures import asset, icon
from zhibu.ui.widgets import PeoplePicker

register = template.Library()
PAGING = ("page", "after", "before")

for _filter in (
    formats.day,
    formats.instant,
    formats.clock,
    formats.days_left,
    formats.points,
    formats.micro_points,
    formats.change,
    formats.fen,
    formats.quarter,
    formats.month,
    formats.masked,
    formats.share,
    formats.near,
    formats.official_day,
):
    register.filter(_filter.__name__, _filter)
register.filter("pick", picked)
register.filter("mark", states.mark_of)
register.simple_tag(states.mark, name="mark")
register.simple_tag(icon, name="icon")


def _render(name: str, **values: Any) -> SafeString:
    return render_to_string(f"ui/{name}.html", values)


# --- The page itself ----------------------------------------------------------------------------


@register.simple_tag
def assets() -> SafeString:
    """The style sheet and the script of the platform."""
    return format_html(
        '<link rel="stylesheet" href="{}"><script type="module" src="{}"></script>',
        asset("main.css"),
        asset("main.js"),
    )


@register.simple_tag
def stylesheet(name: str) -> SafeString:
    """One style sheet by itself, for pages that need no script."""
    return format_html('<link rel="stylesheet" href="{}">', asset(name))


@register.simple_tag
def asset_url(name: str) -> str:
    """The address of a built script that only some pages need."""
    return asset(name)


@register.filter
def make_list_of(count: int) -> range:
    """So many times, for a loop."""
    return range(count)


@register.simple_tag
def mine_url() -> str:
    """The address of one's own page, "" while no room offers it."""
    return navigation.address(*navigation.MINE)


@register.simple_tag
def stem(url_name: str) -> str:
    """The address of a page before the number it ends in: a list of rows asks once and appends each row's number."""
    return reverse(url_name, args=[0]).rstrip("/").removesuffix("0")


@register.simple_tag
def told(refusal: Refusal) -> rules.Told:
    """A refusal in the words of the page."""
    return rules.told(refusal)


@register.simple_tag
def form_token() -> SafeString:
    """A hidden token by which a second submission of the same form is recognised."""
    return format_html('<input type="hidden" name="{}" value="{}">', doors.SUBMISSION, uuid4().hex)


@register.simple_tag
def waiting(url: str) -> SafeString:
    """In a form whose work takes long: where its progress is shown once it is sent, asked for at `url` by its token."""
    return format_html(
        '<div class="zb-waiting" data-waiting="{}" data-of="{}" role="status" hidden></div>',
        url,
        doors.SUBMISSION,
    )


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The query of this address with some parameters changed; None or "" drops one."""
    return _query(context, changes)


def _query(context: Context, changes: Mapping[str, Any]) -> str:
    request = context.get("request")
    # a copy of the QueryDict itself copies every value deeply, and some pages ask for thirty addresses
    parameters = dict(request.GET.lists()) if request else {}
    if "page" in changes:
        # the rows beside one page are not beside another
        changes = {"after": None, "before": None, **changes}
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = [str(value)]
    parts = urlencode(parameters, doseq=True)
    return f"?{parts}" if parts else "?"


# --- Containers ---------------------------------------------------------------------------------


@register.simple_block_tag
def header(content: str, title: object, note: object = "") -> SafeString:
    """The heading of a page with its buttons; at most one of them is `btn-primary`."""
    return _render("_header", title=title, note=note, content=content)


@register.simple_block_tag
def card(
    content: str, title: object = "", note: object = "", href: str = "", *, flush: bool = False
) -> SafeString:
    """A white card; `flush` without padding, for tables and lists; `href` opens more."""
    return _render("_card", title=title, note=note, href=href, flush=flush, content=content)


@register.simple_block_tag
def callout(content: str, tone: str = "info", title: object = "") -> SafeString:
    """A notice in the page, in one of the tones info, soon, overdue, done."""
    return _render("_callout", tone=tone, title=title, content=content, sign=states.sign(tone))


@register.simple_block_tag
def tablewrap(content: str) -> SafeString:
    """Around a `zb-table`: scrolls by itself when a table is wider than its place."""
    return format_html('<div class="zb-table-wrap">{}</div>', content)


@register.simple_block_tag
def tabs(content: str) -> SafeString:
    """Around {% tab %}s: real pages, one of them open."""
    return format_html('<nav class="zb-tabs"><ul>{}</ul></nav>', content)


@register.simple_tag
def tab(url: str, label: object, *, active: bool = False, count: int | None = None) -> SafeString:
    """One tab."""
    here = mark_safe(' aria-current="page"') if active else ""
    number = "" if count is None else format_html(" <small>{}</small>", count)
    return format_html('<li><a href="{}"{}>{}{}</a></li>', url, here, label, number)


@register.simple_block_tag(takes_context=True)
def filters(
    context: Context, content: str, export: str = "", search: str = "", placeholder: object = ""
) -> SafeString:
    """Above a list: chips, a search box when `search` names its parameter, the export button at the end."""
    request = context.get("request")
    value = request.GET.get(search, "") if request and search else ""
    kept = [(k, v) for k, v in request.GET.items() if k not in (search, *PAGING)] if request else []
    export_url = export + _query(context, {"page": None}).removesuffix("?") if export else ""
    values = {"search": search, "placeholder": placeholder, "value": value, "kept": kept}
    return _render("_filters", content=content, export=export_url, **values)


@register.simple_tag(takes_context=True)
def chip(context: Context, name: str, value: object, label: object, count: int | None = None) -> SafeString:
    """A filter as a link: sets `?name=value`, keeps the other parameters, goes back to the first page."""
    request = context.get("request")
    active = request is not None and request.GET.get(name, "") == str(value)
    number = "" if count is None else format_html(" <small>{}</small>", count)
    here = mark_safe(' aria-current="true"') if active else ""
    url = _query(context, {name: value, "page": None})
    return format_html('<a class="zb-chip" href="{}"{}>{}{}</a>', url, here, label, number)


@register.simple_tag(takes_context=True)
def sort_head(context: Context, name: str, label: object, *, num: bool = False) -> SafeString:
    """A table head that sorts by a column: up, then down."""
    request = context.get("request")
    now = request.GET.get("sort", "") if request else ""
    direction = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    url = _query(context, {"sort": f"-{name}" if now == name else name, "page": None})
    state = format_html(' aria-sort="{}"', direction) if direction else ""
    sign = {"ascending": "↑", "descending": "↓"}.get(direction, "↕")
    number = mark_safe(' class="zb-num"') if num else ""
    text = '<th scope="col"{}{}><a class="zb-sort" href="{}">{}<span aria-hidden="true">{}</span></a></th>'
    return format_html(text, number, state, url, label, sign)


@register.simple_tag(takes_context=True)
def pages(context: Context, page: Page) -> SafeString:
    """Where one is in a list, the way on and back by the rows at its edges, and a box to jump."""
    number, request = page.number, context.get("request")
    back = {"page": number - 1, "before": page.begins} if number > 2 else {"page": None}
    before = _query(context, back)
    after = _query(context, {"page": number + 1, "after": page.ends})
    kept = [(k, v) for k, v in request.GET.items() if k not in PAGING] if request else []
    return _render("_pages", page=page, before=before, after=after, kept=kept)


# --- Small pieces -------------------------------------------------------------------------------


@register.simple_tag
def stat(word: object, value: object, of_word: object = "", of: object = None) -> SafeString:
    """A number with its denominator: 实到 18 / 应到 23."""
    whole = format_html(' <span class="zb-of">/ {} <b>{}</b></span>', of_word, of) if of is not None else ""
    return format_html('<span class="zb-stat">{} <b>{}</b>{}</span>', word, value, whole)


@register.simple_tag
def number(
    label: object, value: object, of: object = None, unit: object = "", note: object = "", href: str = ""
) -> SafeString:
    """One figure to be read from afar, with what it counts and out of how many."""
    return _render("_number", label=label, value=value, of=of, unit=unit, note=note, href=href)


@register.simple_tag
def progress(part: int | None, whole: int | None, label: object = "", tone: str = "") -> SafeString:
    """A bar beside its figures; the figures alone would do."""
    part, whole = part or 0, whole or 0
    text = '<span class="zb-progress">{}<progress max="{}" value="{}" class="{}"></progress>{}</span>'
    words = format_html("<span>{}</span>", label) if label else ""
    return format_html(text, words, max(whole, 1), min(part, whole), tone, stat("", part, "", whole))


@register.simple_tag
def empty(title: object, text: object = "", url: str = "", action: object = "") -> SafeString:
    """Why there is nothing here, and the first step."""
    return _render("_empty", title=title, text=text, url=url, action=action)


@register.simple_tag
def steps(labels: list[Any], current: int = 1) -> SafeString:
    """The steps of a wizard, the present one marked; `current` counts from one."""
    rows = [
        (index, label, "done" if index < current else "now" if index == current else "later")
        for index, label in enumerate(labels, 1)
    ]
    return _render("_steps", rows=rows)


@register.simple_tag
def stations(items: list[Mapping[str, Any]]) -> SafeString:
    """The line of a case: filled = done, ring = now, dashed = later. Items: label, state, note."""
    return _render("_stations", items=items)


@register.simple_tag
def timeline(items: list[Mapping[str, Any]]) -> SafeString:
    """What happened, newest first. Items: day, title, text, by, tone."""
    return _render("_timeline", items=items)


@register.simple_tag
def people_line(names: list[str], limit: int = 5) -> str:
    """张三、李四等 23 人."""
    return formats.people(names, limit)


@register.simple_tag
def rule(source: object, *articles: object) -> SafeString:
    """The rule a line rests on, small, its full name on hover or tap; several articles of it stand under one word."""
    return rule_all([(source, article) for article in articles or ("",)])


@register.simple_tag
def rules_of(sources: Iterable[Any]) -> SafeString:
    """All sources of a norm under one word."""
    return rule_all([(each.document, each.article) for each in sources])


@register.simple_tag
def rule_all(sources: Iterable[tuple[object, object]]) -> SafeString:
    """The rules a line rests on under one word, each (document, article) on a line of its own."""
    lines = [rules.named(str(source), str(article)) for source, article in sources if source]
    named = "\n".join(text for text, _verified in lines)
    return _render("_rule", lines=lines, named=named) if lines else SafeString()


# --- Forms --------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField, hint: object = "", label: object = "") -> SafeString:
    """A field: label above, help below it, error at it. `hint` says where a prefilled value is from."""
    widget = bound.field.widget
    kind = _kind(widget)
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    classes = (_CLASSES.get(kind, "form-control"), widget.attrs.get("class", ""))
    attrs: dict[str, Any] = {"class": " ".join(filter(None, classes))}
    if kind == "textarea":
        # a browser cuts what is pasted there and says nothing; the form answers how much too long it is
        widget.attrs.pop("maxlength", None)
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    values = {"bound": bound, "widget": bound.as_widget(attrs=attrs), "kind": kind, "hint": hint}
    values |= {"label": label or bound.label, "unit": getattr(bound.field, "unit", "")}
    # label=" ": a legend above already says it to those who see
    values["nameless"] = not str(values["label"]).strip()
    # a picker is one box to type in; ticked rows are a group and have a legend
    values["for"] = bound.auto_id if kind == "people" else bound.id_for_label
    return _render("_field", grouped=kind == "choices", **values)


def _kind(widget: Any) -> str:
    if isinstance(widget, PeoplePicker):
        return "people"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return getattr(widget, "input_type", "") or type(widget).__name__.lower()


_CLASSES = {"select": "form-select", "checkbox": "form-check-input", "choices": "", "people": ""}


@register.simple_tag
def error_summary(form: Any) -> SafeString:
    """All errors of a form at its top, each a link to its field."""
    if not form.is_bound or not form.errors:
        return SafeString("")
    rows = [
        (form[name], message) for name in form.fields if name in form.errors for message in form.errors[name]
    ]
    return _render("_errors", rows=rows, general=form.non_field_errors())


@register.simple_tag
def fields(form: Any) -> SafeString:
    """A whole form: its errors summed up, then every field."""
    hidden = format_html_join("", "{}", ((bound,) for bound in form.hidden_fields()))
    shown = format_html_join("", "{}", ((field(bound),) for bound in form.visible_fields()))
    return format_html("{}{}{}", error_summary(form), hidden, shown)


@register.simple_block_tag
def fieldset(content: str, legend: object, help: object = "") -> SafeString:  # noqa: A002 - the word writers expect
    """Fields that belong together, under one legend."""
    note = format_html('<p class="zb-help">{}</p>', help) if help else ""
    return format_html(
        '<fieldset class="zb-fieldset"><legend>{}</legend>{}{}</fieldset>', legend, note, content
    )


@register.simple_block_tag
def actions(content: str) -> SafeString:
    """The buttons at the end of a form; they stay in sight on a phone."""
    return format_html('<div class="zb-actions">{}</div>', content)


# --- Charts -------------------------------------------------------------------------------------


@register.simple_block_tag
def chart(content: str, kind: str, data: Any, label: object, *, tall: bool = False) -> SafeString:
    """A picture of kind heatmap, trend, distribution or bars, with the same as a table behind it."""
    key = f"chart-{uuid4().hex[:8]}"
    values = {"kind": kind, "data": json_script(data, key), "label": label, "tall": tall, "id": key}
    return _render("_chart", content=content, **values)
