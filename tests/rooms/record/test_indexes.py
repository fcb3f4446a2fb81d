"""Indexes: each costs every row that is written, so none is kept of which a longer one is the beginning."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import UniqueConstraint

OURS = [each for each in apps.get_models() if each.__module__.startswith("zhibu.")]


def columns(model, fields):
    return tuple(model._meta.get_field(name.lstrip("-")).column for name in fields)


def indexes_of(model):
    """(columns, whether it is there to be unique) of each index over the whole of a table."""
    meta = model._meta
    for field in meta.local_fields:
        if field.db_index and not field.unique:
            yield (field.column,), False
    for each in meta.indexes:
        if each.fields and each.condition is None:
            yield columns(model, each.fields), False
    for each in meta.constraints:
        if isinstance(each, UniqueConstraint) and each.fields and each.condition is None:
            yield columns(model, each.fields), True
    for fields in meta.unique_together:
        yield columns(model, fields), True


def test_no_index_is_the_beginning_of_another():
    needless = []
    for model in OURS:
        found = list(indexes_of(model))
        for place, (short, unique) in enumerate(found):
            others = [each for at, (each, _unique) in enumerate(found) if at != place]
            if not unique and any(each[: len(short)] == short for each in others):
                needless.append((model._meta.db_table, short))
    assert needless == []


@pytest.mark.django_db
def test_a_field_that_lost_its_index_has_none_in_the_database():
    left = []
    with connection.cursor() as cursor:
        for model in OURS:
            meta = model._meta
            there = connection.introspection.get_constraints(cursor, meta.db_table)
            named = {each.name for each in (*meta.indexes, *meta.constraints)}
            alone = [
                each["columns"]
                for name, each in there.items()
                if each["index"] and not each["unique"] and name not in named
            ]
            left += [
                (meta.db_table, each.column)
                for each in meta.local_fields
                if each.is_relation and not each.db_index and [each.column] in alone
            ]
    assert left == []
