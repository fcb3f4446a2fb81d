"""Reading pay sheets and statements of banks: every row judged, none written unless all are sound."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from zhibu.core.calendar import Month
from zhibu.core.days import parse_day
from zhibu.core.refusal import Refusal, Refused
from zhibu.dues.models import PayerKind
from zhibu.record import files, sheets
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation, Person
from zhibu.register.secrets import id_index
from zhibu.ui.language import in_chinese

PAY_COLUMNS = (
    sheets.Column("name", "姓名", ("党员姓名", "人员姓名"), required=True),
    sheets.Column("id", "身份证号", ("公民身份号码", "身份证号码", "证件号码")),
    sheets.Column("payer", "收入类型", ("党员类别", "类别")),
    sheets.Column(
        "fen",
        "基数",
        ("党费基数", "计算基数", "缴费基数", "交纳基数", "税后工资", "应税后收入"),
        required=True,
    ),
    sheets.Column("basic", "基本养老金", ("基本养老金（不含补贴）",)),
    sheets.Column("since", "起始月份", ("执行月份", "月份", "自何月起")),
)
LINE_COLUMNS = (
    sheets.Column("day", "日期", ("交易日期", "记账日期", "交易时间", "到账日期", "支付时间"), required=True),
    sheets.Column("fen", "金额", ("收入金额", "贷方发生额", "交易金额", "收入", "金额(元)", "金额（元）", "收款金额"), required=True),
    sheets.Column("name", "付款人", ("对方户名", "付款方", "对方名称", "付款人名称", "交易对方", "付款人姓名"), required=True),
    sheets.Column("reference", "流水号", ("交易流水号", "交易单号", "凭证号", "订单号", "交易号", "流水"), required=True),
    sheets.Column("memo", "摘要", ("用途", "附言", "备注", "说明", "交易备注")),
)  # fmt: skip
MOST_FEN = 10**12
MOST_LINE_FEN = 10_000_000_00
"""Ten million yuan in one line: more is a slip, as in every form."""
MOST_REFERENCE = 80
MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that cannot be taken."""

    row: int
    column: str
    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PayRow:
    """A sound row of a pay sheet."""

    person: int
    name: str
    payer: str
    since: Month
    fen: int | None
    basic_fen: int | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A sound line of a statement."""

    reference: str
    day: date
    fen: int
    name: str
    memo: str


@dataclass(slots=True)
class PaySheet:
    """A pay sheet as read."""

    rows: list[PayRow] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)


@dataclass(slots=True)
class Lines:
    """A statement as read; `outgoing` lines are left out."""

    sha256: str
    rows: list[LineRow] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    outgoing: int = 0


def _table(content: bytes, columns: tuple[sheets.Column, ...]) -> tuple[str, sheets.Table]:
    found = files.inspect(content, files.SHEETS)
    try:
        table = sheets.read(content, columns)
    except sheets.Unreadable as error:
        raise Refused(Refusal(code=error.code, message=error.message, remedy=error.remedy)) from error
    if not table.rows:
        raise Refused(Refusal("sheet.empty", _("表头之下没有数据"), remedy=_("请填写后再导入")))
    return found.sha256, table


def yuan_of(value: object) -> int | None:
    """Fen of a cell in yuan; None when it is empty. Raises ValueError."""
    text = (
        sheets.plain(value)
        .replace(",", "")
        .replace("，", "")
        .replace("¥", "")
        .replace("￥", "")
        .removesuffix("元")
    )
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite() or abs(number) >= MOST_FEN or number * 100 != int(number * 100):
        raise ValueError(text)
    return int(number * 100)


def read_pay_sheet(content: bytes, organisation: Organisation, month: Month) -> PaySheet:
    """A pay sheet against the members of a branch; without a column of months, all bases count from `month`."""
    _sha, table = _table(content, PAY_COLUMNS)
    people = list(
        Person.objects.filter(
            memberships__organisation=organisation, memberships__until__isnull=True,
            memberships__stage__in=MEMBER_STAGES,
        ).distinct()
    )  # fmt: skip
    sheet, seen = PaySheet(), set()
    for row in table.rows:
        before = len(sheet.bad)
        person = _person(sheet, row, people)
        payer = _payer(sheet, row)
        since = _since(sheet, row, month)
        fen, basic = _money(sheet, row, "fen", "基数"), _money(sheet, row, "basic", "基本养老金")
        if person is not None and person.pk in seen:
            sheet.bad.append(Bad(row.number, "姓名", "twice", _("此人出现了两次"), _("每人只留一行")))
        if person is None or len(sheet.bad) > before:
            continue
        seen.add(person.pk)
        sheet.rows.append(PayRow(person.pk, person.name, payer, since, fen, basic))
    return sheet


def _person(sheet: PaySheet, row: sheets.Row, people: list[Person]) -> Person | None:
    name, number = row.text("name").replace(" ", ""), row.text("id").upper()
    if number:
        index = id_index(number)
        found = [each for each in people if each.id_index == index]
        if len(found) == 1 and found[0].name != name:
            sheet.bad.append(
                Bad(row.number, "姓名", "name_differs", _("姓名与身份证号不是同一人"), _("核对这一行"))
            )
            return None
    else:
        found = [each for each in people if each.name == name]
    if len(found) == 1:
        return found[0]
    message = _("本支部没有这名党员") if not found else _("本支部有几名同名党员")
    remedy = _("核对姓名，或先在党员名册登记") if not found else _("补上身份证号")
    sheet.bad.append(Bad(row.number, "姓名", "unknown_person" if not found else "several", message, remedy))
    return None


def _payer(sheet: PaySheet, row: sheets.Row) -> str:
    text = row.text("payer")
    if not text:
        return PayerKind.MONTHLY_PAID
    for kind in PayerKind:
        if text in (kind.value, in_chinese(kind.label)):
            return kind
    known = "、".join(in_chinese(kind.label) for kind in PayerKind)
    sheet.bad.append(Bad(row.number, "收入类型", "unknown_payer", _("没有这一类"), known))
    return PayerKind.MONTHLY_PAID


def _since(sheet: PaySheet, row: sheets.Row, month: Month) -> Month:
    value = row.cells.get("since")
    if isinstance(value, datetime | date):
        return Month(value.year, value.month)
    text = sheets.plain(value).replace("年", "-").replace("月", "").replace(".", "-").replace("/", "-")
    if not text:
        return month
    year, _dash, number = text.partition("-")
    try:
        return Month(int(year), int(number))
    except ValueError:
        sheet.bad.append(Bad(row.number, "起始月份", "not_a_month", _("不是月份"), _("写成 2026-07")))
        return month


def _money(sheet: PaySheet, row: sheets.Row, key: str, column: str) -> int | None:
    try:
        fen = yuan_of(row.cells.get(key))
    except ValueError:
        fen = -1
    if fen is not None and fen < 0:
        sheet.bad.append(
            Bad(row.number, column, "not_money", _("不是金额"), _("写数字，单位元，至多两位小数"))
        )
        return None
    return fen


def read_statement(content: bytes, today: date) -> Lines:
    """A statement of a bank or a platform: what came in, up to today."""
    sha256, table = _table(content, LINE_COLUMNS)
    lines, seen = Lines(sha256), set()
    for row in table.rows:
        before = len(lines.bad)
        reference, fen, day = row.text("reference"), _line_money(lines, row), _line_day(lines, row, today)
        if not reference:
            lines.bad.append(
                Bad(row.number, "流水号", "missing", _("没有流水号"), _("同一笔钱靠流水号只入账一次"))
            )
        elif len(reference) > MOST_REFERENCE:
            lines.bad.append(
                Bad(row.number, "流水号", "too_long", _("流水号太长"), _("核对这一列是不是流水号"))
            )
        elif reference in seen:
            lines.bad.append(Bad(row.number, "流水号", "twice", _("流水号出现了两次"), _("删去重复的行")))
        seen.add(reference)
        if len(lines.bad) > before or fen is None or day is None:
            continue
        if fen <= 0:
            lines.outgoing += 1
            continue
        lines.rows.append(LineRow(reference, day, fen, row.text("name"), row.text("memo")))
    return lines


def _line_money(lines: Lines, row: sheets.Row) -> int | None:
    try:
        fen = yuan_of(row.cells.get("fen"))
    except ValueError:
        lines.bad.append(
            Bad(row.number, "金额", "not_money", _("不是金额"), _("写数字，单位元，至多两位小数"))
        )
        return None
    if (fen or 0) > MOST_LINE_FEN:
        lines.bad.append(Bad(row.number, "金额", "too_much", _("金额不合情理"), _("核对单位和小数点")))
        return None
    # an empty cell of a column of receipts is money that went out
    return fen or 0


def _line_day(lines: Lines, row: sheets.Row, today: date) -> date | None:
    value = row.cells.get("day")
    try:
        day = value.date() if isinstance(value, datetime) else value
        day = day if isinstance(day, date) else parse_day(sheets.plain(value)[:10])
    except ValueError:
        lines.bad.append(Bad(row.number, "日期", "not_a_day", _("不是日期"), _("写成 2026-07-01")))
        return None
    if not 0 <= (today - day).days <= MOST_DAYS:
        lines.bad.append(
            Bad(row.number, "日期", "day_out_of_range", _("日期还没有到，或者太早"), _("核对日期"))
        )
        return None
    return day


def members_now(organisation: Organisation) -> list[tuple[int, str]]:
    """Members of a branch today: number and name, in the order of their sound."""
    rows = Membership.objects.filter(organisation=organisation, until__isnull=True, stage__in=MEMBER_STAGES)
    found = rows.order_by("person__initials", "person__name", "person_id").values_list(
        "person_id", "person__name"
    )
    return list(dict.fromkeys(found))
