"""Publication windows: refused, done, recorded; working days by the published calendar."""

from datetime import date, timedelta

import pytest

from zhibu.core.refusal import Refused
from zhibu.notices import actions, queries
from zhibu.notices.models import Notice
from zhibu.record.models import Entry


def publish(town, now, actor=None, **changes):
    values = {
        "organisation": town.mining, "kind": "admission", "title": "关于拟列发展对象的公示", "opens_on": date(2026, 7, 6),
        "closes_on": date(2026, 7, 10), "subject": town.people["zhou"].pk, "now": now,
    }  # fmt: skip
    return actions.publish(actor or town.li, **(values | changes))


class TestPublish:
    def test_refused(self, town, now):
        for outsider in (town.qian, town.chen, town.sun):
            with pytest.raises(Refused) as refused:
                publish(town, now, outsider)
            assert refused.value.codes == ("notices.no_mandate",)
        for changes, code in (
            ({"closes_on": date(2026, 7, 5)}, "notices.closes_before_opening"),
            ({"opens_on": date(2009, 7, 5)}, "notices.no_branch_then"),
            ({"subject": None}, "notices.subject_needed"),
        ):
            with pytest.raises(Refused) as refused:
                publish(town, now, **changes)
            assert code in refused.value.codes
        assert (Notice.objects.count(), Entry.objects.count()) == (0, 0)

    @pytest.mark.parametrize(("opens", "closes", "days", "provisional"), [
        (date(2026, 7, 6), date(2026, 7, 10), 5, 0),
        (date(2026, 7, 4), date(2026, 7, 5), 0, 0),
        (date(2026, 9, 30), date(2026, 10, 8), 2, 0),   # National Day; 8 October is worked
        (date(2029, 7, 2), date(2029, 7, 6), 5, 1),     # a year no calendar is published for
    ])  # fmt: skip
    def test_working_days(self, town, now, opens, closes, days, provisional):
        notice = publish(town, now, opens_on=opens, closes_on=closes)
        assert (notice.working_days, notice.provisional) == (days, provisional)

    def test_recorded_and_a_short_one_is_told(self, town, now):
        publish(town, now, closes_on=date(2026, 7, 8))
        assert '"cautions":["notices.too_short"]' in Entry.objects.get().values.replace(" ", "")
        assert queries.least_days(date(2026, 7, 6)) == 5


class TestResult:
    def test_only_when_the_window_is_over_and_once(self, town, now):
        notice = publish(town, now, opens_on=date(2026, 7, 20), closes_on=date(2026, 7, 24))
        with pytest.raises(Refused) as refused:
            actions.record_result(town.li, notice=notice, objections=0, result="无异议", now=now)
        assert refused.value.codes == ("notices.window_open",)
        later = now + timedelta(days=5)
        done = actions.record_result(town.li, notice=notice, objections=1, result="异议已核查", now=later)
        assert (done.has_result, done.objections, done.result_on, done.known_at) == (
            1,
            1,
            later.date(),
            round(later.timestamp() * 1000),
        )
        with pytest.raises(Refused) as refused:
            actions.record_result(town.li, notice=notice, objections=0, result="x", now=later)
        assert refused.value.codes == ("notices.has_result",)
        assert [mark.text for mark in queries.marks(done, later.date())] == ["已登记结果", "有异议 1 件"]

    def test_withdrawn_with_a_reason(self, town, now):
        notice = publish(town, now)
        with pytest.raises(Refused) as refused:
            actions.withdraw(town.li, notice=notice, reason="", now=now)
        assert refused.value.codes == ("notices.reason_needed",)
        gone = actions.withdraw(town.li, notice=notice, reason="写错姓名", now=now)
        assert [mark.text for mark in queries.marks(gone, now.date())] == ["已撤回", "公示后 14 天录入"]
        with pytest.raises(Refused) as refused:
            actions.record_result(town.li, notice=notice, objections=0, result="x", now=now)
        assert refused.value.codes == ("notices.withdrawn",)
        assert list(Entry.objects.order_by("sequence").values_list("act", flat=True)) == [
            "notices.publish",
            "notices.withdraw",
        ]


class TestPages:
    def test_from_publishing_to_the_result(self, town, now, enter):
        client = enter(town.people["li"])
        form = client.get("/notices/publish/").context["form"]
        assert form.initial["closes_on"] == date(2026, 7, 24)
        data = {
            "kind": "admission",
            "title": "公示",
            "subject": town.people["zhou"].pk,
            "opens_on": "2026-07-06",
            "closes_on": "2026-07-10",
            "zb_token": "t",
        }
        for _again in range(2):
            assert client.post("/notices/publish/", data).status_code == 302
        notice = Notice.objects.get()
        assert client.get(f"/notices/{notice.pk}/").context["may_record"] is True
        assert (
            client.post(f"/notices/{notice.pk}/result/", {"objections": 0, "result": "无异议"}).status_code
            == 302
        )
        assert client.post(f"/notices/{notice.pk}/withdraw/", {"reason": "x"}).status_code == 409
        for query in ("", "?state=done", "?kind=admission"):
            assert len(client.get(f"/notices/{query}").context["rows"]) == 1
        assert len(client.get("/notices/?state=open").context["rows"]) == 0

    @pytest.mark.parametrize("data", [
        {"title": ""}, {"opens_on": "2026-07-10", "closes_on": "2026-07-06"}, {"opens_on": "1", "closes_on": "2"},
        {"opens_on": "2026-01-01", "closes_on": "2036-01-01"}, {"kind": "x", "subject": "999999"},
    ])  # fmt: skip
    def test_bad_forms(self, town, enter, data):
        page = enter(town.people["li"]).post("/notices/publish/", data)
        assert page.status_code == 200
        assert page.context["form"].errors
        assert Notice.objects.count() == 0

    def test_outside_404(self, town, now, enter):
        notice = publish(town, now)
        client = enter(town.people["qian"])
        for url in (
            f"/notices/{notice.pk}/",
            f"/notices/{notice.pk}/result/",
            f"/notices/{notice.pk}/withdraw/",
            f"/notices/publish/?organisation={town.mining.pk}",
        ):
            assert client.get(url).status_code == 404
        assert len(client.get("/notices/").context["rows"]) == 0
        assert enter(town.people["chen"]).get(f"/notices/{notice.pk}/").status_code == 200
