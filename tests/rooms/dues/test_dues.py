"""The dues of a month: refused, done, recorded; yuan to fen exactly; two people at once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from zhibu.core.calendar import Month
from zhibu.core.refusal import Refused
from zhibu.dues import actions
from zhibu.dues.actions import Amounts
from zhibu.dues.forms import MonthForm
from zhibu.dues.models import DuesMonth
from zhibu.record.models import Entry
from zhibu.ui.doors import Stale

JUNE = Month(2026, 6)
GOOD = Amounts(4, 4, 12050, 12050, 10000)
MONTHS_PAGE = 7


def enter(town, now, actor=None, *, month=JUNE, amounts=GOOD, version=0, organisation=None):
    return actions.enter_month(
        actor or town.li,
        organisation=organisation or town.mining,
        month=month,
        amounts=amounts,
        now=now,
        version=version,
    )


class TestEnterMonth:
    def test_refused(self, town, now):
        for outsider in (town.qian, town.chen, town.sun, town.zhao):
            with pytest.raises(Refused) as refused:
                enter(town, now, outsider)
            assert refused.value.codes == ("dues.no_mandate",)
        for month, code in (
            (Month(2026, 8), "dues.in_the_future"),
            (Month(2009, 12), "dues.before_founding"),
        ):
            with pytest.raises(Refused) as refused:
                enter(town, now, month=month)
            assert refused.value.codes == (code,)
        with pytest.raises(Refused) as refused:
            enter(town, now, amounts=Amounts(3, 4, -1, 5, 6))
        assert refused.value.codes == ("dues.negative", "dues.in_time_over_received", "dues.paid_over_due")
        with pytest.raises(Refused) as refused:
            enter(town, now, organisation=town.committee)
        assert refused.value.codes == ("dues.not_a_branch",)
        assert (DuesMonth.objects.count(), Entry.objects.count()) == (0, 0)

    def test_done_and_recorded_with_the_figures_before(self, town, now):
        row = enter(town, now)
        assert (row.month_on, row.due_fen, row.entered_on, row.known_at, row.version) == (
            date(2026, 6, 1), 12050, now.date(), round(now.timestamp() * 1000), 1,
        )  # fmt: skip
        enter(town, now, amounts=Amounts(4, 3, 12050, 9000, 9000), version=1)
        assert DuesMonth.objects.values_list("received_fen", "version").get() == (9000, 2)
        first, second = Entry.objects.order_by("sequence").values_list("values", flat=True)
        assert '"before":null' in first.replace(" ", "")
        assert '"received_fen":12050' in second.replace(" ", "")

    def test_the_same_figures_again_are_no_change(self, town, now):
        enter(town, now)
        enter(town, now)
        assert Entry.objects.count() == 1

    def test_two_people_both_versions(self, town, now):
        enter(town, now)
        with pytest.raises(Stale) as stale:
            enter(town, now, town.wang, amounts=Amounts(4, 3, 12050, 9000, 9000))
        assert [(row.label, row.theirs, row.mine) for row in stale.value.rows if row.theirs != row.mine] == [
            ("已交人数", "4", "3"), ("实收（元）", "120.50", "90.00"), ("其中按时（元）", "100.00", "90.00"),
        ]  # fmt: skip


@given(st.integers(0, 10_000_000_00))
def test_yuan_to_fen_exactly(fen):
    text = f"{fen // 100}.{fen % 100:02d}"
    data = {
        "version": 0,
        "members_due": 1,
        "members_paid": 1,
        "due_fen": text,
        "received_fen": text,
        "in_time_fen": text,
    }
    form = MonthForm(data)
    assert form.is_valid(), form.errors
    assert {form.cleaned_data[name] for name in ("due_fen", "received_fen", "in_time_fen")} == {fen}


@pytest.mark.parametrize("text", ["1.005", "abc", "-1", "1e99", "NaN", "99999999999"])
def test_what_is_no_amount(text):
    data = {
        "version": 0,
        "members_due": 1,
        "members_paid": 1,
        "due_fen": text,
        "received_fen": "1",
        "in_time_fen": "1",
    }
    assert set(MonthForm(data).errors) == {"due_fen"}


class TestPages:
    def test_twelve_months_in_a_fixed_number_of_queries(self, town, now, enter):  # the fixture signs in
        client = enter(town.people["li"])
        client.get("/dues/")
        for count in (0, 3, 7):
            for number in range(1, count + 1):
                actions.enter_month(
                    town.li, organisation=town.mining, month=Month(2026, number), amounts=GOOD, now=now,
                    version=DuesMonth.objects.filter(month_on=Month(2026, number).first).count(),
                )  # fmt: skip
            with CaptureQueriesContext(connection) as queries:
                page = client.get("/dues/")
            assert len([each for each in queries if "zb_" in each["sql"]]) == MONTHS_PAGE
            assert (len(page.context["rows"]), page.context["totals"].months) == (12, count)

    def test_entered_from_the_page_once(self, town, enter):
        client = enter(town.people["li"])
        url = f"/dues/enter/?organisation={town.mining.pk}&month=2026-06"
        assert client.get(url).context["form"].initial["members_due"] == 4
        data = {
            "version": 0,
            "members_due": 4,
            "members_paid": 4,
            "due_fen": "120.50",
            "received_fen": "１２０．５",
            "in_time_fen": "100",
            "zb_token": "x",
        }
        for _again in range(2):
            assert client.post(url, data).status_code == 302
        row = DuesMonth.objects.get()
        assert (row.due_fen, row.received_fen, row.in_time_fen, row.version) == (12050, 12050, 10000, 1)
        assert client.get(f"/dues/{row.pk}/").status_code == 200

    def test_outside_404_and_nonsense_harmless(self, town, now, enter):
        row = actions.enter_month(town.li, organisation=town.mining, month=JUNE, amounts=GOOD, now=now)
        client = enter(town.people["qian"])
        for url in (
            f"/dues/{row.pk}/",
            f"/dues/?organisation={town.mining.pk}",
            f"/dues/enter/?organisation={town.mining.pk}",
        ):
            assert client.get(url).status_code == 404
        assert "120.50" not in client.get("/dues/").content.decode()
        for query in ("?year=99999", "?year=x", "?organisation=x", "?year=-1"):
            assert client.get(f"/dues/{query}").status_code == 200
        assert client.get("/dues/enter/?month=2026-13").status_code == 200
        assert client.post("/dues/enter/", {}).status_code == 200
