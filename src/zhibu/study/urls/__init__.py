"""Addresses of study; their names are the names of the acts."""

from django.urls import path

from zhibu.study.views import hours, library, plans, trials

app_name = "study"
urlpatterns = [
    path("", hours.study, name="study"),
    path("record/", hours.record_self_study, name="record_self_study"),
    path("record/<int:pk>/take-back/", hours.take_back_record, name="take_back_record"),
    path("branch/", hours.branch_hours, name="branch_hours"),
    path("training/", hours.record_training, name="record_training"),
    path("tutor/", plans.name_tutor, name="name_tutor"),
    path("import/", hours.import_results, name="import_results"),
    path("import/<int:pk>/", hours.results_batch, name="results_batch"),
    path("import/<int:pk>/undo/", hours.undo_results, name="undo_results"),
    path("library/", library.library, name="library"),
    path("library/publish/", library.publish_material, name="publish_material"),
    path("library/<int:pk>/", library.material, name="material"),
    path("library/<int:pk>/edit/", library.edit_material, name="edit_material"),
    path("library/<int:pk>/withdraw/", library.withdraw_material, name="withdraw_material"),
    path("attachments/<int:pk>/", library.attachment, name="attachment"),
    path("plans/", plans.plans, name="plans"),
    path("plans/draft/", plans.draft_plan, name="draft_plan"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/change/", plans.change_plan, name="change_plan"),
    path("plans/<int:pk>/adopt/", plans.adopt_plan, name="adopt_plan"),
    path("plans/items/<int:pk>/outcome/", plans.record_outcome, name="record_outcome"),
    path("tests/", trials.tests, name="tests"),
    path("tests/write/", trials.write_test, name="write_test"),
    path("tests/<int:pk>/", trials.test, name="test"),
    path("tests/<int:pk>/take/", trials.take_test, name="take_test"),
    path("tests/<int:pk>/close/", trials.close_test, name="close_test"),
]
