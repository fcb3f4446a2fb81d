"""The files of one layer: the shipped rulebook, or an overlay directory laid out alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .problems import Problems, listed, meant

SHIPPED: Final = Path(__file__).parent.parent
OVERLAY = "overlay.yaml"
REQUIRED: Final = (
    "sources.yaml", "vocabulary.yaml", "tables.yaml", "facts.yaml", "mandates.yaml", "scheme.yaml",
    "standards/groups.yaml",
)  # fmt: skip
LIMITS: Final = (
    "register.yaml",
    "life.yaml",
    "dues.yaml",
    "notices.yaml",
    "assessment.yaml",
    "ballots.yaml",
    "study.yaml",
    "production.yaml",
    "pledges.yaml",
)
FOLDERS: Final = ("standards", "calendars", "votes", "dues", "documents", "procedures")
OPTIONAL: Final = (
    "publications.yaml",
    "home.yaml",
    "session_kinds.yaml",
    "undertakings.yaml",
    "letters.yaml",
    "selection.yaml",
    "integrity.yaml",
    "surveys.yaml",
)
NOT_IN_OVERLAYS: Final = ("tables.yaml", *LIMITS)


@dataclass(frozen=True, slots=True)
class Place:
    """A layer on disk. `label` goes before the file names in messages; empty for the shipped one."""

    root: Path
    label: str

    @property
    def overlay(self) -> bool:
        """Whether this is an overlay and not the shipped rulebook."""
        return bool(self.label)

    def named(self, name: str) -> str:
        """A file of the layer as messages call it."""
        return f"{self.label}/{name}" if self.label else name

    def files(self) -> dict[str, Path]:
        """Every YAML file of the layer by its name within it, sorted."""
        found = (path for pattern in ("*.y*ml", "*/*.y*ml") for path in self.root.glob(pattern))
        return {path.relative_to(self.root).as_posix(): path for path in sorted(found)}

    def expected(self, name: str) -> bool:
        """Whether a file of this name belongs here."""
        folder, slash, _ = name.partition("/")
        if slash:
            return folder in FOLDERS and name.endswith(".yaml")
        return name in self.known()

    def known(self) -> tuple[str, ...]:
        """The names of files a layer of this sort may have."""
        names: tuple[str, ...] = (*REQUIRED, *LIMITS, *OPTIONAL)
        if self.overlay:
            names = (OVERLAY, *(each for each in names if each not in NOT_IN_OVERLAYS))
        return (*names, *(f"{folder}/*.yaml" for folder in FOLDERS))


def places(overlays: tuple[Path, ...], shipped: Path = SHIPPED) -> Iterator[Place]:
    """The shipped layer, then every overlay in order."""
    yield Place(shipped, "")
    for root in overlays:
        yield Place(root, root.name)


def check_files(place: Place, problems: Problems) -> dict[str, Path]:
    """The files of a layer that belong there; the others, and those that are missing, are noted."""
    if not place.root.is_dir():
        problems.add(place.named(""), 1, "no_directory", name=place.root.name)
        return {}
    files = place.files()
    for name in [each for each in files if not place.expected(each)]:
        problems.add(
            place.named(name),
            1,
            "unexpected_file",
            name=name,
            meant=meant(name, place.known()),
            known=listed(place.known(), 20),
        )
        del files[name]
    for name in (OVERLAY,) if place.overlay else REQUIRED:
        if name not in files:
            problems.add(place.named(name), 1, "missing_file", name=name)
    return files
