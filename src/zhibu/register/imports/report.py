"""What a check of a roster found: every refused row by row, column, masked value, rule and remedy.

Messages are looked up by code when they are shown, so that one report reads in the reader's language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zhibu.core.refusal import Refusal, Refused
from zhibu.register.imports.messages import MESSAGES


class FileFault(ValueError):
    """A file that cannot be read as a roster at all; `code` and `params` are turned into a sentence by `words_for`."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code)

    def refused(self) -> Refused:
        """The fault as a refusal of the act that brought the file."""
        message, remedy = words_for(self.code, self.params)
        return Refused(Refusal(self.code, message, dict(self.params), remedy=remedy))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one cell: the row as the spreadsheet numbers it, the heading, the code of the rule."""

    excel_row: int
    column: str
    cause: str
    value_masked: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return words_for(self.cause, self.params)[0].format(**self.params)

    @property
    def remedy(self) -> str:
        return words_for(self.cause, self.params)[1].format(**self.params)

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        shown = asdict(self)
        shown.pop("params")
        return {**shown, "message": self.message, "remedy": self.remedy}


@dataclass(slots=True)
class Report:
    """The result of checking, and of importing, one roster. `imported` is 0 until it was applied."""

    filename: str
    data_rows: int = 0
    sheet: str = ""
    header_row: int = 0
    unused_columns: tuple[str, ...] = ()
    refused: list[Finding] = field(default_factory=list)
    cautions: list[Finding] = field(default_factory=list)
    by_branch: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    new_branches: list[dict[str, Any]] = field(default_factory=list)
    new_groups: list[dict[str, str]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    imported: int = 0
    batch: int | None = None

    @property
    def accepted(self) -> bool:
        """Whether the roster may be applied: nothing refused."""
        return not self.refused

    @property
    def changes_nothing(self) -> bool:
        """Whether the register already says everything this roster says."""
        return self.accepted and not any(
            self.counts[key] for key in ("new", "changed", "new_branches", "new_groups")
        )

    @property
    def branch_counts(self) -> list[tuple[str, int]]:
        """Rows by branch, in the order of the roster."""
        return list(self.by_branch.items())

    @property
    def to_write(self) -> int:
        """How many people an import would register or update."""
        return self.counts["new"] + self.counts["changed"]

    @property
    def refused_rows(self) -> int:
        return len({finding.excel_row for finding in self.refused})

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it; the names follow the sample beside the roster."""
        return {
            "filename": self.filename,
            "sheet": self.sheet,
            "header_row": self.header_row,
            "data_rows": self.data_rows,
            "imported": self.imported,
            "unchanged": self.counts["unchanged"],
            "new": self.counts["new"],
            "changed": self.counts["changed"],
            "by_branch": dict(self.by_branch),
            "probationary": self.counts["probationary"],
            "women": self.counts["women"],
            "mobile": self.counts["mobile"],
            "posts": self.counts["posts"],
            "new_branches": self.new_branches,
            "new_groups": self.new_groups,
            "refused": [finding.to_json() for finding in self.refused],
            "cautions": [finding.to_json() for finding in self.cautions],
            "unused_columns": list(self.unused_columns),
            "batch": self.batch,
        }

    def stored(self) -> dict[str, Any]:
        """As the batch keeps it: findings with their codes and parameters, so that they can be read again later."""
        return {
            **self.to_json(),
            "refused": [asdict(finding) for finding in self.refused],
            "cautions": [asdict(finding) for finding in self.cautions],
            "counts": dict(self.counts),
            "changes": self.changes,
        }

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> Report:
        """The report behind what `stored` gave."""
        return cls(
            filename=kept["filename"],
            data_rows=kept["data_rows"],
            sheet=kept["sheet"],
            header_row=kept["header_row"],
            unused_columns=tuple(kept["unused_columns"]),
            refused=_findings(kept["refused"]),
            cautions=_findings(kept["cautions"]),
            by_branch=Counter(kept["by_branch"]),
            counts=Counter(kept["counts"]),
            new_branches=kept["new_branches"],
            new_groups=kept["new_groups"],
            changes=kept["changes"],
            imported=kept["imported"],
            batch=kept["batch"],
        )


def _findings(kept: Iterable[dict[str, Any]]) -> list[Finding]:
    return [Finding(**each) for each in kept]


def words_for(code: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """(what is wrong, what to do) for a code; `{name}` places are filled by the caller."""
    found = MESSAGES.get(code)
    return (_(found[0]), _(found[1])) if found else (code, "")


def change_words(fields: Iterable[str]) -> str:
    """What of a person an import changes, in words."""
    words = {
        "membership": _("重新登记"),
        "branch": _("党支部"),
        "group": _("党小组"),
        "stage": _("人员类别"),
        "dues": _("党费标准"),
        "posts": _("职务"),
        "mobile": _("流动"),
        "place": _("外出地点"),
        "phone": _("手机号码"),
        "sex": _("性别"),
        "born_on": _("出生日期"),
        "nation": _("民族"),
        "education": _("学历"),
        "position": _("工作岗位"),
        "note": _("备注"),
        "joined_on": _("入党日期"),
        "full_since": _("转正日期"),
    }
    return _("、").join(words[field] for field in fields)
