"""Help agreed with the person, seen by two and by whom it is about, and deleted after its term: only that something was stays."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from tests.rooms.undertakings.doings import undertaken
from zhibu.core.refusal import Refused
from zhibu.record.models import Attachment, Entry
from zhibu.undertakings import actions, policies, queries
from zhibu.undertakings.models import PastUndertaking, Step, Undertaking

pytestmark = pytest.mark.django_db
WORDS = "陪去复查，帮接孩子"


def codes(act, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return [each.code for each in caught.value.refusals]


def planned(town, now, **more):
    about = town.people["chen"].pk
    return undertaken(town, now, kind="help_plan", owner="wang", about=about, text=WORDS, **more)


def test_nothing_begins_before_the_person_agrees(town, now):
    row = planned(town, now)
    done = lambda by="wang": actions.report_done(getattr(town, by), undertaking=row, result="好了", now=now)
    assert codes(done) == ["undertakings.not_agreed"]
    assert codes(actions.report_progress, town.wang, undertaking=row, text="去过", now=now) == [
        "undertakings.not_agreed"
    ]
    # not even the secretary says yes for somebody else
    assert codes(actions.agree, town.li, undertaking=row, now=now) == ["undertakings.not_concerned"]
    assert policies.steps_open(town.chen, row) == ["agree", "decline"]
    actions.agree(town.chen, undertaking=row, now=now)
    assert codes(actions.agree, town.wang, undertaking=row, now=now) == ["undertakings.agreed_already"]
    assert done().state == "closed"


def test_seen_by_two_and_by_whom_it_is_about(town, now):
    assert codes(planned, town, now, helpers=[town.people["zhao"].pk]) == ["undertakings.alone"]
    row = planned(town, now)
    seen = [
        name
        for name in ("li", "wang", "zhao", "chen", "sun", "qian")
        if queries.listed(getattr(town, name), today=row.opened_on).filter(pk=row.pk).exists()
    ]
    assert seen == ["li", "wang", "chen"]
    assert codes(
        actions.attach, town.wang, undertaking=row, name="病历.pdf", content=b"%PDF-1.4\n", now=now
    ) == ["undertakings.no_files"]


def test_who_says_no_leaves_nothing(town, now):
    row = planned(town, now)
    actions.agree(town.wang, undertaking=row, now=now)
    assert codes(actions.decline, town.li, undertaking=row, now=now) == ["undertakings.not_concerned"]
    actions.decline(town.chen, undertaking=row, now=now)
    assert (Undertaking.objects.count(), Step.objects.count(), PastUndertaking.objects.count()) == (0, 0, 0)
    entry = Entry.objects.get(act="undertakings.decline")
    assert (entry.subject_table, entry.subject_id, entry.values) == ("", None, '{"kind":"help_plan"}')
    other = undertaken(town, now)
    assert codes(actions.decline, town.zhao, undertaking=other, now=now) == ["undertakings.no_consent_asked"]


def test_criticism_with_help_begins_with_consent_and_a_no_ends_it_without_deleting(town, now, enter):
    about = town.people["chen"].pk
    told = {
        "kind": "criticism_help",
        "owner": "wang",
        "about": about,
        "text": "每周一起过一遍班前会",
        "problem": "班前会不讲",
    }
    row = undertaken(town, now, **told)
    assert codes(actions.report_done, town.wang, undertaking=row, result="好了", now=now) == [
        "undertakings.not_agreed"
    ]
    assert codes(actions.agree, town.li, undertaking=row, now=now) == ["undertakings.not_concerned"]
    assert codes(actions.decline, town.li, undertaking=row, now=now) == ["undertakings.not_concerned"]
    page = enter(town.people["li"]).get(f"/undertakings/{row.pk}/").content.decode()
    assert ("换个办法再商量" in page, "整份删除" in page) == (True, False)
    actions.decline(town.chen, undertaking=row, now=now)
    row.refresh_from_db()
    assert (row.state, row.result, row.ended_on) == ("given_up", "本人不同意这样帮", now.date())
    assert Entry.objects.filter(act="undertakings.decline").count() == 1
    # another way is proposed, agreed and carried out
    other = undertaken(town, now, **told | {"text": "先跟班一周"})
    actions.agree(town.chen, undertaking=other, now=now)
    assert actions.report_done(town.wang, undertaking=other, result="跟了五个班", now=now).state == "done"


def test_the_job_deletes_what_ended_and_what_nobody_ended(town, now):
    ended, left = planned(town, now), planned(town, now)
    kept = undertaken(town, now)
    actions.agree(town.chen, undertaking=ended, now=now)
    actions.report_done(town.wang, undertaking=ended, result="康复", now=now)
    ended.refresh_from_db()
    on = queries.forgotten_on(ended, now.date())
    assert on == now.date() + timedelta(days=90)
    assert queries.forgotten_on(kept, now.date()) is None
    call_command("forget", now=(now + timedelta(days=90)).isoformat())
    assert Undertaking.objects.count() == 3
    call_command("forget", now=(now + timedelta(days=91)).isoformat())
    assert set(Undertaking.objects.values_list("pk", flat=True)) == {left.pk, kept.pk}
    call_command("forget", now=(now + timedelta(days=101)).isoformat())
    assert set(Undertaking.objects.values_list("pk", flat=True)) == {kept.pk}
    found = Entry.objects.filter(act="undertakings.forget").order_by("id").values_list("actor_name", "values")
    assert list(found) == [("系统", '{"count":1}')] * 2
    assert not Attachment.objects.exists()


def test_somebody_who_is_not_of_the_register(town, now):
    """What the branch calls them, and nothing else; agreed face to face; gone with the rest after the term."""
    plan = lambda **more: undertaken(town, now, kind="help_plan", owner="wang", text=WORDS, **more)
    assert codes(plan) == ["undertakings.person_needed"]
    assert codes(plan, whom="张师傅", about=town.people["chen"].pk) == ["undertakings.whom"]
    assert codes(plan, whom="张师傅13800138000") == ["undertakings.numbers"]
    criticised = {"kind": "criticism_help", "problem": "迟到", "whom": "张师傅"}
    assert codes(undertaken, town, now, **criticised) == ["undertakings.whom"]
    row = plan(whom=" 检修班张师傅 ")
    assert (row.whom, row.about_id) == ("检修班张师傅", None)
    assert [
        name
        for name in ("li", "wang", "zhao", "chen", "sun", "qian")
        if queries.listed(getattr(town, name), today=row.opened_on).filter(pk=row.pk).exists()
    ] == ["li", "wang"]
    assert codes(actions.report_progress, town.wang, undertaking=row, text="去过", now=now) == [
        "undertakings.not_agreed"
    ]
    assert codes(actions.agree, town.li, undertaking=row, now=now) == ["undertakings.not_concerned"]
    agreed = actions.agree(town.wang, undertaking=row, now=now)
    assert agreed.steps.get(kind="agreed").text == "当面问过本人，由帮扶人代记"
    assert [value for value in Entry.objects.values_list("values", flat=True) if "张师傅" in value] == []
    call_command("forget", now=(now + timedelta(days=200)).isoformat())
    assert not Undertaking.objects.exists()


def test_by_the_form(town, now, enter):
    sent = {"text": WORDS, "owner": town.people["wang"].pk, "whom": "张师傅", "due_on": "2026-09-01"}
    client = enter(town.people["li"])
    page = client.post("/undertakings/new/?kind=care_visit", sent, follow=True).content.decode()
    assert "张师傅" in page
    assert "不在名册上" in page
    assert "张师傅" in client.get("/concerns/care/").content.decode()
