"""What the tests of this room undertake."""

from datetime import timedelta

from zhibu.undertakings import actions
from zhibu.undertakings.told import Source, Undertaken


def undertaken(town, now, *, by="li", owner="zhao", kind="resolution", **values):
    """Something undertaken in Mining, due in ten days unless told otherwise."""
    told = {"text": "修好三号泵", "due_on": now.date() + timedelta(days=10), **values}
    return actions.undertake(
        getattr(town, by), organisation=town.mining, now=now,
        what=Undertaken(kind=kind, owner=town.people[owner].pk, **told),
    )  # fmt: skip


SOURCE = Source("life.session", 7, "支委会 7月16日")
