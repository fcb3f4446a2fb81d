"""The sentences a count is explained in, Chinese and English."""

from __future__ import annotations

from zhibu.core.norms import Cited, Comparison, Denominator, Threshold
from zhibu.core.wording import Text

from .outcome import Measured
from .vote import Vote

NAMES = {
    Denominator.EXPECTED_VOTERS: Text("应到会有表决权人数", "voters expected"),
    Denominator.PRESENT_VOTERS: Text("实到会有表决权人数", "voters present"),
    Denominator.ALL_MEMBERS: Text("全体党员数", "all members"),
    Denominator.COMMITTEE_SIZE: Text("委员人数", "members of the committee"),
    Denominator.PAPERS_ISSUED: Text("发出票数", "papers issued"),
    Denominator.PAPERS_RETURNED: Text("收回票数", "papers returned"),
    Denominator.VALID_PAPERS: Text("有效票数", "valid papers"),
    Denominator.SEATS: Text("应选名额", "seats"),
}
"""What people call the denominators."""


def joined(zh: list[str], en: list[str]) -> Text:
    """Pieces as one line."""
    return Text("，".join(zh), ", ".join(en))


def asked(threshold: Threshold, number: int) -> Text:
    """What is asked, with its number: 应多于 10, 应不少于 16."""
    needed = threshold.needed(number)
    if threshold.comparison is Comparison.GT:
        return Text(f"应多于 {needed - 1}", f"more than {needed - 1} needed")
    return Text(f"应不少于 {needed}", f"at least {needed} needed")


def proportion(threshold: Threshold) -> Text:
    """A threshold as the rule has it: 超过应到会有表决权人数的 1/2."""
    share, name = f"{threshold.share.parts}/{threshold.share.whole}", NAMES[threshold.of]
    if threshold.comparison is Comparison.GT:
        return Text(f"超过{name.zh}的 {share}", f"more than {share} of {name.en}")
    return Text(f"不少于{name.zh}的 {share}", f"at least {share} of {name.en}")


def source(cited: Cited) -> Text:
    """Where a number comes from, saying so when its wording was not checked."""
    if cited.verified:
        return cited.text
    return Text(f"{cited.text.zh}，条文未核对", f"{cited.text.en}, wording not checked")


def attendance(vote: Vote) -> Text:
    """Who should have come and who did."""
    zh, en = [], []
    if vote.all_members is not None and vote.all_members != vote.expected:
        zh.append(f"全体 {vote.all_members}")
        en.append(f"{vote.all_members} in all")
    zh += [f"应到会有表决权 {vote.expected}", f"实到 {vote.present}"]
    en += [f"{vote.expected} voters expected", f"{vote.present} present"]
    return joined(zh, en)


def quorum(vote: Vote, measured: Measured) -> Text:
    """Whether enough were there."""
    who, wanted = attendance(vote), asked(measured.threshold, measured.number)
    rule, cited = proportion(measured.threshold), source(measured.threshold.cited)
    if measured.reached:
        return Text(
            f"{who.zh}：达到法定人数（{rule.zh}，{wanted.zh}；{cited.zh}）",
            f"{who.en}: the quorum is reached ({rule.en}, {wanted.en}; {cited.en})",
        )
    return Text(
        f"{who.zh}：未达到法定人数（{rule.zh}，{wanted.zh}；{cited.zh}）",
        f"{who.en}: the quorum is not reached ({rule.en}, {wanted.en}; {cited.en})",
    )


def papers(vote: Vote) -> Text | None:
    """Papers issued, returned, valid and void; None where none are used."""
    if vote.returned is None:
        return None
    zh, en = [], []
    if vote.issued is not None:
        zh.append(f"发出 {vote.issued}")
        en.append(f"{vote.issued} papers issued")
    zh += [f"收回 {vote.returned}", f"有效 {vote.valid}", f"无效 {vote.void}"]
    en += [f"{vote.returned} returned", f"{vote.valid} valid", f"{vote.void} void"]
    return joined(zh, en)


def votes(yes: int, no: int, abstain: int) -> Text:
    """Yes, no and abstain."""
    return Text(f"赞成 {yes}，不赞成 {no}，弃权 {abstain}", f"{yes} for, {no} against, {abstain} abstaining")


def written(vote: Vote) -> Text | None:
    """How many written opinions are in the numbers."""
    if not vote.written.total:
        return None
    told = votes(vote.written.yes, vote.written.no, vote.written.abstain)
    return Text(
        f"其中会前书面意见 {vote.written.total}：{told.zh}（计入表决，不计入实到）",
        f"of these {vote.written.total} written opinions: {told.en} (counted as votes, not as present)",
    )


def majority(measured: Measured, *, passed: Text, failed: Text) -> Text:
    """Whether the yes votes are enough."""
    wanted, rule = asked(measured.threshold, measured.number), proportion(measured.threshold)
    cited = source(measured.threshold.cited)
    end = passed if measured.reached else failed
    return Text(
        f"赞成 {measured.count}：{end.zh}（{rule.zh}，{wanted.zh}；{cited.zh}）",
        f"{measured.count} for: {end.en} ({rule.en}, {wanted.en}; {cited.en})",
    )


CARRIED = Text("通过", "carried")
NOT_CARRIED = Text("未通过", "not carried")
