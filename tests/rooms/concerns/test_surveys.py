"""A survey: opened, answered by nobody in particular, counted after its day, destroyed; what is few is told nowhere."""

from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client

from tests.rooms.concerns.asking import CLOSES, answer, later, opened, refused, token_of
from tests.town import NOW
from zhibu.ballots import files
from zhibu.concerns import actions, answers, paper, queries, slips
from zhibu.concerns.models import Survey
from zhibu.core.calendar import Quarter
from zhibu.record.files.words import words_of
from zhibu.record.models import Entry

pytestmark = pytest.mark.django_db(transaction=False)


def fill(client, survey, number, **more):
    for each in range(number):
        group = "members" if each % 2 else "masses"
        given = {"state": "good" if each else "hard", "concerns": ["pay", "shifts"], "group": group} | more
        assert answer(client, survey, **given).status_code == 200


def counted(survey, who, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return actions.count_survey(who["li"], survey=survey, now=later(now, 8))


def test_who_may_not_open_and_what_may_not_be_opened(town, who, now):
    ask = lambda by="li", **more: actions.open_survey(
        who[by],
        now=now,
        **{"organisation": town.mining, "kind": "mood", "audience": "members", "closes_on": CLOSES} | more,
    )
    assert refused(lambda: ask("zhao")) == ["concerns.no_mandate"]
    # the superior sees what was made of it, and neither asks nor reads
    assert refused(lambda: ask("sun")) == ["concerns.no_mandate"]
    assert refused(lambda: ask(kind="unknown")) == ["concerns.no_such_kind"]
    assert refused(lambda: ask(closes_on=now.date())) == ["concerns.closes_when"]
    assert refused(lambda: ask(closes_on=date(2026, 8, 11))) == ["concerns.closes_when"]
    assert refused(lambda: ask(slips_count=4)) == ["concerns.slips"]
    first = ask()
    assert refused(ask) == ["concerns.one_a_quarter"]
    assert refused(lambda: actions.cancel_survey(who["li"], survey=first, reason=" ", now=now)) == [
        "concerns.reason_needed"
    ]
    actions.cancel_survey(who["li"], survey=first, reason="题目有误", now=now)
    assert ask().code != first.code


def test_results_only_after_the_day_then_the_answers_are_gone(
    client, town, who, now, survey, django_capture_on_commit_callbacks
):
    fill(client, survey, 12, first="夜班热水")
    assert refused(lambda: actions.count_survey(who["li"], survey=survey, now=later(now, 7))) == [
        "concerns.not_closed"
    ]
    done = counted(survey, who, now, django_capture_on_commit_callbacks)
    assert (done.state, done.answers, files.path_of(survey.code).exists()) == ("counted", 12, False)
    told = {each["id"]: each for each in done.totals}
    assert told["state"] == {
        "is": "Told", "id": "state", "answered": 12, "counts": {"good": 11, "steady": 0, "tired": 0, "hard": 1},
        "by": {
            "masses": {"is": "Group", "answered": 6, "counts": {"good": 5, "steady": 0, "tired": 0, "hard": 1}},
            "members": {"is": "Group", "answered": 6, "counts": {"good": 6, "steady": 0, "tired": 0, "hard": 0}},
        },
    }  # fmt: skip
    assert queries.words_of(done) == [("first", "夜班热水")] * 12
    let = actions.release_words(who["li"], survey=done, chosen=[0, 3], now=later(now, 8))
    assert (let.words, let.words_sealed) == ([["first", "夜班热水"]] * 2, "")
    assert [row.act for row in Entry.objects.filter(act__startswith="concerns.").order_by("id")] == [
        "concerns.open_survey", "concerns.count_survey", "concerns.release_words",
    ]  # fmt: skip


def test_of_four_not_even_the_number_stays(
    client, town, who, now, survey, django_capture_on_commit_callbacks
):
    fill(client, survey, 4, first="夜班热水")
    done = counted(survey, who, now, django_capture_on_commit_callbacks)
    assert (done.state, done.answers, done.totals, done.words_sealed) == ("too_few", None, [], "")
    assert Entry.objects.get(act="concerns.count_survey").values == '{"answers":null,"state":"too_few"}'


def test_words_of_nine_are_deleted_unread(client, town, who, now, survey, django_capture_on_commit_callbacks):
    fill(client, survey, 9, first="夜班热水")
    done = counted(survey, who, now, django_capture_on_commit_callbacks)
    assert (done.answers, done.words_sealed) == (9, "")


def test_the_same_form_counts_once_and_a_forged_choice_not_at_all(client, survey):
    token = token_of(client, survey)
    for _each in range(3):
        assert answer(client, survey, token, state="good").status_code == 200
    assert answers.read(survey.code) == [{"state": "good"}]
    assert answer(client, survey, state="forged").status_code == 400
    assert answer(client, survey, token="forged", state="good").status_code == 400
    assert len(answers.read(survey.code)) == 1


def test_names_and_numbers_are_pointed_out_once(client, survey):
    warned = answer(client, survey, first="王师傅有意见，电话13812345678")
    assert (warned.status_code, "王师傅" in warned.content.decode()) == (409, True)
    assert answer(client, survey, first="王师傅有意见", noticed="on").status_code == 200


def test_what_is_said_before_answering(client, survey):
    page = client.get(f"/survey/{survey.code}/").content.decode()
    assert "如果大家选得都一样" in page
    assert "不足 5 份，什么也不公布" in page
    assert "<script" not in page
    assert client.get(f"/survey/{survey.code}/").cookies == {}


def test_a_slip_is_good_for_one_answer_and_nothing_says_which(client, town, who, now, settings):
    settings.ZHIBU_TODAY = now.date().isoformat()
    survey = opened(town, who, now, slips_count=6)
    codes = actions.print_slips(who["li"], survey=survey, now=now)
    assert codes == actions.print_slips(who["li"], survey=survey, now=now)
    assert (len(set(codes)), Entry.objects.filter(act="concerns.print_slips").count()) == (6, 2)
    assert answer(client, survey, state="good").status_code == 409
    assert answer(client, survey, state="good", slip="AAAA-BBBB-CCCC").status_code == 409
    shown = slips.shown(codes[2]).lower()
    assert answer(client, survey, state="good", slip=shown).status_code == 200
    assert answer(client, survey, state="hard", slip=shown).status_code == 409
    assert answers.read(survey.code) == [{"state": "good"}]


def test_the_form_proposes_slips_and_says_what_an_address_cannot_do(client, town, who, enter, now):
    li, address = enter(town.people["li"]), "/concerns/surveys/open/"
    assert 'name="slips_count" value="10"' in li.get(address).content.decode()
    sent = {"kind": "mood", "audience": "members", "closes_on": CLOSES.isoformat(), "slips_count": ""}
    assert "请填卡片张数" in li.post(address, sent | {"way": "slips"}).content.decode()
    assert li.post(address, sent | {"way": "address", "slips_count": "10"}).status_code == 302
    made = Survey.objects.get()
    assert made.slips == 0
    page = client.get(f"/survey/{made.code}/").content.decode()
    assert "系统不认人，也就认不出重复的" in page
    assert "推算出别人选了什么" in page
    actions.cancel_survey(who["li"], survey=made, reason="改凭卡片", now=now)
    assert li.post(address, sent | {"way": "slips", "slips_count": "10"}).status_code == 302
    page = client.get(f"/survey/{Survey.objects.latest('pk').code}/").content.decode()
    assert "认不出重复的" not in page


@pytest.mark.parametrize(("cards", "said"), [(0, "份数，不等于人数"), (10, "备卡 10 张")])
def test_the_result_counts_papers_and_never_says_people(
    client, town, who, enter, django_capture_on_commit_callbacks, cards, said
):
    enter(town.people["li"])
    survey = opened(town, who, NOW, slips_count=cards)
    # one person from one phone, seven times: without slips nothing can tell
    for code in slips.codes(survey.code, cards)[:7] or [""] * 7:
        assert answer(client, survey, state="good", slip=code).status_code == 200
    done = counted(survey, who, NOW, django_capture_on_commit_callbacks)
    assert done.answers == 7
    page = enter(town.people["li"]).get("/concerns/?quarter=2026Q3").content.decode()
    assert said in page
    assert "7 份答了" in page
    analysis = actions.write_analysis(
        who["li"], organisation=town.mining, quarter=Quarter(2026, 3), findings="平稳", now=NOW
    )
    words = words_of(paper.laid_out(queries.told_of(analysis, NOW.date()), NOW.date()), "docx", 10_000)
    assert said in words
    assert "份数" in words
    assert "人数" not in words.replace("不等于人数", "")


def test_a_full_box_a_closed_day_and_floods(client, survey, settings, monkeypatch):
    monkeypatch.setattr("zhibu.concerns.views.answering.sending.number", 2)
    fill(client, survey, 2)
    assert answer(client, survey, state="good").status_code == 429
    settings.ZHIBU_TODAY = "2026-07-28"
    assert "已经结束" in client.get(f"/survey/{survey.code}/").content.decode()
    assert client.get("/survey/nothing/").status_code == 404


def test_a_survey_nobody_counts_is_destroyed_and_words_nobody_reads_are_deleted(
    client, town, who, now, survey, django_capture_on_commit_callbacks, capsys
):
    fill(client, survey, 10, first="夜班热水")
    call_command("forget", now=later(now, 97).isoformat())
    assert files.path_of(survey.code).exists()
    call_command("forget", now=later(now, 98).isoformat())
    survey.refresh_from_db()
    assert (survey.state, files.path_of(survey.code).exists()) == ("lapsed", False)
    Survey.objects.filter(pk=survey.pk).update(words_sealed="x", ended_on=now.date())
    call_command("forget", now=later(now, 91).isoformat())
    assert Survey.objects.get(pk=survey.pk).words_sealed == ""
    acts = Entry.objects.filter(subject_table="zb_survey", subject_id=survey.pk).order_by("id")
    assert list(acts.values_list("act", flat=True))[-2:] == [
        "concerns.lapse_survey",
        "concerns.forget_words",
    ]


def test_released_words_name_nobody(client, town, who, now, survey, django_capture_on_commit_callbacks):
    said = f"找{town.people['zhao'].name}反映过"
    fill(client, survey, 10, first=said)
    done = counted(survey, who, now, django_capture_on_commit_callbacks)
    let = lambda **more: actions.release_words(who["li"], survey=done, chosen=[0], now=later(now, 8), **more)
    assert refused(lambda: actions.release_words(who["zhao"], survey=done, chosen=[], now=now)) == [
        "concerns.no_mandate"
    ]
    assert refused(let) == ["concerns.names"]
    assert let(named=True).words == [["first", said]]
    assert refused(let) == ["concerns.no_words"]


def test_two_phones_at_once_are_two_answers(survey):
    for each in range(3):
        assert answer(Client(), survey, state=("good", "tired", "hard")[each]).status_code == 200
    assert sorted(each["state"] for each in answers.read(survey.code)) == ["good", "hard", "tired"]
