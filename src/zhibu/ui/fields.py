"""Form fields for what this platform's forms ask: days, times, money, points, people, files."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.ui import formats, reading
from zhibu.ui.widgets import PeoplePicker

Named = Sequence[Any]
"""(id, name), (id, name, note) or (id, name, note, search keys)."""


class _Read(forms.Field):
    """A field whose text is read by a function that says how to write it better."""

    read: Callable[[str], Any]

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return type(self).read(value)
        except reading.Unreadable as error:
            raise ValidationError(str(error), code="unreadable") from error


EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Days that nobody means, and a slip of the hand, lie outside; one day more or less can still be reckoned."""


class Day(_Read):
    """A day; `earliest` and `latest` are allowed days, inclusive."""

    read = staticmethod(reading.parse_day)

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest or EARLIEST, latest or LATEST
        for name, limit in (("min", earliest), ("max", latest)):
            if limit:
                self.widget.attrs[name] = limit.isoformat()

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value < self.earliest:
            raise ValidationError(_("不能早于 %(day)s。") % {"day": self.earliest.isoformat()}, code="early")
        if value and value > self.latest:
            raise ValidationError(_("不能晚于 %(day)s。") % {"day": self.latest.isoformat()}, code="late")


class Month(_Read):
    """A month, as (year, month)."""

    read = staticmethod(reading.parse_month)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "month"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value[0]}-{value[1]:02d}" if isinstance(value, tuple) else value


class TimeOfDay(_Read):
    """A time of day, to the minute."""

    read = staticmethod(reading.parse_time)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H:%M") if isinstance(value, time) else value


class _Hundredths(_Read):
    read = staticmethod(reading.parse_hundredths)

    def __init__(self, *, minimum: int = 0, maximum: int | None = None, unit: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "zb-short"}))
        super().__init__(**kwargs)
        self.minimum, self.maximum, self.unit = minimum, maximum, unit

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self.minimum:
            raise ValidationError(_("不能小于 %(n)s。") % {"n": formats.points(self.minimum)}, code="small")
        if self.maximum is not None and value > self.maximum:
            raise ValidationError(_("不能大于 %(n)s。") % {"n": formats.points(self.maximum)}, code="large")

    def prepare_value(self, value: Any) -> Any:
        return formats.points(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class Points(_Hundredths):
    """Points, typed as 72.5 and kept in hundredths. Limits are in hundredths too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(unit=gettext_lazy("分"), **kwargs)


class Fen(_Hundredths):
    """Money, typed in yuan and kept in fen. Limits are in fen too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(unit=gettext_lazy("元"), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 100:.2f}" if isinstance(value, int) else value


class _OfPeople(forms.ChoiceField):
    """What People and Person share: the people, given when declared or in the form's __init__."""

    widget: Any = PeoplePicker
    _people: Sequence[Named] = ()

    @property
    def people(self) -> Sequence[Named]:
        return self._people

    @people.setter
    def people(self, people: Iterable[Named]) -> None:
        self._people = list(people)
        self.choices = [(person[0], person[1]) for person in self._people]
        self.widget.people = self._people

    def __deepcopy__(self, memo: Any) -> Any:
        copied = super().__deepcopy__(memo)
        copied.people = self._people
        return copied


class People(_OfPeople, forms.TypedMultipleChoiceField):
    """Some of the given people, as a list of ids, picked by name or pinyin.

    `invert` words it as 全部到会，除了 …; the cleaned value is still the people picked.
    """

    def __init__(self, *, people: Iterable[Named] = (), invert: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("coerce", int)
        super().__init__(**kwargs)
        self.widget.invert = invert
        self.people = people


class Person(_OfPeople, forms.TypedChoiceField):
    """One of the given people, as an id; None when nobody is picked."""

    def __init__(self, *, people: Iterable[Named] = (), **kwargs: Any) -> None:
        kwargs.setdefault("coerce", int)
        kwargs.setdefault("empty_value", None)
        super().__init__(**kwargs)
        self.widget.single = True
        self.people = people


class LongText(forms.CharField):
    """Several lines of text; the box grows with them."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "data-grow": ""}))
        super().__init__(**kwargs)


lighter: Callable[[bytes, int | None], bytes] | None = None
"""Makes an uploaded picture as small as it is looked at, given the longer side; put in by the room `project`.

Asked while the form is read: an act holds the database, and decoding a photograph takes half a second.
"""

PICTURES = frozenset({"png", "jpg", "jpeg"})


class Upload(forms.FileField):
    """A file of one of some kinds (endings without the dot), up to a size in bytes; of a picture the longer side.

    The ending is only a courtesy to the person; what the file really is, the room `record` examines.
    """

    def __init__(
        self,
        *,
        kinds: Sequence[str] = (),
        max_bytes: int | None = None,
        longest: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        # one kind with two endings
        also = ("jpg",) if "jpeg" in kinds and "jpg" not in kinds else ()
        kinds = (*kinds, *also)
        self.kinds, self.max_bytes, self.longest = kinds, max_bytes, longest
        if kinds:
            self.widget.attrs["accept"] = ",".join(f".{kind}" for kind in kinds)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            ending = (file.name or "").rpartition(".")[2].lower()
            if self.kinds and ending not in self.kinds:
                allowed = _("、").join(self.kinds)
                raise ValidationError(_("只能上传 %(kinds)s 文件。") % {"kinds": allowed}, code="kind")
            if self.max_bytes and (file.size or 0) > self.max_bytes:
                limit = self.max_bytes // (1024 * 1024)
                raise ValidationError(_("文件太大，不能超过 %(limit)d MB。") % {"limit": limit}, code="size")
            if ending in PICTURES and lighter is not None:
                return ContentFile(lighter(file.read(), self.longest), file.name)
        return file


class Assigned(forms.Form):
    """What somebody is to do by a day; forms that ask for it say first what about."""

    owner = Person(label=gettext_lazy("责任人"))
    due_on = Day(label=gettext_lazy("何时办结"))

    def __init__(self, *args: Any, people: list[Any], today: date, **kwargs: Any) -> None:
        self.fields: dict[str, Any]
        super().__init__(*args, **kwargs)
        self.fields["owner"].people = people
        self.fields["due_on"].earliest = today
