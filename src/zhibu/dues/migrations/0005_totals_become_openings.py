"""The monthly totals of the first releases become opening vouchers: what was due, what came, and when it was known.

No member is named in them, because the totals named none. Every version of a total becomes a voucher of its difference,
so that the standards read the same sums as before, also as of any earlier instant.
"""
from datetime import UTC, datetime

from django.db import migrations

SUMMED = ("due_fen", "received_fen", "in_time_fen", "members_due", "members_paid")


def versions(apps):
    """Every version of every total, the oldest first, with the version before it (None for the first)."""
    found = {}
    for name, key in (("PastDuesMonth", "key"), ("DuesMonth", "pk")):
        for row in apps.get_model("dues", name).objects.all().iterator(chunk_size=2000):
            found.setdefault(getattr(row, key), []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: row.known_at)
        yield from zip(rows, [None, *rows], strict=False)


def become_openings(apps, schema_editor):
    voucher_of, posting_of, effect_of, book_of = (
        apps.get_model("dues", name) for name in ("Voucher", "DuesPosting", "DuesEffect", "DuesBook")
    )
    numbers = {}
    pairs = sorted(versions(apps), key=lambda pair: (pair[0].organisation_id, pair[0].month_on, pair[0].known_at))
    for row, before in pairs:
        change = {name: getattr(row, name) - (getattr(before, name) if before else 0) for name in SUMMED}
        number = numbers[row.organisation_id] = numbers.get(row.organisation_id, 0) + 1
        # what was lowered goes back the way it came
        moves = [
            (debit, credit, fen) if fen > 0 else (credit, debit, -fen)
            for debit, credit, fen in (
                ("receivable", "dues", change["due_fen"]), ("cash", "receivable", change["received_fen"]),
            )
            if fen
        ]
        first = row.month_on
        voucher = voucher_of.objects.create(
            organisation_id=row.organisation_id, number=number, kind="opening", book_on=first, posted_on=first,
            memo="以前登记的月度总额", lines=len(moves), total_fen=sum(move[2] for move in moves), actor_name="系统",
            at=datetime.fromtimestamp(row.known_at / 1000, UTC), known_at=row.known_at,
        )
        posting_of.objects.bulk_create(
            posting_of(
                voucher=voucher, line=line, organisation_id=row.organisation_id, book_on=first, posted_on=first,
                month_on=first, debit=debit, credit=credit, fen=fen,
            )
            for line, (debit, credit, fen) in enumerate(moves, 1)
        )
        effect_of.objects.create(
            voucher=voucher, organisation_id=row.organisation_id, month_on=first, charged=int(before is None),
            known_at=row.known_at, **change,
        )
    book_of.objects.bulk_create(
        book_of(organisation_id=organisation, last_number=number) for organisation, number in numbers.items()
    )


class Migration(migrations.Migration):
    dependencies = [("dues", "0004_guards")]
    # back: the opening vouchers stay, the totals they came from are still there one migration earlier
    operations = [migrations.RunPython(become_openings, migrations.RunPython.noop, elidable=True)]
