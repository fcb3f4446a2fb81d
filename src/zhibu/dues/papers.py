"""Sheets and papers of the ledger: Excel, Word in the official layout, and one archive a year with checksums."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from zhibu.core.calendar import Month
from zhibu.dues.actions.closing import digest_until
from zhibu.dues.models import Channel, Fund, Purpose, VoucherKind
from zhibu.dues.queries import overview, yearly
from zhibu.record.files.bundles import Bundled, bundle
from zhibu.register.models import Organisation
from zhibu.ui import formats
from zhibu.ui.document import Document
from zhibu.ui.workbook import Column, write_workbook


def journal_sheet(organisation: Organisation, year: int, *, names: bool = True) -> bytes:
    """Every posting of a year as a sheet."""
    columns = (
        Column(_("凭证号"), "text", 14), Column(_("日期"), "day"), Column(_("类别"), "text", 10), Column(_("摘要"), "text", 24),
        Column(_("党员"), "text", 12), Column(_("党费月份"), "text", 11), Column(_("借方"), "text", 12),
        Column(_("贷方"), "text", 12), Column(_("金额（元）"), "fen"), Column(_("方式"), "text", 10), Column(_("经办人"), "text", 14),
    )  # fmt: skip
    return write_workbook(
        columns,
        (row[:11] for row in _rows(organisation, year, names=names)),
        title=_("%(name)s %(year)s年党费账") % {"name": organisation.name, "year": year},
        note=_("复式记账：每行由贷方转入借方。更正只用冲销，不改原行。"),
        sheet=_("党费账"),
    )


def _rows(organisation: Organisation, year: int, *, names: bool) -> Iterator[tuple[object, ...]]:
    kinds, funds = dict(VoucherKind.choices), dict(Fund.choices)
    channels = dict(Channel.choices)
    for voucher, postings in overview.journal(organisation, year):
        for each in postings:
            yield (
                f"{voucher.number:04d}-{each.line:02d}", each.posted_on, str(kinds[voucher.kind]), voucher.memo,
                each.person.name if names and each.person else "", Month.of(each.month_on).code if each.month_on else "",
                str(funds[each.debit]), str(funds[each.credit]), each.fen, str(channels.get(voucher.channel, "")),
                voucher.actor_name, voucher.kind, each.debit, each.credit, each.reverses_id or "",
            )  # fmt: skip


def report(organisation: Organisation, year: int, today: date) -> Document:
    """What is told to members or the congress of a year: collected, handed up, kept, used. No member is named."""
    title = _("%(name)s\n%(year)s年党费收缴、使用和管理情况") % {"name": organisation.name, "year": year}
    months = yearly.year_of(organisation, year)
    entered = [(month, sums) for month, sums in months if sums]
    due, came = sum(s.due_fen for _m, s in entered), sum(s.received_fen for _m, s in entered)
    document = Document(title.replace("\n", " "))
    document.heading(1, _("收缴情况")).paragraph(
        _("%(year)s年应收党费%(due)s元，实收%(came)s元，收缴率%(share)s。")
        % {
            "year": year,
            "due": formats.fen(due),
            "came": formats.fen(came),
            "share": formats.share(came, due),
        }
    )
    document.table(
        [_("月份"), _("应交（元）"), _("实收（元）"), _("其中当月（元）"), _("交纳人数")],
        [
            [formats.month(month), formats.fen(s.due_fen), formats.fen(s.received_fen), formats.fen(s.in_time_fen), f"{s.members_paid}/{s.members_due}"]
            for month, s in entered
        ],
    )  # fmt: skip
    _passed(document, organisation, year)
    _used(document, organisation, year)
    return document.signature(organisation.name, today)


def _passed(document: Document, organisation: Organisation, year: int) -> None:
    sent = overview.handed_up(organisation, year)
    count, fen = overview.came_up(organisation, year)
    document.heading(1, _("上缴和留存"))
    if count:
        document.paragraph(
            _("收到下级上缴%(count)s笔，共%(fen)s元。") % {"count": count, "fen": formats.fen(fen)}
        )
    if sent:
        document.paragraph(
            _("向上级上缴%(count)s笔，共%(fen)s元；留存%(kept)s元。")
            % {
                "count": len(sent), "fen": formats.fen(sum(each.fen for each in sent)),
                "kept": formats.fen(sum(each.kept_fen for each in sent)),
            }
        )  # fmt: skip
    else:
        document.paragraph(_("本年没有上缴记录。"))


def _used(document: Document, organisation: Organisation, year: int) -> None:
    uses, purposes = overview.uses(organisation, year), dict(Purpose.choices)
    document.heading(1, _("使用情况"))
    if not uses:
        document.paragraph(_("本年没有使用党费。"))
        return
    document.table(
        [_("日期"), _("使用范围"), _("用途"), _("金额（元）"), _("集体决定")],
        [
            [formats.day(each.used_on), str(purposes[each.purpose]), each.what, formats.fen(each.fen), f"{each.decided_by}（{formats.day(each.decided_on)}）"]
            for each in uses
        ],
    )  # fmt: skip


def archive(organisation: Organisation, year: int, today: date) -> bytes:
    """One archive of a year: the journal as sheet and as plain text, the report, the closings, index and checksums."""
    files = (
        ("journal.xlsx", _("党费流水账"), journal_sheet(organisation, year)),
        ("journal.csv", _("党费流水账（纯文本）"), _csv(organisation, year)),
        ("report.docx", _("党费收缴使用情况报告"), report(organisation, year, today).bytes()),
        ("closings.csv", _("各月结账"), _closings(organisation, year)),
    )
    title = _("%(name)s %(year)d 年党费") % {"name": organisation.name, "year": year}
    return bundle(title, (organisation.code,), (Bundled("", *each) for each in files))


def _csv(organisation: Organisation, year: int) -> bytes:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(
        [
            "number",
            "day",
            "kind",
            "memo",
            "member",
            "month",
            "debit",
            "credit",
            "fen",
            "channel",
            "by",
            "reverses",
        ]
    )
    for row in _rows(organisation, year, names=True):
        (
            number,
            day,
            _kind,
            memo,
            name,
            month,
            _debit,
            _credit,
            fen,
            channel,
            who,
            kind,
            debit,
            credit,
            reverses,
        ) = row
        cells = [number, day, kind, memo, name, month, debit, credit, fen, channel, who, reverses]
        out.writerow([_harmless(str(cell)) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    """A cell that a spreadsheet would execute is quoted."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _closings(organisation: Organisation, year: int) -> bytes:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(["month", "vouchers", "due_fen", "received_fen", "cash_fen", "bank_fen", "digest", "still"])
    for each in overview.closings(organisation, year):
        month = Month.of(each.month_on)
        still = "yes" if digest_until(organisation, month) == each.digest else "NO"
        out.writerow(
            [
                month.code,
                each.vouchers,
                each.due_fen,
                each.received_fen,
                each.cash_fen,
                each.bank_fen,
                each.digest,
                still,
            ]
        )
    return text.getvalue().encode("utf-8-sig")
