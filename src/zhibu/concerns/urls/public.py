"""The address of a survey, without sign-in."""

from django.urls import path

from zhibu.concerns.views import answering

app_name = "survey"
urlpatterns = [path("<slug:code>/", answering.survey, name="survey")]
