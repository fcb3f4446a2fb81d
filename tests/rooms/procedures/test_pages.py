"""Pages of cases: who sees them, what they show, how many queries they take."""

from datetime import date

import pytest
from django.urls import reverse

from tests.people import person
from tests.rooms.procedures.conftest import at
from zhibu import rulebook
from zhibu.core.wording import Text
from zhibu.procedures import actions, queries
from zhibu.procedures.forms import StepForm
from zhibu.procedures.models import Case, StepTaken
from zhibu.procedures.told import Told
from zhibu.register.models import Post

OPENED = date(2026, 1, 5)


@pytest.fixture
def officer(cast):
    """Sun holds the post that the pages look for."""
    Post.objects.create(
        person=cast.people["sun"],
        organisation=cast.committee,
        kind="committee_officer",
        since=OPENED,
        known_at=1,
    )
    return cast.people["sun"]


@pytest.fixture
def opened(cast, applicant):
    def open_(name="", who=None):
        about = (
            applicant
            if not name
            else person(name, "sqr", cast.mining, stage="applicant", since=date(2025, 1, 1))
        )
        return actions.open_case(
            cast.li, organisation=cast.mining, procedure="trial", opened_on=OPENED, person=about.pk, now=at(OPENED)
        )  # fmt: skip

    return open_


def url(name, *args):
    return reverse(f"procedures:{name}", args=args)


def test_outside_ones_tree_nothing_exists(cast, opened, enter):
    case = opened()
    taken = actions.take_step(cast.li, case=case, step="apply", told=Told(on=OPENED), now=at(OPENED))
    client = enter(cast.people["qian"])
    for address in (
        url("case", case.pk), url("take_step", case.pk, "talk"), url("suspend", case.pk), url("end_case", case.pk),
        url("attach_paper", case.pk), url("reverse_step", taken.pk), url("publish", case.pk, "prospect_publicised"),
    ):  # fmt: skip
        assert client.get(address).status_code == 404
        assert client.post(address, {"reason": "x", "on": "2026-01-06"}).status_code == 404
    assert "孙申请" not in client.get(url("cases")).content.decode()
    assert StepTaken.objects.count() == 1


def test_a_plain_member_has_no_door(cast, opened, enter):
    case = opened()
    client = enter(cast.people["chen"])
    assert client.get(url("case", case.pk)).status_code == 404
    assert client.get(url("openings")).status_code == 404
    assert client.get(url("inbox")).status_code == 404


def test_opening_and_taking_over_http(cast, applicant, enter):
    client = enter(cast.people["li"])
    assert "发展党员" in client.get(url("openings")).content.decode()
    address = url("open_case", "trial")
    answer = client.post(address, {"person": applicant.pk, "opened_on": "2026-01-05"})
    case = Case.objects.get()
    assert (answer.status_code, answer.url) == (302, url("case", case.pk))
    page = client.get(url("case", case.pk)).content.decode()
    assert "递交入党申请书" in page
    assert "zb-stop-now" in page
    answer = client.post(url("take_step", case.pk, "apply"), {"on": "2026-01-05", "version": case.version})
    assert answer.status_code == 302
    # entered on 20 July for 5 January: told as late
    assert StepTaken.objects.get().entry_delay == 196
    assert "办后 196 天录入" in client.get(url("case", case.pk)).content.decode()


def test_a_refusal_tells_the_rule_and_keeps_what_was_typed(cast, opened, enter):
    case = opened()
    client = enter(cast.people["li"])
    answer = client.post(url("take_step", case.pk, "talk"), {"on": "2026-01-05", "note": "谈过了"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "尚未完成“递交入党申请书”" in page
    assert "谈过了" in page
    assert StepTaken.objects.count() == 0


def test_a_second_click_acts_once(cast, opened, enter):
    case = opened()
    client = enter(cast.people["li"])
    values = {"on": "2026-01-05", "zb_token": "a" * 32}
    first = client.post(url("take_step", case.pk, "apply"), values)
    second = client.post(url("take_step", case.pk, "apply"), values)
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert StepTaken.objects.count() == 1


def test_someone_else_was_faster(cast, opened, enter):
    case = opened()
    client = enter(cast.people["li"])
    actions.take_step(cast.li, case=case, step="apply", told=Told(on=OPENED), now=at(OPENED))
    answer = client.post(url("take_step", case.pk, "apply"), {"on": "2026-01-05", "version": case.version})
    assert answer.status_code == 409
    assert StepTaken.objects.count() == 1


@pytest.mark.parametrize("steps", [1, 3])
def test_the_page_of_a_case_takes_the_same_queries_with_one_and_three_steps(
    cast, opened, enter, steps, django_assert_num_queries
):
    case = opened()
    taken = [("apply", OPENED), ("talk", date(2026, 1, 20)), ("activist_selected", date(2026, 1, 21))][:steps]
    for name, day in taken:
        actions.take_step(cast.li, case=case, step=name, told=Told(on=day), now=at(day))
    client = enter(cast.people["li"])
    client.get(url("case", case.pk))
    with django_assert_num_queries(CASE_QUERIES):
        assert client.get(url("case", case.pk)).status_code == 200


CASE_QUERIES = 14


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_with_one_and_three_cases(
    cast, opened, enter, count, django_assert_num_queries
):
    opened()
    for number in range(1, count):
        opened(f"申请人{number}")
    client = enter(cast.people["li"])
    client.get(url("cases"))
    with django_assert_num_queries(6):
        page = client.get(url("cases")).content.decode()
    assert page.count("data-href") == count


def test_every_filter_of_the_list(cast, opened, enter):
    opened()
    client = enter(cast.people["li"])
    shown = {
        show: client.get(url("cases"), {"show": show}).content.decode().count("data-href")
        for show in ("", "running", "mine", "above", "overdue", "soon", "suspended", "ended", "nonsense")
    }
    assert shown == {
        "": 1, "running": 1, "mine": 1, "above": 0, "overdue": 0, "soon": 0, "suspended": 0, "ended": 0, "nonsense": 1,
    }  # fmt: skip
    assert client.get(url("cases"), {"procedure": "trial"}).content.decode().count("data-href") == 1


def test_what_is_known_is_filled_in_and_a_branch_needs_no_title(cast, enter):
    client = enter(cast.people["li"])
    form = client.get(url("open_case", "commendation")).context["form"]
    assert form.get_initial_for_field(form.fields["v_year"], "v_year") == 2026
    assert "title" in form.fields
    assert "title" not in client.get(url("open_case", "renewal")).context["form"].fields


@pytest.mark.parametrize(
    ("procedure", "step", "replies", "told"),
    [
        ("admission", "activist_selected", (), {"v_nominated_by": ("“通过”时必填", "outcome carried")}),
        # a box may stay unticked, so the interest of a reviewer is not asked for
        (
            "innovation_project", "scored", (),
            {
                "v_reviewer": ("“合格”时必填", "outcome passed"), "v_points": ("“合格”时必填", "outcome passed"),
                "v_reason": ("“合格”时必填", "outcome passed"),
            },
        ),
        (
            "innovation_project", "decided", (("approved", "批准"), ("returned", "退回补充")),
            {
                "v_level": ("“批准”时必填", "reply approved"), "v_granted": ("“批准”时必填", "reply approved"),
            },
        ),
        ("admission", "admitted_by_meeting", (), {"v_performance": ("表决通过时必填", ""), "v_signed_by": ("表决通过时必填", "")}),
    ],
)  # fmt: skip
def test_what_is_needed_only_when_a_step_passes_says_so(procedure, step, replies, told):
    """The field is not asked of a step that does not pass; the browser asks for it with the answers that do."""
    asked = rulebook.load(()).procedures[procedure].step(step)
    choices = queries.Choices(
        people=((1, "甲", "", ""),), sessions=(), organisations=(), replies=tuple((code, Text(word, word)) for code, word in replies),
        vote="motion" if asked.vote else "", grades=(), written=False, secret=True, expected=None, named={},
    )  # fmt: skip
    form = StepForm(step=asked, roles=asked.by[:1], choices=choices, today=OPENED, words={})
    found = {
        name: (each.needed, each.widget.attrs.get("data-needed", ""))
        for name, each in form.fields.items()
        if name.startswith("v_") and getattr(each, "needed", "")
    }
    assert found == told
    assert not any(form.fields[name].required for name in told)


def test_pipeline_and_rules(cast, opened, enter, officer):
    case = opened()
    actions.take_step(cast.li, case=case, step="apply", told=Told(on=OPENED), now=at(OPENED))
    client = enter(officer)
    page = client.get(url("pipeline", "trial")).content.decode()
    # the talk was due within a month of the application
    assert "派人谈话" in page
    assert "孙申请" in page
    assert "2026-02-05" in page
    rules = client.get(url("procedure", "trial"), {"day": "2026-05-10"}).content.decode()
    assert "发展对象公示" in rules
    assert "此日没有这一步" in rules
    assert "2026-05-11" in rules
    assert client.get(url("procedures")).status_code == 200
    renewal = client.get(url("procedure", "renewal")).content.decode()
    assert "“任期届满”前 6 个月" in renewal
    assert "{" not in renewal[renewal.find("<tbody>") : renewal.find("</tbody>")]
    assert client.get(url("pipeline", "nothing")).status_code == 404


def test_the_inbox_answers_several(cast, opened, enter, officer):
    from tests.rooms.procedures.test_acts import to_prospect

    def taking(case, step, on, **told):
        told.pop("entered", None)
        return actions.take_step(cast.li, case=case, step=step, told=Told(on=on, **told), now=at(on))

    first = opened()
    first.opened_on = date(2024, 1, 5)
    first.save()
    to_prospect(first, taking)
    client = enter(officer)
    page = client.get(url("inbox")).content.decode()
    assert "孙申请" in page
    assert "上级党委同意" in page
    address = url("bulk_reply", "trial", "prospect_consented")
    answer = client.post(address, {"case": [first.pk], "on": "2026-07-01", "reply": "consented"})
    assert (answer.status_code, answer.url) == (302, url("inbox"))
    first.refresh_from_db()
    assert first.next_step == "prospect_publicised"
    assert "没有等待答复的事项" in client.get(url("inbox")).content.decode()


def test_the_changes_of_a_case_over_http(cast, opened, enter, officer):
    case = opened()
    client = enter(cast.people["li"])
    for name, values in (
        ("suspend", {"on": "2026-02-01", "reason": "外出"}), ("resume", {"on": "2026-02-02", "reason": "返回"}),
        ("attach_paper", {"paper": "application_letter", "note": "档案柜"}),
    ):  # fmt: skip
        assert client.get(url(name, case.pk)).status_code == 200
        assert client.post(url(name, case.pk), values).status_code == 302
    client = enter(officer)
    moved = client.post(
        url("transfer_case", case.pk), {"organisation": cast.depot.pk, "on": "2026-02-03", "reason": "随组织关系"}
    )  # fmt: skip
    assert moved.status_code == 302
    case.refresh_from_db()
    assert case.organisation_id == cast.depot.pk
    ended = client.post(
        url("end_case", case.pk), {"ending": "withdrawn", "on": "2026-02-04", "reason": "撤回"}
    )
    assert ended.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.ended) == ("ended", "withdrawn")
    assert "已了结" in client.get(url("case", case.pk)).content.decode()


def test_one_sees_ones_own_case(cast, enter, opened):
    """A probationary member sees the own case, and cannot act in it."""
    case = opened()
    case.person = cast.people["chen"]
    case.save()
    client = enter(cast.people["chen"])
    page = client.get(url("case", case.pk)).content.decode()
    assert "递交入党申请书" in page
    assert 'name="on"' not in page
    assert client.post(url("take_step", case.pk, "apply"), {"on": "2026-01-05"}).status_code == 404
