"""Where an organisation stood and what it was, as the register knew it at an instant."""

from __future__ import annotations

from dataclasses import dataclass

from zhibu.register.models import Organisation, PastOrganisation


@dataclass(frozen=True, slots=True)
class Stood:
    """Path and kind of an organisation as known at an instant."""

    path: str
    kind: str


def stood(organisation: Organisation, known_by: int | None) -> Stood:
    """As known by an instant (epoch ms, None: now). One that was entered later stands where it stands now."""
    if known_by is not None and organisation.known_at > known_by:
        kept = PastOrganisation.objects.filter(  # type: ignore[attr-defined]  # made by past_of
            key=organisation.pk, known_at__lte=known_by, superseded_at__gt=known_by
        )
        for path, kind in kept.values_list("path", "kind"):
            return Stood(path, kind)
    return Stood(organisation.path, organisation.kind)
