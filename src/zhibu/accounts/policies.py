"""Which accounts one may see and change."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from zhibu.accounts.models import User
from zhibu.core.authority import END, POSTS_ABOVE, Actor, ranges
from zhibu.core.refusal import Refusal
from zhibu.register.models import Membership, Person, Post
from zhibu.ui.doors import within

VIEW = "accounts.view"
Spells = TypeVar("Spells", bound=QuerySet[Any])


def in_force(spells: Spells, today: date) -> Spells:
    """Memberships or posts that hold on a day, in organisations that exist on it."""
    return spells.filter(
        Q(until__isnull=True) | Q(until__gt=today),
        Q(organisation__closed_on__isnull=True) | Q(organisation__closed_on__gt=today),
        since__lte=today,
    )


def spans(actor: Actor, verb: str) -> tuple[tuple[str, str], ...]:
    """The path ranges in which the actor holds the verb."""
    return ranges(actor, verb)


def everywhere(actor: Actor | None, verb: str) -> bool:
    """Whether the verb is held for the whole installation: by an operator, and by the command line (no actor)."""
    return actor is None or ranges(actor, verb) == (("", END),)


def people_within(actor: Actor, people: QuerySet[Person], today: date, verb: str) -> QuerySet[Person]:
    """People who belong to, or hold a post in, the part of the tree where the actor holds the verb."""
    if everywhere(actor, verb):
        return people
    return people.filter(_belongs(actor, today, verb, "pk"))


def visible_to(actor: Actor, users: QuerySet[User], today: date, verb: str = VIEW) -> QuerySet[User]:
    """Accounts of people within the actor's part of the tree; accounts of operators are seen by operators only."""
    if everywhere(actor, verb):
        return users
    return users.filter(_belongs(actor, today, verb, "person_id"), is_operator=False)


def _belongs(actor: Actor, today: date, verb: str, key: str) -> Q:
    where = spans(actor, verb)
    memberships = in_force(within(Membership.objects.filter(person_id=OuterRef(key)), where), today)
    posts = in_force(within(Post.objects.filter(person_id=OuterRef(key)), where), today)
    return Q(Exists(memberships)) | Q(Exists(posts))


def may_make_operator(actor: Actor | None) -> Refusal | None:
    """Only an operator makes operators."""
    if everywhere(actor, "accounts.create_account"):
        return None
    return Refusal("account.operator", _("只有系统管理员可以设立管理员账号。"), who=_("系统管理员"))


def may_manage(actor: Actor | None, account: User, posts: list[tuple[str, str]], verb: str) -> Refusal | None:
    """Whether the account may be changed: not an operator's, not of someone holding a committee post, by a lesser one.

    Whoever sets a password could sign in with it, so nobody may set that of someone who may do more. `posts` are
    those of the account's person today.
    """
    if actor is None or everywhere(actor, verb):
        return None
    if account.is_operator or any(kind in POSTS_ABOVE for kind, _path in posts):
        return Refusal("account.higher", _("该账号的权限高于你的权限。"), who=_("系统管理员"))
    held = spans(actor, verb)
    if any(not any(low <= path < end for low, end in held) for _kind, path in posts):
        return Refusal("account.elsewhere", _("该同志还在你管理范围之外任职。"), who=_("系统管理员"))
    return None


def may_deactivate(actor: Actor, account: User) -> Refusal | None:
    """Nobody shuts the own account: someone else must still be there to open it again."""
    if actor.user == account.pk:
        return Refusal("account.own", _("不能停用自己的账号。"), who=_("系统管理员"))
    if not account.is_active:
        return Refusal("account.inactive", _("该账号已停用。"))
    return None
