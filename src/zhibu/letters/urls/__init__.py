"""Addresses of letters and bulletins, for those who are signed in; the portal has its own (`urls.portal`)."""

from django.urls import path

from zhibu.letters.views import bulletins, letters, suggestions

app_name = "letters"
urlpatterns = [
    path("", letters.letters, name="letters"),
    path("write/", letters.write_letter, name="write_letter"),
    path("<int:pk>/", letters.letter, name="letter"),
    path("<int:pk>/answer/", letters.answer_letter, name="answer_letter"),
    path("<int:pk>/answer-complaint/", letters.answer_complaint, name="answer_complaint"),
    path("<int:pk>/publish/", letters.publish_answer, name="publish_answer"),
    path("<int:pk>/take-down/", letters.take_down_answer, name="take_down_answer"),
    path("enter/", suggestions.enter_letter, name="enter_letter"),
    path("<int:pk>/forward/", suggestions.forward_letter, name="forward_letter"),
    path("<int:pk>/take-up/", suggestions.take_up_suggestion, name="take_up_suggestion"),
    path("<int:pk>/task/", suggestions.open_task, name="open_task"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("suggestions/poster/", suggestions.poster, name="poster"),
    path("suggestions/<int:pk>/", suggestions.suggestion, name="suggestion"),
    path("suggestions/<int:pk>/adopt/", suggestions.adopt_suggestion, name="adopt_suggestion"),
    path("suggestions/<int:pk>/decline/", suggestions.decline_suggestion, name="decline_suggestion"),
    path("suggestions/<int:pk>/benefit/", suggestions.confirm_benefit, name="confirm_benefit"),
    path("suggestions/<int:pk>/thank/", suggestions.thank_sender, name="thank_sender"),
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    path("bulletins/write/", bulletins.write_bulletin, name="write_bulletin"),
    path("bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/take-over/", bulletins.take_over, name="take_over"),
    path("practices/", bulletins.practices, name="practices"),
    path("bulletins/<int:pk>/edit/", bulletins.edit_bulletin, name="edit_bulletin"),
    path("bulletins/<int:pk>/submit/", bulletins.submit_bulletin, name="submit_bulletin"),
    path("bulletins/<int:pk>/publish/", bulletins.publish_bulletin, name="publish_bulletin"),
    path("bulletins/<int:pk>/return/", bulletins.return_bulletin, name="return_bulletin"),
    path("bulletins/<int:pk>/withdraw/", bulletins.withdraw_bulletin, name="withdraw_bulletin"),
    path("portal/", bulletins.portal, name="portal"),
]
