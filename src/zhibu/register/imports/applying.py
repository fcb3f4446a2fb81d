"""Carrying out a plan, in as few statements as possible, and noting what it takes to undo it.

A roster says where people stand now, not since when. So that the roll of a past day can be answered, a member is taken
to have belonged to the branch since joining: on probation from `joined_on` to `full_since`, a full member from then
on. Both spells bear `since_known = 0` and began by import: they are no admission or conversion done here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from zhibu.record.past import instant
from zhibu.record.progress import WRITING, Tell, silent
from zhibu.register import names, secrets, tree
from zhibu.register.imports.plan import COMPARED, Line, Plan
from zhibu.register.imports.targets import Branch, numbered
from zhibu.register.models import (
    COMMITTEE_POSTS,
    Began,
    Ended,
    Membership,
    MobileSpell,
    Organisation,
    OrganisationKind,
    Person,
    PhoneToken,
    Post,
    PostKind,
    Stage,
)

BATCH = 500
_KEPT = ("nation", "education", "position", "note", "sex", "phone_sealed", "phone_index")
_KEPT_DAYS = ("born_on", "joined_on", "full_since")


@dataclass(slots=True)
class Undo:
    """What a batch created, by table, and what it changed, as it was before."""

    organisations: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    memberships: list[int] = field(default_factory=list)
    posts: list[int] = field(default_factory=list)
    mobile: list[int] = field(default_factory=list)
    persons_before: list[dict[str, Any]] = field(default_factory=list)
    spells_before: list[dict[str, Any]] = field(default_factory=list)
    mobile_before: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def apply(plan: Plan, today: date, now: datetime, tell: Tell = silent) -> Undo:
    """Write everything the plan says. The caller holds the transaction and the lock on the organisation."""
    undo = Undo()
    work = _Work(plan, today, instant(now), undo)
    work.organisations()
    new = [line for line in plan.lines if line.is_new]
    changed = [line for line in plan.lines if line.is_changed]
    people = work.people(new, tell)
    work.change_people(changed)
    work.memberships(people)
    work.change_memberships(changed)
    work.posts_and_mobile([*people, *((line, line.known.person) for line in changed if line.known)])
    return undo


class _Work:
    """The writing of one plan, table by table."""

    def __init__(self, plan: Plan, today: date, known_at: int, undo: Undo) -> None:
        self.plan, self.today, self.known_at, self.undo = plan, today, known_at, undo

    # --- organisations

    def organisations(self) -> None:
        targets = self.plan.targets
        top = targets.organisation
        rows = self._create(top, [(each.name, each.kind, each.unit_type) for each in targets.new_branches])
        for branch, row in zip(targets.new_branches, rows, strict=True):
            branch.pk, branch.path = row.pk, row.path
        by_branch: dict[int, tuple[Branch, list[Any]]] = {}
        for group in sorted(targets.new_groups, key=lambda each: numbered(each.name)):
            by_branch.setdefault(id(group.branch), (group.branch, []))[1].append(group)
        made = {row.pk: row for row in rows}
        missing = [branch.pk for branch, _groups in by_branch.values() if branch.pk not in made]
        made.update({row.pk: row for row in Organisation.objects.filter(pk__in=missing)})
        for branch, groups in by_branch.values():
            parent = made[branch.pk]
            kinds = [(each.name, OrganisationKind.PARTY_GROUP.value, parent.unit_type) for each in groups]
            for group, row in zip(groups, self._create(parent, kinds), strict=True):
                group.pk = row.pk

    def _create(self, parent: Organisation, wanted: list[tuple[str, str, str]]) -> list[Organisation]:
        if not wanted:
            return []
        paths = tree.free_paths(parent, len(wanted))
        codes = tree.codes_for(parent, paths)
        rows = []
        for (name, kind, unit_type), path, code in zip(wanted, paths, codes, strict=True):
            pinyin, initials = names.organisation_pinyin(name)
            rows.append(
                Organisation(
                    code=code,
                    name=name,
                    kind=kind,
                    unit_type=unit_type,
                    parent=parent,
                    path=path,
                    pinyin=pinyin,
                    initials=initials,
                    known_at=self.known_at,
                )
            )
        created = Organisation.objects.bulk_create(rows, batch_size=BATCH)
        self.undo.organisations += [row.pk for row in created]
        return created

    # --- people

    def people(self, lines: list[Line], tell: Tell) -> list[tuple[Line, Person]]:
        # sealing the numbers is most of the work, so it is done portion by portion as they are written
        people: list[Person] = []
        tell(WRITING, 0, len(lines))
        for start in range(0, len(lines), BATCH):
            some = [_person(line) for line in lines[start : start + BATCH]]
            people += Person.objects.bulk_create(some)
            tell(WRITING, len(people), len(lines))
        self.undo.people = [person.pk for person in people]
        self._tokens([(person, line.row.phone) for line, person in zip(lines, people, strict=True)])
        return list(zip(lines, people, strict=True))

    def _tokens(self, phones: list[tuple[Person, str]]) -> None:
        # eight rows a person: as model instances they would take as long as everything else together
        rows = [(person.pk, token) for person, phone in phones for token in secrets.phone_tokens(phone)]
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"INSERT INTO {PhoneToken._meta.db_table} (person_id, token) VALUES (%s, %s)",  # noqa: S608
                    rows,
                )

    def change_people(self, lines: list[Line]) -> None:
        people: list[Person] = []
        phones: list[tuple[Person, str]] = []
        for line in lines:
            if line.known is None or not {*COMPARED, "phone"} & set(line.fields):
                continue
            person = line.known.person
            self.undo.persons_before.append(_before(person))
            for name in set(COMPARED) & set(line.fields):
                setattr(person, name, getattr(line.row, name))
            if "phone" in line.fields:
                person.phone_sealed, person.phone_index = secrets.seal_phone(line.row.phone)
                phones.append((person, line.row.phone))
            person.version += 1
            people.append(person)
        PhoneToken.objects.filter(person__in=[person for person, _phone in phones]).delete()
        self._tokens(phones)
        Person.objects.bulk_update(people, [*_KEPT, *_KEPT_DAYS, "version"], batch_size=100)

    # --- belonging

    def memberships(self, people: list[tuple[Line, Person]]) -> None:
        self._add_memberships([spell for line, person in people for spell in self._spells(line, person)])

    def _add_memberships(self, spells: list[Membership]) -> None:
        created = Membership.objects.bulk_create(spells, batch_size=BATCH)
        self.undo.memberships += [spell.pk for spell in created]

    def _spell(self, line: Line, person: Person, stage: str, since: date, **more: Any) -> Membership:
        return Membership(
            person=person, organisation_id=line.branch.pk, party_group_id=line.group.pk if line.group else None,
            stage=stage, since=since, dues_monthly_fen=line.row.dues_fen, known_at=self.known_at, **more,
        )  # fmt: skip

    def _spells(self, line: Line, person: Person) -> Iterator[Membership]:
        row = line.row
        more: dict[str, Any] = {"began_because": Began.IMPORTED, "since_known": 0}
        if row.stage not in {Stage.FULL_MEMBER, Stage.PROBATIONARY_MEMBER}:
            yield self._spell(line, person, row.stage, row.stage_since or self.today, **more)
            return
        joined = row.joined_on or self.today
        if row.stage == Stage.FULL_MEMBER and row.full_since and row.full_since > joined:
            yield self._spell(
                line,
                person,
                Stage.PROBATIONARY_MEMBER,
                joined,
                until=row.full_since,
                ended_because=Ended.STAGE,
                **more,
            )
            joined = row.full_since
        yield self._spell(line, person, row.stage, joined, **more)

    def change_memberships(self, lines: list[Line]) -> None:
        closed, fresh, repaid = [], [], []
        for line in lines:
            changed, known = set(line.fields), line.known
            if known is None:
                continue
            if "membership" in changed:
                fresh.append(
                    self._spell(line, known.person, line.row.stage, self.today, began_because=Began.TRANSFER)
                )
                continue
            spell = known.membership
            if spell is None or not changed & {"branch", "group", "stage", "dues"}:
                continue
            self._remember(spell)
            if changed & {"branch", "group", "stage"}:
                fresh.append(self._next(line, known.person, spell, changed))
                closed.append(spell)
            else:
                spell.dues_monthly_fen = line.row.dues_fen
                repaid.append(spell)
        Membership.objects.bulk_update(closed, ["until", "ended_because", "known_at"], batch_size=BATCH)
        Membership.objects.bulk_update(repaid, ["dues_monthly_fen"], batch_size=BATCH)
        self._add_memberships(fresh)

    def _next(self, line: Line, person: Person, spell: Membership, changed: set[str]) -> Membership:
        """Close a spell and open the one that follows it: today, or on the day of conversion when that is stated."""
        since = self.today
        if "branch" in changed:
            began, ended = Began.TRANSFER, Ended.TRANSFER
        elif "stage" in changed:
            began, ended = Began.STAGE, Ended.STAGE
            if line.row.stage == Stage.FULL_MEMBER and line.row.full_since:
                since = max(spell.since, line.row.full_since)
        else:
            began, ended = Began.GROUP, Ended.GROUP
        spell.until, spell.ended_because, spell.known_at = since, ended, self.known_at
        following = self._spell(line, person, line.row.stage, since, began_because=began)
        if following.dues_monthly_fen is None:
            following.dues_monthly_fen = spell.dues_monthly_fen
        if line.group is None and "branch" not in changed:
            following.party_group_id = spell.party_group_id
        return following

    def _remember(self, spell: Membership) -> None:
        self.undo.spells_before.append(
            {
                "id": spell.pk,
                "until": spell.until and spell.until.isoformat(),
                "ended_because": spell.ended_because,
                "dues_monthly_fen": spell.dues_monthly_fen,
            }
        )

    # --- posts and mobile members

    def posts_and_mobile(self, people: list[tuple[Line, Person]]) -> None:
        posts = [post for line, person in people for post in self._posts(line, person)]
        self.undo.posts = [post.pk for post in Post.objects.bulk_create(posts, batch_size=BATCH)]
        spells: list[MobileSpell] = []
        for line, person in people:
            self._mobile(line, person, spells)
        self.undo.mobile = [each.pk for each in MobileSpell.objects.bulk_create(spells, batch_size=BATCH)]

    def _posts(self, line: Line, person: Person) -> Iterator[Post]:
        held = {(post.kind, post.duties) for post in line.known.posts} if line.known else set()
        for kind, duties in line.row.posts:
            if (kind, duties) in held:
                continue
            of_group = kind == PostKind.GROUP_LEADER and line.group is not None
            yield Post(
                organisation_id=line.group.pk if of_group and line.group else line.branch.pk,
                person=person, kind=kind, duties=duties, has_duties=int(bool(duties)),
                in_committee=int(kind in COMMITTEE_POSTS),
                since=(line.row.full_since or line.row.joined_on or self.today) if line.is_new else self.today,
                since_known=int(not line.is_new), known_at=self.known_at,
            )  # fmt: skip

    def _mobile(self, line: Line, person: Person, spells: list[MobileSpell]) -> None:
        current = line.known.mobile if line.known else None
        if line.row.mobile and current is None:
            spells.append(
                MobileSpell(
                    person=person,
                    organisation_id=line.branch.pk,
                    place=line.row.place,
                    since=self.today,
                    since_known=0,
                )
            )
        elif current is not None and {"mobile", "place"} & set(line.fields):
            self.undo.mobile_before.append({"id": current.pk, "until": None, "place": current.place})
            if line.row.mobile:
                current.place = line.row.place
            else:
                current.until = self.today
            current.save(update_fields=["place", "until"])


def _person(line: Line) -> Person:
    row = line.row
    pinyin, initials = names.person_pinyin(row.name)
    id_sealed, _index = secrets.seal_id(row.id_number)
    phone_sealed, phone_index = secrets.seal_phone(row.phone)
    return Person(
        name=row.name, pinyin=pinyin[:240], initials=initials[:60], sex=row.sex, born_on=row.born_on,
        nation=row.nation, education=row.education, position=row.position, note=row.note,
        id_sealed=id_sealed, id_index=line.id_index or None, phone_sealed=phone_sealed, phone_index=phone_index,
        joined_on=row.joined_on, full_since=row.full_since,
    )  # fmt: skip


def _before(person: Person) -> dict[str, Any]:
    kept: dict[str, Any] = {"id": person.pk, "version": person.version}
    kept.update({name: getattr(person, name) for name in _KEPT})
    days = {name: getattr(person, name) for name in _KEPT_DAYS}
    kept.update({name: day and day.isoformat() for name, day in days.items()})
    return kept
