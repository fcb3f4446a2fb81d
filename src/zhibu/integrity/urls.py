"""Addresses of integrity; their names are the names of the acts."""

from django.urls import path

from zhibu.integrity import views

app_name = "integrity"
urlpatterns = [
    path("", views.integrity, name="integrity"),
    path("branches/", views.branches, name="branches"),
    path("promise/", views.sign_promise, name="sign_promise"),
    path("duties/", views.assign_duties, name="assign_duties"),
    path("checks/new/", views.record_check, name="record_check"),
    path("checks/<int:pk>/", views.check, name="check"),
    path("checks/<int:pk>/finding/", views.add_finding, name="add_finding"),
]
