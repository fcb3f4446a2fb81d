"""Portraits: given by oneself or with consent, printed within the branch, never public, deleted when taken back."""

import io

import pytest
from PIL import Image

from tests.rooms.pledges.test_pledges import codes, made
from zhibu.notices.models import Board, Notice
from zhibu.pledges import actions, queries
from zhibu.record.attachments import content_of_attachment, place_of
from zhibu.record.models import Attachment, Entry
from zhibu.register.models import Membership


@pytest.fixture
def face():
    out = io.BytesIO()
    Image.effect_noise((900, 1200), 40).save(out, "JPEG")
    return out.getvalue()


def given(town, now, face, actor=None, who="chen", **more):
    return actions.set_portrait(
        actor or town.li, organisation=town.mining, person=town.people[who].pk, content=face, now=now, **more
    )


def test_not_without_consent_nor_by_others_nor_of_others(town, now, face):
    assert codes(given, town, now, face) == ["pledges.ask_first"]
    assert codes(given, town, now, face, town.qian, agreed=True) == ["pledges.no_mandate"]
    assert codes(given, town, now, face, town.chen, "zhao", agreed=True) == ["pledges.no_mandate"]
    assert codes(given, town, now, face, who="qian", agreed=True) == ["pledges.not_one_of_us"]
    assert (Attachment.objects.count(), Entry.objects.count()) == (0, 0)


def test_small_printed_within_the_branch_and_never_public(town, now, face, enter, client):
    chen = town.people["chen"]
    row = given(town, now, face, agreed=True)
    assert Image.open(io.BytesIO(content_of_attachment(row))).size == (360, 480)
    pledge = made(town, now, "chen")
    actions.publish(town.li, organisation=town.mining, pledges=[pledge.pk], now=now)
    address = f"/pledges/portrait/{chen.pk}/"
    desk = enter(town.people["li"])
    for page in ("wall/", "cards/"):
        assert address in desk.get(f"/pledges/{page}").content.decode()
    seen = lambda who: enter(town.people[who]).get(address).status_code
    assert (seen("zhao"), seen("qian")) == (200, 404)
    client.logout()
    board = f"/board/{Board.objects.get().address}/"
    notice = Notice.objects.get(kind="pledge").address
    assert "portrait" not in client.get(f"{board}{notice}/").content.decode()
    assert client.get(address).status_code == 302


def test_another_one_or_none_and_the_bytes_are_gone(town, now, face, django_capture_on_commit_callbacks):
    first = given(town, now, face, agreed=True)
    out = io.BytesIO()
    Image.new("RGB", (300, 400), "navy").save(out, "PNG")
    with django_capture_on_commit_callbacks(execute=True):
        second = given(town, now, out.getvalue(), agreed=True)
    assert (list(Attachment.objects.all()), place_of(first.sha256).exists()) == ([second], False)
    chen = town.people["chen"].pk
    away = {"organisation": town.mining, "person": chen, "now": now}
    assert codes(actions.remove_portrait, town.qian, **away) == ["pledges.no_mandate"]
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_portrait(town.li, **away)
    assert (queries.with_portrait(town.mining), place_of(second.sha256).exists()) == (set(), False)
    assert Entry.objects.latest("id").act == "pledges.remove_portrait"


def test_gone_the_night_after_its_person_has_left(town, now, face, django_capture_on_commit_callbacks):
    stays, goes = given(town, now, face, agreed=True, who="zhao"), given(town, now, face, agreed=True)
    assert actions.forget_portraits(now) == 0
    Membership.objects.filter(person=town.people["chen"]).update(organisation=town.depot)
    with django_capture_on_commit_callbacks(execute=True):
        assert (actions.forget_portraits(now), actions.forget_portraits(now)) == (1, 0)
    # the same picture was given twice: its bytes go with the last who has it
    assert (list(Attachment.objects.all()), place_of(goes.sha256).exists()) == ([stays], True)
    entry = Entry.objects.latest("id")
    assert (entry.act, entry.organisation_id) == ("pledges.forget_portrait", town.mining.pk)


def test_from_the_phone(town, now, face, enter):
    chen = town.people["chen"]
    phone = enter(chen)
    page = f"/pledges/portrait/{chen.pk}/set/"
    assert "本人同意" not in phone.get(page).content.decode()
    file = io.BytesIO(face)
    file.name = "me.jpg"
    assert phone.post(page, {"file": file, "zb_token": "a"}).status_code == 302
    assert queries.with_portrait(town.mining) == {chen.pk}
    assert "撤下并删除" in phone.get(page).content.decode()
    assert phone.get(f"/pledges/portrait/{town.people['zhao'].pk}/set/").status_code == 404
    assert phone.post(f"/pledges/portrait/{chen.pk}/remove/", {"zb_token": "b"}).status_code == 302
    assert not Attachment.objects.exists()
