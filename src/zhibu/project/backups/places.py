"""Where an installation keeps what it owns, and which of it belongs into a backup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

ENDING = ".zhibu-backup"
SESSIONS = ("zb_sign_in", "django_session")
"""Tables of sign-ins: who was signed in is not restored, so their rows are left out."""

DATABASE = "database"
MEDIA = "media"
KEYS = "keys"


def is_file_database() -> bool:
    """Whether the default database is one that lasts: PostgreSQL, or a file of SQLite."""
    if connection.vendor != "sqlite":
        return True
    name = str(connection.settings_dict["NAME"])
    return not (connection.is_in_memory_db() or "mode=memory" in name or name == "") and Path(name).exists()  # type: ignore[attr-defined]


def sqlite_file() -> Path:
    """The file of the SQLite database."""
    return Path(connection.settings_dict["NAME"])


def safe_place(stem: str) -> Path:
    """A free name in the directory of backups, which is made if need be."""
    folder = Path(settings.ZHIBU_BACKUPS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file, number = folder / f"{stem}{ENDING}", 1
    while file.exists():
        number += 1
        file = folder / f"{stem}-{number}{ENDING}"
    return file


def owned_files() -> Iterator[tuple[str, Path]]:
    """Name in the archive and place of every key and attached file, in order."""
    for folder, root in ((KEYS, Path(settings.ZHIBU_KEYS)), (MEDIA, Path(settings.MEDIA_ROOT))):
        for path in sorted(root.rglob("*")):
            # a file being written just now has a temporary name; under its own name it is whole
            if path.is_file() and not path.is_symlink() and not path.name.startswith(("tmp", ".")):
                yield f"{folder}/{path.relative_to(root).as_posix()}", path


def has_files() -> bool:
    """Whether any attached file is there."""
    return any(name.startswith(MEDIA) for name, _path in owned_files())
