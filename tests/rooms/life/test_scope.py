"""Outside one's part of the tree nothing leaks: every page of the three rooms, every role, a token in every field."""

from datetime import date

import pytest
from django.urls import get_resolver

from zhibu.dues import actions as dues
from zhibu.life import actions
from zhibu.life.told import Held, Item
from zhibu.notices import actions as notices

DAY = date(2026, 7, 10)
TOKEN = "密钥词"
# what stands in an address beside the number of a row
FILLED = {
    "month": "2026-06",
    "year": 2026,
    "kind": "other",
    "name": "local",
    "digest": "0" * 64,
    "code": "x" * 22,
    "format": "docx",
}


@pytest.fixture
def planted(town, now):
    """The token in every text a branch can write."""
    kwargs = {"organisation": town.mining, "now": now}
    made = {}
    made["session"] = actions.record(town.li, kind="general_meeting", **kwargs, close=False, held=Held(
        DAY, place=f"{TOKEN}1", title=f"{TOKEN}2", minutes=f"{TOKEN}3", agenda=[Item(f"{TOKEN}4", resolution=f"{TOKEN}5")],
    ))  # fmt: skip
    actions.keep_draft(town.li, session=made["session"], values={"minutes": f"{TOKEN}6"}, version=1, now=now)
    told = {"lecturer": f"{TOKEN}16", "outline": f"{TOKEN}17"}
    closed = actions.record(
        town.li, kind="party_lesson", **kwargs, held=Held(DAY, title=f"{TOKEN}7", details=told)
    )
    made["remark"] = actions.note_remark(
        town.li, session=made["session"], speaker=f"{TOKEN}18", text=f"{TOKEN}19", now=now
    )
    actions.correct(town.li, session=closed, reason=f"{TOKEN}8", texts={"place": f"{TOKEN}9"}, now=now)
    made["item"] = made["session"].agenda.get()
    actions.record_talk(
        town.li, kind="activist_talk", person=town.people["zhou"].pk, talker=town.people["li"].pk, held_on=DAY,
        promised=f"{TOKEN}10", **kwargs,
    )  # fmt: skip
    actions.record_examination(
        town.li, person=town.people["zhou"].pk, held_on=DAY, opinion=f"{TOKEN}11", **kwargs
    )
    made["document"] = actions.file_document(
        town.li, kind="other", title=f"{TOKEN}12", covers_on=DAY, note=f"{TOKEN}13", **kwargs
    )
    made["voucher"] = dues.record_extra(
        town.li, person=town.people["zhao"].pk, fen=987654, paid_on=DAY, **kwargs
    )
    made["notice"] = notices.publish(
        town.li, kind="other", title=f"{TOKEN}14", text=f"{TOKEN}15", opens_on=DAY, closes_on=DAY, **kwargs
    )
    return made


def addresses():
    """Every address of the three rooms, with the names of what it is filled with."""
    for room in ("life", "dues", "notices"):
        namespace = get_resolver().namespace_dict[room][1]
        for name, entries in namespace.reverse_dict.lists():
            if isinstance(name, str):
                yield from ((room, pattern, params) for forms in entries for pattern, params in forms[0])


@pytest.mark.release  # the walls of every room are walked daily, as fewer people
def test_every_address_and_role(town, planted, enter):
    rows = {planted[name].pk for name in planted}
    visited = 0
    for who in ("qian", "sun"):
        client = enter(town.people[who])
        for room, pattern, params in addresses():
            for pk in rows if params else [None]:
                url = f"/{room}/" + pattern % {each: FILLED.get(each, pk) for each in params}
                for query in (
                    "",
                    f"?organisation={town.mining.pk}",
                    f"?branch={town.mining.pk}&q={TOKEN}",
                    f"?group={town.first_group.pk}&kind=group_meeting",
                ):
                    page = client.get(url + query)
                    body = page.content.decode(errors="ignore").replace(f'value="{TOKEN}"', "")
                    assert TOKEN not in body, (who, url, query)
                    assert "9,876.54" not in body, (who, url, query)
                    assert town.people["zhao"].name not in body, (who, url, query)
                    visited += 1
                refused = client.post(url, {"minutes": "x", "reason": "x", "reasons": "x"})
                # a feed asked for over and over is put off
                slowed = {429} if "/feed/" in url else set()
                assert refused.status_code in {200, 302, 400, 404, 405, 409} | slowed, (who, url)
                assert TOKEN not in refused.content.decode(errors="ignore"), (who, url)
    print(f"\n{visited} pages looked at")
    planted["session"].refresh_from_db()
    assert (planted["session"].state, planted["session"].minutes) == ("held", f"{TOKEN}3")


def test_the_own_secretary_sees_them(town, planted, enter):
    client = enter(town.people["li"])
    seen = "".join(client.get(url).content.decode() for url in (
        "/life/", f"/life/{planted['session'].pk}/", "/life/talks/", "/life/documents/", "/notices/", "/dues/", "/dues/journal/",
    ))  # fmt: skip
    assert all(f"{TOKEN}{number}" in seen for number in (1, 2, 3, 4, 5, 7, 10, 12, 14))
    assert "9,876.54" in seen
