"""Counting a secret vote again, offline, from the file a teller hands over: no database, no server.

The file holds every paper of the box and the content key that opens it. Each paper is checked from the first byte:
its ticket under the ballot's key, its own signature, that the key is the one it was sealed with.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .envelope import FIXED, WRAP_BYTES, Terms, opened, tracker_of, why_not

FORMAT = "recount 1"


class RecountError(ValueError):
    """A file that cannot be recounted from."""


@dataclass(frozen=True, slots=True)
class Recounted:
    """What came of it: how often each marking stands, the trackers, and the papers that are wrong, by tracker."""

    marks: Mapping[str, int]
    trackers: tuple[str, ...]
    wrong: Mapping[str, str]


def recount(data: Any) -> Recounted:
    """Check and open every paper of a file. Raises RecountError."""
    try:
        if data["zhibu"] != FORMAT:
            raise RecountError("not a file for a recount")
        papers = [(base64.b64decode(each["paper"]), base64.b64decode(each["key"])) for each in data["papers"]]
        tellers = int(data["tellers"])
        length = len(papers[0][0]) - FIXED - WRAP_BYTES * tellers if papers else 0
        terms = Terms(str(data["code"]), str(data["modulus"]), tellers, length)
    except (KeyError, TypeError, ValueError) as error:
        raise RecountError(f"not a file for a recount: {error}") from error
    marks: Counter[str] = Counter()
    wrong: dict[str, str] = {}
    seen: set[str] = set()
    for body, key in papers:
        tracker = tracker_of(body).hex()
        reason = "twice" if tracker in seen else why_not(terms, body)
        told = None if reason else opened(terms, body, key)
        seen.add(tracker)
        if reason or told is None:
            wrong[tracker] = reason or "key"
        else:
            marks[told] += 1
    return Recounted(dict(sorted(marks.items())), tuple(sorted(seen)), wrong)
