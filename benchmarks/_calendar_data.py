"""484 branches with their meetings and plans, and nothing else; prints the cookie of the committee's officer as JSON."""

import json
import sys
from datetime import date

import django

if __name__ == "__main__":
    django.setup()
    from django.conf import settings
    from django.db import transaction
    from django.test import Client

    from zhibu.accounts.models import User
    from zhibu.life.models import Session
    from zhibu.life.planned import PlanItem
    from zhibu.project.demo import doings as done
    from zhibu.project.demo.ahead import Ahead
    from zhibu.project.demo.build import MODELS, Builder
    from zhibu.project.demo.bulk import insert, reset_sequences

    settings.ALLOWED_HOSTS = ["*"]
    builder = Builder(
        branches=int(sys.argv[1]), seed=1, today=date.today(), password=None, say=lambda _text: None
    )
    with transaction.atomic():
        builder._organisations()  # noqa: SLF001 - parts of the demonstration, without its money and cases
        builder._people()  # noqa: SLF001 - parts of the demonstration, without its money and cases
        builder._belonging()  # noqa: SLF001 - parts of the demonstration, without its money and cases
        insert(Session, done.SESSION_COLUMNS, builder.doings.sessions)
        Ahead(builder.shape, builder.doings, 1).write()
        reset_sequences(MODELS)
        user = User.objects.create_user("officer", person_id=builder.shape.officers[0][1])
    client = Client()
    client.force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    counts = {"sessions": Session.objects.count(), "lines": PlanItem.objects.count()}
    print(json.dumps({"cookie": cookie, **counts}))
