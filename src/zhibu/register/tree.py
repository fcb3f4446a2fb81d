"""Places in the tree: the next free path below a superior, and the code shown for an organisation."""

from __future__ import annotations

from collections.abc import Iterable

from zhibu.core.authority import STEP, successor
from zhibu.register.models import Organisation


def free_paths(parent: Organisation | None, wanted: int = 1) -> list[str]:
    """The next `wanted` paths below a superior (at the top of the tree without one). Raises OverflowError when full."""
    above = parent.path if parent else ""
    below = Organisation.objects.filter(path__startswith=above) if above else Organisation.objects.all()
    last = (
        below.filter(path__regex=rf"^.{{{len(above) + STEP}}}$")
        .order_by("-path")
        .values_list("path", flat=True)
        .first()
    )
    first = int(last[-STEP:]) + 1 if last else 1
    if first + wanted > 10**STEP:
        raise OverflowError(f"more than {10**STEP - 1} organisations directly below {above or 'the top'}")
    return [f"{above}{number:0{STEP}d}" for number in range(first, first + wanted)]


def codes_for(parent: Organisation | None, paths: Iterable[str]) -> list[str]:
    """A code for each path, three digits a level as the national system shows them: `042.001.003`."""
    base = f"{parent.code}." if parent else ""
    codes = [f"{base}{int(path[-STEP:]):03d}" for path in paths]
    taken = set(Organisation.objects.filter(code__in=codes).values_list("code", flat=True))
    free = []
    for code in codes:
        candidate, extra = code, 1
        while candidate in taken:
            extra += 1
            candidate = f"{code}-{extra}"
            if candidate not in taken and Organisation.objects.filter(code=candidate).exists():
                taken.add(candidate)
        taken.add(candidate)
        free.append(candidate)
    return free


def subtree(organisation: Organisation) -> tuple[str, str]:
    """The half-open path range of an organisation and everything below it."""
    return organisation.path, successor(organisation.path)
