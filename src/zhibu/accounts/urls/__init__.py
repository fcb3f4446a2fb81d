"""Addresses of accounts. Those of signing in and of the record are beside it: `sign_in` and `trace`."""

from django.urls import path

from zhibu.accounts.views import channels, mine, people, together

app_name = "accounts"

urlpatterns = [
    path("", people.accounts, name="accounts"),
    path("new/", people.choose_person, name="choose_person"),
    path("new/together/", together.create_together, name="create_together"),
    path("new/slips/", together.slips, name="slips"),
    path("new/operator/", people.create_account, name="create_operator"),
    path("new/<int:person>/", people.create_account, name="create_account"),
    path("<int:pk>/", people.account, name="account"),
    path("<int:pk>/password/", people.reset_password, name="reset_password"),
    path("<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("channels/", channels.connect_channel, name="connect_channel"),
    path("channels/<int:pk>/disconnect/", channels.disconnect_channel, name="disconnect_channel"),
    path("channels/<int:pk>/try/", channels.try_channel, name="try_channel"),
    path("letters/", channels.letters, name="letters"),
    path("letters/<int:pk>/again/", channels.send_again, name="send_again"),
    path("me/mailbox/", channels.set_mailbox, name="set_mailbox"),
    path("me/mailbox/confirm/", channels.confirm_mailbox, name="confirm_mailbox"),
    path("me/mailbox/forget/", channels.forget_mailbox, name="forget_mailbox"),
    path("me/", mine.me, name="me"),
    path("me/data/", mine.my_data, name="my_data"),
    path("me/language/", mine.change_language, name="change_language"),
    path("me/sign-ins/", mine.end_sign_ins, name="end_sign_ins"),
]
