"""Organisational life in rows.

``organisation`` on every evidence row is the branch, ``*_on`` is the local day, and
``known_at`` the instant (epoch milliseconds) from which the row counts as evidence.
"""

from zhibu.life.models.holding import Arrival, Decision, Remark, SignInWindow
from zhibu.life.models.missing import Exemption, MakeUp, Voice
from zhibu.life.models.mobile import Contact, MobileCard
from zhibu.life.models.papers import (
    DocumentKind,
    Examination,
    FiledDocument,
    PastExamination,
    PastFiledDocument,
    PastTalk,
    Talk,
    TalkKind,
)
from zhibu.life.models.sessions import (
    AgendaItem,
    AgendaTag,
    Attendance,
    AttendanceState,
    AttendanceWay,
    Correction,
    MinutesDraft,
    PastAgendaItem,
    PastAttendance,
    PastSession,
    Session,
    SessionKind,
    SessionState,
)

__all__ = [
    "AgendaItem",
    "AgendaTag",
    "Arrival",
    "Attendance",
    "AttendanceState",
    "AttendanceWay",
    "Contact",
    "Correction",
    "Decision",
    "DocumentKind",
    "Examination",
    "Exemption",
    "FiledDocument",
    "MakeUp",
    "MinutesDraft",
    "MobileCard",
    "PastAgendaItem",
    "PastAttendance",
    "PastExamination",
    "PastFiledDocument",
    "PastSession",
    "PastTalk",
    "Remark",
    "Session",
    "SessionKind",
    "SessionState",
    "SignInWindow",
    "Talk",
    "TalkKind",
    "Voice",
]
