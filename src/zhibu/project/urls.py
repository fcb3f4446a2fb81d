"""Which room answers which address. Composition only: a room's own addresses are in its urls.py."""

from importlib.util import find_spec

from django.urls import include, path

from . import views

# the first part of the address is the room's name, so that an address says who answers it
ROOMS = (
    "register", "accounts", "record", "ballots", "dues", "notices", "undertakings", "life", "letters", "procedures",
    "study", "premises", "production", "pledges", "concerns", "integrity", "assessment",
)  # fmt: skip
own = (
    [
        path("", views.workbench, name="workbench"),
        path("health/", views.health, name="health"),
        path("progress/", views.progress, name="progress"),
    ],
    "project",
)

urlpatterns = [
    path("", include(own)),
    path("sign-in/", include("zhibu.accounts.urls.sign_in")),
    path("record/", include("zhibu.accounts.urls.trace")),
    path("board/", include("zhibu.pledges.urls.board")),
    path("board/", include("zhibu.notices.urls.board")),
    path("portal/", include("zhibu.study.urls.portal")),
    path("portal/", include("zhibu.letters.urls.portal")),
    path("survey/", include("zhibu.concerns.urls.public")),
    path("screen/", include("zhibu.notices.urls.screen")),
    path("language/", include("django.conf.urls.i18n")),
    *(
        path(f"{room}/", include(f"zhibu.{room}.urls"))
        for room in ROOMS
        if find_spec(f"zhibu.{room}.urls") is not None
    ),
]
