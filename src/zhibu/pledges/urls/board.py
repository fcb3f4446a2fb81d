"""What stands beside a notice on the public board: its name is the kind of the notice."""

from django.urls import path

from zhibu.pledges.views import public

app_name = "board_beside"
urlpatterns = [
    path("<slug:board>/zones/", public.zones, name="zones"),
    path("<slug:board>/zones/plan/<int:floor>/", public.plan, name="plan"),
]
