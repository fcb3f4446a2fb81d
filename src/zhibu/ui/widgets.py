"""Widgets that need more than the browser gives."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from zhibu.ui import pinyin


class PeoplePicker(forms.CheckboxSelectMultiple):
    """A list of people to tick; with JavaScript, a box to type a name or pinyin initials in.

    Without JavaScript it stays the list, so nothing depends on it.
    """

    invert = False
    single = False
    people: Sequence[Sequence[Any]] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if self.single:
            return data.get(name)
        return super().value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        picked = {str(each) for each in (value if isinstance(value, list | tuple | set) else [value])}
        final = self.build_attrs(self.attrs, attrs)
        options = [
            {
                "id": person[0],
                "name": person[1],
                "note": person[2] if len(person) > 2 else "",
                "keys": person[3] if len(person) > 3 else pinyin.keys(str(person[1])),
                "picked": str(person[0]) in picked,
            }
            for person in self.people
        ]
        context = {
            "name": name,
            "id": final.get("id", f"id_{name}"),
            "described": final.get("aria-describedby", ""),
            "invalid": final.get("aria-invalid", ""),
            "options": options,
            "invert": self.invert,
            "single": self.single,
            "count": len(options),
        }
        return render_to_string("ui/widgets/people.html", context)
