"""Results of other platforms: all or nothing, every bad cell named, twice the same, taken back."""

import io
from datetime import timedelta

import pytest
import xlsxwriter

from tests.rooms.study.people import with_study
from zhibu.core.refusal import Refused
from zhibu.record.models import Entry
from zhibu.study import actions, imports
from zhibu.study.models import PastStudyRecord, StudyRecord

pytestmark = pytest.mark.django_db
HEAD = "学员姓名,完成时间,课程名称,获得学时,方式,备注"
GOOD = f"{HEAD}\n陈预备,2026-07-01 10:20,党章解读,1.5,网课,\n赵党员,2026/7/2,安全法,2学时,线下,\n"


@pytest.fixture
def who(town):
    return {name: with_study(actor) for name, actor in town.actors.items()}


@pytest.fixture
def checked(who, now):
    def check(text, by="li"):
        content = text if isinstance(text, bytes) else text.encode()
        return imports.check(content, actor=who[by], today=now.date(), file_name="结果.csv")

    return check


def workbook(rows):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def test_a_sound_file_in_every_shape(checked):
    rows = [line.split(",") for line in GOOD.splitlines()]
    shapes = [GOOD, GOOD.encode("gb18030"), "\ufeff" + GOOD, GOOD.replace(",", "\t"), workbook(rows)]
    found = [[(each.minutes, each.kind, each.title) for each in checked(shape).planned] for shape in shapes]
    assert found == [[(90, "online", "党章解读"), (120, "training", "安全法")]] * 5


def test_bad_rows_are_named_and_nothing_is_entered(town, who, checked, now):
    bad = (
        f"{HEAD}\n陈预备,2026-07-01,党章,1,网课,\n没有人,2026-07-01,党章,1,网课,\n陈预备,2026-08-01,党章,1,网课,\n"
        "陈预备,七月,党章,1,网课,\n陈预备,2026-07-01,,x,瞬移,\n陈预备,2026-07-01,党章,1,网课,\n陈预备,2026-07-03,长课,99,网课,\n"
    )
    report = checked(bad)
    assert [(each.row, each.column, each.value, each.code) for each in report.refused] == [
        (3, "A 姓名", "没有人", "unknown_person"), (4, "B 日期", "2026-08-01", "in_the_future"),
        (5, "B 日期", "七月", "no_day"), (6, "C 课程", "", "empty"), (6, "D 学时", "x", "no_time"),
        (6, "E 类别", "瞬移", "unknown_kind"), (7, "A 姓名", "陈预备", "twice"), (8, "D 学时", "99", "too_long"),
    ]  # fmt: skip
    assert all(each.rule and each.remedy for each in report.refused)
    batch = imports.stage(who["li"], report=report, now=now)
    with pytest.raises(Refused):
        actions.import_results(who["li"], batch=batch, now=now)
    assert StudyRecord.objects.count() == 0


def test_entered_twice_changes_nothing_and_is_taken_back(town, who, checked, now):
    batch = actions.import_results(
        who["li"], batch=imports.stage(who["li"], report=checked(GOOD), now=now), now=now
    )
    assert (batch.report["imported"], StudyRecord.objects.count()) == (2, 2)
    again = checked(GOOD)
    assert (again.planned, again.unchanged) == ([], 2)
    assert actions.undo_results(who["li"], batch=batch, now=now + timedelta(hours=1)) == 2
    assert (StudyRecord.objects.count(), PastStudyRecord.objects.count()) == (0, 2)
    assert len(checked(GOOD).planned) == 2
    acts = list(Entry.objects.filter(act__contains="results").values_list("act", "organisation_id"))
    assert acts == [("study.import_results", town.mining.pk), ("study.undo_results", town.mining.pk)]


def test_others_branches_and_others_batches(town, who, checked, now, enter, settings):
    settings.ZHIBU_SECOND_FACTOR = "none"
    assert [each.code for each in checked(GOOD, by="qian").refused] == ["unknown_person"] * 2
    batch = imports.stage(who["li"], report=checked(GOOD), now=now)
    batch.actor_user = 10**6
    batch.save()
    assert enter(town.people["li"]).get(f"/study/import/{batch.pk}/").status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "",
        "姓名,日期\n甲,2026-01-01\n",
        "姓名,日期,课程\n甲,2026-01-01,乙\n",
        HEAD,
        "\x00\x01",
        '"' + "甲" * 200_000,
    ],
)
def test_what_is_no_table_is_refused(checked, text):
    with pytest.raises(Refused):
        checked(text)


def test_uploaded_looked_at_and_entered(town, enter, settings):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.ZHIBU_SECOND_FACTOR = "none"
    li = enter(town.people["li"])
    sent = li.post("/study/import/", {"file": SimpleUploadedFile("结果.csv", GOOD.encode())}, follow=True)
    assert "导入 2 条" in sent.content.decode()
    assert "导入完成" in li.post(sent.request["PATH_INFO"], follow=True).content.decode()
    assert StudyRecord.objects.count() == 2
