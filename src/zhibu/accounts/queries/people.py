"""Reading accounts: who signs in, what they may do today, where they are signed in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, count
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhibu import record, rulebook
from zhibu.accounts import policies
from zhibu.accounts.models import SignIn, User, username_key
from zhibu.core.authority import POSTS_ABOVE, Actor, Mandate, Reach
from zhibu.record import vault
from zhibu.register.models import (
    BRANCH_KINDS,
    MEMBER_STAGES,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Post,
)
from zhibu.register.secrets import open_phone
from zhibu.ui import doors, language
from zhibu.ui.asked import whole

PHONE_COLUMN = "zb_user.phone_index"
MEMBER = "member"
OPERATOR = "operator"
NAME_LETTERS = 60
_PHONE = re.compile(r"1[3-9]\d{9}")


def phone_number(text: str) -> str:
    """The eleven digits of a mobile number however it was typed; "" for a text that is none."""
    digits = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).removeprefix("+86")
    return digits if _PHONE.fullmatch(digits) else ""


def phone_key(number: str) -> str:
    """The blind index under which the account with a mobile number is found."""
    return vault.blind(number, PHONE_COLUMN)


def user_signing_in(text: str) -> User | None:
    """The account meant by what was typed as sign-in name or mobile number. One query, found or not."""
    number = phone_number(text)
    known = User.objects.filter(phone_index=phone_key(number)) if number else _named(text)
    return known.first()


def _named(text: str) -> QuerySet[User]:
    return User.objects.filter(username_key=username_key(text))


def actor_for(user: User, today: date) -> Actor:
    """Who the user is as an actor on a day: posts in force, membership, and the operator's mandate.

    At most two queries; read at every request, so that a post that ended grants nothing on the next click. The
    person's name costs no query when the user was loaded with it (`backends.PhoneOrName`).
    """
    grants = rulebook.load().mandates
    held = _held(user.person_id, today) if user.person_id is not None else []
    if user.is_operator:
        held.append((OPERATOR, 0, "", ""))
    mandates = (
        Mandate(post, organisation, path, _verbs(grant.verbs), grant.reach)
        for post, organisation, path, kind in dict.fromkeys(held)
        for grant in grants.get(post, ())
        if _reaches_its_own(post, kind, grant.reach)
    )
    return Actor(user.pk, user.person_id, name_of(user), tuple(mandates))


@lru_cache(maxsize=256)
def _verbs(named: tuple[str, ...]) -> frozenset[str]:
    """One set for each line of the mandates, so that equal ones are the same."""
    return frozenset(named)


Held = tuple[str, int, str, str]
"""A post, or `member`, with number, path and kind of the organisation."""


def _held(person_id: int, today: date) -> list[Held]:
    return [
        *record.rows(_posts, person_id, today),
        *((MEMBER, *each) for each in record.rows(_memberships, person_id, today)),
    ]


PLACE = ("organisation_id", "organisation__path", "organisation__kind")


def _posts(person_id: int, today: date) -> QuerySet[Post, Any]:
    return policies.in_force(Post.objects.filter(person_id=person_id), today).values_list("kind", *PLACE)


def _memberships(person_id: int, today: date) -> QuerySet[Membership, Any]:
    rows = Membership.objects.filter(person_id=person_id, stage__in=MEMBER_STAGES)
    return policies.in_force(rows, today).values_list(*PLACE)


def _reaches_its_own(post: str, kind: str, reach: Reach) -> bool:
    """Whatever a rulebook or a wrong entry says, a mandate is not wider than its post can be.

    Only the operator's is bound to no place. `own` covers what lies under the node: right for a branch and its
    groups; a member entered at a committee, or its secretary entered as one of a branch, would own every branch below.
    """
    if reach is Reach.EVERYWHERE:
        return post == OPERATOR
    if reach is not Reach.OWN or post in POSTS_ABOVE:
        return True
    if post == MEMBER:
        return kind in BRANCH_KINDS
    return kind != OrganisationKind.PRIMARY_COMMITTEE


def name_of(user: User) -> str:
    """The name an account acts under: the person's; an operator's sign-in name otherwise."""
    return user.person.name if user.person is not None else user.username


def home_of(person_id: int | None, today: date) -> Organisation | None:
    """The organisation a person belongs to on a day, by membership, else by post; the record of the account lies there."""
    if person_id is None:
        return None
    for model in (Membership, Post):
        spells: QuerySet[Any] = policies.in_force(model.objects.filter(person_id=person_id), today)
        if (spell := spells.select_related("organisation").order_by("id").first()) is not None:
            return spell.organisation
    return None


def accounts(actor: Actor, today: date, search: str = "", state: str = "") -> QuerySet[User, Any]:
    """Accounts of one's part of the tree as rows, by sign-in name. `state`: active, inactive or operator."""
    rows = policies.visible_to(actor, User.objects.all(), today)
    if search:
        rows = rows.filter(username_key__contains=username_key(search)) | rows.filter(
            person__name__contains=search
        )
    if state == "operator":
        rows = rows.filter(is_operator=True)
    elif state in ("active", "inactive"):
        rows = rows.filter(is_active=state == "active")
    return rows.order_by("username_key", "id").values_list(
        "id",
        "username",
        "person__name",
        "is_active",
        "is_operator",
        "must_change_password",
        "last_login",
        named=True,
    )


def account_for(actor: Actor, pk: int, today: date, verb: str = policies.VIEW) -> User:
    """One account of one's part of the tree. Raises Http404 for any other, as for one that does not exist."""
    scoped = policies.visible_to(actor, User.objects.select_related("person"), today, verb)
    account: User = doors.one(scoped, pk=pk)
    return account


def person_for(actor: Actor, pk: int, today: date) -> Person:
    """A person for whom an account may be made. Raises Http404."""
    people = policies.people_within(actor, Person.objects.all(), today, "accounts.create_account")
    person: Person = doors.one(people, pk=pk)
    return person


def people_without_account(
    actor: Actor, today: date, search: str = "", *, posted: bool = False
) -> QuerySet[Person, Any]:
    """People of one's part of the tree who have no account yet, by name or branch. `posted`: who holds a post."""
    people = policies.people_within(actor, Person.objects.all(), today, "accounts.create_account")
    people = people.exclude(pk__in=User.objects.filter(person__isnull=False).values("person_id"))
    posts, members = (
        policies.in_force(model.objects.filter(person_id=OuterRef("pk")), today)
        for model in (Post, Membership)
    )
    if posted:
        people = people.filter(Exists(posts))
    if search:
        named = Q(name__contains=search) | Q(initials__startswith=search.lower())
        there = Q(organisation__name__contains=search)
        people = people.filter(named | Exists(posts.filter(there)) | Exists(members.filter(there)))
    return people.order_by("name", "id").values_list("id", "name", named=True)


def people_chosen(actor: Actor, today: date, keys: Iterable[str]) -> list[Person]:
    """Those of the people ticked on the page for whom an account may be made and who have none yet."""
    wanted = {key for text in keys if (key := whole(text)) is not None}
    people = policies.people_within(
        actor, Person.objects.filter(pk__in=wanted), today, "accounts.create_account"
    )
    people = people.exclude(pk__in=User.objects.filter(person__in=wanted).values("person_id"))
    return list(people.order_by("name", "id"))


def free_sign_in(person: Person) -> tuple[str, str]:
    """A sign-in name nobody has yet, made of the person's name, and the person's number if no account has it."""
    name, number = person.name[:NAME_LETTERS], phone_of(person)
    taken = set(
        User.objects.filter(username_key__startswith=username_key(name)).values_list(
            "username_key", flat=True
        )
    )
    tried = chain([name], (f"{name}{each}" for each in count(2)))
    free = next(each for each in tried if username_key(each) not in taken)
    used = bool(number) and User.objects.filter(phone_index=phone_key(number)).exists()
    return free, "" if used else number


def accounts_new(actor: Actor, keys: Iterable[int], today: date) -> list[User]:
    """Accounts made together whose password was not used yet, by name."""
    rows = User.objects.filter(pk__in=list(keys), must_change_password=True).select_related("person")
    scoped = policies.visible_to(actor, rows, today, "accounts.create_account")
    return list(scoped.order_by("username_key", "id"))


def standings_of(people: Iterable[int], today: date) -> dict[int, list[tuple[str, str]]]:
    """What each of these people is today, and where, posts first: (organisation, post or stage)."""
    book, keys = rulebook.load(), list(people)
    told: dict[int, list[tuple[str, str]]] = {key: [] for key in keys}
    posts = policies.in_force(Post.objects.filter(person_id__in=keys), today).order_by("id")
    stages = policies.in_force(Membership.objects.filter(person_id__in=keys), today).order_by("id")
    for section, rows in (
        ("posts", posts.values_list("person_id", "organisation__name", "kind")),
        ("stages", stages.values_list("person_id", "organisation__name", "stage")),
    ):
        for person, name, code in rows:
            told[person].append((name, language.pick(book.word(section, code))))
    return told


def posts_of(person_id: int | None, today: date) -> list[tuple[str, str]]:
    """The posts a person holds on a day: (kind, path)."""
    if person_id is None:
        return []
    spells = policies.in_force(Post.objects.filter(person_id=person_id), today)
    return list(spells.values_list("kind", "organisation__path"))


def places_of(user: User, today: date) -> list[tuple[str, str]]:
    """What the account's person is today, and where: (organisation, stage or post), in the reader's language."""
    if user.person_id is None:
        return []
    return standings_of([user.person_id], today)[user.person_id]


def phone_of(person: Person | None) -> str:
    """The mobile number known of a person, in digits; "" when there is none."""
    return phone_number(open_phone(person.phone_sealed)) if person is not None else ""


def sign_ins_of(user: User, now: datetime) -> QuerySet[SignIn]:
    """Where the account is signed in just now, the newest first."""
    return SignIn.objects.filter(user_id=user.pk, expire_date__gt=now).order_by("-begun_at", "session_key")
