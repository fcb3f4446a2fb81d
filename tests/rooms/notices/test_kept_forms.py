"""An empty form is kept like a page; each visitor gets a slip of their own in it, and it goes when the notice does."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import township
from tests.rooms.pledges.test_pledges import made
from tests.town import NOW
from zhibu.notices.keeping import forget_pages
from zhibu.notices.models import Board
from zhibu.notices.slips import nonce_of
from zhibu.pledges import actions

TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.mark.django_db(transaction=True)
def test_a_kept_form_has_a_slip_for_each_visitor(client, settings):
    settings.ZHIBU_TODAY, settings.ZHIBU_KEEP_SUMS = NOW.date().isoformat(), True
    forget_pages()
    town = township()
    pledge = made(town, NOW, "chen")
    (notice,) = actions.publish(town.li, organisation=town.mining, pledges=[pledge.pk], now=NOW)
    address = f"/board/{Board.objects.get().address}/{notice.address}/objection/"
    pages = [client.get(address).content.decode()]
    with CaptureQueriesContext(connection) as asked:
        pages.append(client.get(address).content.decode())
    # whether anything happened since is all that is asked
    assert len(asked) == 1
    tokens = [TOKEN.search(page)[1] for page in pages]
    nonces = {nonce_of(notice.address, token) for token in tokens}
    assert (len(nonces), None in nonces) == (2, False)
    assert TOKEN.sub("", pages[0]) == TOKEN.sub("", pages[1])
    sent = client.post(
        address, {"token": tokens[1], "band": "good", "text": ""}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert "已收到" in sent.content.decode()
    actions.withdraw(town.li, pledge=pledge, reason="本人要求", now=NOW)
    assert client.get(address).status_code in {404, 410}
