"""Writing the invented company into an empty database, in bulk, with the same tables the acts use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhibu import record
from zhibu.assessment import actions as assessment
from zhibu.assessment.books import of_run
from zhibu.assessment.models import Review, Run, SelfReview
from zhibu.assessment.queries.sheets import reviewed_parts
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.core.calendar import Quarter
from zhibu.core.norms import MICRO_PER_HUNDREDTH
from zhibu.dues.models import Base, Closing, DuesEffect, DuesPosting, FundUse, Remittance, Voucher
from zhibu.life.models import AgendaItem, Attendance, Examination, FiledDocument, Session, Talk
from zhibu.notices.models import Notice
from zhibu.procedures.models import Case, CasePaper, StepTaken
from zhibu.register.models import Membership, MobileSpell, Organisation, Person, PhoneToken, Post, Term
from zhibu.register.names import organisation_pinyin, person_pinyin
from zhibu.register.secrets import phone_tokens, seal_id, seal_phone

from . import doings as done
from .absent import Absent
from .acted import Register
from .admissions import admit
from .ahead import Ahead
from .belonging import memberships
from .boards import Boards
from .books import write_books
from .bulk import insert, learn, reset_sequences
from .cases import Cases
from .coming import Coming
from .concerns import Concerns
from .integrity import Integrity
from .letters import Mail
from .names import MOBILE_PLACES
from .pledges import Pledges
from .said import write_said
from .shape import DUTIES, BranchShape, Company, Shape
from .sign_ins import Passwords, SignIn, accounts
from .study import Studies
from .undertakings import Undertakings
from .unit import Unit
from .zones import Zones

Say = Callable[[str], None]
MODELS = (
    Organisation, Person, PhoneToken, Membership, MobileSpell, Post, Term, Session, Attendance, AgendaItem, Talk,
    Examination, FiledDocument, Base, Voucher, DuesPosting, DuesEffect, Remittance, FundUse, Closing, Notice, Case, StepTaken, CasePaper, Review, SelfReview, Run,
)  # fmt: skip
LONG_AGO = date(2015, 1, 1).toordinal()


class Builder:
    """Writes a Shape and what its branches did; then runs the finished quarters through the acts."""

    def __init__(self, *, branches: int, seed: int, today: date, password: str | None, say: Say) -> None:
        self.seed, self.today, self.password, self.say = seed, today, password, say
        self.say("编排组织、人员和一年多的活动 …")
        self.shape: Shape = Company(branches=branches, seed=seed, today=today).build()
        self.ways = admit(self.shape)
        self.doings = done.Doings(self.shape, seed)
        self.doings.build()

    @transaction.atomic
    def write(self) -> list[SignIn]:
        """Everything, or nothing. Returns the accounts made."""
        shape, doings = self.shape, self.doings
        passwords = Passwords(self.password)
        self.say(f"写入 {len(shape.organisations)} 个组织、{len(shape.people)} 人 …")
        self._organisations()
        self._people()
        self._belonging()
        self.say(f"写入 {len(doings.sessions)} 次会议、{len(doings.attendance)} 条出席 …")
        insert(Session, done.SESSION_COLUMNS, doings.sessions)
        insert(Attendance, done.ATTENDANCE_COLUMNS, doings.attendance)
        insert(AgendaItem, done.AGENDA_COLUMNS, doings.agenda)
        write_said(shape, doings)
        insert(Talk, done.TALK_COLUMNS, doings.talks)
        insert(Examination, done.EXAMINATION_COLUMNS, doings.examinations)
        Ahead(shape, doings, self.seed).write()
        insert(FiledDocument, done.DOCUMENT_COLUMNS, doings.documents)
        write_books(doings.dues, self.say)
        insert(Notice, done.NOTICE_COLUMNS, doings.notices)
        Cases(shape, doings, self.ways).write(self.say)
        Undertakings(shape, doings, self.seed).write(self.say)
        Absent(shape, doings, self.seed).write(self.say)
        unit = Unit(shape, self._by_manner().get("ordinary"), seed=self.seed, today=self.today)
        unit.write()
        reset_sequences(MODELS)
        learn()
        Studies(shape, self.seed).write()
        self.say("写入留痕 …")
        self._record()
        Boards(shape, self._by_manner().get("ordinary"), seed=self.seed, today=self.today).fill()
        names = {person.id: person.name for person in shape.people}
        Pledges(self._by_manner().get("ordinary"), names=names, today=self.today).fill()
        Zones(self._by_manner().get("ordinary"), names=names, today=self.today).fill()
        Integrity(self._by_manner().get("ordinary"), names=names, today=self.today).fill()
        kept = {each.organisation.id for each in self._by_manner().values()}
        Register(shape, kept, set(self.ways)).fill()
        Coming(shape, self._by_manner().get("ordinary"), today=self.today).fill()
        Mail(shape, self._by_manner().get("ordinary"), today=self.today).fill()
        Concerns(shape, self._by_manner().get("ordinary"), seed=self.seed, today=self.today).fill()
        unit.slogans()
        learn()
        self._assess()
        return accounts(shape, self._by_manner(), passwords)

    def _organisations(self) -> None:
        names = (
            "id", "code", "name", "kind", "unit_type", "parent_id", "path", "founded_on", "closed_on", "can_approve",
            "pinyin", "initials",
        )  # fmt: skip
        insert(Organisation, names, (
            (o.id, o.code, o.name, o.kind, o.unit_type, o.parent, o.path, _day(o.founded), _day(o.closed),
             int(o.kind == "primary_committee"), *organisation_pinyin(o.name))
            for o in self.shape.organisations
        ))  # fmt: skip

    def _people(self) -> None:
        names = (
            "id", "name", "pinyin", "initials", "sex", "born_on", "nation", "education", "position", "id_sealed",
            "id_index", "phone_sealed", "phone_index", "joined_on", "full_since",
        )  # fmt: skip
        insert(Person, names, (
            (p.id, p.name, *person_pinyin(p.name), p.sex, _day(p.born), p.nation, p.education, p.position,
             *seal_id(p.id_number), *seal_phone(p.phone), _day(p.joined), _day(p.full))
            for p in self.shape.people
        ))  # fmt: skip
        tokens = ((p.id, token) for p in self.shape.people for token in phone_tokens(p.phone))
        insert(PhoneToken, ("person_id", "token"), tokens)

    def _belonging(self) -> None:
        names = (
            "person_id",
            "organisation_id",
            "party_group_id",
            "stage",
            "since",
            "until",
            "since_known",
            "began_because",
            "known_at",
        )
        insert(Membership, names, memberships(self.shape, self.ways))
        insert(MobileSpell, ("person_id", "organisation_id", "place", "since"), (
            (person, b.organisation.id, MOBILE_PLACES[person % len(MOBILE_PLACES)], self.today.toordinal() - 200 - person % 300)
            for b in self.shape.branches for person in sorted(b.mobile)
        ))  # fmt: skip
        insert(
            Post,
            (
                "organisation_id",
                "person_id",
                "kind",
                "in_committee",
                "has_duties",
                "duties",
                "since",
                "until",
                "known_at",
            ),
            self._posts(),
        )
        insert(Term, ("organisation_id", "number", "elected_on", "expires_on", "valid_until", "seats", "known_at"), (
            (b.organisation.id, 2 + b.organisation.id % 4, b.elected.toordinal(), b.valid_until.toordinal(),
             b.valid_until.toordinal(), b.seats, done.instant(b.elected.toordinal()))
            for b in self.shape.branches
        ))  # fmt: skip

    def _posts(self) -> Iterator[tuple[Any, ...]]:
        for organisation, person, kind in self.shape.officers:
            yield (
                organisation,
                person,
                kind,
                0,
                1,
                "负责党务和季度考核",
                LONG_AGO,
                None,
                done.instant(LONG_AGO),
            )
        for b in self.shape.branches:
            end, since = _day(b.organisation.closed), b.elected.toordinal()
            written = b.manner.name != "idle"
            for person, kind in b.posts:
                yield (
                    b.organisation.id,
                    person,
                    kind,
                    1,
                    int(written),
                    DUTIES[kind] if written else "",
                    since,
                    end,
                    done.instant(since),
                )
            for group, person in b.leaders:
                yield group, person, "group_leader", 0, 1, "组织党小组活动", since, end, done.instant(since)

    def _record(self) -> None:
        """One entry per organisation founded and per meeting recorded, as the acts would have left them."""
        begun = timezone.make_aware(
            datetime.combine(self.shape.first_quarter.first - timedelta(days=30), datetime.min.time())
        )
        record.write_many(
            record.Draft(
                None,
                "register.create_organisation",
                ("zb_organisation", o.id),
                o.id,
                begun,
                {"name": o.name, "kind": o.kind},
            )
            for o in self.shape.organisations
        )
        actors = {b.organisation.id: self._secretary(b) for b in self.shape.branches}
        place = {name: index for index, name in enumerate(done.SESSION_COLUMNS)}
        closed = sorted(
            (row for row in self.doings.sessions if row[place["closed_at"]]),
            key=lambda row: row[place["known_at"]],
        )
        record.write_many(
            record.Draft(
                actors[row[place["organisation_id"]]], "life.record", ("zb_session", row[0]), row[place["organisation_id"]],
                row[place["closed_at"]],
                {"kind": row[place["kind"]], "held_on": date.fromordinal(row[place["held_on"]]).isoformat(), "present": row[place["present_count"]]},
            )
            for row in closed
        )  # fmt: skip

    def _secretary(self, branch: BranchShape) -> Actor:
        person = branch.posts[0][0] if branch.posts else branch.members[0].id
        node = branch.organisation
        mandate = Mandate("secretary", node.id, node.path, frozenset({"life.*"}), Reach.OWN)
        return Actor(0, person, self.shape.people[person - 1].name, (mandate,))

    def _assess(self) -> None:
        """The finished quarters: opened, judged, published, frozen; the last one published and open to appeals."""
        root = Organisation.objects.get(pk=self.shape.organisations[0].id)
        officer = self.shape.officers[0][1]
        verbs = frozenset({"assessment.*"})
        actor = Actor(
            0,
            officer,
            self.shape.people[officer - 1].name,
            (Mandate("committee_officer", root.pk, root.path, verbs, Reach.BELOW),),
        )
        for back in range(4, 0, -1):
            quarter = Quarter.from_key(Quarter.of(self.today).key - back)
            day = min(quarter.last + timedelta(days=12), self.today)
            now = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=8)
            self.say(f"考核 {quarter.code} …")
            run, _cautions = assessment.open_run(
                actor, organisation=root, quarter=quarter, today=day, now=now
            )
            self._judge(run, quarter, actor.name, now)
            assessment.publish(actor, run=run, today=day, now=now + timedelta(hours=2))
            if back > 1:
                assessment.freeze(actor, run=run, now=now + timedelta(days=5))

    def _judge(self, run: Run, quarter: Quarter, name: str, now: datetime) -> None:
        """Points for what a person judges, after the branch's manner; some parts of some branches stay unjudged."""
        rng = Random(self.seed + quarter.key)
        parts = reviewed_parts(of_run(run), quarter.last)
        names = (
            "run_id",
            "branch_id",
            "standard",
            "part",
            "applicable",
            "points_micro",
            "comment",
            "by_name",
            "at",
        )
        own_names = ("run_id", "branch_id", "standard", "part", "points_micro", "comment", "by_name", "at")
        reviews, own = [], []
        for b in self.shape.branches:
            low, high = b.manner.judged
            level = rng.uniform(low, high)
            for standard, part, weight in parts:
                share = min(1.0, max(0.0, level + rng.uniform(-0.08, 0.08)))
                points = round(weight * share / 10) * 10
                reviews.append(
                    (
                        run.pk,
                        b.organisation.id,
                        standard.id,
                        part.id,
                        1,
                        points * MICRO_PER_HUNDREDTH,
                        "",
                        name,
                        now,
                    )
                )
                if b.manner.name != "idle" and b.organisation.id % 9:
                    mine = min(weight, points + round(weight * rng.uniform(0, 0.12) / 10) * 10)
                    own.append(
                        (
                            run.pk,
                            b.organisation.id,
                            standard.id,
                            part.id,
                            mine * MICRO_PER_HUNDREDTH,
                            "",
                            "",
                            now,
                        )
                    )
        insert(Review, names, reviews)
        insert(SelfReview, own_names, own)
        reset_sequences((Review, SelfReview))

    def _by_manner(self) -> dict[str, BranchShape]:
        """A branch of each manner, whole enough to be tried."""
        return {
            b.manner.name: b
            for b in reversed(self.shape.branches)
            if len(b.posts) >= 3
            and b.organisation.closed is None
            and b.organisation.founded is None
            and b.groups
        }


def _day(value: date | None) -> int | None:
    return None if value is None else value.toordinal()
