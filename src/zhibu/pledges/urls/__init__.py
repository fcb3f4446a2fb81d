"""Addresses of pledges and zones; their names are the names of the acts."""

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
    path("half-year/", views.mark_branch, name="mark_branch"),
    path("half-year/own/", views.mark_self, name="mark_self"),
    path("half-year/group/", views.mark_group, name="mark_group"),
    path("year/<int:person>/", views.member_year, name="member_year"),
    path("portrait/<int:person>/", views.portrait, name="portrait"),
    path("portrait/<int:person>/set/", views.set_portrait, name="set_portrait"),
    path("portrait/<int:person>/remove/", views.remove_portrait, name="remove_portrait"),
    path("zones/", views.zones, name="zones"),
    path("zones/sheet/", views.zone_sheet, name="zone_sheet"),
    path("zones/picture/<int:pk>/", views.plan, name="plan"),
    path("zones/plan/", views.set_plan, name="set_plan"),
    path("zones/picture/<int:pk>/remove/", views.remove_plan, name="remove_plan"),
    path("zones/new/", views.draw_zone, name="draw_zone"),
    path("zones/publish/", views.publish_zones, name="publish_zones"),
    path("zones/<int:pk>/", views.zone, name="zone"),
    path("zones/<int:pk>/edit/", views.redraw_zone, name="redraw_zone"),
    path("zones/<int:pk>/check/", views.check_zone, name="check_zone"),
    path("zones/<int:pk>/end/", views.end_zone, name="end_zone"),
]
