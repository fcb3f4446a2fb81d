"""A shift roster is taken as a whole, or its wrong rows are named and nothing is."""

from datetime import date, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhibu.core.refusal import Refused
from zhibu.life import actions, imports
from zhibu.life.planned import Shift
from zhibu.record.models import ImportBatch
from zhibu.ui.workbook import Column, write_workbook

HEAD = "姓名,党小组,日期,班次,上班,下班\n"
GOOD = HEAD + "李书记,,2026-07-23,白班,8:00,16:00\n,第二党小组,2026年7月23日,夜班,20:00,次\n".replace(
    "次", "8点"
)
BAD = (
    HEAD
    + "李书记,,7月,白班,8:00,16:00\n无名氏,,2026-07-23,,8:00,16:00\n,第九党小组,2026-07-23,,8:00,16:00\n李书记,,2026-07-23,,8:00,八点\n,,2026-07-23,,8:00,16:00\n李书记,,2026-07-23,,8:00,8:00\n"
)


def checked(town, text, name="排班.csv", encoding="utf-8"):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return imports.check_shifts(data, organisation=town.mining, file_name=name)


def kept():
    rows = Shift.objects.order_by("begins").values_list(
        "person__name", "party_group__name", "day", "name", "begins", "ends"
    )
    return list(rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_taken_over_and_replaced(town, now, encoding):
    roster = checked(town, GOOD, encoding=encoding)
    assert actions.import_shifts(town.li, organisation=town.mining, roster=roster, now=now) == 2
    assert kept() == [
        ("李书记", None, date(2026, 7, 23), "白班", time(8), time(16)),
        (None, "第二党小组", date(2026, 7, 23), "夜班", time(20), time(8)),
    ]
    actions.import_shifts(
        town.li,
        organisation=town.mining,
        now=now,
        roster=checked(town, HEAD + "王副书记,,2026-07-23,白班,8:00,24:00\n"),
    )
    assert kept() == [("王副书记", None, date(2026, 7, 23), "白班", time(8), time(0))]
    assert ImportBatch.objects.filter(kind="shifts", state="applied").count() == 2


def test_a_workbook_too(town):
    columns = [Column(name, "text", 12) for name in ("姓名", "党小组", "日期", "班次", "上班", "下班")]
    data = write_workbook(columns, [("赵党员", "", "2026-07-23", "中班", "16:00:00", "0:00")], title="排班")
    roster = checked(town, data, "排班.xlsx")
    assert (roster.wrong, [(each.begins, each.ends) for each in roster.shifts]) == ((), [(time(16), time(0))])


def test_wrong_rows_are_named_and_nothing_is_taken(town, now):
    roster = checked(town, BAD)
    assert [(each.row, each.text) for each in roster.wrong] == [
        (2, "日期看不懂：7月"), (3, "本支部没有“无名氏”"), (4, "没有“第九党小组”这个党小组"), (5, "时间看不懂：八点"),
        (6, "姓名和党小组都是空的"), (7, "上班和下班是同一时间"),
    ]  # fmt: skip
    with pytest.raises(Refused) as told:
        actions.import_shifts(town.li, organisation=town.mining, roster=roster, now=now)
    assert told.value.codes == ("life.wrong_rows",)
    for data in (b"", b"PK\x03\x04nonsense", b"\xff\xfe\x00", "没有表头\n".encode()):
        assert [each.row for each in checked(town, data).wrong] == [0]
    assert (Shift.objects.count(), ImportBatch.objects.count()) == (0, 0)


def test_who_may(town, now, enter):
    with pytest.raises(Refused):
        actions.import_shifts(town.chen, organisation=town.mining, roster=checked(town, GOOD), now=now)
    assert enter(town.people["chen"]).get("/life/plans/shifts/").status_code == 404


def test_the_page(town, enter):
    client = enter(town.people["li"])
    page = client.post(
        "/life/plans/shifts/", {"file": SimpleUploadedFile("a.csv", BAD.encode())}
    ).content.decode()
    assert "第 3 行：本支部没有“无名氏”" in page
    answer = client.post(
        "/life/plans/shifts/", {"file": SimpleUploadedFile("a.csv", GOOD.encode())}, follow=True
    )
    assert "已导入 2 条排班" in answer.content.decode()
    assert "第二党小组" in answer.content.decode()
