"""The invented group company: its tree, its people and how each branch behaves. Pure, by seed.

Sizes, ages, sexes, nations and schooling follow the published statistics of members of 2024
(about 21.7 members a branch, 30.9 % women, 7.7 % of other nations, 57.6 % college and above).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from zhibu.core.calendar import Quarter, add_months

from . import names

AGE_BANDS = (
    (18, 30, 122),
    (31, 35, 108),
    (36, 40, 115),
    (41, 45, 97),
    (46, 50, 90),
    (51, 55, 94),
    (56, 60, 87),
)
CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
AREAS = ("110101", "130203", "231121", "330106", "420111", "530502", "640402", "610113", "370102", "510104")
POST_KINDS = (
    "secretary",
    "organisation_officer",
    "publicity_officer",
    "discipline_officer",
    "committee_member",
)
DUTIES = {
    "secretary": "主持支部全面工作，抓班子带队伍",
    "deputy_secretary": "协助书记工作，分管组织生活",
    "organisation_officer": "组织工作、发展党员、党员教育管理",
    "publicity_officer": "理论学习、宣传和思想政治工作",
    "discipline_officer": "纪律监督和党风廉政教育",
    "committee_member": "联系工会、共青团和群众工作",
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a branch works: the chance that a thing is held, its delay of entry in days, absence, judgement."""

    name: str
    holds: float
    delay: tuple[int, int]
    absence: float
    dues_in_time: float
    judged: tuple[float, float]


MANNERS = {
    "excellent": Manner("excellent", 0.997, (0, 2), 0.03, 1.0, (0.90, 1.0)),
    "ordinary": Manner("ordinary", 0.955, (0, 5), 0.08, 0.97, (0.74, 0.95)),
    "late": Manner("late", 0.94, (9, 45), 0.10, 0.80, (0.66, 0.86)),
    "idle": Manner("idle", 0.52, (2, 30), 0.22, 0.70, (0.40, 0.66)),
}


@dataclass(slots=True)
class OrganisationRow:
    """A node of the tree with the key and path it will have."""

    id: int
    code: str
    name: str
    kind: str
    unit_type: str
    parent: int | None
    path: str
    founded: date | None = None
    closed: date | None = None


@dataclass(slots=True)
class PersonRow:
    """An invented person."""

    id: int
    name: str
    sex: str
    born: date
    nation: str
    education: str
    position: str
    id_number: str
    phone: str
    joined: date | None
    full: date | None


@dataclass(slots=True)
class BranchShape:
    """A branch with its people and manner, as the generator of doings needs it."""

    organisation: OrganisationRow
    manner: Manner
    groups: list[OrganisationRow] = field(default_factory=list)
    members: list[PersonRow] = field(default_factory=list)
    group_of: dict[int, int] = field(default_factory=dict)
    activists: list[PersonRow] = field(default_factory=list)
    applicants: list[PersonRow] = field(default_factory=list)
    probationary: set[int] = field(default_factory=set)
    mobile: set[int] = field(default_factory=set)
    posts: list[tuple[int, str]] = field(default_factory=list)
    leaders: list[tuple[int, int]] = field(default_factory=list)
    arrived: dict[int, date] = field(default_factory=dict)
    converted: dict[int, date] = field(default_factory=dict)
    """Who became a full member within the time on record, and when."""
    elected: date = date(2024, 1, 1)
    valid_until: date = date(2027, 1, 1)
    seats: int = 0


@dataclass(slots=True)
class Shape:
    """The whole company."""

    organisations: list[OrganisationRow]
    committees: list[OrganisationRow]
    officers: list[tuple[int, int, str]]
    people: list[PersonRow]
    branches: list[BranchShape]
    today: date
    first_quarter: Quarter


class Company:
    """Builds a Shape step by step; every choice comes from one seeded generator."""

    def __init__(self, *, branches: int, seed: int, today: date, quarters: int = 4) -> None:
        self.random = Random(seed)
        self.wanted = branches
        self.today = today
        self.first_quarter = Quarter.from_key(Quarter.of(today).key - quarters)
        self.organisations: list[OrganisationRow] = []
        self.people: list[PersonRow] = []
        self.branches: list[BranchShape] = []
        self.children: dict[str, int] = {}

    def build(self) -> Shape:
        """The company: committees by weight, their branches, and the people of each."""
        root = self._organisation("华岳矿业集团党委", "primary_committee", "other", None)
        committees, officers = [], [(root.id, self._person("organ", 46).id, "committee_officer")]
        left = self.wanted
        for index, (name, unit_type, share, nested) in enumerate(names.COMMITTEES):
            last = index == len(names.COMMITTEES) - 1
            count = left if last else min(left, max(1, round(self.wanted * share / 1000)))
            left -= count
            if count <= 0:
                continue
            committee = self._organisation(name, "primary_committee", unit_type, root)
            committees.append(committee)
            officers.append((committee.id, self._person("organ", 44).id, "committee_officer"))
            self._branches(committee, count, nested=nested)
        self._single_out()
        for branch in self.branches:
            self._staff(branch)
        self._move_some()
        return Shape(
            self.organisations,
            committees,
            officers,
            self.people,
            self.branches,
            self.today,
            self.first_quarter,
        )

    def _organisation(
        self, name: str, kind: str, unit_type: str, parent: OrganisationRow | None
    ) -> OrganisationRow:
        above = parent.path if parent else ""
        number = self.children[above] = self.children.get(above, 0) + 1
        code = f"{parent.code}.{number:03d}" if parent else "042"
        row = OrganisationRow(
            len(self.organisations) + 1,
            code,
            name,
            kind,
            unit_type,
            parent.id if parent else None,
            f"{above}{number:04d}",
        )
        self.organisations.append(row)
        return row

    def _branches(self, committee: OrganisationRow, count: int, *, nested: bool) -> None:
        """Branches of a committee: a gang each, some under general branches."""
        nests: list[OrganisationRow] = []
        if nested and count >= 24:
            prefix = committee.name.removesuffix("党委")
            nests = [
                self._organisation(
                    f"{prefix}{numeral}党总支", "general_branch", committee.unit_type, committee
                )
                for numeral in ("东矿区", "西矿区")
            ]
        units = names.UNITS[committee.unit_type]
        for index in range(count):
            pattern = units[index % len(units)]
            unit = pattern.format(names.numeral(index // len(units) + 1))
            if "{}" not in pattern and index >= len(units):
                unit = f"{pattern}{names.numeral(index // len(units) + 1)}处"
            parent = nests[index % 2] if nests and index < len(nests) * 9 else committee
            organisation = self._organisation(f"{unit}党支部", "branch", committee.unit_type, parent)
            draw = self.random.random()
            manner = (
                "excellent"
                if draw < 0.17
                else "late"
                if draw > 0.90
                else "idle"
                if draw > 0.83
                else "ordinary"
            )
            self.branches.append(BranchShape(organisation, MANNERS[manner]))

    def _single_out(self) -> None:
        """A few branches are joint, mobile, new, dissolved or temporary, as in every company."""
        pool = [branch for branch in self.branches if branch.organisation.unit_type == "production"]
        if len(pool) < 12:
            return
        picks = self.random.sample(pool, min(len(pool) // 3, 24))
        previous, current = self.first_quarter.next().next().next(), Quarter.of(self.today)
        for index, branch in enumerate(picks):
            node = branch.organisation
            if index < 8:
                node.kind, node.name = "joint_branch", node.name.replace("党支部", "联合党支部")
            elif index < 12:
                node.kind, node.name = "mobile_branch", node.name.replace("党支部", "流动党员党支部")
            elif index < 16:
                node.founded = previous.months[1].first + timedelta(days=10)
                node.name = "新能源" + node.name
            elif index < 18:
                node.founded = current.months[0].first + timedelta(days=4)
                node.name = "智能化" + node.name
            elif index < 21:
                node.closed = previous.months[2].first
            elif index < 22:
                node.kind, node.name = "temporary_branch", node.name.replace("党支部", "项目临时党支部")

    def _size(self, branch: BranchShape) -> int:
        mean = {"retired": 30, "organ": 17, "mobile_branch": 9}.get(
            branch.organisation.kind, {"retired": 30, "organ": 17}.get(branch.organisation.unit_type, 21)
        )
        return max(4, min(58, round(self.random.gammavariate(5, mean / 5))))

    def _staff(self, branch: BranchShape) -> None:
        """Members, groups, posts, activists and applicants of one branch."""
        rng, node = self.random, branch.organisation
        size = self._size(branch)
        branch.members = [self._person(node.unit_type) for _ in range(size)]
        self._groups(branch, size)
        for person in branch.members:
            branch.arrived[person.id] = node.founded or person.joined or self.today
            if rng.random() < 0.021:
                person.joined = self.today - timedelta(days=rng.randint(20, 350))
                person.full = None
                branch.probationary.add(person.id)
                branch.arrived[person.id] = max(person.joined, node.founded or person.joined)
            elif rng.random() < 0.025 and node.unit_type != "retired":
                branch.mobile.add(person.id)
        self._committee(branch)
        young = node.unit_type != "retired"
        branch.activists = [
            self._person(node.unit_type, rng.randint(22, 38), member=False)
            for _ in range(young * rng.choice((0, 1, 2, 2, 3, 4)))
        ]
        branch.applicants = [
            self._person(node.unit_type, rng.randint(20, 35), member=False)
            for _ in range(young * rng.choice((0, 0, 1, 2)))
        ]

    def _groups(self, branch: BranchShape, size: int) -> None:
        if size < 14:
            return
        node = branch.organisation
        for number in range(1, 2 + (size >= 14) + (size >= 32) + (size >= 45)):
            group = self._organisation(
                f"第{names.numeral(number)}党小组", "party_group", node.unit_type, node
            )
            group.founded, group.closed = node.founded, node.closed
            branch.groups.append(group)
        for index, person in enumerate(branch.members):
            branch.group_of[person.id] = branch.groups[index % len(branch.groups)].id
        branch.leaders = [
            (group.id, branch.members[-1 - index].id) for index, group in enumerate(branch.groups)
        ]

    def _committee(self, branch: BranchShape) -> None:
        """Posts of the committee; under seven full members there is a secretary only."""
        rng, full = self.random, [p for p in branch.members if p.id not in branch.probationary]
        full.sort(key=lambda person: person.joined or self.today)
        chosen = rng.sample(full[: max(5, len(full) // 2)], min(5, len(full[: max(5, len(full) // 2)])))
        if len(full) < 7:
            kinds: tuple[str, ...] = ("secretary",)
        else:
            kinds = POST_KINDS if len(full) >= 24 else POST_KINDS[:4] if len(full) >= 12 else POST_KINDS[:3]
        branch.seats = len(kinds)
        if branch.manner.name in ("idle", "late") and rng.random() < 0.3 and len(kinds) > 1:
            kinds = kinds[:-1]
        branch.posts = [(chosen[index].id, kind) for index, kind in enumerate(kinds) if index < len(chosen)]
        overdue = branch.manner.name == "idle" and rng.random() < 0.35
        age_months = rng.randint(37, 44) if overdue else rng.randint(2, 34)
        branch.elected = max(
            add_months(self.today, -age_months), branch.organisation.founded or date(2000, 1, 1)
        )
        branch.valid_until = add_months(branch.elected, 36)

    def _move_some(self) -> None:
        """Some members came from another branch of the company during the time on record."""
        alive = [b for b in self.branches if b.organisation.closed is None and b.organisation.founded is None]
        for branch in alive:
            if len(branch.members) > 12 and self.random.random() < 0.25:
                held = {person for person, _ in branch.posts} | {person for _, person in branch.leaders}
                movable = [p for p in branch.members if p.id not in held and p.id not in branch.probationary]
                if movable:
                    person = self.random.choice(movable)
                    span = (self.today - self.first_quarter.first).days - 40
                    branch.arrived[person.id] = self.first_quarter.first + timedelta(
                        days=self.random.randint(20, span)
                    )

    def _person(self, unit_type: str, age: int | None = None, *, member: bool = True) -> PersonRow:
        """A person with a valid, invented identity number."""
        rng = self.random
        if age is None:
            age = rng.randint(60, 84) if unit_type == "retired" else self._age()
        born = self.today - timedelta(days=age * 365 + rng.randint(0, 364))
        woman = rng.random() < (0.309 if member else 0.46)
        given = names.GIVEN_WOMEN if woman else names.GIVEN_MEN
        name = (
            rng.choice(names.SURNAMES)
            + rng.choice(given)
            + (rng.choice(given) if rng.random() < 0.72 else "")
        )
        joined = full = None
        if member:
            earliest = max(18, min(age - 1, 20))
            joined = add_months(
                born, 12 * rng.randint(earliest, max(earliest, min(age - 2, 42)))
            ) + timedelta(days=rng.randint(1, 200))
            joined = min(joined, add_months(self.today, -30))
            full = add_months(joined, 12)
        number = len(self.people) + 1
        schooling = rng.choices([e for e, _ in names.EDUCATION], [w for _, w in names.EDUCATION])[0]
        person = PersonRow(
            number,
            name,
            "2" if woman else "1",
            born,
            rng.choice(names.NATIONS) if rng.random() < 0.077 else "汉族",
            schooling,
            rng.choice(names.POSITIONS.get(unit_type, names.POSITIONS["organ"])),
            identity_number(rng.choice(AREAS), born, number % 500, woman=woman),
            f"1{rng.choice('35789')}{rng.randint(0, 9)}{number * 7919 % 100_000_000:08d}",
            joined,
            full,
        )
        self.people.append(person)
        return person

    def _age(self) -> int:
        low, high, _ = self.random.choices(AGE_BANDS, [weight for _, _, weight in AGE_BANDS])[0]
        return self.random.randint(max(low, 22), high)


def identity_number(area: str, born: date, sequence: int, *, woman: bool) -> str:
    """An identity number with a right check character (GB 11643); the last digit of the sequence tells the sex."""
    body = f"{area}{born:%Y%m%d}{sequence * 2 % 1000 + (0 if woman else 1):03d}"
    remainder = sum(int(digit) * weight for digit, weight in zip(body, CHECK_WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[remainder]
