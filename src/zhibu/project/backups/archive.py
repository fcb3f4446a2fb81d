"""The file of a backup: a ZIP whose last bytes are the SHA-256 of all that stands before them.

The digest at the end makes a flipped bit or a missing tail show before anything is unpacked; digests and sizes of the
members in manifest.json make it show which. Anybody can look into the file with any unzip.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from zhibu.project.spoken import BAD_DATA, NOT_FOUND, REFUSED, Fault

FORMAT = 1
MANIFEST = "manifest.json"
MARK = b"zhibu-backup sha256:"
HEX = 64
CHUNK = 1 << 20
# a database shrinks to a fifth even at the quickest setting; what is attached is compressed already
LEVEL = 2


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive."""

    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself. `sequences` (PostgreSQL): "table.column" to its last number and whether it was used."""

    made_at: str
    zhibu: str
    engine: str
    migrations: list[list[str]]
    rows: dict[str, int]
    columns: dict[str, list[str]] = field(default_factory=dict)
    sequences: dict[str, list[Any]] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    missing_media: list[str] = field(default_factory=list)
    overlays: list[str] = field(default_factory=list)
    notice: str = "含密钥和个人信息：谁拿到这个文件，谁就能读出全部内容。请加密存放，不要外传。"
    format: int = FORMAT


class Writer:
    """Puts files into a new archive; nothing stands under the final name before everything is written."""

    def __init__(self, target: Path) -> None:
        if target.exists():
            raise Fault("file_exists", f"{target} 已存在，不会覆盖", "换一个文件名", exit_code=REFUSED)
        if not target.parent.is_dir():
            raise Fault(
                "file_missing",
                f"没有这个目录：{target.parent}",
                "先建目录，或换一个位置",
                exit_code=NOT_FOUND,
            )
        self.target = target
        self.aside = target.with_name(f".{target.name}.{os.getpid()}.partial")
        self.members: dict[str, Member] = {}
        descriptor = os.open(self.aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self.file = os.fdopen(descriptor, "w+b")
        self.zip = ZipFile(self.file, "w", ZIP_DEFLATED, allowZip64=True, compresslevel=LEVEL)

    def add(self, name: str, path: Path, *, packed: bool) -> bool:
        """Take a file in; False when it is gone meanwhile."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return False
        with source, self.writing(name, packed=packed) as put:
            while chunk := source.read(CHUNK):
                put(chunk)
        return True

    @contextmanager
    def writing(self, name: str, *, packed: bool = True) -> Iterator[Any]:
        """A function that takes the bytes of a new member."""
        info = ZipInfo(name)
        info.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, size = sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as member:

            def put(chunk: bytes | memoryview) -> None:
                nonlocal size
                digest.update(chunk)
                size += len(chunk)
                member.write(chunk)

            yield put
        self.members[name] = Member(size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> str:
        """Write the manifest and the digest, and give the file its name. Returns the digest."""
        manifest.members = self.members
        self.zip.writestr(ZipInfo(MANIFEST), json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        self.zip.comment = MARK + b"0" * HEX
        self.zip.close()
        self.file.flush()
        self.file.seek(0)
        found = digest_before_end(self.file)
        self.file.seek(-HEX, os.SEEK_END)
        self.file.write(found.encode())
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        # a link, not a rename: of two backups to one name the second must not replace the first
        os.link(self.aside, self.target)
        self.aside.unlink()
        return found

    def abandon(self) -> None:
        """Leave nothing behind."""
        # a member may be open still; the file goes anyway
        with suppress(ValueError, OSError):
            self.zip.close()
        self.file.close()
        self.aside.unlink(missing_ok=True)


def digest_before_end(file: IO[bytes]) -> str:
    """SHA-256 of a file up to its own digest."""
    left = os.fstat(file.fileno()).st_size - HEX
    digest = sha256()
    while left > 0 and (chunk := file.read(min(CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


class Reader:
    """An archive that was found whole. Raises Fault from the constructor otherwise."""

    def __init__(self, path: Path) -> None:
        self.path = path
        check_whole(path)
        try:
            self.zip = ZipFile(path)
            self.manifest = _manifest(json.loads(self.zip.read(MANIFEST)))
        except (BadZipFile, KeyError, ValueError, TypeError) as error:
            raise damaged(path, f"目录无法读取（{type(error).__name__}）") from None
        self._check_names()

    def _check_names(self) -> None:
        names = [info.filename for info in self.zip.infolist() if info.filename != MANIFEST]
        if sorted(names) != sorted(self.manifest.members):
            raise damaged(self.path, "内容与清单不符")
        for name in names:
            parts = PurePosixPath(name).parts
            if name.startswith("/") or ".." in parts or "\\" in name or len(parts) < 2:
                raise damaged(self.path, f"内容中有不该有的路径 {name}")

    @property
    def size(self) -> int:
        """Bytes of everything unpacked."""
        return sum(member.size for member in self.manifest.members.values())

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a member; its digest is compared at the end. Raises Fault."""
        digest = sha256()
        try:
            with self.zip.open(name) as member:
                while chunk := member.read(CHUNK):
                    digest.update(chunk)
                    yield chunk
        except BadZipFile:
            raise damaged(self.path, f"{name} 无法解开") from None
        if digest.hexdigest() != self.manifest.members[name].sha256:
            raise damaged(self.path, f"{name} 校验不符")

    def unpack(self, name: str, target: Path) -> None:
        """Write a member to a new file, closed to others."""
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in self.chunks(name):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())

    def check_all(self) -> None:
        """Read every member once."""
        for name in self.manifest.members:
            for _chunk in self.chunks(name):
                pass

    def refuse_if_no_room(self, folder: Path) -> None:
        """Refuse when the disk cannot hold what is in the archive."""
        free = shutil.disk_usage(folder).free
        if free < self.size + CHUNK:
            raise Fault(
                "disk_full",
                f"需要 {self.size >> 20} MB，{folder} 只剩 {free >> 20} MB",
                "清理磁盘后再恢复",
                exit_code=6,
            )


def check_whole(path: Path) -> None:
    """Refuse a file that is no backup, or not every byte of one."""
    if not path.is_file():
        raise Fault("file_missing", f"没有这个文件：{path}", "核对路径", exit_code=NOT_FOUND)
    size = path.stat().st_size
    if size == 0:
        raise Fault("backup_empty", f"{path} 是空文件", "换一份备份", exit_code=BAD_DATA)
    with path.open("rb") as file:
        begins = file.read(4)
        file.seek(max(0, size - HEX - len(MARK)))
        mark, kept = file.read(len(MARK)), file.read(HEX)
        if mark != MARK:
            if begins == b"PK\x03\x04":
                raise damaged(path, "文件不完整")
            raise Fault("not_a_backup", f"{path} 不是 zhibu backup 的备份", "核对文件", exit_code=BAD_DATA)
        file.seek(0)
        if digest_before_end(file).encode() != kept:
            raise damaged(path, "校验值不符")


def damaged(path: Path, why: str) -> Fault:
    """The fault of a file that was a backup once."""
    return Fault(
        "backup_damaged", f"{path} 已损坏：{why}；没有恢复任何内容", "换一份备份", exit_code=BAD_DATA
    )


def _manifest(given: dict[str, Any]) -> Manifest:
    if given.get("format") != FORMAT:
        raise Fault(
            "backup_newer",
            f"备份的格式是 {given.get('format')}，本版本只认 {FORMAT}",
            "用制作它的版本恢复",
            exit_code=REFUSED,
        )
    members = {name: Member(**each) for name, each in given.pop("members").items()}
    return Manifest(**{**given, "members": members})
