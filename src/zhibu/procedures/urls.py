"""Addresses of procedures; those of acts bear their names."""

from django.urls import path

from zhibu.procedures.views import cases, changes, documents, rules, steps, superior

app_name = "procedures"
urlpatterns = [
    path("", cases.cases, name="cases"),
    path("open/", cases.openings, name="openings"),
    path("open/<slug:name>/", cases.open_case, name="open_case"),
    path("pipeline/<slug:name>/", superior.pipeline, name="pipeline"),
    path("inbox/", superior.inbox, name="inbox"),
    path("inbox/<slug:name>/<slug:step>/", superior.bulk_reply, name="bulk_reply"),
    path("rules/", rules.procedures, name="procedures"),
    path("rules/<slug:name>/", rules.procedure, name="procedure"),
    path("rules/<slug:name>/<slug:step>.xlsx", rules.entries, name="entries"),
    path("<int:pk>/", cases.case, name="case"),
    path("<int:pk>/step/<slug:step>/", steps.take_step, name="take_step"),
    path("<int:pk>/reply/<slug:step>/", steps.reply, name="reply"),
    path("<int:pk>/publish/<slug:step>/", steps.publish, name="publish"),
    path("<int:pk>/suspend/", changes.suspend, name="suspend"),
    path("<int:pk>/resume/", changes.resume, name="resume"),
    path("<int:pk>/extend/<slug:step>/", changes.extend, name="extend"),
    path("<int:pk>/transfer/", changes.transfer_case, name="transfer_case"),
    path("<int:pk>/end/", changes.end_case, name="end_case"),
    path("<int:pk>/papers/", changes.attach_paper, name="attach_paper"),
    path("<int:pk>/papers/<slug:name>/", documents.document, name="document"),
    path("<int:pk>/export/", documents.export_case, name="export_case"),
    path("steps/<int:pk>/reverse/", steps.reverse_step, name="reverse_step"),
    path("papers/<int:pk>/", changes.paper, name="paper"),
]
