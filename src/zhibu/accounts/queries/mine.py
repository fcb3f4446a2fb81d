"""Everything known of oneself, to be taken away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from zhibu.accounts.models import User
from zhibu.accounts.queries.people import sign_ins_of
from zhibu.accounts.queries.trace import looks_at
from zhibu.record.models import Entry
from zhibu.register.models import Membership, Post


def my_data(user: User, now: datetime) -> dict[str, Any]:
    """Everything this room knows of an account and its person, for the person (PIPL art. 45)."""
    person = user.person
    told: dict[str, Any] = {
        "account": {
            "username": user.username,
            "made_at": user.made_at.isoformat(),
            "last_login": user.last_login.isoformat() if user.last_login else None,
            "language": user.language,
        },
        "sign_ins": [
            {"begun_at": row.begun_at.isoformat() if row.begun_at else None, "device": row.device}
            for row in sign_ins_of(user, now)
        ],
    }
    if person is not None:
        told["person"] = {
            "name": person.name,
            "sex": person.sex,
            "born_on": _iso(person.born_on),
            "nation": person.nation,
            "education": person.education,
            "position": person.position,
            "joined_on": _iso(person.joined_on),
            "full_since": _iso(person.full_since),
        }
        told["memberships"] = list(_spells(Membership.objects.filter(person=person), "stage"))
        told["posts"] = list(_spells(Post.objects.filter(person=person), "kind"))
        told["looks"] = [_look(entry) for entry in looks_at(person.pk)]
        told["acts"] = [
            {"at": entry.at.isoformat(), "act": entry.act, "values": json.loads(entry.values)}
            for entry in Entry.objects.filter(actor_person=person.pk).order_by("-id")[:1000]
        ]
    return told


def _look(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at.isoformat(),
        "by": entry.actor_name,
        "post": entry.actor_post,
        **json.loads(entry.values),
    }


def _spells(rows: QuerySet[Any], what: str) -> Iterator[dict[str, Any]]:
    for row in rows.order_by("since").values_list("organisation__name", what, "since", "until"):
        yield {"organisation": row[0], what: row[1], "since": _iso(row[2]), "until": _iso(row[3])}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
