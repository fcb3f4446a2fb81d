"""Others at work while the pages are measured, in a process of their own.

`beside`: twenty acts a second anywhere but with the secretary of the measurement. `own`: an act in the secretary's own
branch for each line that is read, told when it is committed.
"""

import itertools
import sys
import time

import django

EVERY = 0.05


def act(branch: object) -> None:
    """An entry as recording a meeting writes it."""
    with transaction.atomic():
        record.write(None, "life.record", None, organisation=branch, now=timezone.now())


if __name__ == "__main__":
    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from zhibu import record
    from zhibu.accounts.models import User
    from zhibu.register.models import Membership, Organisation

    person = User.objects.get(username="shuji").person_id
    own = Membership.objects.filter(person=person, until=None).values("organisation")
    if sys.argv[1] == "own":
        (mine,) = Organisation.objects.filter(pk__in=own)
        for _asked in sys.stdin:
            act(mine)
            sys.stdout.write("done\n")
            sys.stdout.flush()
    else:
        rows = Organisation.objects.filter(kind="branch", closed_on=None).exclude(pk__in=own)
        for branch in itertools.cycle(list(rows.order_by("pk"))):
            act(branch)
            time.sleep(EVERY)
