"""Promise 24: guesses from many addresses, against an account that exists and one that does not.

Daily two hundred; the thousand before a release, and with GUESSES=10000 ten thousand.
"""

import os

import pytest
from django.test import Client

from tests.rooms.accounts.conftest import PASSWORD

DAILY, ALL = 200, int(os.environ.get("GUESSES", "1000"))


@pytest.mark.slow
def test_however_many_guesses_get_five_tries_at_an_account(account):
    guess(account, DAILY // 2)


@pytest.mark.release
def test_a_thousand_guesses_get_five_tries_at_an_account(account):
    guess(account, ALL // 2)


def guess(account, half):
    account("赵党员", phone="13812345678")
    tried = {"赵党员": [], "没有此人": []}
    typed = {"赵党员": ("赵党员", "13812345678"), "没有此人": ("没有此人", "没有此人")}
    for number in range(half):
        browser = Client(
            REMOTE_ADDR=f"10.{number % 7}.{number // 250}.{number % 250 + 1}",
            HTTP_USER_AGENT=f"x{number % 9}",
        )
        for name, answers in tried.items():
            form = {"login": typed[name][number % 2], "password": f"guess-{number}"}
            answers.append(browser.post("/sign-in/", form).status_code)
    assert tried["赵党员"] == tried["没有此人"] == [200] * 4 + [429] * (half - 4)
    assert Client().post("/sign-in/", {"login": "赵党员", "password": PASSWORD}).status_code == 429
