"""Talks, examinations, documents: refused, done, recorded; what is never kept."""

from datetime import date, timedelta

import pytest

from zhibu.core.refusal import Refused
from zhibu.life import actions, queries
from zhibu.life.models import Examination, FiledDocument, Talk
from zhibu.life.told import Held
from zhibu.record.models import Attachment, Entry
from zhibu.register.models import Person

DAY = date(2026, 7, 10)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"


def talk(town, now, actor=None, **changes):
    values = {
        "kind": "activist_talk",
        "person": town.people["zhou"].pk,
        "talker": town.people["li"].pk,
        "held_on": DAY,
        "now": now,
    }
    return actions.record_talk(actor or town.li, organisation=town.mining, **(values | changes))


class TestTalks:
    def test_refused(self, town, now):
        for outsider in (town.qian, town.chen, town.sun):
            with pytest.raises(Refused) as refused:
                talk(town, now, outsider)
            assert refused.value.codes == ("life.no_mandate",)
        for changes, code in (
            ({"held_on": now.date() + timedelta(days=1)}, "life.in_the_future"),
            ({"person": town.people["qian"].pk}, "life.not_of_the_branch"),
            ({"person": town.people["li"].pk}, "life.talk_with_self"),
        ):
            with pytest.raises(Refused) as refused:
                talk(town, now, **changes)
            assert refused.value.codes == (code,)
        talk(town, now)
        with pytest.raises(Refused) as refused:
            talk(town, now)
        assert refused.value.codes == ("life.recorded_already",)

    def test_recorded_without_names(self, town, now):
        row = talk(town, now, promised="下周联系补助")
        assert (row.entered_on, row.known_at) == (now.date(), round(now.timestamp() * 1000))
        entry = Entry.objects.get()
        assert (entry.act, entry.subject_id) == ("life.record_talk", row.pk)
        assert "补助" not in entry.values
        assert str(town.people["zhou"].name) not in entry.values

    def test_who_sees_the_promise(self, town, now, enter):
        talk(town, now, kind="heart_to_heart", person=town.people["chen"].pk, promised="下周联系补助")
        for who, seen in (("li", True), ("chen", True), ("zhao", True), ("qian", False)):
            assert ("下周联系补助" in enter(town.people[who]).get("/life/talks/").content.decode()) is seen, (
                who
            )

    def test_from_the_page(self, town, enter):
        client = enter(town.people["li"])
        assert client.get("/life/talks/record/?kind=activist_talk").status_code == 200
        data = {
            "kind": "activist_talk",
            "person": town.people["zhou"].pk,
            "talker": town.people["li"].pk,
            "held_on": "2026-07-10",
            "zb_token": "k",
        }
        for _again in range(2):
            assert client.post("/life/talks/record/", data).status_code == 302
        assert Talk.objects.count() == 1
        assert client.post("/life/talks/record/", {}).status_code == 200


class TestExaminations:
    def test_refused_done_recorded(self, town, now, enter):
        values = {"organisation": town.mining, "held_on": DAY, "now": now}
        for actor, person, opinion, code in (
            (town.chen, "zhou", "好", "life.no_mandate"),
            (town.li, "zhao", "好", "life.not_an_activist"),
            (town.li, "zhou", " ", "life.opinion_needed"),
        ):
            with pytest.raises(Refused) as refused:
                actions.record_examination(actor, person=town.people[person].pk, opinion=opinion, **values)
            assert refused.value.codes == (code,)
        actions.record_examination(town.li, person=town.people["zhou"].pk, opinion="表现良好", **values)
        assert list(Entry.objects.values_list("act", flat=True)) == ["life.record_examination"]
        client = enter(town.people["li"])
        assert "表现良好" in client.get("/life/talks/?show=examinations").content.decode()
        data = {"person": town.people["zhou"].pk, "held_on": "2026-01-10", "opinion": "继续培养"}
        assert client.post("/life/examinations/record/", data).status_code == 302
        assert Examination.objects.count() == 2


class TestDocuments:
    def test_refused_done_recorded(self, town, now):
        values = {
            "organisation": town.mining,
            "kind": "year_plan",
            "title": "计划",
            "covers_on": date(2026, 1, 1),
            "now": now,
        }
        with pytest.raises(Refused) as refused:
            actions.file_document(town.chen, **values)
        assert refused.value.codes == ("life.no_mandate",)
        row = actions.file_document(town.li, **values)
        assert (row.filed_on, row.known_at) == (now.date(), round(now.timestamp() * 1000))
        assert list(Entry.objects.values_list("act", flat=True)) == ["life.file_document"]

    def test_from_the_page_with_its_file(self, town, enter):
        from django.core.files.uploadedfile import SimpleUploadedFile

        client = enter(town.people["li"])
        data = {"kind": "year_plan", "title": "年度计划", "covers_on": "2026-01"}
        answer = client.post("/life/documents/file/", data | {"file": SimpleUploadedFile("计划.pdf", PDF)})
        row = FiledDocument.objects.get()
        assert (answer.status_code, answer["Location"], row.attachment.name) == (
            302,
            f"/life/documents/{row.pk}/",
            "计划.pdf",
        )
        assert "计划.pdf" in client.get("/life/documents/").content.decode()
        assert client.get(f"/life/documents/{row.pk}/").status_code == 200
        file = client.get(f"/life/attachments/{row.attachment.pk}/")
        assert (file.content, file["Content-Type"]) == (PDF, "application/pdf")
        assert file["Content-Disposition"].startswith("attachment")
        bad = client.post(
            "/life/documents/file/", data | {"file": SimpleUploadedFile("计划.pdf", b"MZ\x90\x00")}
        )
        assert bad.status_code == 409
        assert (FiledDocument.objects.count(), Attachment.objects.count()) == (1, 1)
        outsider = enter(town.people["qian"])
        for url in (
            f"/life/documents/{row.pk}/",
            f"/life/attachments/{row.attachment.pk}/",
            "/life/attachments/999/",
        ):
            assert outsider.get(url).status_code == 404

    def test_a_file_with_a_meeting(self, town, now, enter):
        from django.core.files.uploadedfile import SimpleUploadedFile

        session = actions.record(
            town.li, organisation=town.mining, kind="general_meeting", held=Held(DAY), now=now
        )
        with pytest.raises(Refused):
            actions.attach(town.chen, session=session, name="x.pdf", content=PDF, now=now)
        client = enter(town.people["li"])
        url = f"/life/{session.pk}/"
        assert client.post(f"{url}attach/", {"file": SimpleUploadedFile("签到.pdf", PDF)}).status_code == 302
        kept = Attachment.objects.get()
        assert f"/life/attachments/{kept.pk}/" in client.get(url).content.decode()
        assert (
            client.post(f"{url}attach/", {"file": SimpleUploadedFile("签到.pdf", b"MZ")}).status_code == 409
        )
        assert enter(town.people["chen"]).get(f"/life/attachments/{kept.pk}/").content == PDF


class TestWhomToTalkWith:
    def test_members_without_a_talk_this_year_and_the_young(self, town, now, enter):
        today, people = now.date(), town.people
        everyone = {each.name for each in queries.talks_due(town.li, today).rows}
        assert everyone >= {"李书记", "王副书记", "赵党员"}
        talk(town, now, kind="heart_to_heart", person=people["zhao"].pk)
        talk(town, now, kind="heart_to_heart", person=people["wang"].pk, held_on=date(2025, 12, 30))
        due = queries.talks_due(town.li, today)
        # both of the two have talked; last year's counts no longer, and who never did comes first
        assert {each.name for each in due.rows} == everyone - {"李书记", "赵党员"}
        assert (due.rows[-1].name, due.rows[-1].last_on, due.rows[-1].other, due.whole) == (
            "王副书记", date(2025, 12, 30), "李书记", len(everyone),
        )  # fmt: skip
        for who, born in (
            ("zhao", date(1991, 7, 20)),
            ("wang", date(1990, 7, 20)),
            ("zhou", date(2004, 2, 29)),
        ):
            Person.objects.filter(pk=people[who].pk).update(born_on=born)
        assert [(each.name, each.last_on) for each in queries.young(town.li, date(2026, 7, 20)).rows] == [
            ("周积极", None), ("赵党员", DAY),
        ]  # fmt: skip
        # those above, and members, are not told who waits for a talk
        assert (queries.talks_due(town.sun, today).rows, queries.young(town.qian, today).rows) == ([], [])
        assert enter(people["chen"]).get("/life/talks/due/").status_code == 404
        page = enter(people["li"]).get("/life/talks/due/?show=young").content.decode()
        assert f"/life/talks/record/?organisation={town.mining.pk}&amp;person={people['zhao'].pk}" in page
