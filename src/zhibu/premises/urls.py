"""Addresses of the home of a branch."""

from django.urls import path

from zhibu.premises import views

app_name = "premises"
urlpatterns = [
    path("", views.inventory, name="inventory"),
    path("sheet/", views.sheet, name="sheet"),
    path("item/<slug:item>/", views.record_fixture, name="record_fixture"),
    path("confirm/", views.confirm_fixtures, name="confirm_fixtures"),
    path("photo/<int:pk>/", views.photo, name="photo"),
    path("branches/", views.overview, name="overview"),
    path("branches/export/", views.export, name="export"),
    path("honours/", views.honours, name="honours"),
    path("honours/wall/", views.wall, name="wall"),
    path("honours/new/", views.record_honour, name="record_honour"),
    path("honours/<int:pk>/", views.honour, name="honour"),
    path("honours/<int:pk>/revoke/", views.revoke_honour, name="revoke_honour"),
    path("honours/<int:pk>/publish/", views.publish_honour, name="publish_honour"),
]
