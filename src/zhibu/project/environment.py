"""Reading the environment. What cannot be understood is refused in words, never guessed."""

import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}
KEY_BYTES = 32


def env_bool(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    message = f"{name}={value!r} is neither yes nor no; write 1 or 0."
    raise ImproperlyConfigured(message)


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        message = f"{name}={value!r} is not a whole number; write one such as {default}."
        raise ImproperlyConfigured(message) from None


def env_path(name: str, default: Path) -> Path:
    value = os.environ.get(name)
    if value is not None and not value.strip():
        message = f"{name} is empty; write a directory, or unset it to use {default}."
        raise ImproperlyConfigured(message)
    return Path(value or default).expanduser().resolve()


def env_list(name: str, default: Sequence[str]) -> list[str]:
    value = os.environ.get(name)
    if value is None:
        return list(default)
    return [part.strip() for part in value.split(",") if part.strip()]


def env_choice(name: str, choices: Sequence[str]) -> str:
    """One of `choices`; the first of them when nothing is said."""
    value = os.environ.get(name, choices[0])
    if value in choices:
        return value
    message = f"{name}={value!r} is unknown; write one of {', '.join(choices)}."
    raise ImproperlyConfigured(message)


def database_from_url(url: str) -> dict[str, Any]:
    """Turn postgresql://user:password@host:5432/name?sslmode=require into Django's words.

    A `host` in the query may be the directory of a Unix socket, as libpq allows.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name or "/" in name:
        message = (
            "ZHIBU_DATABASE_URL must look like postgresql://user:password@host:5432/name;"
            f" its scheme is {parts.scheme!r}, its database {name!r}."
        )
        raise ImproperlyConfigured(message)
    try:
        port = parts.port
    except ValueError:
        message = "ZHIBU_DATABASE_URL has a port that is not a number."
        raise ImproperlyConfigured(message) from None
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": options.pop("port", None) or (str(port) if port else ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def mail_from_url(url: str) -> dict[str, Any]:
    """Turn smtp://name:password@host:587 or smtps://host:465 into Django's words; empty: no e-mail."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if url and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname or port == -1):
        # not the value: it holds a password
        message = "ZHIBU_MAIL must look like smtp://name:password@host:587 or smtps://name:password@host:465."
        raise ImproperlyConfigured(message)
    ssl = parts.scheme == "smtps"
    return {
        "backend": f"django.core.mail.backends.{'smtp' if url else 'dummy'}.EmailBackend",
        "host": parts.hostname or "",
        "port": port or (465 if ssl else 587),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "ssl": ssl,
        # a server on this machine is spoken to plainly
        "starttls": bool(url) and not ssl and parts.hostname not in {"localhost", "127.0.0.1", "::1"},
    }


def key_file(path: Path) -> bytes:
    """The 32 random bytes kept in `path`, made on first use and readable by their owner only."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_key(path)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        message = f"{path} does not hold a key: 64 hexadecimal digits are expected. Restore it from a backup."
        raise ImproperlyConfigured(message)
    return key


def _make_key(path: Path) -> None:
    # written aside and linked, so that of two processes starting at once both read one whole key
    descriptor, aside = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        Path(aside).unlink()
