"""Addresses of notices."""

from django.urls import path

from zhibu.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("publish/", views.publish, name="publish"),
    path("<int:pk>/", views.notice, name="notice"),
    path("<int:pk>/result/", views.record_result, name="record_result"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
