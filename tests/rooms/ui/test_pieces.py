"""The pieces pages are made of, as they come out."""

import re
from typing import Any

import pytest
from django import forms
from django.core.cache import caches
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from tests.rooms.ui.conftest import EVERYTHING, LI, ZHAO, signed_in
from zhibu.core.refusal import Refusal
from zhibu.ui import fields, navigation, rules
from zhibu.ui.listing import Page

EVIL = "<script>alert(1)</script>"


def made(source: str, query: str = "", **context: Any) -> str:
    request = RequestFactory().get(f"/list/?{query}")
    page = Template("{% load i18n zhibu %}" + source).render(Context({"request": request, **context}))
    return re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>", "", page)).strip()


def test_marks_are_words_with_a_sign() -> None:
    assert (
        made('{% mark "逾期 3 天" "overdue" %}') == '<span class="zb-mark zb-mark-overdue">逾期 3 天</span>'
    )
    assert made('{{ "closed"|mark }}') == '<span class="zb-mark zb-mark-done">已关闭</span>'
    assert made("{{ state|mark }}", state=EVIL) == (
        '<span class="zb-mark zb-mark-idle">&lt;script&gt;alert(1)&lt;/script&gt;</span>'
    )
    page = Template("{% load zhibu %}{% mark 'x' 'done' %}").render(Context())
    assert "icons.svg#icon-circle-check" in page


def test_every_sign_is_among_the_icons() -> None:
    from pathlib import Path

    import zhibu.ui
    from zhibu.ui.states import SIGNS, STATES

    root = Path(zhibu.ui.__file__).parent
    names = set((root / "frontend" / "icons.txt").read_text().split())
    used = set(SIGNS.values()) | {way.icon for way in navigation.WAYS}
    used |= {icon for _word, icon in navigation.AREAS.values()}
    for template in root.parent.rglob("*.html"):
        used |= set(re.findall(r'\{% icon "([^"]+)" %\}', template.read_text()))
    assert used - names == set()
    assert {tone for _word, tone in STATES.values()} - set(SIGNS) == set()


def test_figures_carry_their_denominators() -> None:
    assert made('{% stat "实到" 18 "应到" 23 %}') == (
        '<span class="zb-stat">实到 <b>18</b> <span class="zb-of">/ 应到 <b>23</b></span></span>'
    )
    assert '<progress max="1" value="0"' in made("{% progress 0 0 %}")
    assert '<progress max="23" value="18"' in made("{% progress 18 23 %}")


def test_a_chip_keeps_the_other_filters_and_drops_the_page() -> None:
    page = made('{% chip "state" "open" "未关闭" count=3 %}', "kind=general&page=4&state=late")
    assert page == '<a class="zb-chip" href="?kind=general&amp;state=open">未关闭 <small>3</small></a>'
    active = made('{% chip "state" "" "全部" %}')
    assert active == '<a class="zb-chip" href="?" aria-current="true">全部</a>'


def test_heads_sort_up_then_down() -> None:
    def head(query: str) -> tuple[str | None, str | None]:
        page = made('{% sort_head "day" "时间" %}', query)
        found = re.search(r'aria-sort="(\w+)"', page)
        link = re.search(r'href="([^"]*)"', page)
        return (found and found[1]), (link and link[1])

    assert [head(""), head("sort=day"), head("sort=-day&page=2")] == [
        (None, "?sort=day"), ("ascending", "?sort=-day"), ("descending", "?sort=day"),
    ]  # fmt: skip


def test_pages_name_what_is_shown() -> None:
    first = made("{% pages page %}", "state=open", page=Page(range(50), 1, 50, True))
    assert "第 1–50 条" in first
    assert 'href="?state=open&amp;page=2"' in first
    assert "上一页" not in first
    last = made("{% pages page %}", page=Page(range(6), 2, 50, False, total=56))
    assert "第 51–56 条，共 56 条" in last
    assert 'rel="prev" href="?"' in last
    assert made("{% pages page %}", page=Page([], 1, 50, False)) == ""


def test_containers_escape_what_they_are_given() -> None:
    page = made(
        "{% card title %}{{ text }}{% endcard %}{% header title %}{% endheader %}", title=EVIL, text=EVIL
    )
    assert EVIL not in page
    assert "zb-header-do" not in page


def test_a_chart_hands_over_its_data_safely() -> None:
    page = made('{% chart "bars" data "年龄" %}<table></table>{% endchart %}', data={"labels": [EVIL]})
    assert EVIL not in page
    assert 'type="application/json"' in page
    assert "<table></table>" in page


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="全名", required=False)
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲")], widget=forms.RadioSelect)
    people = fields.People(label="缺席", people=[(1, EVIL, "书记")], invert=True, required=False)
    sure = forms.BooleanField(label="确认")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_has_its_label_help_and_hint() -> None:
    page = made('{% field form.name hint="沿用上次" %}', form=Sample(initial={"name": "李卫国"}))
    for told in ('for="id_name"', "选填", "沿用上次", 'id="id_name_help"', 'aria-describedby="id_name_help"', 'value="李卫国"'):  # fmt: skip
        assert told in page
    assert "aria-invalid" not in page


def test_errors_are_at_the_field_and_at_the_top() -> None:
    page = made("{% fields form %}", form=Sample({"kind": "z"}))
    assert page.count('role="alert"') == 1
    assert '<a href="#id_kind_field">类型</a>' in page
    assert '<a href="#id_sure_field">确认</a>' in page
    assert page.count("zb-wrong") == 2
    assert made("{% error_summary form %}", form=Sample()) == ""


def test_a_picker_is_a_list_to_tick_without_javascript() -> None:
    page = made("{% field form.people %}", form=Sample({"people": ["1"]}))
    assert "全部到会，除了" in page
    assert re.search(r'<input type="checkbox" name="people" value="1" [^>]*checked>', page)
    assert EVIL not in page


def test_tokens_differ() -> None:
    tokens = {made("{% form_token %}") for _ in range(3)}
    assert len(tokens) == 3


REFUSAL = Refusal("x", "不能表决。", source="branch-regulations-2018", article="11", remedy="改日再开。")


def test_a_rule_is_named_in_full_where_its_title_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    monkeypatch.setattr(rules, "document", None)
    assert rules.named("branch-regulations-2018", "11") == ("branch-regulations-2018 11", True)
    titles = {
        "branch-regulations-2018": rules.Document("中国共产党支部工作条例（试行）", date(2018, 10, 28), False)
    }
    monkeypatch.setattr(rules, "document", lambda document, article: titles.get(document))
    named = "《中国共产党支部工作条例（试行）》第11条（2018-10-28 起施行）"
    assert rules.named("branch-regulations-2018", "11") == (named, False)
    page = made('{% include "ui/_refusal.html" %}', refusals=[REFUSAL])
    for told in (named, "尚未与正式文本核对", "不能表决。", "改日再开。"):
        assert told in page


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        (None, []),
        (ZHAO, ["工作台", "会议"]),
        (LI, ["工作台", "组织", "党员", "会议"]),
        (EVERYTHING, ["工作台", "组织", "党员", "会议", "党费", "公示", "考核", "标准", "留痕"]),
    ],
)
def test_everyone_sees_the_doors_the_mandates_open(actor: Any, words: list[str]) -> None:
    assert [str(door.word) for door in navigation.doors_for(actor)] == words
    assert len(words) <= 9


def test_more_doors_than_fit_stand_behind_those_of_their_areas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "AT_MOST", 5)
    side = navigation.doors_for(EVERYTHING, "assessment:standards")
    assert [str(door.word) for door in side] == ["工作台", "组织", "党员", "会议", "党费", "公示", "考核"]
    assert [[(str(each.word), each.here) for each in door.inner] for door in side if door.inner] == [
        [("考核", False), ("标准", True)]
    ]
    assert [str(door.word) for door in navigation.menu_for(EVERYTHING) if door.named] == ["留痕"]
    assert [door.named for door in navigation.menu_for(LI)] == [False] * 4


def test_every_area_has_a_word() -> None:
    areas = {way.area for way in navigation.WAYS} - {"", navigation.BEHIND_NAME}
    assert areas <= set(navigation.AREAS)


def test_a_phone_has_four() -> None:
    assert [str(door.word) for door in navigation.phone_doors_for(EVERYTHING)] == [
        "工作台",
        "会议",
        "考核",
        "我的",
    ]


def test_a_room_that_has_no_address_yet_has_no_door(settings: Any) -> None:
    settings.ROOT_URLCONF = "django.conf.urls.i18n"
    assert navigation.doors_for(EVERYTHING) == []


def test_the_page_says_where_one_is(everything: Client) -> None:
    page = everything.get("/sessions/").content.decode()
    assert re.findall(r'href="([^"]+)" aria-current="page"', page) == ["/sessions/", "/sessions/"]


def test_a_frame_written_once_is_what_it_would_be_written_anew(client: Client, settings: Any) -> None:
    def look(who: str, page: str, language: str) -> str:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        told = signed_in(client, who).get(page).content.decode()
        return re.sub(r'"[A-Za-z0-9]{64}"|chart-[0-9a-f]{8}', "", told)

    looks = [
        (who, page, language)
        for who in ("li", "all")
        for page in ("/", "/sessions/")
        for language in ("zh-hans", "en")
    ]
    kept = caches["template_fragments"]
    anew = [look(*each) for each in looks if not kept.clear()]
    kept.clear()
    assert [look(*each) for each in looks + looks] == anew + anew
    # side, find, menu, account and bottom of each: nothing was shared that differs, and what is the same was
    assert (len(set(anew)), len(kept._cache)) == (len(looks), 5 * len(looks))


def test_a_page_in_the_side_panel_has_no_frame(li: Client) -> None:
    answer = li.get("/session/7/", headers={"hx-request": "true", "hx-target": "zb-panel-body"})
    page = answer.content.decode()
    assert ("<html" in page, "zb-side" in page, "第三季度支部党员大会" in page) == (False, False, True)


def test_a_page_keeps_to_its_policy(everything: Client) -> None:
    """Nothing inline, nothing from elsewhere: a strict policy would drop it silently."""
    for path in ("/", "/sessions/", "/form/", "/heat/?rows=3", "/board/"):
        page = everything.get(path).content.decode()
        assert re.findall(r'\sstyle="|\son\w+="|<style|https?://', page) == [], path
        scripts = re.findall(r"<script([^>]*)>", page)
        assert all("src=" in script or "application/json" in script for script in scripts), path


def test_at_most_one_primary_action_on_a_page(everything: Client) -> None:
    for path in ("/", "/sessions/", "/sessions/?rows=1", "/form/", "/board/"):
        assert everything.get(path).content.decode().count("btn-primary") <= 1, path


def test_english_pages_say_so(client: Client) -> None:
    signed_in(client, "all").cookies["django_language"] = "en"
    with translation.override("en"):
        page = client.get("/sessions/").content.decode()
    assert '<html lang="en">' in page


def test_what_django_says_of_a_field_is_said_to_people() -> None:
    """Its own Chinese speaks of variables, values and fields."""

    class Asked(forms.Form):
        none = forms.CharField()
        long = forms.CharField(max_length=3)
        day = forms.DateField()
        hour = forms.TimeField()
        choice = forms.ChoiceField(choices=[("a", "A")])
        number = forms.IntegerField(max_value=3)
        whole = forms.IntegerField()
        file = forms.FileField()

    typed = {"long": "12345", "day": "x", "hour": "x", "choice": "b", "number": "7", "whole": "x"}
    with translation.override("zh-hans"):
        said = {name: list(map(str, errors)) for name, errors in Asked(typed).errors.items()}
    assert said == {
        "none": ["还没有填。"],
        "long": ["最多 3 个字，现在是 5 个，请缩短。"],
        "day": ["不是日期，请按 2026-07-03 的格式填写。"],
        "hour": ["不是时间，请按 16:00 的格式填写。"],
        "choice": ["“b”不能选，请重新选择。"],
        "number": ["不能大于 3。"],
        "whole": ["请填整数。"],
        "file": ["还没有填。"],
    }


def test_a_long_text_is_refused_in_words_and_not_cut_in_silence() -> None:
    class Asked(forms.Form):
        text = forms.CharField(max_length=3, widget=forms.Textarea)
        title = forms.CharField(max_length=3)

    shown = made("{% field form.text %}{% field form.title %}", form=Asked())
    assert re.findall(r"<(textarea|input)[^>]*maxlength", shown) == ["input"]
    assert Asked({"text": "12345", "title": "1"}).errors == {"text": ["最多 3 个字，现在是 5 个，请缩短。"]}
