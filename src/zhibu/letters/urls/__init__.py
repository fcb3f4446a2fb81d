"""Addresses of letters and bulletins, for those who are signed in; the portal has its own (`urls.portal`)."""

from django.urls import path

from zhibu.letters.views import bulletins, letters

app_name = "letters"
urlpatterns = [
    path("", letters.letters, name="letters"),
    path("write/", letters.write_letter, name="write_letter"),
    path("<int:pk>/", letters.letter, name="letter"),
    path("<int:pk>/answer/", letters.answer_letter, name="answer_letter"),
    path("<int:pk>/answer-complaint/", letters.answer_complaint, name="answer_complaint"),
    path("<int:pk>/publish/", letters.publish_answer, name="publish_answer"),
    path("<int:pk>/take-down/", letters.take_down_answer, name="take_down_answer"),
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    path("bulletins/write/", bulletins.write_bulletin, name="write_bulletin"),
    path("bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/edit/", bulletins.edit_bulletin, name="edit_bulletin"),
    path("bulletins/<int:pk>/submit/", bulletins.submit_bulletin, name="submit_bulletin"),
    path("bulletins/<int:pk>/publish/", bulletins.publish_bulletin, name="publish_bulletin"),
    path("bulletins/<int:pk>/return/", bulletins.return_bulletin, name="return_bulletin"),
    path("bulletins/<int:pk>/withdraw/", bulletins.withdraw_bulletin, name="withdraw_bulletin"),
    path("portal/", bulletins.portal, name="portal"),
]
