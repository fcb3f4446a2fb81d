"""Addresses of work on what matters."""

from django.urls import path

from zhibu.production import views

app_name = "production"
urlpatterns = [
    path("", views.quarter, name="quarter"),
    path("figures/", views.months, name="months"),
    path("figures/enter/", views.enter_figures, name="enter_figures"),
    path("figures/<int:pk>/", views.month, name="month"),
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/new/", views.open_campaign, name="open_campaign"),
    path("campaigns/<int:pk>/", views.campaign, name="campaign"),
    path("campaigns/<int:pk>/edit/", views.edit_campaign, name="edit_campaign"),
    path("campaigns/<int:pk>/results/", views.enter_results, name="enter_results"),
    path("campaigns/<int:pk>/cancel/", views.cancel_campaign, name="cancel_campaign"),
    path("branches/", views.overview, name="overview"),
]
