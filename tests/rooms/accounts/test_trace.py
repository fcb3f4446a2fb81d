"""The record as people read it: each their own part of the tree."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from tests.rooms.record.test_chain import unguarded
from tests.rooms.record.test_files import PDF
from zhibu import record
from zhibu.accounts import queries

NOW = datetime(2026, 7, 3, 8, 30, tzinfo=UTC)
TODAY = date(2026, 7, 3)


@pytest.fixture
def written(tree, account):
    li = queries.actor_for(account("李书记"), TODAY)
    qian = queries.actor_for(account("钱外人"), TODAY)
    with transaction.atomic():
        for number in range(60):
            at = NOW + timedelta(days=number)
            record.write(
                li, "life.close_minutes", tree.people["赵党员"], organisation=tree.a, now=at, number=number
            )
        record.write(li, "dues.enter_month", None, organisation=tree.a, now=NOW, note="一月")
        record.write(qian, "life.close_minutes", None, organisation=tree.b, now=NOW, note="二队的事")
        record.write(None, "register.import_roster", None, organisation=None, now=NOW, note="全公司")


def page(browser, path, **query):
    answer = browser.get(path, query)
    assert answer.status_code == 200, path
    return answer.content.decode()


def enter(account, as_user, name):
    from zhibu.accounts.models import User

    return as_user(User.objects.filter(username=name).first() or account(name))


def test_a_secretary_reads_the_own_branch_only(tree, written, account, as_user):
    browser = enter(account, as_user, "李书记")
    told = page(browser, "/record/")
    assert "采矿一队党支部" in told
    assert "归档记录" in told
    assert "二队的事" not in told
    assert browser.get(f"/record/{tree.b.pk}/").status_code == 404
    assert browser.get(f"/record/{tree.b.pk}/verify/").status_code == 404
    assert browser.get("/record/0/").status_code == 404


def test_a_member_reads_none(written, account, as_user):
    assert enter(account, as_user, "赵党员").get("/record/").status_code == 404


def test_an_officer_reads_what_lies_below_and_an_operator_the_installation(
    tree, written, account, as_user, operator
):
    browser = enter(account, as_user, "孙组织员")
    assert "二队的事" in page(browser, f"/record/{tree.b.pk}/")
    assert browser.get("/record/0/").status_code == 404
    assert "全公司" in page(as_user(operator), "/record/")


def test_filters_and_pages(tree, written, account, as_user):
    browser = enter(account, as_user, "李书记")
    first = page(browser, "/record/")
    assert first.count("<tr>") == 51
    assert "before=12" in first
    rest = page(browser, "/record/", before=12)
    assert rest.count("<tr>") == 12
    assert "before=" not in rest.replace("before=12", "")
    assert page(browser, "/record/", act="dues.enter_month").count("<tr>") == 2
    assert (
        page(browser, "/record/", since="2026-07-04", until="2026-07-05", act="life.close_minutes").count(
            "<tr>"
        )
        == 3
    )
    assert "没有符合条件的留痕" in page(browser, "/record/", q="王")
    assert page(browser, "/record/", since="昨天").count("<tr>") == 51


def test_a_page_takes_a_fixed_number_of_queries(written, account, as_user, django_assert_num_queries):
    browser = enter(account, as_user, "李书记")
    browser.get("/record/")
    # session, user, posts, memberships; place, acts, entries, names, organisations
    with django_assert_num_queries(9):
        browser.get("/record/")


def test_verification_says_so_either_way(tree, written, account, as_user):
    browser = enter(account, as_user, "李书记")
    assert "留痕完整，没有改动。" in page(browser, f"/record/{tree.a.pk}/verify/")
    with unguarded() as cursor:
        cursor.execute("UPDATE zb_entry SET actor_name = '别人' WHERE sequence = 7")
    told = page(browser, f"/record/{tree.a.pk}/verify/")
    assert "发现留痕被改动。" in told
    assert "内容与写入时不同" in told


def test_an_attachment_goes_to_who_may_read_its_organisation(tree, account, as_user, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    li = queries.actor_for(account("李书记"), TODAY)
    made = record.attach(
        li,
        subject=tree.people["赵党员"],
        organisation=tree.a,
        read_verb="life.view",
        name="会议记录.pdf",
        content=PDF,
        now=NOW,
    )
    answer = enter(account, as_user, "赵党员").get(f"/record/files/{made.pk}/")
    assert answer.content == PDF
    assert (
        answer["Content-Disposition"]
        == "attachment; filename*=utf-8''%E4%BC%9A%E8%AE%AE%E8%AE%B0%E5%BD%95.pdf"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert enter(account, as_user, "钱外人").get(f"/record/files/{made.pk}/").status_code == 404
    assert enter(account, as_user, "周积极").get(f"/record/files/{made.pk}/").status_code == 404
    assert enter(account, as_user, "赵党员").get("/record/files/999/").status_code == 404
