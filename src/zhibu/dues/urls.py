"""Addresses of dues."""

from django.urls import path

from zhibu.dues import views

app_name = "dues"
urlpatterns = [
    path("", views.months, name="months"),
    path("<int:pk>/", views.month, name="month"),
    path("enter/", views.enter_month, name="enter_month"),
]
