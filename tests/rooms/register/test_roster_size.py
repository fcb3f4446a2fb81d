"""Ten thousand rows: in seconds, and within the memory of a small machine."""

from __future__ import annotations

import resource
import time

import pytest

from zhibu.record.models import ImportBatch
from zhibu.register import actions, imports
from zhibu.register.models import Membership, Organisation, PhoneToken

from .conftest import NOW, TODAY, import_file, officer_at
from .rosters import people, workbook


@pytest.mark.slow
@pytest.mark.django_db
def test_ten_thousand_rows(committee, capsys):
    data = workbook(people(10_000, branches=200))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = {}

    def timed(name, work):
        # of the processor: a busy machine must not fail the promise
        start = time.process_time()
        answer = work()
        times[name] = time.process_time() - start
        return answer

    checked = timed("check", lambda: imports.check(officer_at(committee), committee, data, "x.xlsx", TODAY))
    assert [each.to_json() for each in checked.refused] == []
    report = timed("import", lambda: import_file(committee, data))
    assert report.imported == 10_000
    assert Organisation.objects.filter(kind="branch").count() == 200
    assert Membership.objects.filter(until=None).count() == 10_000
    assert PhoneToken.objects.count() > 70_000
    again = timed("again", lambda: import_file(committee, data))
    assert again.changes_nothing
    batch = ImportBatch.objects.get()
    timed("undo", lambda: actions.undo_import(officer_at(committee), batch=batch, now=NOW))
    assert Membership.objects.count() == 0
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    with capsys.disabled():
        shown = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in times.items())
        print(f"\n10,000 rows: {shown}; memory grew by {grown:.0f} MB")
    assert times["import"] < 10
    assert grown < 300
