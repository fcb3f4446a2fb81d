"""Those who were not there in the demo: what was made up, who is exempt, who is away, what they wrote. Rows for bulk."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from zhibu.life.models.missing import Exemption, MakeUp, Voice
from zhibu.life.models.mobile import Contact, MobileCard
from zhibu.life.queries.away import SEALED, plain_city
from zhibu.record import vault
from zhibu.register.models import MobileSpell

from .bulk import insert, reset_sequences
from .doings import Doings, instant
from .shape import BranchShape, Shape

Row = tuple[Any, ...]
MAKE_UPS = (
    "session_id", "organisation_id", "person_id", "way", "state", "held_on", "done_on", "entered_on", "in_time", "by_name",
    "known_at",
)  # fmt: skip
VOICES = (
    "organisation_id", "person_id", "session_id", "kind", "text", "sent_on", "shared", "city", "answer", "answered_on",
    "answered_by", "adopted",
)  # fmt: skip
CARDS = (
    "spell_id", "organisation_id", "person_id", "city", "contact_sealed", "keeper_id", "shares", "kept_on",
)  # fmt: skip
CONTACTS = ("organisation_id", "person_id", "way", "reached", "held_on", "entered_on", "promised", "by_name")
WAYS = ("study", "study", "second_sitting", "talk")
ASKED = (
    ("question", "会上说的补休安排，倒班的怎么算？", "按班次折算，由班长报考勤员，已在班前会说明。", 0),
    ("opinion", "建议党课资料提前发到群里，外出的也能先看。", "采纳，从下次党课起提前三天发放。", 1),
)
SEEN = (
    (
        "当地社区支部把党员先锋岗设在服务窗口，群众有事直接找，值得借鉴。",
        "已在支委会上介绍，服务班组准备试行。",
    ),
    ("工地支部每天班前讲三分钟安全案例，坚持了一年没有事故。", "好做法，安全组已整理成材料。"),
)
TERM = 30


class Absent:
    """Rows of a year of people who could not come."""

    def __init__(self, shape: Shape, doings: Doings, seed: int) -> None:
        self.shape, self.doings, self.seed = shape, doings, seed
        self.today = shape.today.toordinal()
        self.names = {person.id: person.name for person in shape.people}

    def write(self, say: Callable[[str], None]) -> None:
        """Everything into the database."""
        manner = {branch.organisation.id: branch for branch in self.shape.branches}
        rng = Random(self.seed * 31)
        made = [
            row
            for attended in self.doings.attendance
            if attended[3] in {"excused", "absent"} and attended[5] > self.today - 300
            and (row := self._made_up(rng, attended, manner[attended[1]])) is not None
        ]  # fmt: skip
        say(f"写入 {len(made)} 次补课、流动党员联系 …")
        insert(MakeUp, MAKE_UPS, made)
        spells = list(
            MobileSpell.objects.order_by("id").values_list("id", "organisation_id", "person_id", "place")
        )
        cards, contacts, voices = self._away(spells, manner)
        exempt, visits = self._exempt()
        insert(MobileCard, CARDS, cards)
        insert(Contact, CONTACTS, [*contacts, *visits])
        insert(Voice, VOICES, [*voices, *self._voices(made)])
        insert(
            Exemption,
            ("organisation_id", "person_id", "ground", "since", "entered_on", "known_at"),
            exempt,
        )
        reset_sequences((MakeUp, MobileCard, Contact, Voice, Exemption))

    def _made_up(self, rng: Random, attended: Row, branch: BranchShape) -> Row | None:
        session, node, person, _state, _reason, held = attended[:6]
        if rng.random() > branch.manner.holds * 0.85:
            return None
        done = held + rng.randint(2, 40)
        if done > self.today:
            return None
        state = "confirmed" if done < self.today - 4 else "reported"
        return (
            session, node, person, rng.choice(WAYS), state, held, done, done, int(done <= held + TERM),
            self.names[person], instant(done),
        )  # fmt: skip

    def _away(
        self, spells: list[Any], manner: dict[int, BranchShape]
    ) -> tuple[list[Row], list[Row], list[Row]]:
        cards, contacts, voices = [], [], []
        for spell, node, person, place in spells:
            branch, city = manner[node], plain_city(place.removesuffix("项目部"))
            keeper = branch.posts[0][0] if branch.posts else branch.members[0].id
            cards.append((
                spell, node, person, city, vault.seal(f"1380000{person % 10000:04d}", SEALED), keeper, int(person % 3 > 0),
                self.today - 90,
            ))  # fmt: skip
            every = 75 if branch.manner.holds > 0.9 else 130
            for back in range(every * 2 + person % 40, -1, -every):
                day = self.today - back
                contacts.append((
                    node, person, ("phone", "message")[person % 2], int(person % 17 > 0 or back > 150), day, day, "",
                    self.names[keeper],
                ))  # fmt: skip
            if person % 4 == 0:
                text, answer = SEEN[person % 2]
                voices.append((
                    node, person, None, "finding", text, self.today - 20, person % 3 > 0, city, answer, self.today - 12,
                    self.names[keeper], 1,
                ))  # fmt: skip
        return cards, contacts, voices

    def _voices(self, made: list[Row]) -> list[Row]:
        found = []
        for row in made[::40]:
            kind, text, answer, adopted = ASKED[row[0] % 2]
            waits = row[6] > self.today - 10
            found.append((
                row[1], row[2], row[0], kind, text, row[6], 0, "", "" if waits else answer,
                None if waits else row[6] + 3, "" if waits else "党支部书记", 0 if waits else adopted,
            ))  # fmt: skip
        return found

    def _exempt(self) -> tuple[list[Row], list[Row]]:
        """The oldest members of some branches, and the visits to them: in time where a branch holds what it should."""
        found: list[Row] = []
        visits: list[Row] = []
        for branch in self.shape.branches:
            held = {person for person, _kind in branch.posts}
            old = sorted(
                (person for person in branch.members if person.id not in held), key=lambda person: person.born
            )
            if branch.organisation.id % 3 == 0 and old and self.shape.today.year - old[0].born.year > 58:
                day = self.today - 400
                found.append((branch.organisation.id, old[0].id, "old", day, day, instant(day)))
                every = 80 if branch.manner.holds > 0.9 else 115
                who = self.names[branch.posts[0][0]] if branch.posts else "党支部书记"
                visits += [
                    (branch.organisation.id, old[0].id, "visit", 1, went, went, "", who)
                    for went in range(self.today - 20 - old[0].id % 60, day, -every)
                ]
        return found, visits
