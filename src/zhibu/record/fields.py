"""Columns every room uses to store evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    # what a type checker should see: read as a date, written as a date or as text, None if null
    _IntegerColumn = models.DateField
else:
    _IntegerColumn = models.IntegerField


class DayField(_IntegerColumn):  # type: ignore[type-arg]  # its parameters follow from `null`
    """A local calendar day: `datetime.date` in Python, `date.toordinal()` in the database.

    One integer means the same on SQLite, PostgreSQL, DuckDB and Spark, so the portable SQL of the
    facts compares, subtracts and groups days without any date function. Lookups take dates
    (`held_on__gte=date(2026, 7, 1)`, `__range`, `__in`, `F("until")`); `Min` and `Max` give dates;
    `F("until") - F("since")` gives a number of days. A literal inside an expression must name its
    column type: `Value(day, output_field=DayField())`.

    An instant (`datetime`) is refused: which day it belongs to depends on a time zone, and that is
    the caller's decision. A bare number is refused too, so that a forgotten conversion is found.
    """

    description = _("日期")
    default_error_messages = {"invalid": _("“%(value)s”不是有效日期，请按 2026-07-03 的格式填写。")}

    @property
    def validators(self) -> list[Any]:
        """Only what the model asked for: the integer range of the column says nothing of a date."""
        return [*self.default_validators, *self._validators]  # type: ignore[attr-defined]  # not in the stubs

    def from_db_value(
        self, value: int | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> date | None:
        """Give the day behind the stored number."""
        return None if value is None else date.fromordinal(value)

    def to_python(self, value: Any) -> date | None:
        """Read a day from a date or from ISO text, as forms and fixtures give them."""
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        if isinstance(value, str):
            try:
                parsed = parse_date(value.strip())
            except ValueError:
                parsed = None
            if parsed is not None:
                return parsed
        raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value})

    def get_prep_value(self, value: Any) -> Any:
        """Turn a date into the stored number; expressions pass through."""
        # Field.get_prep_value resolves lazy values; IntegerField's would call int() on the date.
        value = models.Field.get_prep_value(self, value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if isinstance(value, (datetime, int)):
            message = f"{self.name}: a day is a datetime.date, not {value!r}"
            raise TypeError(message)
        day = self.to_python(value)
        return None if day is None else day.toordinal()

    def value_to_string(self, obj: models.Model) -> str:
        """ISO text for serialisers."""
        day = self.value_from_object(obj)
        return "" if day is None else day.isoformat()

    def formfield(self, **kwargs: Any) -> Any:
        """A date field with the browser's own date picker."""
        defaults: dict[str, Any] = {
            "form_class": forms.DateField,
            "widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        return models.Field.formfield(self, **{**defaults, **kwargs})
