"""Addresses of undertakings; their names are the names of the acts."""

from django.urls import path

from zhibu.undertakings import views

app_name = "undertakings"
urlpatterns = [
    path("", views.undertakings, name="undertakings"),
    path("new/", views.undertake, name="undertake"),
    path("problems/", views.problems, name="problems"),
    path("behind/", views.behind, name="behind"),
    path("small/", views.small_tasks, name="small_tasks"),
    path("<int:pk>/", views.undertaking, name="undertaking"),
    path("<int:pk>/claim/", views.claim, name="claim"),
    path("<int:pk>/agree/", views.agree, name="agree"),
    path("<int:pk>/decline/", views.decline, name="decline"),
    path("<int:pk>/progress/", views.report_progress, name="report_progress"),
    path("<int:pk>/done/", views.report_done, name="report_done"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/back/", views.send_back, name="send_back"),
    path("<int:pk>/extend/", views.extend, name="extend"),
    path("<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("<int:pk>/give-up/", views.give_up, name="give_up"),
    path("attachments/<int:pk>/", views.attachment, name="attachment"),
]
