import pytest

from zhibu.core.refusal import Caution, Force, Refusal, Refused, refuse_if
from zhibu.core.wording import Text

QUORUM = Refusal(
    "no_quorum",
    Text("到会 {present} 人，不足半数", "{present} present, fewer than half"),
    {"present": 3},
    source="branch-regulations-2018",
    article="11",
    remedy=Text("至少 {needed} 人", "At least {needed}"),
    who="支部书记",
)
LATE = Caution("late", "记录已逾期")


def test_a_refusal_answers_in_both_languages_with_its_parameters():
    assert (QUORUM.told(), QUORUM.told("en")) == ("到会 3 人，不足半数", "3 present, fewer than half")
    assert QUORUM.remedied() == "至少 {needed} 人", "a forgotten parameter must not hide the message"
    assert (QUORUM.settled_by(), LATE.settled_by()) == ("支部书记", "")
    assert (QUORUM.blocks, LATE.blocks, LATE.force) == (True, False, Force.SHOULD)


def test_an_act_is_refused_with_every_reason_in_the_order_given():
    with pytest.raises(Refused) as caught:
        refuse_if(None, QUORUM, LATE, Refusal("closed", "已关闭"))
    assert caught.value.codes == ("no_quorum", "closed")
    assert str(caught.value) == "no_quorum: 到会 3 人，不足半数; closed: 已关闭"


def test_cautions_pass_and_are_given_back():
    assert refuse_if(None, LATE) == (LATE,)
    assert refuse_if() == ()


def test_nobody_is_refused_without_a_reason():
    assert Refused(QUORUM).refusals == (QUORUM,)
    assert Refused([QUORUM, LATE]).refusals == (QUORUM, LATE)
    with pytest.raises(ValueError, match="reason"):
        Refused([])


def test_a_text_is_a_mapping_of_its_two_languages():
    text = Text("会议", "Meeting")
    assert dict(text) == {"zh": "会议", "en": "Meeting"}
    assert (len(text), text.get("fr")) == (2, None)
