"""Addresses of the public portal, under the address of the public board."""

from django.urls import path

from zhibu.letters.views import portal

app_name = "portal"
urlpatterns = [
    path("<slug:board>/", portal.front, name="front"),
    path("<slug:board>/posts/", portal.work, name="work"),
    path("<slug:board>/posts/<slug:address>/", portal.bulletin, name="bulletin"),
    path("<slug:board>/ask/", portal.ask, name="ask"),
    path("<slug:board>/ask/receipt/", portal.receipt, name="receipt"),
    path("<slug:board>/ask/new/<slug:kind>/", portal.send, name="send"),
    path("<slug:board>/ask/<slug:address>/", portal.question, name="question"),
]
