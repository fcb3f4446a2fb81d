"""Addresses of the record."""

from django.urls import path

from zhibu.accounts.views import trace

app_name = "record"

urlpatterns = [
    path("", trace.entries, name="entries"),
    path("<int:chain>/", trace.entries, name="chain"),
    path("<int:chain>/verify/", trace.verify, name="verify"),
    path("files/<int:pk>/", trace.download, name="download"),
]
