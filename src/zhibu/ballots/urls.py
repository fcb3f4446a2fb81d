"""Addresses of ballots."""

from django.urls import path

from zhibu.ballots.views import chair, printing, voting

app_name = "ballots"
urlpatterns = [
    path("", chair.ballots, name="ballots"),
    path("open/", chair.open_ballot, name="open_ballot"),
    path("slip/", voting.take_slip_ticket, name="take_slip_ticket"),
    path("slip/<str:code>/", voting.slip_vote, name="slip_vote"),
    path("<int:pk>/", chair.ballot, name="ballot"),
    path("<int:pk>/roll/<int:voter>/", chair.exclude, name="exclude"),
    path("<int:pk>/opinion/<int:voter>/", chair.record_opinion, name="record_opinion"),
    path("<int:pk>/officials/", chair.name_officials, name="name_officials"),
    path("<int:pk>/present/", chair.mark_present, name="mark_present"),
    path("<int:pk>/slips/", chair.add_slips, name="add_slips"),
    path("<int:pk>/start/", chair.start, name="start"),
    path("<int:pk>/casting/", chair.open_casting, name="open_casting"),
    path("<int:pk>/close/", chair.close, name="close"),
    path("<int:pk>/cancel/", chair.cancel, name="cancel"),
    path("<int:pk>/seats/", chair.reduce_seats, name="reduce_seats"),
    path("<int:pk>/again/", chair.run_off, name="run_off"),
    path("<int:pk>/destroy/", chair.destroy, name="destroy"),
    path("<int:pk>/tally/", voting.enter_tally, name="enter_tally"),
    path("<int:pk>/vote/", voting.vote, name="vote"),
    path("<int:pk>/vote/named/", voting.cast_named, name="cast_named"),
    path("<int:pk>/ticket/", voting.take_ticket, name="take_ticket"),
    path("<int:pk>/teller/", voting.teller, name="teller"),
    path("<int:pk>/teller/key/", voting.register_key, name="register_key"),
    path("<int:pk>/teller/papers/", voting.papers, name="papers"),
    path("<int:pk>/screen/", voting.screen, name="screen"),
    path("<int:pk>/print/", printing.print_papers, name="print_papers"),
    path("<int:pk>/sheet/", printing.sheet, name="sheet"),
]
