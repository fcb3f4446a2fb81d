"""Addresses of organisational life; their names are the names of the acts."""

from django.urls import path

from zhibu.life.views import following, ledger, meetings, papers, recording

app_name = "life"
urlpatterns = [
    path("", meetings.sessions, name="sessions"),
    path("record/", recording.record, name="record"),
    path("plan/", recording.plan, name="plan"),
    path("<int:pk>/", meetings.session, name="session"),
    path("<int:pk>/convene/", meetings.convene, name="convene"),
    path("<int:pk>/hold/", recording.hold, name="hold"),
    path("<int:pk>/minutes/", meetings.edit_minutes, name="edit_minutes"),
    path("<int:pk>/close/", meetings.close_minutes, name="close_minutes"),
    path("<int:pk>/cancel/", meetings.cancel, name="cancel"),
    path("<int:pk>/correct/", meetings.correct, name="correct"),
    path("<int:pk>/follow-up/", following.follow_up, name="follow_up"),
    path("<int:pk>/attach/", meetings.attach, name="attach"),
    path("agenda/<int:pk>/", meetings.agenda_item, name="agenda_item"),
    path("talks/", papers.talks, name="talks"),
    path("talks/record/", papers.record_talk, name="record_talk"),
    path("examinations/record/", papers.record_examination, name="record_examination"),
    path("attachments/<int:pk>/", papers.attachment, name="attachment"),
    path("documents/", papers.documents, name="documents"),
    path("documents/file/", papers.file_document, name="file_document"),
    path("documents/<int:pk>/", papers.document, name="document"),
    path("import/", ledger.import_meetings, name="import_meetings"),
    path("import/<int:pk>/", ledger.import_batch, name="import_batch"),
    path("import/<int:pk>/undo/", ledger.undo_import, name="undo_import"),
]
