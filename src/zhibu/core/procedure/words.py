"""The engine's own words: kinds of steps, outcomes, replies, roles, when a procedure file gives none."""

from __future__ import annotations

from typing import Final

from zhibu.core.norms.procedures import Outcome, Reply, Role, StepKind
from zhibu.core.wording import Text

ROLES: Final[dict[Role, Text]] = {
    Role.SUBJECT: Text("本人", "the person"),
    Role.BRANCH: Text("党支部", "the branch"),
    Role.BRANCH_COMMITTEE: Text("支部委员会", "the branch committee"),
    Role.GENERAL_MEETING: Text("支部党员大会", "the general meeting"),
    Role.PARTY_GROUP: Text("党小组", "the Party group"),
    Role.UNIT: Text("所在单位", "the unit"),
    Role.MASSES: Text("群众", "the masses"),
    Role.OTHER_BRANCH: Text("对方党支部", "the other branch"),
    Role.SUPERIOR: Text("上级党组织", "the superior organisation"),
    Role.APPROVING: Text("有审批权限的党委", "the committee that may approve"),
    Role.DEPARTMENT: Text("上级组织部门", "the organisation department above"),
    Role.REVIEWERS: Text("评审人", "the reviewers"),
}

KINDS: Final[dict[StepKind, Text]] = {
    StepKind.SUBMIT_DOCUMENT: Text("提交材料", "Hand in a paper"),
    StepKind.ISSUE_DOCUMENT: Text("制发文件", "Issue a paper"),
    StepKind.TALK: Text("谈话", "Talk"),
    StepKind.RESOLVE: Text("会议决定", "Decide in a meeting"),
    StepKind.BALLOT: Text("投票表决", "Ballot"),
    StepKind.SUPERIOR_REPLY: Text("上级答复", "Reply of the superior"),
    StepKind.NOTICE: Text("公示", "Notice"),
    StepKind.WAIT: Text("期满", "Term"),
    StepKind.REVIEW: Text("审查", "Review"),
    StepKind.NAME_PEOPLE: Text("确定人选", "Name people"),
    StepKind.TRAIN: Text("培训", "Training"),
    StepKind.CEREMONY: Text("仪式", "Ceremony"),
    StepKind.CONFIRM: Text("确认", "Confirm"),
    StepKind.ARCHIVE: Text("归档", "Archive"),
    StepKind.SCORE: Text("评分", "Score"),
    StepKind.SPEND: Text("支出", "Spend"),
}

REPLIES: Final[dict[Reply, Text]] = {
    Reply.FILED: Text("备案", "filed"),
    Reply.PRE_REVIEWED: Text("预审合格", "pre-reviewed"),
    Reply.CONSENTED: Text("同意", "consented"),
    Reply.APPROVED: Text("批准", "approved"),
    Reply.REFUSED: Text("不同意", "refused"),
    Reply.RETURNED: Text("退回补充", "returned"),
}

_DONE = Outcome("done", Text("办结", "Done"), passes=True)
_CARRIED = (
    Outcome("carried", Text("通过", "Carried"), passes=True),
    Outcome("not_carried", Text("未通过", "Not carried"), passes=False),
    Outcome("void", Text("会议或表决无效", "Void"), passes=False),
)
_REVIEWED = (
    Outcome("passed", Text("合格", "Passed"), passes=True),
    Outcome("failed", Text("不合格", "Failed"), passes=False),
)

OUTCOMES: Final[dict[StepKind, tuple[Outcome, ...]]] = {
    StepKind.RESOLVE: _CARRIED,
    StepKind.BALLOT: _CARRIED,
    StepKind.SUPERIOR_REPLY: (
        Outcome("done", Text("已答复", "Answered"), passes=True),
        Outcome("refused", Text("不同意", "Refused"), passes=False),
        Outcome("returned", Text("退回补充", "Returned"), passes=False),
    ),
    StepKind.NOTICE: (
        Outcome("clean", Text("无异议或异议不成立", "No objection upheld"), passes=True),
        Outcome("sustained", Text("异议成立", "Objection upheld"), passes=False),
    ),
    StepKind.REVIEW: _REVIEWED,
    StepKind.SCORE: _REVIEWED,
}


def outcomes_of(kind: StepKind) -> tuple[Outcome, ...]:
    """The outcomes every step of a kind has; a file may say where those that do not pass lead, and add its own."""
    return OUTCOMES.get(kind, (_DONE,))
