"""Addresses of pledges; their names are the names of the acts."""

from django.urls import path

from zhibu.pledges import views

app_name = "pledges"
urlpatterns = [
    path("", views.pledges, name="pledges"),
    path("new/", views.make, name="make"),
    path("publish/", views.publish, name="publish"),
    path("cards/", views.cards, name="cards"),
    path("wall/", views.wall, name="wall"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
