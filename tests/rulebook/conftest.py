"""Hundreds of rulebooks are read here that differ in one file: a file is taken apart once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from zhibu.rulebook.reader import reading


@pytest.fixture(scope="session", autouse=True)
def _taken_apart_once() -> Iterator[None]:
    own: Any = reading.parse
    trees: dict[tuple[bytes, str], Any] = {}

    def parse(content: bytes, file: str, problems: Any) -> Any:
        key = (content, file)
        if key in trees:
            return trees[key]
        before = len(problems.found)
        tree = own(content, file, problems)
        # what is wrong is told anew each time
        if len(problems.found) == before:
            trees[key] = tree
        return tree

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "parse", parse)
        yield
