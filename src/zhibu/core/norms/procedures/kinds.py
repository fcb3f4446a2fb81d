"""The closed lists of procedures: kinds of steps, roles, replies, fields, units, effects, prompts."""

from __future__ import annotations

from enum import StrEnum


class StepKind(StrEnum):
    """What a step does; the list is closed, a new kind is code."""

    SUBMIT_DOCUMENT = "submit_document"
    ISSUE_DOCUMENT = "issue_document"
    TALK = "talk"
    RESOLVE = "resolve"
    BALLOT = "ballot"
    SUPERIOR_REPLY = "superior_reply"
    NOTICE = "notice"
    WAIT = "wait"
    REVIEW = "review"
    NAME_PEOPLE = "name_people"
    TRAIN = "train"
    CEREMONY = "ceremony"
    CONFIRM = "confirm"
    ARCHIVE = "archive"
    SCORE = "score"
    SPEND = "spend"


class Role(StrEnum):
    """Who takes a step; the first eight stand on the side of the branch, the others above or outside it."""

    SUBJECT = "subject"
    BRANCH = "branch"
    BRANCH_COMMITTEE = "branch_committee"
    GENERAL_MEETING = "general_meeting"
    PARTY_GROUP = "party_group"
    UNIT = "unit"
    MASSES = "masses"
    OTHER_BRANCH = "other_branch"
    SUPERIOR = "superior"
    APPROVING = "approving"
    DEPARTMENT = "department"
    REVIEWERS = "reviewers"


BRANCH_SIDE = frozenset(
    {
        Role.SUBJECT, Role.BRANCH, Role.BRANCH_COMMITTEE, Role.GENERAL_MEETING, Role.PARTY_GROUP, Role.UNIT,
        Role.MASSES, Role.OTHER_BRANCH,
    }
)  # fmt: skip
"""Roles whose steps the branch itself enters; the others are answered by a superior."""


class Reply(StrEnum):
    """What a superior may answer. The first four grow in strength; the last two are no assent."""

    FILED = "filed"
    PRE_REVIEWED = "pre_reviewed"
    CONSENTED = "consented"
    APPROVED = "approved"
    REFUSED = "refused"
    RETURNED = "returned"

    def covers(self, asked: Reply) -> bool:
        """Whether this answer is at least as much as what was asked."""
        order = (Reply.FILED, Reply.PRE_REVIEWED, Reply.CONSENTED, Reply.APPROVED)
        return self in order and asked in order and order.index(self) >= order.index(asked)


class Subject(StrEnum):
    """What a case is about."""

    PERSON = "person"
    BRANCH = "branch"
    MATTER = "matter"


class FieldKind(StrEnum):
    """What is entered in a field."""

    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    TEXT = "text"
    FLAG = "flag"
    CHOICE = "choice"
    PERSON = "person"
    ORGANISATION = "organisation"


GIVEN, OTHERS = "given", "others"
"""What a field of an appraisal may count besides a grade: those who have one, and those who have none."""


class Supply(StrEnum):
    """What the assessment knows of the branch in the year a case is about, and fills in."""

    YEAR_AVERAGE = "year_average"
    YEAR_COMPLETE = "year_complete"
    SELECTION_WEIGHT = "selection_weight"


class Unit(StrEnum):
    """What a stretch of time is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


class EffectKind(StrEnum):
    """What a finished step changes in the register; the list is closed, a new effect is code."""

    SET_STAGE = "set_stage"
    CHANGE_AFFILIATION = "change_affiliation"
    SEND_AWAY = "send_away"
    END_MEMBERSHIP = "end_membership"
    APPOINT = "appoint"
    DISMISS = "dismiss"
    RECORD_TERM = "record_term"
    SHIFT_TERM = "shift_term"
    OPEN_ORGANISATION = "open_organisation"
    CLOSE_ORGANISATION = "close_organisation"
    RENAME_ORGANISATION = "rename_organisation"
    MOVE_ORGANISATION = "move_organisation"
    RECORD_MOBILE = "record_mobile"
    END_MOBILE = "end_mobile"


class PromptKind(StrEnum):
    """What the register or the assessment shows that should open a case; the list is closed."""

    TERM_EXPIRING = "term_expiring"
    SEAT_VACANT = "seat_vacant"
    WEAK_BRANCH = "weak_branch"
    YEARLY = "yearly"
    HALF_YEARLY = "half_yearly"
    QUARTERLY = "quarterly"
