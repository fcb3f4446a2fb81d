"""The accounts of the demo: one for each role to try, each with a password of its own."""

from __future__ import annotations

import secrets
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password

from zhibu.accounts.models import User

from .letters import watcher

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .shape import BranchShape, Shape

ROLES = 11
"""How many accounts a company of the usual size has."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """An account of the demo, to be printed."""

    role: str
    username: str
    password: str
    where: str


class Passwords:
    """Passwords with what is kept of them: random ones, or the one chosen.

    What is kept takes a fifth of a second to work out, on purpose; it is worked out on another core while rows are
    written.
    """

    def __init__(self, chosen: str | None) -> None:
        self.chosen = chosen
        self.beside = ThreadPoolExecutor(1)
        self.ready = [self._begun() for _ in range(ROLES)]

    def take(self) -> tuple[str, str]:
        """A password and what is kept of it."""
        password, kept = self.ready.pop() if self.ready else self._begun()
        return password, kept.result()

    def _begun(self) -> tuple[str, Future[str]]:
        password = self.chosen or random_password()
        return password, self.beside.submit(make_password, password)


def accounts(shape: Shape, by_manner: Mapping[str, BranchShape], passwords: Passwords) -> list[SignIn]:
    """One account for each role to try, each with a password of its own."""
    ordinary = by_manner.get("ordinary", shape.branches[0])
    best = by_manner.get("excellent", ordinary)
    idle = by_manner.get("idle", ordinary)
    plain = next(p.id for p in ordinary.members if p.id not in _busy(ordinary))
    wanted = [("集团党委党务工作者", "jituan", shape.officers[0][1], shape.organisations[0].name)]
    if len(shape.officers) > 1:
        wanted.append(("公司党委党务工作者", "gongsi", shape.officers[1][1], shape.committees[0].name))
    wanted.append(("公司纪检委员", "jiwei", *watcher(shape, ordinary)))
    wanted.append(("支部书记", "shuji", ordinary.posts[0][0], ordinary.organisation.name))
    if best is not ordinary:
        wanted.append(("支部书记（先进支部）", "shuji2", best.posts[0][0], best.organisation.name))
    if idle is not ordinary:
        wanted.append(("支部书记（后进支部）", "shuji3", idle.posts[0][0], idle.organisation.name))
    if len(ordinary.posts) > 1:
        wanted.append(("支部委员", "weiyuan", ordinary.posts[1][0], ordinary.organisation.name))
    if ordinary.leaders:
        wanted.append(("党小组长", "zuzhang", ordinary.leaders[0][1], ordinary.organisation.name))
    wanted.append(("党员", "dangyuan", plain, ordinary.organisation.name))
    away = next(((b, min(free)) for b in (ordinary, *shape.branches) if (free := b.mobile - _busy(b))), None)
    if away is not None:
        wanted.append(("流动党员", "liudong", away[1], away[0].organisation.name))
    made = [
        _account(role, username, person, where, passwords) for role, username, person, where in _once(wanted)
    ]
    made.append(_account("系统管理员", "admin", None, "", passwords, is_operator=True))
    passwords.beside.shutdown()
    return made


def _account(
    role: str, username: str, person: int | None, where: str, passwords: Passwords, **fields: Any
) -> SignIn:
    password, kept = passwords.take()
    User.objects.create_user(username, kept=kept, person_id=person, **fields)
    return SignIn(role, username, password, where)


def _once(wanted: list[tuple[str, str, int, str]]) -> list[tuple[str, str, int, str]]:
    """An account belongs to one person: whoever comes twice in a very small company has the first role only."""
    seen: dict[int, tuple[str, str, int, str]] = {}
    for each in wanted:
        seen.setdefault(each[2], each)
    return list(seen.values())


def random_password() -> str:
    """A random password that can be read aloud: no letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))


def _busy(branch: BranchShape) -> set[int]:
    """Whoever holds a post or leads a group: not one to try an ordinary or a mobile member's desk with."""
    return {person for person, _kind in branch.posts} | {person for _group, person in branch.leaders}
