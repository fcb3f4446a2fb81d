"""`zhibu rulebook`: sound, unsound, in force, not in force; without a database."""

from pathlib import Path

import pytest

from zhibu import rulebook

OVERLAY = Path(__file__).parents[3] / "examples" / "overlay"


@pytest.fixture
def unsound(tmp_path):
    """An overlay that loosens a national norm."""
    (tmp_path / "standards").mkdir()
    (tmp_path / "overlay.yaml").write_text("layer: local\ntitle: {zh: 从宽, en: Looser}\n")
    (tmp_path / "standards/S12.yaml").write_text(
        "id: S12\nreason: {zh: 从宽, en: Looser}\nterms:\n  2026-01-01: {general: 0}\n"
    )
    return tmp_path


def test_the_shipped_rulebook_is_sound(zhibu):
    said = zhibu("rulebook", "check", "--json")
    assert (said.code, said.err) == (0, "")
    answer = said.json
    assert (answer["sound"], answer["problems"], answer["disabled"], answer["layers"]) == (
        True,
        [],
        {},
        ["shipped"],
    )
    assert answer["standards"] == [f"S{number:02d}" for number in range(1, 31)]
    assert answer["examples"] >= 100
    assert answer["digest"] == rulebook.load(()).digest
    assert "例子" in zhibu("rulebook", "check").out


def test_an_overlay_is_named_with_what_it_switches_off(zhibu):
    answer = zhibu("rulebook", "check", "--overlay", OVERLAY, "--json").json
    assert (answer["sound"], answer["layers"]) == (True, ["shipped", "overlay"])
    assert list(answer["disabled"]) == ["S28"]
    assert "S31" in answer["standards"]
    assert "停用 S28：" in zhibu("rulebook", "check", "--overlay", OVERLAY).out


def test_the_same_overlay_twice_is_one(zhibu, monkeypatch):
    once = zhibu("rulebook", "digest", "--overlay", OVERLAY)
    monkeypatch.setenv("ZHIBU_OVERLAYS", str(OVERLAY))
    assert zhibu("rulebook", "digest", "--overlay", OVERLAY) == once
    assert zhibu("rulebook", "digest") == once
    assert once.out.strip() == rulebook.load((OVERLAY,)).digest


def test_an_unsound_overlay_names_file_line_and_remedy(zhibu, unsound):
    said = zhibu("rulebook", "check", "--overlay", unsound, "--json")
    assert (said.code, said.error["code"]) == (5, "rulebook_unsound")
    (problem,) = said.json["problems"]
    assert (problem["file"], problem["line"], problem["code"]) == (
        f"{unsound.name}/standards/S12.yaml", 4, "overlay_touches_national",
    )  # fmt: skip
    assert problem["remedy"]
    assert (said.json["sound"], said.json["digest"]) == (False, None)
    text = zhibu("rulebook", "check", "--overlay", unsound).out
    assert f"{unsound.name}/standards/S12.yaml:4: [overlay_touches_national]" in text
    assert (
        zhibu("rulebook", "show", "S12", "--overlay", unsound, "--json").error["code"] == "rulebook_unsound"
    )


def test_a_standard_on_two_days(zhibu):
    before = zhibu("rulebook", "show", "S26", "--as-of", "2026-05-10", "--json").json
    after = zhibu("rulebook", "show", "s26", "--as-of", "2026-05-11", "--json").json
    assert (before["terms_since"], before["next_terms"]) == ("2020-01-01", "2026-05-11")
    assert (after["terms_since"], after["next_terms"]) == ("2026-05-11", None)
    assert before["terms"] != after["terms"]
    assert [part["id"] for part in after["parts"]] == [part["id"] for part in before["parts"]]
    text = zhibu("rulebook", "show", "S26", "--as-of", "2026-05-10").out
    assert "本版数字自 2020-01-01 起，2026-05-11 起变更" in text
    assert "\n依据：" in text


def test_a_standard_of_an_overlay(zhibu):
    answer = zhibu("rulebook", "show", "S31", "--as-of", "2026-09-30", "--overlay", OVERLAY, "--json").json
    assert (answer["layer"], answer["level"], answer["next_terms"]) == ("overlay", "local", "2027-07-01")


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("show", "S99"), 4, "standard_unknown"),
        (("show", "S12", "--as-of", "2019-12-31"), 4, "not_in_force"),
        (("show", "S12", "--as-of", "2026-02-30"), 2, "day"),
        (("show", "S28", "--overlay", OVERLAY), 4, "standard_disabled"),
        (("check", "--overlay", "/nowhere/at/all"), 4, "overlay_missing"),
        (("show",), 2, "usage"),
        (("list",), 2, "usage"),
        ((), 2, "usage"),
    ],
)
def test_what_is_refused(zhibu, words, code, name):
    said = zhibu("rulebook", *words, "--json")
    assert (said.code, said.out, said.error["code"]) == (code, "", name)


def test_an_overlay_without_anything(zhibu, tmp_path):
    said = zhibu("rulebook", "check", "--overlay", tmp_path, "--json")
    assert (said.code, [each["code"] for each in said.json["problems"]]) == (5, ["missing_file"])
