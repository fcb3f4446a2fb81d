"""`zhibu shred`: destroy the papers of votes whose term of keeping is over; run it nightly."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from zhibu.ballots import actions
from zhibu.ballots.actions.counting import keep_until
from zhibu.ballots.models import Ballot, BallotState, Way
from zhibu.project.spoken import Spoken, add_json
from zhibu.ui import clock


class Command(Spoken):
    """销毁保存期满的选票。"""

    help = "销毁保存期已满的无记名电子选票，票数和核对码保留。每夜运行。"

    def arguments(self, parser: ArgumentParser) -> None:
        """Nothing but the form of the answer."""
        add_json(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Destroy what is due."""
        now = clock.instant()
        today = timezone.localtime(now).date()
        rows = Ballot.objects.filter(state=BallotState.COUNTED, way=Way.SECRET, destroyed_on=None)
        due = [each for each in rows if (until := keep_until(each)) is not None and today > until]
        for ballot in due:
            actions.destroy(None, ballot=ballot, now=now)
        if options["json"]:
            self.print_json({"destroyed": [each.pk for each in due]})
        else:
            self.stdout.write(f"销毁了 {len(due)} 次投票的选票")
