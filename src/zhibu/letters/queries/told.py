"""What this room tells on the public board: answers and posts of the last weeks, as they stand on the portal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse

from zhibu.letters.models import Bulletin, BulletinState, Missive
from zhibu.notices.gathering import Heading, Told, days_shown
from zhibu.notices.models import Board

MOST = 20


def on_board(board: Board, today: date) -> Iterator[Told]:
    """The organisation's own: what it answered and what it published, worded as on the portal, nobody named."""
    days = timedelta(days=days_shown("answer_days", today))
    answers = Missive.objects.filter(
        organisation=board.organisation_id, published_on__gt=today - days, published_on__lte=today
    )
    for row in answers.order_by("-published_on", "-id")[:MOST]:
        if row.published_on is not None and row.address:
            url = reverse("portal:question", args=[board.address, row.address])
            until = row.published_on + days
            yield Told(Heading.ANSWERS, row.asked, str(row.get_kind_display()), row.published_on, until, url)
    days = timedelta(days=days_shown("post_days", today))
    posts = Bulletin.objects.filter(
        organisation=board.organisation_id, state=BulletinState.PUBLISHED, published_on__gt=today - days,
        published_on__lte=today,
    )  # fmt: skip
    for post in posts.order_by("-published_on", "-id")[:MOST]:
        if post.published_on is not None and post.address:
            url = reverse("portal:bulletin", args=[board.address, post.address])
            until = post.published_on + days
            yield Told(Heading.POSTS, post.title, str(post.get_kind_display()), post.published_on, until, url)
