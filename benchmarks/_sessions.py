"""Signs the demonstration's people in and finds the pages to ask for; printed as JSON."""

import json
import re
from html import unescape

import django

if __name__ == "__main__":
    django.setup()
    from django.conf import settings
    from django.db.models import Count
    from django.test import Client
    from django.urls import reverse
    from django.utils.http import urlencode

    from zhibu.accounts.models import User
    from zhibu.assessment.models import Run
    from zhibu.core.calendar import Quarter
    from zhibu.life.models import Session
    from zhibu.register.models import Person

    settings.ALLOWED_HOSTS = ["*"]
    cookies, client_of = {}, {}
    for name in ("jituan", "shuji"):
        client = client_of[name] = Client()
        client.force_login(User.objects.get(username=name), backend="zhibu.accounts.backends.PhoneOrName")
        cookies[name] = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    large = Session.objects.annotate(size=Count("attendance")).order_by("-size").first()
    person = Person.objects.filter(memberships__stage="full_member").order_by("pk")[500]
    run = Run.objects.order_by("-quarter").first()
    # as people come there: by the link of the ninety-ninth page
    before = client_of["jituan"].get(reverse("register:members"), {"page": 99}).content.decode()
    onward = unescape(re.search(r'rel="next" href="([^"]+)"', before)[1])
    paths = {
        "members": reverse("register:members"),
        "members_100": reverse("register:members") + onward,
        "members_jump": reverse("register:members") + "?page=100",
        "member": reverse("register:member", args=[person.pk]),
        "search": reverse("register:members") + "?" + urlencode({"q": person.name}),
        "session": reverse("life:session", args=[large.pk]),
        "committee": reverse(
            "assessment:committee", args=[run.organisation_id, Quarter.from_key(run.quarter).code]
        ),
    }
    print(json.dumps({"cookies": cookies, "paths": paths}))
