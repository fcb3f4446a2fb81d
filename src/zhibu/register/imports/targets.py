"""Which branch and Party group the names in a roster mean; those that do not exist yet are planned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from zhibu.core.authority import successor
from zhibu.register.identity import compact
from zhibu.register.imports import words
from zhibu.register.imports.report import Finding
from zhibu.register.imports.rows import RosterRow
from zhibu.register.models import BRANCH_KINDS, Organisation, OrganisationKind

_AROUND = re.compile(r"^(?:中国共产党|中共)|委员会$")


@dataclass(slots=True)
class Branch:
    """A branch people belong to; with `pk` 0 it is to be created below the chosen organisation."""

    name: str
    kind: str
    unit_type: str
    pk: int = 0
    path: str = ""


@dataclass(slots=True)
class Group:
    """A Party group of a branch; with `pk` 0 it is to be created."""

    name: str
    branch: Branch
    pk: int = 0


@dataclass(slots=True)
class Targets:
    """The organisations below the chosen one, and those the roster adds."""

    organisation: Organisation
    choices: Mapping[str, tuple[str, str]]
    heading: str
    branches: dict[str, list[Branch]] = field(default_factory=dict)
    groups: dict[tuple[int, str], Group] = field(default_factory=dict)
    new_branches: list[Branch] = field(default_factory=list)
    new_groups: list[Group] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    own: Branch | None = None

    @classmethod
    def below(
        cls, organisation: Organisation, heading: str, choices: Mapping[str, tuple[str, str]] | None = None
    ) -> Targets:
        """Read everything that stands below an organisation, in one query."""
        targets = cls(organisation, choices or {}, heading)
        rows = Organisation.objects.filter(
            path__gte=organisation.path, path__lt=successor(organisation.path), closed_on=None
        )
        by_id: dict[int, Branch] = {}
        groups = []
        for row in rows:
            if row.kind == OrganisationKind.PARTY_GROUP:
                groups.append(row)
            elif row.kind in BRANCH_KINDS or row.kind == OrganisationKind.GENERAL_BRANCH:
                branch = Branch(row.name, row.kind, row.unit_type, row.pk, row.path)
                by_id[row.pk] = branch
                for name in {_key(row.name), _key(row.short_name)} - {""}:
                    targets.branches.setdefault(name, []).append(branch)
        for row in groups:
            if row.parent_id in by_id:
                targets._add_group(Group(row.name, by_id[row.parent_id], row.pk))
        if organisation.kind in BRANCH_KINDS:
            targets.own = by_id.get(organisation.pk)
        return targets

    def branch_of(self, row: RosterRow) -> Branch | None:
        """The branch a row belongs to; None, and a finding, when its name says too little or too much."""
        if not row.branch:
            if self.own is None:
                self._refuse(row, "branch_missing")
            return self.own
        found = self.branches.get(_key(row.branch)) or self.branches.get(_key(f"{row.branch}党支部"), [])
        if len(found) > 1:
            self._refuse(row, "branch_ambiguous")
            return None
        if found:
            return found[0]
        if self.own is not None:
            self._refuse(row, "branch_other", what=self.own.name)
            return None
        if not re.search(r"支部|总支", row.branch):
            self._refuse(row, "branch_not_valid", what=row.branch)
            return None
        return self._new_branch(row.branch)

    def group(self, branch: Branch, name: str) -> Group | None:
        """The Party group of that name in a branch; planned when it is not there yet."""
        if not name:
            return None
        name = name if name.endswith("组") else f"{name}党小组"
        found = self.groups.get((id(branch), _group_key(name)))
        if found is None:
            found = Group(name, branch)
            self._add_group(found)
            self.new_groups.append(found)
        return found

    def _add_group(self, group: Group) -> None:
        self.groups[(id(group.branch), _group_key(group.name))] = group

    def _new_branch(self, name: str) -> Branch:
        kind, unit_type = self.choices.get(name) or (words.kind_of_branch(name), words.unit_type_of(name))
        branch = Branch(name, kind, unit_type)
        self.branches.setdefault(_key(name), []).append(branch)
        self.new_branches.append(branch)
        return branch

    def _refuse(self, row: RosterRow, code: str, **params: str) -> None:
        self.refused.append(Finding(row.excel_row, self.heading, code, row.branch, dict(params)))


def _key(name: str) -> str:
    """A branch's name reduced to what tells it from others (中共…委员会 added by some, left out by others)."""
    return _AROUND.sub("", compact(name))


def numbered(name: str) -> tuple[int, str]:
    """A key that puts 第二 before 第三 and 第十, which no alphabet does."""
    found = re.search(r"第?([一二三四五六七八九十]+|\d+)", compact(name))
    if found is None:
        return (1000, name)
    word = found.group(1)
    if word.isdigit():
        return (int(word), name)
    tens, ten, ones = word.rpartition("十")
    return ((_DIGITS.find(tens) if tens else 1) * 10 * bool(ten) + (_DIGITS.find(ones) if ones else 0), name)


_DIGITS = "零一二三四五六七八九"


def _group_key(name: str) -> str:
    digits = str.maketrans("123456789", "一二三四五六七八九")
    return compact(name).translate(digits).removesuffix("党小组").removesuffix("小组")
