"""Signing in as people do it: on a telephone and on a desk, in a real browser."""

import os
from pathlib import Path

import pytest
from django.db import transaction

from tests.rooms.accounts.conftest import PASSWORD
from zhibu import record
from zhibu.accounts import queries
from zhibu.ui import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def photograph(page, name):
    """Keep a picture where ZHIBU_PICTURES says, for people to look at."""
    if folder := os.environ.get("PICTURES_OF_ACCOUNTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def sign_in(page, name):
    page.goto("/sign-in/?next=/accounts/me/")
    page.get_by_label("登录名或手机号").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_a_member_signs_in_on_a_telephone_by_number(phone, account):
    account("赵党员", phone="13812345678")
    phone.goto("/sign-in/")
    photograph(phone, "sign-in-phone")
    sign_in(phone, "138 1234 5678")
    phone.get_by_role("heading", name="我的账号").wait_for()
    photograph(phone, "me-phone")
    assert phone.problems == []


def test_wrong_until_locked(phone, account):
    account("赵党员")
    for _turn in range(5):
        phone.goto("/sign-in/")
        phone.get_by_label("登录名或手机号").fill("赵党员")
        phone.get_by_label("密码").fill("wrong")
        phone.get_by_role("button", name="登录").click()
        if _turn == 3:
            phone.get_by_text("登录名、手机号或密码不正确。").first.wait_for()
            photograph(phone, "wrong-phone")
    phone.get_by_role("heading", name="暂时不能登录").wait_for()
    photograph(phone, "locked-phone")


def test_an_officer_at_a_desk(desk, account, tree):
    account("孙组织员")
    account("赵党员", must_change_password=True)
    account("李书记", is_active=False)
    sign_in(desk, "孙组织员")
    desk.get_by_role("heading", name="我的账号").wait_for()
    photograph(desk, "me-desk")
    for address, name in (
        ("/accounts/", "accounts-desk"),
        ("/accounts/new/", "choose-desk"),
        (f"/accounts/new/{tree.people['陈预备'].pk}/", "create-desk"),
        ("/sign-in/second-factor/", "second-factor-desk"),
        ("/sign-in/password/", "password-desk"),
    ):
        desk.goto(address)
        photograph(desk, name)
    desk.goto(f"/accounts/new/{tree.people['陈预备'].pk}/")
    desk.get_by_role("button", name="设立账号").click()
    desk.get_by_text("一次性密码，只显示这一次").wait_for()
    photograph(desk, "once-desk")
    assert desk.problems == []


def test_enrolling_on_a_telephone(phone, account):
    account("赵党员")
    sign_in(phone, "赵党员")
    phone.goto("/sign-in/second-factor/enrol/")
    photograph(phone, "again-phone")
    phone.get_by_label("密码").fill(PASSWORD)
    phone.get_by_role("button", name="确认").click()
    phone.get_by_alt_text("二维码，内容与下面的密钥相同").wait_for()
    assert phone.evaluate("document.querySelector('img.zb-qr').naturalWidth") > 0
    photograph(phone, "enrol-phone")
    assert phone.problems == []


def test_the_record(desk, account, tree):
    li = queries.actor_for(account("李书记"), clock.today(type("R", (), {})()))
    with transaction.atomic():
        for number in range(12):
            record.write(
                li,
                "life.close_minutes",
                tree.people["赵党员"],
                organisation=tree.a,
                present=number,
                expected=23,
            )
    sign_in(desk, "李书记")
    desk.goto("/record/")
    photograph(desk, "record-desk")
    desk.get_by_role("link", name="核验").click()
    desk.get_by_text("留痕完整，没有改动。").wait_for()
    photograph(desk, "verify-desk")
    assert desk.problems == []
