"""A year's ledger: the sample, what is refused and where, twice the same, taken back, ten thousand rows."""

import io
import json
import time
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.people import actor
from zhibu.core.authority import Reach
from zhibu.core.refusal import Refused
from zhibu.life import actions, imports
from zhibu.life.imports.words import COLUMNS
from zhibu.life.models import AgendaItem, Attendance, Session
from zhibu.record.models import Entry, ImportBatch
from zhibu.register.actions import import_roster
from zhibu.register.models import Organisation

DATA = Path(__file__).parents[2] / "data"
TODAY = date(2026, 7, 20)
HEADER = (
    "党支部",
    "时间",
    "活动类别",
    "主题",
    "地点",
    "主持人",
    "记录人",
    "应到",
    "实到",
    "缺席人员及原因",
    "决议事项",
)
GOOD = (
    "采矿党支部",
    "2026.07.01",
    "支委会",
    "读书",
    "二楼",
    "李书记",
    "赵党员",
    3,
    2,
    "王副书记（探亲）",
    "同意",
)


def sheet(*rows, header=HEADER, title="2026年度组织生活台账"):
    """A workbook with these rows below a title and a header."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet("台账")
        for number, row in enumerate([(title,), header, *rows]):
            page.write_row(number, 0, row)
    return file.getvalue()


def row(**changes):
    names = (
        "branch",
        "day",
        "kind",
        "title",
        "place",
        "chair",
        "taker",
        "expected",
        "present",
        "missing",
        "resolution",
    )
    return tuple(changes.get(name, value) for name, value in zip(names, GOOD, strict=True))


def check(town, *rows, **options):
    return imports.check(sheet(*rows, **options), actor=town.li, today=TODAY, file_name="台账.xlsx")


class TestSample:
    @pytest.fixture
    def company(self, db):
        """The committee with its branches from the clean roster, and its officer."""
        from zhibu.core.authority import Actor, Mandate

        top = Organisation.objects.create(
            code="C", name="第三分公司党委", kind="primary_committee", path="0001"
        )
        everything = Mandate(
            "operator", top.pk, top.path, frozenset({"*", "register.*", "life.*"}), Reach.EVERYWHERE
        )
        self.officer = Actor(1, None, "党务工作者", (everything,))
        now = datetime(2026, 7, 20, 2, tzinfo=UTC)
        data = (DATA / "roster-clean.xlsx").read_bytes()
        report = import_roster(
            self.officer, organisation=top, data=data, filename="r.xlsx", today=TODAY, now=now
        )
        assert report.imported == 233
        return now

    def test_gives_what_it_should_twice_nothing_and_back(self, company):
        data = (DATA / "meetings-sample.xlsx").read_bytes()
        expected = json.loads((DATA / "meetings-sample.expected.json").read_text())
        began = time.perf_counter()
        steps = []
        tell = lambda *step: steps.append(step)
        report = imports.check(
            data, actor=self.officer, today=TODAY, file_name="meetings-sample.xlsx", tell=tell
        )
        batch = actions.import_meetings(self.officer, report=report, now=company, tell=tell)
        rows = expected["rows"]
        assert [step for step in steps if step[1] in (0, step[2])] == [
            ("reading", 0, 0), ("checking", 0, rows), ("checking", rows, rows), ("writing", 0, 307),
            ("writing", 307, 307),
        ]  # fmt: skip
        print(
            f"\nledger of {report.rows} rows: {time.perf_counter() - began:.2f} s; cautions {report.caution_counts()}"
        )
        shown = report.as_json()
        assert (shown["rows"], shown["imported"], shown["refused"]) == (expected["rows"], 307, [])
        assert shown["per_branch_quarter"] == expected["per_branch_quarter"]
        assert Session.objects.filter(state="closed", entered_on=TODAY, entry_delay__gt=100).count() == 307
        first = Session.objects.get(organisation__name="采矿一队党支部", held_on=date(2025, 1, 13))
        assert (first.kind, first.expected_count, first.present_count, first.excused_count) == (
            "committee_meeting",
            4,
            2,
            2,
        )
        assert (first.chair.name, first.minute_taker.name) == ("黄静远", "雷娟秀")
        told = (
            first.attendance.filter(state="excused")
            .order_by("person__name")
            .values_list("person__name", "reason")
        )
        assert sorted(told) == [("田伟欣", "倒班"), ("蒋涵春", "探亲")]
        assert list(first.agenda.values_list("title", "resolution")) == [("读书分享", "同意")]
        assert Entry.objects.filter(act="life.import_meetings").count() == 8

        again = imports.check(data, actor=self.officer, today=TODAY)
        assert (again.unchanged, again.planned, again.refused) == (307, [], [])
        actions.import_meetings(self.officer, report=again, now=company)
        assert Session.objects.count() == 307

        assert actions.undo_import(self.officer, batch=batch, now=company) == 307
        assert [model.objects.count() for model in (Session, Attendance, AgendaItem)] == [0, 0, 0]
        assert Entry.objects.filter(act="life.undo_import").count() == 8
        with pytest.raises(Refused) as refused:
            actions.undo_import(self.officer, batch=batch, now=company)
        assert refused.value.codes == ("life.batch_is_not_applied",)

    @pytest.mark.slow
    def test_ten_thousand_rows_in_seconds(self, company):
        names = list(Organisation.objects.filter(kind="branch").values_list("name", flat=True))
        kinds = ("支委会", "主题党日", "党课", "党员大会", "小组会")
        rows = [
            (names[n % len(names)], date(2022 + n // 2800, 1 + n // 28 % 12, 1 + n % 28).isoformat(), kinds[n % 5], f"主题{n}",
             "会议室", "", "", 20, 19, "", "同意")
            for n in range(10_000)
        ]  # fmt: skip
        data = sheet(*rows)
        began = time.process_time()
        report = imports.check(data, actor=self.officer, today=TODAY)
        checked = time.process_time()
        actions.import_meetings(self.officer, report=report, now=company)
        entered = time.process_time()
        print(f"\n10,000 rows: checked {checked - began:.1f} s, entered {entered - checked:.1f} s")
        assert (report.rows, report.imported) == (10_000, 10_000)
        # its own work, not what else the machine does; growing with the square it would take minutes
        assert entered - began < 30


class TestRefused:
    @pytest.mark.parametrize(("changes", "code", "column"), [
        ({"branch": ""}, "empty", "A 党支部"),
        ({"branch": "不存在党支部"}, "unknown_branch", "A 党支部"),
        ({"branch": "仓储党支部"}, "unknown_branch", "A 党支部"),
        ({"day": ""}, "no_date", "B 时间"),
        ({"day": "2026年7月"}, "no_date", "B 时间"),
        ({"day": "2026.02.30"}, "no_date", "B 时间"),
        ({"day": "2026-07-21"}, "in_the_future", "B 时间"),
        ({"day": "2009-12-31"}, "before_founding", "B 时间"),
        ({"kind": "联欢会"}, "unknown_kind", "C 活动类别"),
        ({"expected": "许多"}, "no_number", "H 应到"),
        ({"expected": -3}, "no_number", "H 应到"),
        ({"expected": 2, "present": 3}, "more_than_expected", "I 实到"),
        ({"missing": "（（（"}, "unreadable_names", "J 缺席人员及原因"),
    ])  # fmt: skip
    def test_by_row_column_rule_and_remedy(self, town, changes, code, column, now):
        report = check(town, GOOD, row(**{"title": "另一次", **changes}))
        found = [(each.row, each.column, each.code) for each in report.refused]
        assert (4, column, code) in found
        assert all(each.rule and each.remedy for each in report.refused)
        with pytest.raises(Refused) as refused:
            actions.import_meetings(town.li, report=report, now=now)
        assert refused.value.codes == ("life.ledger_has_errors",)
        assert Session.objects.count() == 0

    def test_twice_in_one_file(self, town):
        report = check(town, GOOD, GOOD)
        assert [(each.row, each.code, each.rule) for each in report.refused] == [
            (4, "twice_in_file", "与第 3 行重复")
        ]

    @pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken", b"\xff\xd8\xff\xe0picture"])
    def test_what_is_no_workbook(self, town, content):
        with pytest.raises(Refused) as refused:
            imports.check(content, actor=town.li, today=TODAY)
        assert refused.value.codes[0].startswith(("file.", "sheet."))

    def test_no_header_no_rows(self, town):
        with pytest.raises(Refused) as refused:
            check(town, header=("甲", "乙"))
        assert refused.value.codes == ("sheet.no_header",)
        with pytest.raises(Refused) as refused:
            check(town)
        assert refused.value.codes == ("sheet.empty",)

    def test_nobody_imports_outside_ones_part(self, town, now):
        report = check(town, GOOD)
        for outsider in (town.qian, town.zhao, town.chen):
            with pytest.raises(Refused) as refused:
                actions.import_meetings(outsider, report=report, now=now)
            assert refused.value.codes == ("life.no_mandate",)
        assert (Session.objects.count(), ImportBatch.objects.count()) == (0, 0)


class TestRead:
    def test_cautions_keep_what_was_stated(self, town, now):
        rows = [
            row(expected=9, present=8, missing="某某（出差）", chair="外来人", title="甲"),
            row(kind="小组会", day="2026.07.02", expected=4, present=4, missing="", title="乙"),
        ]
        report = check(town, *rows)
        assert sorted({each.code for each in report.cautions}) == [
            "no_group",
            "roll_differs",
            "unknown_person",
        ]
        actions.import_meetings(town.li, report=report, now=now)
        session = Session.objects.get(title="甲")
        assert (session.expected_count, session.present_count, session.chair, session.attendance.count()) == (
            9,
            8,
            None,
            0,
        )
        assert session.minutes == "缺席：某某（出差）\n主持人：外来人"

    def test_the_whole_roll_when_ledger_and_register_agree(self, town, now):
        actions.import_meetings(town.li, report=check(town, GOOD), now=now)
        rows = Attendance.objects.order_by("person__name").values_list(
            "person__name", "state", "reason", "votes"
        )
        assert list(rows) == [
            ("李书记", "present", "", 1),
            ("王副书记", "excused", "探亲", 1),
            ("赵党员", "present", "", 1),
        ]

    def test_a_group_by_name(self, town, now):
        header = (*HEADER, "党小组")
        values = row(kind="党小组会", expected=2, present=2, missing="")
        report = check(
            town, (*values, "第二党小组"), (*row(kind="小组会", title="x"), "第九党小组"), header=header
        )
        assert [each.code for each in report.refused] == ["unknown_group"]
        assert report.planned[0].party_group == town.second_group.pk

    def test_recorded_by_hand_already_is_left_alone(self, town, now):
        actions.import_meetings(town.li, report=check(town, GOOD), now=now)
        report = check(town, row(title="同一天另写的主题"))
        assert ([each.code for each in report.cautions], report.skipped, report.planned) == (
            ["recorded_already"],
            1,
            [],
        )

    def test_a_corrected_meeting_keeps_the_import_from_being_undone(self, town, now):
        batch = actions.import_meetings(town.li, report=check(town, GOOD), now=now)
        actions.correct(
            town.li, session=Session.objects.get(), reason="错字", texts={"place": "三楼"}, now=now
        )
        with pytest.raises(Refused) as refused:
            actions.undo_import(town.li, batch=batch, now=now)
        assert refused.value.codes == ("life.import_changed_since",)

    def test_a_staged_batch_is_entered_once(self, town, now):
        batch = actions.stage_meetings(town.li, report=check(town, GOOD), now=now)
        actions.import_meetings(town.li, batch=batch, now=now)
        with pytest.raises(Refused) as refused:
            actions.import_meetings(town.li, batch=batch, now=now)
        assert refused.value.codes == ("life.batch_is_not_staged",)
        assert Session.objects.count() == 1

    def test_queries_do_not_grow_with_the_rows(self, town, django_assert_num_queries):
        for number in (1, 3, 60):
            rows = [row(day=f"2026.{1 + n // 28:02d}.{1 + n % 28:02d}", title=f"t{n}") for n in range(number)]
            with django_assert_num_queries(5):
                check(town, *rows)


def test_officers_of_the_committee_reach_every_branch_below(town):
    sun = actor(
        town.people["sun"],
        "committee_officer",
        town.committee,
        frozenset({"life.import_meetings"}),
        Reach.BELOW,
    )
    data = sheet(GOOD, row(branch="仓储党支部", chair="", taker="", expected=2, present=2, missing=""))
    report = imports.check(data, actor=sun, today=TODAY)
    assert [each.branch for each in report.planned] == ["采矿党支部", "仓储党支部"]


def test_the_empty_ledger_is_one_the_import_knows(town, enter):
    client = enter(town.people["li"])
    answer = client.get("/life/import/template/")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    page = book.active
    head = next(row for row in page.iter_rows() if row[0].value == "党支部")
    assert [cell.value for cell in head] == [each.label for each in COLUMNS]
    named = dict(zip(HEADER, row(), strict=True))
    for cell in head:
        page.cell(cell.row + 1, cell.column, named.get(cell.value))
    kept = io.BytesIO()
    book.save(kept)
    report = imports.check(kept.getvalue(), actor=town.li, today=TODAY, file_name="x.xlsx")
    assert ([each.rule for each in report.refused], len(report.planned)) == ([], 1)
