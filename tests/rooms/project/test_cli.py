"""The words people type, and the modules that answer them."""

import pytest

from zhibu.project.cli import spoken_to_module


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        (["zhibu"], ["zhibu"]),
        (["zhibu", "import", "roster.xlsx"], ["zhibu", "import_ledger", "roster.xlsx"]),
        (["zhibu", "help", "import"], ["zhibu", "help", "import_ledger"]),
        (["zhibu", "export", "import"], ["zhibu", "export", "import"]),
    ],
)
def test_import_is_a_word(typed, answered):
    assert spoken_to_module(typed) == answered
