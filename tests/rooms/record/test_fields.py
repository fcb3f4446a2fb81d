"""DayField: a date in Python, a day number in the database, the same in every lookup."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import ExpressionWrapper, F, Max, Min, Value
from django.db.models.functions import Coalesce
from hypothesis import given
from hypothesis import strategies as st

from zhibu.record.fields import DayField
from zhibu.register.models import Person

pytestmark = pytest.mark.django_db

ONE, TWO, THREE = date(1999, 12, 31), date(2000, 1, 1), date(2026, 7, 3)


@pytest.fixture
def people():
    Person.objects.create(name="甲", born_on=ONE, joined_on=THREE)
    Person.objects.create(name="乙", born_on=TWO)
    Person.objects.create(name="丙", born_on=THREE)
    Person.objects.create(name="丁")


def names(**lookup):
    return list(Person.objects.filter(**lookup).order_by("id").values_list("name", flat=True))


def test_the_column_holds_the_number_of_the_day(people):
    with connection.cursor() as cursor:
        cursor.execute("SELECT born_on FROM zb_person ORDER BY id")
        assert [row[0] for row in cursor.fetchall()] == [
            ONE.toordinal(),
            TWO.toordinal(),
            THREE.toordinal(),
            None,
        ]


def test_dates_come_back_from_rows_values_and_tuples(people):
    assert [person.born_on for person in Person.objects.order_by("id")] == [ONE, TWO, THREE, None]
    assert list(Person.objects.order_by("id").values_list("born_on", flat=True)) == [ONE, TWO, THREE, None]
    assert Person.objects.order_by("id").values("born_on", "joined_on")[0] == {
        "born_on": ONE,
        "joined_on": THREE,
    }


def test_lookups_take_dates(people):
    assert names(born_on=TWO) == ["乙"]
    assert names(born_on__lt=TWO) == ["甲"]
    assert names(born_on__gte=TWO) == ["乙", "丙"]
    assert names(born_on__range=(ONE, TWO)) == ["甲", "乙"]
    assert names(born_on__in=[ONE, THREE]) == ["甲", "丙"]
    assert names(born_on__isnull=True) == ["丁"]
    assert names(born_on="2000-01-01") == ["乙"]


def test_days_compare_and_subtract_between_columns(people):
    assert names(joined_on__gt=F("born_on") + 365) == ["甲"]
    days = Person.objects.annotate(days=F("joined_on") - F("born_on")).get(name="甲").days
    assert days == (THREE - ONE).days
    later = ExpressionWrapper(F("born_on") + 7, output_field=DayField())
    assert Person.objects.annotate(later=later).get(name="甲").later == date(2000, 1, 7)
    far = Coalesce("joined_on", Value(date.max, output_field=DayField()))
    assert Person.objects.annotate(far=far).get(name="乙").far == date.max


def test_smallest_and_largest_are_dates_and_order_is_that_of_time(people):
    assert Person.objects.aggregate(Min("born_on"), Max("born_on")) == {
        "born_on__min": ONE,
        "born_on__max": THREE,
    }
    known = Person.objects.filter(born_on__isnull=False)
    assert list(known.order_by("-born_on").values_list("name", flat=True)) == ["丙", "乙", "甲"]


def test_updates_take_dates_and_other_columns(people):
    Person.objects.filter(name="丁").update(born_on=THREE)
    Person.objects.filter(name="乙").update(joined_on=F("born_on"))
    changed = Person.objects.get(name="丙")
    changed.joined_on = TWO
    Person.objects.bulk_update([changed], ["joined_on"])
    assert list(Person.objects.order_by("id").values_list("born_on", "joined_on")) == [
        (ONE, THREE),
        (TWO, TWO),
        (THREE, TWO),
        (THREE, None),
    ]


@pytest.mark.parametrize("wrong", [5, True, datetime(2026, 7, 3, tzinfo=UTC)])
def test_a_number_or_an_instant_is_not_a_day(wrong):
    with pytest.raises(TypeError):
        Person.objects.filter(born_on=wrong).exists()


@pytest.mark.parametrize("wrong", ["2026-02-30", "昨天", ""])
def test_text_that_is_no_day_is_refused(wrong):
    with pytest.raises(ValidationError):
        DayField().to_python(wrong)


def test_full_clean_accepts_a_date_and_the_form_field_reads_one():
    Person(name="甲", born_on=ONE, joined_on=TWO, full_since=THREE).full_clean(exclude=["id_index"])
    assert DayField().formfield().clean("2026-07-03") == THREE


def test_migrations_write_the_field_without_the_columns_of_an_integer():
    _name, path, args, kwargs = DayField(null=True, help_text="x").deconstruct()
    assert (path, args, kwargs) == ("zhibu.record.fields.DayField", [], {"null": True, "help_text": "x"})
    assert DayField().get_internal_type() == models.IntegerField().get_internal_type()


@given(st.dates())
def test_every_day_comes_back(day):
    field = DayField()
    assert field.from_db_value(field.get_prep_value(day), None, connection) == day
    assert field.to_python(day.isoformat()) == day


@given(st.dates(), st.dates())
def test_numbers_order_as_days_do(one, other):
    field = DayField()
    assert (one < other) == (field.get_prep_value(one) < field.get_prep_value(other))
