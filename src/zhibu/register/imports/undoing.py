"""Taking an import back: everything it created goes, everything it changed is as before; or the reasons why not.

Other rooms build on people and branches without this room knowing them. So the database's own foreign keys are asked,
whichever room they belong to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models

from zhibu.record.past import instant, take_back
from zhibu.register.models import Membership, MobileSpell, Organisation, Person, PhoneToken, Post

CHUNK = 500
_OWN: dict[type[models.Model], str] = {
    Organisation: "organisations",
    Person: "people",
    Membership: "memberships",
    Post: "posts",
    MobileSpell: "mobile",
}


def blockers(undo: Mapping[str, Any]) -> Counter[str]:
    """What was built on the batch since: number of rows by the name of their table, as a reader knows it."""
    found: Counter[str] = Counter()
    for model in (Organisation, Person, Membership):
        for relation in _pointing_at(model):
            source = relation.related_model
            if source is PhoneToken:
                continue
            own = set(undo.get(_OWN.get(source, ""), ()))
            for ids in _portions(undo[_OWN[model]]):
                rows = source._base_manager.filter(**{f"{relation.field.name}__in": ids})
                count = len(set(rows.values_list("pk", flat=True)) - own)
                if count:
                    found[source._meta.db_table] += count
    found.update(_edited(undo))
    return found


def _pointing_at(model: type[models.Model]) -> Iterator[Any]:
    return (
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    )


def _edited(undo: Mapping[str, Any]) -> Counter[str]:
    """Rows of the batch that somebody changed afterwards."""
    found: Counter[str] = Counter()
    for ids in _portions(undo["people"]):
        found["person_edited"] += Person.objects.filter(pk__in=ids, version__gt=1).count()
    versions = {each["id"]: each["version"] + 1 for each in undo["persons_before"]}
    for ids in _portions(list(versions)):
        now = dict(Person.objects.filter(pk__in=ids).values_list("pk", "version"))
        found["person_edited"] += sum(now.get(pk) != versions[pk] for pk in ids)
    for ids in _portions(undo["memberships"]):
        kept = Membership.objects.filter(pk__in=ids)
        found["membership_changed"] += (
            len(ids)
            - kept.filter(models.Q(until=None) | models.Q(ended_because="stage", since_known=0)).count()
        )
    for ids in _portions(undo["posts"]):
        found["post_changed"] += len(ids) - Post.objects.filter(pk__in=ids, until=None).count()
    for ids in _portions(undo["organisations"]):
        found["organisation_edited"] += len(ids) - Organisation.objects.filter(pk__in=ids, version=1).count()
    return +found


def revert(undo: Mapping[str, Any], now: datetime) -> None:
    """Take the batch back. The caller has asked `blockers` in the same transaction."""
    known_at = instant(now)
    for model, ids in ((Post, "posts"), (Membership, "memberships")):
        _take_back(model, undo[ids], known_at)
    _delete(MobileSpell, "pk", undo["mobile"])
    _delete(PhoneToken, "person_id", undo["people"])
    _delete(Person, "pk", undo["people"])
    # groups lie below their branches and were created after them
    for pk in reversed(undo["organisations"]):
        _take_back(Organisation, [pk], known_at)
    _restore(Membership, undo["spells_before"], known_at=known_at)
    _restore(MobileSpell, undo["mobile_before"])
    _restore_people(undo["persons_before"])


def _delete(model: type[models.Model], column: str, ids: Sequence[int]) -> None:
    """Delete rows as they are; nothing cascades, and the database refuses what something still points at."""
    for some in _portions(ids):
        rows = model._base_manager.filter(**{f"{column}__in": some})
        rows._raw_delete(rows.db)  # noqa: SLF001 - the public one asks for every row first


def _take_back(model: type[models.Model], ids: Sequence[int], known_at: int) -> None:
    """Delete rows of evidence; what they said stays in their past."""
    for some in _portions(ids):
        take_back(model._base_manager.filter(pk__in=some), known_at)


def _restore(model: type[models.Model], before: Sequence[Mapping[str, Any]], **more: Any) -> None:
    for kept in before:
        model._base_manager.filter(pk=kept["id"]).update(**_values(kept), **more)


def _restore_people(before: Sequence[Mapping[str, Any]]) -> None:
    from zhibu.register import secrets  # noqa: PLC0415 - only an undo opens a telephone number again

    for kept in before:
        # the number goes on upwards: a page opened before the undo must not overwrite it
        Person.objects.filter(pk=kept["id"]).update(**{**_values(kept), "version": kept["version"] + 2})
        PhoneToken.objects.filter(person=kept["id"]).delete()
        tokens = secrets.phone_tokens(secrets.open_phone(kept["phone_sealed"]))
        PhoneToken.objects.bulk_create([PhoneToken(person_id=kept["id"], token=token) for token in tokens])


def _values(kept: Mapping[str, Any]) -> dict[str, Any]:
    days = {"until", "born_on", "joined_on", "full_since"}
    return {
        name: date.fromisoformat(value) if name in days and value else value
        for name, value in kept.items()
        if name != "id"
    }


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
