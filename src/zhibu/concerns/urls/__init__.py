"""Addresses of the room, for those who are signed in; a survey's own is `urls.public`."""

from django.urls import path

from zhibu.concerns.views import analyses, matters, surveys

app_name = "concerns"
urlpatterns = [
    path("", analyses.quarter, name="quarter"),
    path("matters/", matters.matters, name="matters"),
    path("care/", matters.care, name="care"),
    path("branches/", analyses.overview, name="overview"),
    path("analyses/write/", analyses.write_analysis, name="write_analysis"),
    path("analyses/<int:pk>/", analyses.analysis, name="analysis"),
    path("analyses/<int:pk>/measure/", analyses.add_measure, name="add_measure"),
    path("analyses/<int:pk>/file/", analyses.file_analysis, name="file_analysis"),
    path("surveys/open/", surveys.open_survey, name="open_survey"),
    path("surveys/<int:pk>/poster/", surveys.poster, name="poster"),
    path("surveys/<int:pk>/slips/", surveys.print_slips, name="print_slips"),
    path("surveys/<int:pk>/cancel/", surveys.cancel_survey, name="cancel_survey"),
    path("surveys/<int:pk>/count/", surveys.count_survey, name="count_survey"),
    path("surveys/<int:pk>/words/", surveys.release_words, name="release_words"),
]
