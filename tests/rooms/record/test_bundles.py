"""Files handed over together: every file is there, told in the index, and its checksum holds."""

import io
import zipfile
from hashlib import sha256

import pytest

from zhibu.record.files.bundles import INDEX, SUMS, Bundled, bundle, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("决议.docx", "决议.docx"),
        ("../../etc/passwd", "etc_passwd"),
        ("a\\b:c?.pdf", "a_b_c_.pdf"),
        ("\x00\n", "未命名"),
        ("", "未命名"),
        ("长" * 200 + ".docx", "长" * 80 + ".docx"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert safe_name(name) == safe


def test_a_bundle_holds_its_files_once_each_and_proves_them():
    files = [
        Bundled("01 申请", "入党申请书.pdf", "本人提交", b"one"),
        Bundled("01 申请", "入党申请书.pdf", "另一份", b"two"),
        Bundled("", SUMS, "冒名的文件", b"three"),
    ]
    made = bundle("发展党员", ["党支部：第一支部"], files)
    assert made == bundle("发展党员", ["党支部：第一支部"], files)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(content) == sorted(
        ["01 申请/入党申请书.pdf", "01 申请/入党申请书（2）.pdf", f"{SUMS}（2）", INDEX, SUMS]
    )
    told = dict(reversed(line.split("  ", 1)) for line in content[SUMS].decode().splitlines())
    assert told == {name: sha256(each).hexdigest() for name, each in content.items() if name != SUMS}
    assert content[INDEX].decode().splitlines()[0] == "发展党员"


def test_nothing_to_hand_over_is_still_an_archive():
    with zipfile.ZipFile(io.BytesIO(bundle("空", [], []))) as archive:
        assert archive.namelist() == [INDEX, SUMS]
