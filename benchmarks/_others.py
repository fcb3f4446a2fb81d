"""Other branches at work: twenty acts a second recorded anywhere but with the secretary of the measurement."""

import itertools
import time

import django

EVERY = 0.05

if __name__ == "__main__":
    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from zhibu import record
    from zhibu.accounts.models import User
    from zhibu.register.models import Membership, Organisation

    person = User.objects.get(username="shuji").person_id
    own = Membership.objects.filter(person=person, until=None).values("organisation")
    branches = list(
        Organisation.objects.filter(kind="branch", closed_on=None).exclude(pk__in=own).order_by("pk")
    )
    for branch in itertools.cycle(branches):
        with transaction.atomic():
            record.write(None, "life.record", None, organisation=branch, now=timezone.now())
        time.sleep(EVERY)
