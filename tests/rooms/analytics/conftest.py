from typing import Any

import pytest

from tests.scale.shipped import Maker, write
from zhibu import rulebook
from zhibu.core.norms import Rulebook

BRANCHES = 24


@pytest.fixture(scope="session")
def book() -> Rulebook:
    return rulebook.load(())


@pytest.fixture(scope="session")
def made(book: Rulebook) -> dict[str, Any]:
    return Maker(book, 4, BRANCHES).rows


@pytest.fixture
def rows(db: Any, made: dict[str, Any]) -> dict[str, Any]:
    """The shipped rulebook's tables filled at random; what was written, as the oracle reads it."""
    write(made)
    return made
