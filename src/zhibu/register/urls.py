"""Addresses of the register; the names equal the acts."""

from django.urls import path

from zhibu.register import views

app_name = "register"

urlpatterns = [
    path("", views.tree, name="tree"),
    path("search", views.search, name="search"),
    path("organisation/<int:pk>", views.organisation, name="organisation"),
    path("organisation/first", views.first_organisation, name="first_organisation"),
    path("organisation/new", views.create_organisation, name="create_organisation"),
    path("organisation/<int:pk>/edit", views.edit_organisation, name="edit_organisation"),
    path("organisation/<int:pk>/move", views.move_organisation, name="move_organisation"),
    path("organisation/<int:pk>/close", views.close_organisation, name="close_organisation"),
    path("organisation/<int:pk>/term", views.record_term, name="record_term"),
    path("organisation/<int:pk>/appoint", views.appoint, name="appoint"),
    path("organisation/<int:pk>/add", views.add_person, name="add_person"),
    path("post/<int:pk>/dismiss", views.dismiss, name="dismiss"),
    path("members", views.members, name="members"),
    path("member/<int:pk>", views.member, name="member"),
    path("member/<int:pk>/edit", views.edit_person, name="edit_person"),
    path("member/<int:pk>/reveal", views.reveal, name="reveal"),
    path("member/<int:pk>/join", views.join, name="join"),
    path("member/<int:pk>/transfer", views.transfer, name="transfer"),
    path("member/<int:pk>/stage", views.change_stage, name="change_stage"),
    path("member/<int:pk>/group", views.assign_group, name="assign_group"),
    path("member/<int:pk>/leave", views.leave, name="leave"),
    path("member/<int:pk>/away", views.record_mobile, name="record_mobile"),
    path("member/<int:pk>/back", views.end_mobile, name="end_mobile"),
    path("import", views.import_roster, name="import_roster"),
    path("import/template", views.roster_template, name="roster_template"),
    path("import/<int:pk>", views.import_batch, name="import_batch"),
    path("import/<int:pk>/undo", views.undo_import, name="undo_import"),
    path("export", views.export_roster, name="export_roster"),
]
