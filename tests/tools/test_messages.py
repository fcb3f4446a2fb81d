"""Texts are gathered from templates without xgettext."""

from tools import messages
from tools.messages import faults, from_template


def test_every_way_to_translate_is_found():
    text = """{% load i18n %}{% trans "你好" %} {{ _("再见") }}
{% translate '早' context '问候' %}{% blocktranslate count n=x trimmed %}
  一个 {{ n }}
{% plural %}
  多 {{ n }}
{% endblocktranslate %}{{ x|default:_("无") }}{% include "x" with t=_("标题") %}
{# _("注释") #}{% comment %}{% trans "不算" %}{% endcomment %}"""
    assert list(from_template(text)) == [
        (1, ("你好", None)),
        (1, ("再见", None)),
        (2, ("早", "问候")),
        (2, (("一个 %(n)s", "多 %(n)s"), None)),
        (6, ("无", None)),
        (6, ("标题", None)),
    ]


def test_a_translation_keeps_the_placeholders():
    assert faults("第 %(n)s 届，{who}，50%%", "{who}: term %(n)s, 50%%") == []
    assert faults("第 %(n)s 届", "Term %(m)s")
    assert faults("第 %(n)d 届", "Term %(n)02d")
    assert faults("{who}的党龄", "{whom}")


def test_both_forms_of_a_plural_are_translated():
    assert faults(("%(n)s 人", "%(n)s 人"), ("%(n)s person", "%(n)s people")) == []
    assert faults(("%(n)s 人", "%(n)s 人"), ("%(n)s person", "people"))
    assert faults(("%(n)s 人", "%(n)s 人"), "%(n)s people")


def test_chinese_stays_only_in_quotation_marks():
    assert faults("请改为“是”或“否”。", "Write “是” or “否”.") == []
    assert faults("职务", "职务")
    assert faults("原因：", "Reason：")


def test_blanks_at_the_end_are_told():
    assert faults("（自 %(day)s 起）", " (since %(day)s)") == []
    assert faults("保存", "Save ")


def test_what_became_a_plural_is_translated_anew(monkeypatch):
    old, new = messages.new_catalogue(), messages.new_catalogue()
    old.add("%(n)s 人", "%(n)s people")
    old.add("保存", "Save")
    old.add("不再说的话", "gone")
    new.add(("%(n)s 人", "%(n)s 人"))
    new.add("保存")
    monkeypatch.setattr(messages, "gathered", lambda: new)
    monkeypatch.setattr(messages, "read_catalogue", lambda path: old)
    both = messages.joined()
    assert messages.untranslated(both) == ["%(n)s 人"]
    assert both.get("保存").string == "Save"
    assert both.get("不再说的话") is None
