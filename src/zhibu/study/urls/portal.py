"""Addresses of what there is to study on the public portal."""

from django.urls import path

from zhibu.study.views import portal

app_name = "portal_study"
urlpatterns = [
    path("<slug:board>/study/", portal.shelf, name="shelf"),
    path("<slug:board>/study/<slug:address>/", portal.open_material, name="material"),
    path("<slug:board>/study/<slug:address>/file/", portal.file, name="file"),
]
