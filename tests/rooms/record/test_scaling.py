"""Pictures are made as small as they are looked at; hostile ones are refused and decode nothing they need not."""

import io
import random
import resource
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.rooms.record.test_files import jpeg as frame_only
from tests.rooms.record.test_files import png as small_png
from zhibu.core.refusal import Refused
from zhibu.record.attachments import tidy_name
from zhibu.record.files import inspect, picture, scaling
from zhibu.record.files.pictures import sides
from zhibu.record.files.scaling import HEAVY, lighter
from zhibu.ui import fields

BYTES = 8 * 1024 * 1024


def kept(found, kind, **options):
    out = io.BytesIO()
    found.save(out, kind, **options)
    return out.getvalue()


def halves(mode="RGB", size=(600, 400)):
    """Red on the left, blue on the right."""
    found = Image.new("RGB", size, "red")
    found.paste("blue", (size[0] // 2, 0, *size))
    return found.convert(mode)


def refused(content, longest=300):
    with pytest.raises(Refused) as found:
        picture(content, BYTES, longest)
    (only,) = found.value.refusals
    assert only.told("zh")
    assert only.remedied("en")
    return only.code


def shown(content):
    """(size, mode, is it red on the left, is it blue on the right) as a browser has it."""
    found = Image.open(io.BytesIO(content))
    whole = found.convert("RGB")
    left = whole.getpixel((2, whole.height // 2))
    right = whole.getpixel((whole.width - 3, whole.height // 2))
    return found.size, found.mode, _is(left, 0), _is(right, 2)


def _is(colour, band):
    return colour[band] > 200 and colour[2 - band] < 60


class TestHostile:
    def test_a_picture_cut_short_is_refused(self):
        whole = kept(Image.effect_noise((900, 600), 60), "JPEG")
        assert refused(whole[: len(whole) // 2]) == "file.broken"
        # with an end put where it was cut a reader shows what there is and grey below, and so do we
        assert sides(picture(whole[: len(whole) // 2] + b"\xff\xd9", BYTES, 300)) == (300, 200)
        half = zlib.compress(random.Random(1).randbytes(901 * 600))[:200_000]
        chunk = lambda kind, data: (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )
        head = struct.pack(">IIBBBBB", 900, 600, 8, 0, 0, 0, 0)
        parts = chunk(b"IHDR", head) + chunk(b"IDAT", half) + chunk(b"IEND", b"")
        assert refused(b"\x89PNG\r\n\x1a\n" + parts) == "file.unreadable_picture"

    def test_one_that_says_it_is_huge_is_not_decoded(self, monkeypatch):
        monkeypatch.setattr(scaling, "_CHILD", "/nowhere")
        assert refused(small_png(9000, 9000)) == "file.unreadable_picture"
        assert refused(small_png(19_999, 19_999)) == "file.picture_too_large"
        assert refused(frame_only(19_000, 6000)) == "file.picture_too_large"

    def test_one_that_is_no_picture_below_its_head_is_refused(self):
        assert refused(frame_only(4000, 3000)) == "file.unreadable_picture"
        assert refused(small_png(4000, 3000)) == "file.unreadable_picture"

    def test_a_child_that_asks_for_more_than_it_may_have_ends_and_nothing_else_does(self, monkeypatch):
        monkeypatch.setattr(scaling, "MEMORY", 90 * 1024 * 1024)
        assert refused(kept(Image.new("RGBA", (6000, 5000)), "PNG")) == "file.unreadable_picture"
        assert resource.getrlimit(resource.RLIMIT_AS)[0] != scaling.MEMORY

    @given(st.binary(max_size=300))
    def test_the_sides_of_anything_are_asked_without_an_error(self, data):
        for content in (b"\xff\xd8" + data, b"\x89PNG\r\n\x1a\n" + bytes(16) + data):
            found = sides(content)
            assert found is None or len(found) == 2


@pytest.mark.parametrize(
    ("content", "size", "mode"),
    [
        (kept(halves(), "JPEG"), (300, 200), "RGB"),
        (kept(halves("CMYK"), "JPEG"), (300, 200), "RGB"),
        (kept(halves(), "PNG"), (300, 200), "RGB"),
        (kept(halves("P"), "PNG"), (300, 200), "RGB"),
        (kept(halves("RGBA"), "PNG"), (300, 200), "RGB"),
    ],
)
def test_each_kind_of_picture_comes_out_smaller_and_looks_the_same(content, size, mode):
    made = picture(content, BYTES, 300)
    inspect(made)
    assert shown(made) == (size, mode, True, True)


def test_of_a_moving_picture_the_first_is_kept():
    still = halves()
    moving = kept(still, "PNG", save_all=True, append_images=[Image.new("RGB", still.size, "lime")] * 3)
    assert b"acTL" in moving
    made = picture(moving, BYTES, 300)
    assert (b"acTL" in made, shown(made)) == (False, ((300, 200), "RGB", True, True))


@pytest.mark.parametrize(("side", "turn"), [(3, 180), (6, 90), (8, 270)])
def test_a_telephone_held_on_its_side_gives_an_upright_picture(side, turn):
    told = Image.Exif()
    told[0x0112] = side
    lying = kept(halves().rotate(turn, expand=True), "JPEG", exif=told, quality=95)
    made = picture(lying, BYTES, 300)
    assert (shown(made), b"Exif" in made) == (((300, 200), "RGB", True, True), False)


def test_grey_of_sixteen_bits_and_what_is_clear_are_drawn_on_white():
    deep = Image.new("I;16", (600, 400), 200 * 256)
    found = Image.open(io.BytesIO(lighter(kept(deep, "PNG"), 300)))
    assert (found.mode, found.getpixel((5, 5))) == ("L", 200)
    clear = Image.open(io.BytesIO(lighter(kept(Image.new("RGBA", (600, 400)), "PNG"), 300)))
    assert (clear.mode, clear.getpixel((5, 5))) == ("RGB", (255, 255, 255))


def test_what_is_small_enough_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(scaling, "_CHILD", "/nowhere")
    for content in (kept(halves(), "JPEG"), kept(halves(), "PNG"), small_png(), frame_only()):
        assert lighter(content, 600) == content


def test_a_heavy_one_of_many_colours_becomes_a_photograph_and_is_called_one():
    heavy = kept(Image.effect_noise((1500, 1500), 90).convert("RGB"), "PNG")
    assert len(heavy) > HEAVY
    made = lighter(heavy, 1600)
    assert (inspect(made).kind, sides(made), len(made) < len(heavy)) == ("jpeg", (1500, 1500), True)
    assert tidy_name("三号泵房.png", "jpeg") == "三号泵房.jpg"


def test_a_form_makes_it_smaller_before_the_act_and_leaves_what_it_cannot_read_to_the_act():
    from django.core.files.uploadedfile import SimpleUploadedFile

    field = fields.Upload(kinds=("png", "jpg"), max_bytes=BYTES, longest=300)
    found = field.clean(SimpleUploadedFile("a.png", kept(halves(), "PNG")))
    assert (sides(found.read()), found.name) == ((300, 200), "a.png")
    assert field.clean(SimpleUploadedFile("a.png", b"not one")).read() == b"not one"
    # what telephones call jpg is a jpeg wherever one may be given
    assert fields.Upload(kinds=("jpeg",)).clean(SimpleUploadedFile("a.JPG", b"x")).name == "a.JPG"
