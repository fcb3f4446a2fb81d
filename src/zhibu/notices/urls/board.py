"""Addresses of the public board: short enough for a poster, saying nothing of ids."""

from django.urls import path

from zhibu.notices import views

app_name = "board"
urlpatterns = [
    path("receipt/", views.receipt, name="receipt"),
    path("<slug:board>/", views.board, name="board"),
    path("<slug:board>/feed/", views.feed, name="feed"),
    path("<slug:board>/past/<int:year>/", views.past, name="past"),
    path("<slug:board>/<slug:notice>/", views.public_notice, name="public_notice"),
    path("<slug:board>/<slug:notice>/objection/", views.send_objection, name="send_objection"),
]
