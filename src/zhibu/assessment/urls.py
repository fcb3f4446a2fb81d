"""Addresses of the assessment."""

from django.urls import path

from . import views

app_name = "assessment"
urlpatterns = [
    path("", views.home, name="home"),
    path("standards/", views.standards, name="standards"),
    path("standards/<str:standard>/", views.standard, name="standard"),
    path("committees/<int:committee>/year/<int:year>/", views.year, name="year"),
    path("committees/<int:committee>/<str:quarter>/", views.committee, name="committee"),
    path("committees/<int:committee>/<str:quarter>/heat/", views.heat, name="heat"),
    path("committees/<int:committee>/<str:quarter>/overview/", views.overview, name="overview"),
    path("committees/<int:committee>/<str:quarter>/open/", views.open_run, name="open_run"),
    path("committees/<int:committee>/<str:quarter>/export.<str:format>", views.export, name="export"),
    path("runs/<int:run>/compute/", views.compute, name="compute"),
    path("runs/<int:run>/publish/", views.publish, name="publish"),
    path("runs/<int:run>/freeze/", views.freeze, name="freeze"),
    path("runs/<int:run>/difference/", views.difference, name="difference"),
    path("runs/<int:run>/appeals/", views.appeals, name="appeals"),
    path("appeals/<int:appeal>/", views.answer_appeal, name="answer_appeal"),
    path("rectifications/", views.rectifications, name="rectifications"),
    path("rectifications/<int:rectification>/close/", views.close_rectification, name="close_rectification"),
    path("branches/<int:branch>/<str:quarter>/", views.sheet, name="sheet"),
    path("branches/<int:branch>/<str:quarter>/review/", views.review, name="review"),
    path("branches/<int:branch>/<str:quarter>/self-review/", views.self_review, name="self_review"),
    path("branches/<int:branch>/<str:quarter>/rectify/", views.open_rectification, name="open_rectification"),
    path("branches/<int:branch>/<str:quarter>/<str:standard>/", views.point, name="point"),
    path("branches/<int:branch>/<str:quarter>/<str:standard>/appeal/", views.appeal, name="appeal"),
]
