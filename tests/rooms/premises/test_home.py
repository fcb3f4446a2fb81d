"""The home of a branch: things looked at, photographs bared, honours shown only as far as their members agree."""

import struct
import zlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu import rulebook
from zhibu.core.refusal import Refused
from zhibu.notices.models import Board, Notice
from zhibu.premises import actions, queries
from zhibu.premises.models import Fixture, Honour
from zhibu.record.attachments import content_of_attachment
from zhibu.record.files import picture
from zhibu.record.models import Attachment, Entry
from zhibu.register.models import Membership

TODAY = date(2026, 7, 20)
PLACE = b"39.9042N 116.4074E"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*more):
    head = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0\0\0" * 2)
    parts = [chunk(b"IHDR", head), *more, chunk(b"IDAT", body), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def exif(side, order="<"):
    mark = b"II" if order == "<" else b"MM"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, side, 0)
    gps = struct.pack(order + "HHII", 0x8825, 4, 1, 26)
    tiff = (
        mark
        + struct.pack(order + "HI", 42, 8)
        + struct.pack(order + "H", 2)
        + entry
        + gps
        + b"\0" * 4
        + PLACE
    )
    return segment(0xE1, b"Exif\0\0" + tiff)


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(*more, tail=b""):
    size = segment(0xC0, struct.pack(">BHHB", 8, 2, 2, 1) + b"\1\x11\0")
    return (
        b"\xff\xd8"
        + b"".join(more)
        + segment(0xDB, b"\0" * 65)
        + size
        + segment(0xDA, b"\1\1\0\0\x3f\0")
        + b"\x55\xff\xd9"
        + tail
    )


def found(town, now, who="li", item="flag", state="missing", **more):
    values = {"lacking": "没有党旗", "cost_fen": 20000, "seen_on": TODAY} | more
    return actions.record_fixture(
        getattr(town, who), organisation=town.mining, item=item, state=state, now=now, **values
    )


def honour(town, now, **more):
    values = {
        "title": "五好党支部",
        "given_by": "青山镇党委",
        "level": "committee",
        "given_on": date(2026, 6, 30),
    } | more
    return actions.record_honour(town.li, organisation=town.mining, now=now, **values)


def code(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.refusals[0].code


class TestStandard:
    def test_ten_haves_and_two_cabinets_with_their_source(self):
        items = rulebook.load(()).home
        assert list(items) == [
            "premises", "sign", "seal", "flag", "display", "office", "activity_room", "audio_visual", "affairs_board",
            "pledge_board", "book_cabinet", "papers_cabinet",
        ]  # fmt: skip
        assert {
            (each.verified, each.stands_on(TODAY), each.stands_on(date(2019, 1, 1)))
            for each in items.values()
        } == {(False, 366, 0)}

    def test_an_overlay_adds_a_thing_and_has_another_looked_at_sooner(self, tmp_path):
        (tmp_path / "overlay.yaml").write_text("layer: local\ntitle: {zh: 本地, en: Own}\n", "utf-8")
        text = (
            "flag: {reason: {zh: 本地要求, en: Local}, look_again: {2026-01-01: 180}}\n"
            "terminal: {title: {zh: 远教终端, en: Terminal}, about: {zh: 能用, en: It works}, level: local,"
            " sources: [{document: home-of-a-branch}]}\n"
        )
        (tmp_path / "home.yaml").write_text(text, "utf-8")
        report = rulebook.check((tmp_path,))
        assert list(report.problems) == []
        assert (report.rulebook.home["flag"].stands_on(TODAY), report.rulebook.home["terminal"].rows) == (
            180,
            (),
        )

    @pytest.mark.parametrize(("text", "problem"), [
        ("flag: {reason: {zh: 甲, en: A}, look_again: {2026-01-01: 400}}\n", "overlay_loosens"),
        ("flag: {look_again: {2026-01-01: 100}}\n", "overlay_without_reason"),
        ("terminal: {title: {zh: 甲, en: A}, about: {zh: 乙, en: B}, level: local}\n", "missing_source"),
    ])  # fmt: skip
    def test_what_an_overlay_may_not(self, tmp_path, text, problem):
        (tmp_path / "overlay.yaml").write_text("layer: local\ntitle: {zh: 本地, en: Own}\n", "utf-8")
        (tmp_path / "home.yaml").write_text(text, "utf-8")
        assert {each.code for each in rulebook.check((tmp_path,)).problems} == {problem}


class TestFixtures:
    def test_refused(self, town, now):
        assert code(found, town, now, who="chen") == "premises.no_mandate"
        assert code(found, town, now, who="qian") == "premises.no_mandate"
        assert code(found, town, now, lacking=" ") == "premises.lacking_needed"
        assert code(found, town, now, seen_on=TODAY + timedelta(days=1)) == "premises.not_yet"
        assert code(actions.confirm_fixtures, town.li, organisation=town.mining, seen_on=TODAY, now=now) == (
            "premises.nothing_to_confirm"
        )
        assert (Fixture.objects.count(), Entry.objects.count()) == (0, 0)

    def test_a_station_of_distance_education_has_its_manager(self, town, now, enter):
        """Somebody of the branch is named for it, seen on the page and the sheet; once gone, another is asked for."""
        people = town.people
        assert code(found, town, now, keeper=people["zhao"].pk) == "premises.no_keeper"
        station = {"item": "audio_visual", "state": "present"}
        assert code(found, town, now, **station, keeper=people["qian"].pk) == "premises.not_a_member"
        assert code(found, town, now, **station, keeper=people["zhou"].pk) == "premises.not_a_member"
        li = enter(people["li"])
        page = lambda name="": li.get(f"/premises/{name}?organisation={town.mining.pk}").content.decode()
        found(town, now, **station)
        assert ("远程教育站点管理员：" in page(), "还没有定人" in page()) == (True, True)
        sent = li.post(
            f"/premises/item/audio_visual/?organisation={town.mining.pk}",
            {"state": "present", "seen_on": "2026-07-20", "keeper": people["zhao"].pk},
        )
        assert (sent.status_code, Fixture.objects.get().keeper) == (302, people["zhao"])
        assert ("赵党员" in page(), "赵党员" in page("sheet/"), "还没有定人" in page()) == (True, True, False)
        Membership.objects.filter(person=people["zhao"]).update(until=date(2026, 7, 1), known_at=2)
        assert ("赵党员" in page("sheet/"), "原来的人已不在本支部，请另定" in page()) == (False, True)
        # without a station there is nobody to look after it
        assert found(town, now, item="audio_visual", state="missing", lacking="没有终端").keeper_id is None

    def test_found_missing_then_there(self, town, now):
        found(town, now)
        again = found(town, now, state="present")
        assert (Fixture.objects.count(), again.lacking, again.cost_fen, again.version) == (1, "", 0, 2)
        acts = list(Entry.objects.order_by("id").values_list("act", flat=True))
        assert acts == ["premises.record_fixture", "premises.record_fixture"]

    def test_all_as_it_was(self, town, now):
        for item in ("flag", "seal"):
            found(town, now, item=item, seen_on=date(2025, 1, 1))
        found(town, now, item="sign", state="present")
        before = queries.inventory(town.mining, TODAY)
        assert (before.present, before.cost_fen, before.unknown, before.to_look_at) == (1, 40000, 9, 11)
        assert actions.confirm_fixtures(town.li, organisation=town.mining, seen_on=TODAY, now=now) == 2
        assert queries.inventory(town.mining, TODAY).to_look_at == 9
        assert Entry.objects.order_by("id").last().act == "premises.confirm_fixtures"

    def test_a_photograph_goes_with_the_thing(self, town, now):
        seen = found(town, now, state="worn", photo=("党旗.png", png()))
        assert content_of_attachment(seen.photo) == png()
        assert found(town, now, state="worn").photo_id == seen.photo_id
        assert found(town, now, state="missing").photo_id is None


class TestPhotographs:
    @pytest.mark.parametrize("order", ["<", ">"])
    def test_where_and_by_whom_is_gone_which_side_is_up_stays(self, order):
        made = picture(
            jpeg(exif(6, order), segment(0xFE, b"by Zhang"), segment(0xED, PLACE), tail=PLACE), 10**6
        )
        assert PLACE not in made
        assert b"Zhang" not in made
        assert made == jpeg(
            segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
        )
        assert picture(jpeg(exif(1, order)), 10**6) == jpeg()

    def test_texts_of_a_png_are_gone(self):
        told = png(chunk(b"tEXt", b"Author\0Zhang"), chunk(b"eXIf", PLACE))
        assert picture(told, 10**6) == png()

    @pytest.mark.parametrize("content", [
        b"", b"GIF89a", b"%PDF-1.4\n%%EOF", b"PK\3\4", b"<svg onload=alert(1)>", png()[:-4], png() + b"<script>",
        jpeg()[:-2], b"\xff\xd8\xff\xe1\0\1", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 90000, 90000, 8, 0, 0, 0, 0)),
    ])  # fmt: skip
    def test_hostile_ones_are_refused_and_nothing_is_kept(self, town, now, content):
        assert code(found, town, now, state="worn", photo=("a.png", content)).startswith("file.")
        assert (Fixture.objects.count(), Attachment.objects.count()) == (0, 0)

    def test_too_large(self):
        assert code(picture, jpeg(), 10) == "file.too_large"

    @given(st.binary(max_size=200))
    def test_whatever_stands_in_the_camera_s_segment(self, data):
        """Never an error, and never more than the frame of a picture."""
        made = picture(jpeg(segment(0xE1, b"Exif\0\0" + data)), 10**6)
        assert made.endswith(jpeg()[2:])
        assert len(made) - len(jpeg()) in (0, 36)

    def test_shown_inline_and_sandboxed_to_those_in_reach(self, town, now, enter):
        seen = found(town, now, state="worn", photo=("a.png", png()))
        answer = enter(town.people["chen"]).get(f"/premises/photo/{seen.photo_id}/")
        assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/png", png())
        assert (answer["X-Content-Type-Options"], "sandbox" in answer["Content-Security-Policy"]) == (
            "nosniff",
            True,
        )
        assert enter(town.people["qian"]).get(f"/premises/photo/{seen.photo_id}/").status_code == 404


class TestOverview:
    def test_all_branches_at_a_glance(self, town, now, django_assert_num_queries):
        found(town, now)
        found(town, now, item="sign", state="present")
        with django_assert_num_queries(2):
            seen = queries.overview(town.sun, TODAY)
        assert [(row.name, row.present, row.cost_fen, row.seen_on) for row in seen.rows] == [
            ("采矿党支部", 1, 20000, TODAY), ("仓储党支部", 0, 0, None),
        ]  # fmt: skip
        gaps = {gap.item.id: (gap.missing, gap.worn, gap.unknown, gap.cost_fen) for gap in seen.gaps}
        assert (gaps["flag"], gaps["sign"], gaps["seal"]) == ((1, 0, 1, 20000), (0, 0, 1, 0), (0, 0, 2, 0))
        assert [row.name for row in queries.overview(town.sun, TODAY, lacks="sign").rows] == ["仓储党支部"]
        assert [row.name for row in queries.overview(town.sun, TODAY, sort="-cost").rows] == [
            "采矿党支部",
            "仓储党支部",
        ]

    def test_not_for_a_branch(self, town, enter):
        client = enter(town.people["chen"])
        assert [client.get(f"/premises/branches/{each}").status_code for each in ("", "export/")] == [
            404,
            404,
        ]


class TestHonours:
    def test_refused(self, town, now):
        qian = town.people["qian"].pk
        assert code(honour, town, now, person=qian) == "premises.not_of_the_branch"
        assert code(honour, town, now, given_on=TODAY + timedelta(days=1)) == "premises.not_yet"
        made = honour(town, now)
        assert (
            code(actions.revoke_honour, town.chen, honour=made, reason="错", now=now) == "premises.no_mandate"
        )
        assert (
            code(actions.revoke_honour, town.li, honour=made, reason=" ", now=now) == "premises.reason_needed"
        )
        assert code(actions.publish_honour, town.chen, honour=made, now=now) == "premises.no_mandate"

    def test_of_a_member_who_does_not_want_it_shown(self, town, now, enter):
        chen = town.people["chen"].pk
        own = honour(town, now, person=chen, shown=False, title="优秀党员", photo=("a.png", png()))
        assert code(actions.publish_honour, town.li, honour=own, now=now) == "premises.not_to_be_shown"
        seen = {
            who: [row.title for row in queries.honours(getattr(town, who), town.mining)]
            for who in ("li", "chen")
        }
        assert seen == {"li": ["优秀党员"], "chen": ["优秀党员"]}
        # another member, and whoever guesses the address
        other = enter(town.people["m0"] if "m0" in town.people else town.people["zhou"])
        for url in (f"/premises/honours/{own.pk}/", f"/premises/photo/{own.photo_id}/"):
            assert other.get(url).status_code == 404
        assert "优秀党员" not in enter(town.people["qian"]).get("/premises/honours/").content.decode()

    def test_on_the_board_once_and_in_the_past_of_evidence(self, town, now, client, settings):
        settings.ZHIBU_TODAY = TODAY.isoformat()
        made = honour(town, now)
        notice = actions.publish_honour(town.li, honour=made, now=now)
        assert (notice.kind, notice.title) == ("honour", "喜报：采矿党支部获“五好党支部”")
        board = Board.objects.get(organisation=town.mining)
        page = client.get(f"/board/{board.address}/").content.decode()
        assert "喜报：采矿党支部获“五好党支部”" in page
        assert code(actions.publish_honour, town.li, honour=made, now=now) == "premises.published_already"
        actions.revoke_honour(town.li, honour=made, reason="登记错了", now=now)
        assert (
            code(actions.publish_honour, town.li, honour=Honour.objects.get(), now=now) == "premises.revoked"
        )
        assert Notice.objects.count() == 1
        acts = list(Entry.objects.order_by("id").values_list("act", flat=True))
        assert acts == [
            "premises.record_honour",
            "notices.publish",
            "premises.publish_honour",
            "premises.revoke_honour",
        ]

    def test_pages(self, town, now, enter):
        client = enter(town.people["li"])
        data = {
            "title": "<b>x</b>",
            "given_by": "党委",
            "level": "city",
            "given_on": "2026-07-01",
            "person": "",
        }
        assert client.post("/premises/honours/new/", data).status_code == 302
        made = Honour.objects.get()
        for page in ("", "wall/", f"{made.pk}/", f"{made.pk}/revoke/"):
            text = client.get(f"/premises/honours/{page}").content.decode()
            assert ("<b>x</b>" in text, "&lt;b&gt;x" in text) == (False, True)
        assert client.post(f"/premises/honours/{made.pk}/publish/").status_code == 302
        fixture = {"state": "worn", "seen_on": "2026-07-19", "lacking": "褪色", "cost_fen": "12.50"}
        assert client.post("/premises/item/flag/", fixture).status_code == 302
        assert Fixture.objects.get().cost_fen == 1250
        assert client.get("/premises/item/spaceship/").status_code == 404
        for page in ("/premises/", "/premises/sheet/"):
            assert "褪色" in client.get(page).content.decode()
