"""A form sent ten times at once is acted on once: through the door, the middleware and the database together."""

import pytest
from django.test import Client

from tests.rooms.record.test_concurrency import at_once, connect
from zhibu.accounts.models import User
from zhibu.register.models import Person

__all__ = ["connect"]


@pytest.fixture
def page(transactional_db, operator):
    """The form open in a browser; `connect` copies the database after this."""
    browser = Client()
    browser.force_login(operator, backend="zhibu.accounts.backends.PhoneOrName")
    return browser.cookies, f"/accounts/new/{Person.objects.create(name='赵二').pk}/"


def test_ten_clicks_make_one_account(page, connect):
    cookies, address = page

    def click(number):
        browser = Client()
        browser.cookies = cookies
        return browser.post(address, {"username": f"赵二{number}", "zb_token": "one"})["Location"]

    answers = at_once(connect, 10, click)
    assert len(answers) == 10
    assert len(set(answers)) == 1
    assert at_once(connect, 1, lambda _: User.objects.filter(person__name="赵二").count()) == [1]
