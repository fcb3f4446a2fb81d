"""The address of the screens: secret, renewable, without sign-in."""

from django.urls import path

from zhibu.notices import views

app_name = "screen"
urlpatterns = [
    path("worker.js", views.worker, name="worker"),
    path("<slug:address>/", views.screen, name="screen"),
    path("<slug:address>/<slug:only>/", views.screen, name="screen_of"),
]
