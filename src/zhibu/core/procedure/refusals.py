"""What the engine says when a step cannot be taken: one place for every code, its words and its remedy."""

from __future__ import annotations

from typing import Final

from zhibu.core.norms.documents import Source
from zhibu.core.refusal import Caution, Force, Refusal
from zhibu.core.wording import Text

WORDS: Final[dict[str, tuple[Text, Text]]] = {
    "unknown_step": (
        Text("本程序没有“{step}”这一步", "This procedure has no step “{step}”"),
        Text("可写的步骤：{known}", "Known steps: {known}"),
    ),
    "case_ended": (
        Text("此事已于 {day} 了结（{ending}）", "The case ended on {day} ({ending})"),
        Text("需要重新办理的，另立一件", "Open a new case to begin again"),
    ),
    "case_suspended": (
        Text("此事自 {day} 起中止", "The case is suspended since {day}"),
        Text("先恢复办理", "Resume it first"),
    ),
    "not_applicable": (
        Text("“{step}”不适用于此事", "“{step}” does not apply to this case"),
        Text("核对立项时填写的情况", "Check what was given when the case was opened"),
    ),
    "not_in_force": (
        Text("{day} 时规定中没有“{step}”这一步", "The rules of {day} do not know the step “{step}”"),
        Text("核对日期", "Check the day"),
    ),
    "wrong_actor": (
        Text("“{step}”应由{who}办理", "“{step}” is for {who}"),
        Text("请由{who}办理", "Leave it to {who}"),
    ),
    "already_done": (
        Text("“{step}”已于 {day} 办结", "“{step}” was done on {day}"),
        Text("办错的，先撤销该步骤", "If it was wrong, reverse it first"),
    ),
    "too_often": (
        Text("“{step}”最多办理 {most} 次", "“{step}” may be taken {most} times at most"),
        Text("", ""),
    ),
    "closed_by": (
        Text("“{other}”已办结，不能再办“{step}”", "“{other}” is done; “{step}” can no longer be taken"),
        Text("", ""),
    ),
    "step_missing": (
        Text("尚未完成“{other}”", "“{other}” has not been done"),
        Text("先办“{other}”", "Do “{other}” first"),
    ),
    "step_skipped": (
        Text("“{other}”未办理", "“{other}” was left out"),
        Text("一般应先办“{other}”，可在说明中写明原因", "Usually it comes first; give the reason in the note"),
    ),
    "not_often_enough": (
        Text("“{other}”应至少 {least} 次，现有 {count} 次", "“{other}” is asked {least} times, {count} so far"),
        Text("补齐后再办", "Complete it first"),
    ),
    "out_of_order": (
        Text("日期早于“{other}”办结之日 {day}", "The day is before “{other}” was done, {day}"),
        Text("核对日期，应不早于 {day}", "Check the day: not before {day}"),
    ),
    "in_future": (
        Text("日期 {day} 还没有到", "The day {day} has not come yet"),
        Text("办理之后再登记", "Enter it once it has been done"),
    ),
    "dates_reversed": (
        Text("结束日期 {until} 早于开始日期 {day}", "The last day {until} is before the first, {day}"),
        Text("核对两个日期", "Check both days"),
    ),
    "too_early": (
        Text("不得早于 {day}（自 {since} 起满 {number} {unit}）", "Not before {day} ({number} {unit} from {since})"),
        Text("请在 {day} 或以后办理", "Take it on {day} or later"),
    ),
    "too_late": (
        Text("已过期限 {day}（{since} 起 {number} {unit}内）", "Past the time limit {day} ({number} {unit} from {since})"),
        Text("请尽快办理，并写明迟办原因", "Do it as soon as possible, and say why it is late"),
    ),
    "field_missing": (
        Text("没有填写“{field}”", "“{field}” is missing"),
        Text("请填写“{field}”", "Give “{field}”"),
    ),
    "field_wrong": (
        Text("“{field}”应是{wanted}", "“{field}” should be {wanted}"),
        Text("请改写“{field}”", "Correct “{field}”"),
    ),
    "field_unknown": (
        Text("“{step}”没有“{field}”这一项", "“{step}” has no field “{field}”"),
        Text("可写的项：{known}", "Known fields: {known}"),
    ),
    "unknown_outcome": (
        Text("“{step}”没有“{outcome}”这种结果", "“{step}” has no outcome “{outcome}”"),
        Text("可写的结果：{known}", "Known outcomes: {known}"),
    ),
    "reply_missing": (
        Text("没有写明上级的答复", "The superior's reply is missing"),
        Text("请写明：{wanted}，或不同意、退回", "Give it: {wanted}, or refused, returned"),
    ),
    "reply_not_sufficient": (
        Text("按 {day} 的规定，上级的答复应是“{wanted}”，“{reply}”不够", "By the rules of {day} the reply must be “{wanted}”; “{reply}” is not enough"),
        Text("请报上级{wanted}", "Ask the superior for it: {wanted}"),
    ),
    "notice_open": (
        Text("没有写公示结束之日", "The last day of the notice is missing"),
        Text("公示期满后再登记结果", "Enter the result when the window is over"),
    ),
    "notice_too_short": (
        Text("公示 {days} 个工作日，少于规定的 {least} 个", "Up for {days} working days; {least} are asked"),
        Text("结束日期不早于 {day}", "Keep it up until {day} at least"),
    ),
    "people_too_few": (
        Text("“{people}”应有 {least} 人，现有 {count} 人", "“{people}” asks for {least}, {count} given"),
        Text("请补齐人选", "Name more"),
    ),
    "people_too_many": (
        Text("“{people}”至多 {most} 人，现有 {count} 人", "“{people}” allows {most}, {count} given"),
        Text("请减少人选", "Name fewer"),
    ),
    "person_twice": (
        Text("{name} 写了两次", "{name} is named twice"),
        Text("每人只写一次", "Name everyone once"),
    ),
    "person_not_of_stage": (
        Text("{name} 不是{stage}", "{name} is not a {stage}"),
        Text("请另选{stage}", "Choose a {stage}"),
    ),
    "person_barred": (
        Text("{name} 不能同时是“{other}”中的人", "{name} is already among “{other}”"),
        Text("请另选他人", "Choose someone else"),
    ),
    "person_not_among": (
        Text("“{field}”填的 {name} 不在“{other}”的人选中", "“{field}”: {name} is not among “{other}”"),
        Text("从“{other}”的人选中选", "Choose one of “{other}”"),
    ),
    "taken_already": (
        Text("“{step}”中 {value} 已登记过一次", "“{step}” was entered for {value} already"),
        Text("记错的，先撤销原来那一次", "If that was wrong, reverse it first"),
    ),
    "vote_missing": (
        Text("没有填写表决票数", "The counts of the vote are missing"),
        Text("请填写应到、实到、赞成、反对、弃权", "Give expected, present, yes, no, abstain"),
    ),
    "outcome_contradicts": (
        Text("写的结果是“{outcome}”，按票数应为“{counted}”", "The outcome given is “{outcome}”; the counts make it “{counted}”"),
        Text("核对票数", "Check the counts"),
    ),
    "paper_missing": (
        Text("缺少材料“{paper}”", "The paper “{paper}” is missing"),
        Text("请把材料归入本件", "File it with the case"),
    ),
}  # fmt: skip
"""Code to (message, remedy)."""

UNITS: Final[dict[str, Text]] = {
    "days": Text("日", "days"),
    "working_days": Text("个工作日", "working days"),
    "months": Text("个月", "months"),
    "years": Text("年", "years"),
}


def refusal(
    code: str,
    sources: tuple[Source, ...] = (),
    *,
    force: Force = Force.MUST,
    message: Text | None = None,
    remedy: Text | None = None,
    **params: object,
) -> Refusal:
    """A refusal of a code, or a caution when the rule is of the softer kind."""
    told, mend = WORDS.get(code, (Text(code, code), Text("", "")))
    kind = Refusal if force is Force.MUST else Caution
    source = sources[0] if sources else Source("")
    return kind(
        code, message or told, params, source=source.document, article=source.article, remedy=remedy or mend,
        force=force,
    )  # fmt: skip
