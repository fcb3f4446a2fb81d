"""Files given as supporting material: looked into, kept under their digest, recorded."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from zhibu.core.authority import Actor
from zhibu.record.files import MATERIAL, PICTURES, inspect
from zhibu.record.files.pictures import bare
from zhibu.record.files.scaling import lighter
from zhibu.record.models import Attachment
from zhibu.record.writing import Node, write

NAME_LENGTH = 200


@transaction.atomic
def attach(
    actor: Actor,
    *,
    subject: models.Model,
    organisation: Node,
    read_verb: str,
    name: str,
    content: bytes,
    now: datetime | None = None,
    kinds: Collection[str] = MATERIAL,
) -> Attachment:
    """Keep a file with a row of an organisation; whoever holds `read_verb` there may read it.

    Pictures are bared, and made no larger than a page with writing needs.

    Raises Refused when the file is not what its content must be (see `record.files.inspect`). The caller has already
    decided that the actor may change the subject.
    """
    found = inspect(content, kinds=kinds)
    if found.kind in PICTURES:
        # of a photograph the picture is kept: where it was taken and by whose telephone is nobody's material
        content = lighter(bare(content))
        found = inspect(content, kinds=kinds)
    at = now or timezone.now()
    _store(content, found.sha256)
    attachment = Attachment.objects.create(
        organisation_id=organisation.pk,
        subject_table=subject._meta.db_table,
        subject_id=subject.pk,
        read_verb=read_verb,
        name=tidy_name(name, found.kind),
        kind=found.kind,
        size=found.size,
        sha256=found.sha256,
        actor_user=actor.user,
        actor_name=actor.name,
        at=at,
    )
    write(
        actor,
        "record.attach",
        subject,
        organisation=organisation,
        now=at,
        attachment=attachment.pk,
        name=attachment.name,
        sha256=found.sha256,
        size=found.size,
    )
    return attachment


def erase(given: models.QuerySet[Attachment]) -> None:
    """Delete files for good, rows and bytes; bytes that were given elsewhere too stay."""
    digests = set(given.values_list("sha256", flat=True))
    given.delete()
    transaction.on_commit(lambda: _unlink(digests))


def _unlink(digests: set[str]) -> None:
    # asked once all is written: somebody may have given the same file in the meantime
    for each in digests - set(Attachment.objects.filter(sha256__in=digests).values_list("sha256", flat=True)):
        place_of(each).unlink(missing_ok=True)


def content_of_attachment(attachment: Attachment) -> bytes:
    """The bytes as they were given. Raises ValueError when the stored file no longer has its digest."""
    return content_of(attachment.sha256)


def content_of(digest: str) -> bytes:
    """The bytes with this SHA-256. Raises ValueError when the stored file no longer has it."""
    content = place_of(digest).read_bytes()
    if sha256(content).hexdigest() != digest:
        raise ValueError(f"the stored file {digest} was altered")
    return content


def place_of(digest: str) -> Path:
    """Where the bytes with this SHA-256 lie."""
    return Path(settings.MEDIA_ROOT) / "attachments" / digest[:2] / digest


def tidy_name(name: str, kind: str) -> str:
    """A file name that is safe to hand out: no path, no control characters, the ending its content has."""
    stem = "".join(mark for mark in name.replace("\\", "/").rpartition("/")[2] if mark.isprintable()).strip(
        " ."
    )
    ending = f".{kind}"
    for known in (ending, ".jpg" if kind == "jpeg" else ending):
        if stem.lower().endswith(known):
            stem, ending = stem[: -len(known)], known
    if kind == "jpeg" and stem.lower().endswith(".png"):
        # a heavy one was written anew
        stem, ending = stem[:-4], ".jpg"
    return (stem[: NAME_LENGTH - len(ending)] or "附件") + ending


def _store(content: bytes, digest: str) -> None:
    place = place_of(digest)
    if place.exists():
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # written aside and renamed: under its digest lies the whole file or none. A rolled back act leaves a file that
    # nothing names, never a name without its file.
    descriptor, aside = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(aside).replace(place)
