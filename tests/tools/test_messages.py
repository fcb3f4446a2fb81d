"""Texts are gathered from templates without xgettext."""

from tools.messages import from_template


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
