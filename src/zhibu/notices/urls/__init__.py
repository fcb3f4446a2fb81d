"""Addresses of notices, for those who are signed in; the public board has its own (`urls.board`)."""

from django.urls import path

from zhibu.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("publish/", views.publish, name="publish"),
    path("board/", views.own_board, name="own_board"),
    path("board/renew/", views.renew_board, name="renew_board"),
    path("board/poster/", views.poster, name="poster"),
    path("board/wall/", views.wall, name="wall"),
    path("screen/", views.own_screen, name="own_screen"),
    path("screen/slogan/", views.add_slogan, name="add_slogan"),
    path("screen/renew/", views.renew_screen, name="renew_screen"),
    path("screen/close/", views.close_screen, name="close_screen"),
    path("<int:pk>/", views.notice, name="notice"),
    path("<int:pk>/result/", views.record_result, name="record_result"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<int:pk>/posting/", views.record_posting, name="record_posting"),
    path("<int:pk>/proof/", views.proof, name="proof"),
    path("<int:pk>/sheet/", views.sheet, name="sheet"),
    path("<int:pk>/objections/", views.objections, name="objections"),
    path("<int:pk>/objections/new/", views.record_objection, name="record_objection"),
    path("objection/<int:pk>/", views.objection, name="objection"),
    path("objection/<int:pk>/examine/", views.examine_objection, name="examine_objection"),
    path("objection/<int:pk>/answer/", views.answer_objection, name="answer_objection"),
]
