"""The pages: who may open them, what stands on them, and how many questions they ask the database."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhibu.record.models import Entry, ImportBatch
from zhibu.register import secrets
from zhibu.register.models import Membership, Organisation, Person, Post

from .conftest import import_file, sample

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def upload(name="roster-clean"):
    return SimpleUploadedFile(f"{name}.xlsx", sample(name)[0], content_type=XLSX)


@pytest.fixture
def one(imported):
    """Somebody of the roster who is neither in a post nor away."""
    return Person.objects.get(name="闫桐")


def test_every_page_opens_for_the_officer(enter, officer, imported, one):
    client = enter(officer)
    branch = Organisation.objects.get(name="离退休党支部")
    group = Organisation.objects.filter(kind="party_group").first()
    post = Post.objects.filter(organisation=branch).first()
    committee = branch.parent
    addresses = [
        reverse("register:tree"),
        reverse("register:tree") + "?q=jx",
        reverse("register:search") + "?q=采矿",
        *(reverse("register:organisation", args=[pk]) for pk in (committee.pk, branch.pk, group.pk)),
        reverse("register:create_organisation"),
        reverse("register:create_organisation") + f"?parent={branch.pk}",
        *(
            reverse(f"register:{name}", args=[branch.pk])
            for name in (
                "edit_organisation",
                "move_organisation",
                "close_organisation",
                "record_term",
                "appoint",
                "add_person",
            )
        ),
        reverse("register:appoint", args=[group.pk]),
        reverse("register:dismiss", args=[post.pk]),
        reverse("register:members"),
        reverse("register:members")
        + f"?organisation={branch.pk}&sex=2&band=61&stage=full_member&mobile=1&q=张&sort=-born_on",
        *(
            reverse(f"register:{name}", args=[one.pk])
            for name in (
                "member",
                "edit_person",
                "reveal",
                "join",
                "transfer",
                "change_stage",
                "assign_group",
                "leave",
                "record_mobile",
                "end_mobile",
            )
        ),
        reverse("register:import_roster"),
        reverse("register:roster_template"),
        reverse("register:import_batch", args=[imported.batch]),
        reverse("register:undo_import", args=[imported.batch]),
        reverse("register:export_roster"),
        reverse("register:first_organisation"),
    ]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


def test_nobody_without_a_post_sees_the_register(enter, imported, one):
    client = enter(one)
    refused = [
        client.get(reverse("register:tree")).status_code,
        client.get(reverse("register:members")).status_code,
        client.get(reverse("register:member", args=[one.pk])).status_code,
        client.get(reverse("register:import_roster")).status_code,
        client.post(reverse("register:undo_import", args=[imported.batch])).status_code,
    ]
    assert refused == [404] * 5


def test_the_whole_way_of_a_roster(enter, officer, committee):
    client = enter(officer)
    answer = client.post(reverse("register:import_roster"), {"organisation": committee.pk, "file": upload()})
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("register:import_batch", args=[batch.pk])
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "核对通过，还没有写入" in page.content.decode()
    assert Person.objects.count() == 1
    form = page.context["form"]
    data = {f"form-{key}": value for key, value in form.management_form.initial.items()}
    for number, row in enumerate(form.forms):
        data |= {f"form-{number}-{key}": value for key, value in row.initial.items()}
    data["form-4-unit_type"] = "service"
    answer = client.post(answer.url, data, follow=True)
    assert "新登记 233 人" in answer.content.decode()
    assert Membership.objects.filter(until=None).count() == 233
    assert Organisation.objects.get(name=form.forms[4].initial["name"]).unit_type == "service"
    assert ImportBatch.objects.get().staged == []
    again = client.post(
        reverse("register:import_roster"), {"organisation": committee.pk, "file": upload()}, follow=True
    )
    assert "都已在册，内容相同" in again.content.decode()
    client.post(reverse("register:undo_import", args=[batch.pk]))
    assert Person.objects.count() == 1


def test_a_refused_roster_names_rows_and_remedies(enter, officer, committee):
    client = enter(officer)
    answer = client.post(
        reverse("register:import_roster"),
        {"organisation": committee.pk, "file": upload("roster-sample")},
        follow=True,
    )
    text = answer.content.decode()
    assert all(f"第 {row} 行" in text for row in (48, 105, 136, 140, 175, 182, 189, 200, 208, 214))
    assert "导入 233 人" not in text


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04 not really", "姓名,号码\n".encode()])
def test_what_is_no_workbook_is_refused_on_the_page(enter, officer, committee, content):
    client = enter(officer)
    file = SimpleUploadedFile("x.xlsx", content, content_type=XLSX)
    answer = client.post(reverse("register:import_roster"), {"organisation": committee.pk, "file": file})
    assert answer.status_code in {200, 409}
    assert ImportBatch.objects.count() == 0
    assert "文件" in answer.content.decode()


def test_an_operator_imports_without_seeing_people(enter, committee):
    client = enter(operator=True)
    answer = client.post(
        reverse("register:import_roster"), {"organisation": committee.pk, "file": upload()}, follow=True
    )
    assert answer.status_code == 200
    assert client.get(reverse("register:members")).status_code == 404
    assert client.get(reverse("register:tree")).status_code == 404


def test_the_first_organisation_and_its_officer(enter, db):
    client = enter(operator=True)
    nobody = {"name": "县矿业集团党委", "kind": "primary_committee", "unit_type": "production"}
    assert "还没有填。" in client.post(reverse("register:first_organisation"), nobody).content.decode()
    assert Organisation.objects.count() == 0, "without an officer nobody could ever open it"
    answer = client.post(
        reverse("register:first_organisation"),
        {
            "name": "县矿业集团党委",
            "kind": "primary_committee",
            "unit_type": "production",
            "officer": "李 组织",
        },
    )
    assert answer.status_code == 302
    assert list(Organisation.objects.values_list("name", "path", "code")) == [
        ("县矿业集团党委", "0001", "001")
    ]
    assert list(Post.objects.values_list("person__name", "kind")) == [("李组织", "committee_officer")]
    # somebody else than who founds it: the operator goes on without personal data, and without a search for it
    assert client.get(reverse("register:tree")).status_code == 404
    assert "找组织" not in client.get(reverse("register:import_roster")).content.decode()
    again = client.post(
        reverse("register:first_organisation"),
        {"name": "另一个", "kind": "primary_committee", "unit_type": "production", "officer": "李四"},
    )
    assert again.status_code == 409
    assert Organisation.objects.count() == 1


def test_a_full_number_is_shown_for_a_reason_and_recorded(enter, officer, one):
    client = enter(officer)
    number = secrets.open_id(one.id_sealed)
    page = client.get(reverse("register:member", args=[one.pk])).content.decode()
    assert number not in page
    address = reverse("register:reveal", args=[one.pk])
    assert number not in client.post(address, {"field": "id", "reason": " "}).content.decode()
    assert Entry.objects.filter(act="register.reveal").count() == 0
    shown = client.post(address, {"field": "id", "reason": "办理组织关系转接"})
    assert number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    entry = Entry.objects.get(act="register.reveal")
    assert (entry.subject_id, "办理组织关系转接" in entry.values, number in entry.values) == (
        one.pk,
        True,
        False,
    )


def test_two_editors_get_both_versions(enter, officer, one):
    client = enter(officer)
    address = reverse("register:edit_person", args=[one.pk])
    given = {
        "name": one.name,
        "position": "离休人员",
        "version": 1,
        "joined_on": one.joined_on,
        "full_since": one.full_since,
    }
    assert client.post(address, given).status_code == 302
    answer = client.post(address, {**given, "position": "内退人员"})
    assert answer.status_code == 409
    assert "离休人员" in answer.content.decode()
    assert "内退人员" in answer.content.decode()
    assert Person.objects.get(pk=one.pk).position == "离休人员"


@pytest.mark.parametrize("needle", ["闫桐", "yt", "yant", "8859", "5978"])
def test_people_are_found_by_name_pinyin_and_part_of_the_phone(enter, officer, one, needle):
    rows = enter(officer).get(reverse("register:members"), {"q": needle}).context["rows"]
    assert one.pk in [row.person for row in rows]


def test_three_digits_find_nobody(enter, officer, one):
    assert enter(officer).get(reverse("register:members"), {"q": "885"}).context["rows"] == []


def test_lists_ask_the_same_number_of_questions_whatever_their_length(
    enter, officer, imported, django_assert_num_queries
):
    client = enter(officer)
    keep = {1: "闫桐", 3: "欧阳", 50: ""}
    client.get(reverse("register:members"))
    for needle in keep.values():
        with django_assert_num_queries(7):
            client.get(reverse("register:members"), {"q": needle})
    with django_assert_num_queries(7):
        client.get(reverse("register:tree"))
    with django_assert_num_queries(7):
        client.get(reverse("register:tree"), {"q": "jg"})


def test_the_export_reads_back_as_the_same_roster(enter, officer, imported, committee):

    client = enter(officer)
    given = {"organisation": committee.pk, "reason": "上级统计", "unmasked": "on"}
    exported = client.post(reverse("register:export_roster"), given)
    again = import_file(committee, exported.content)
    assert ([each.to_json() for each in again.refused], again.changes_nothing, again.data_rows) == (
        [],
        True,
        233,
    )
    masked = client.post(reverse("register:export_roster"), {**given, "unmasked": ""})
    refused = import_file(committee, masked.content)
    assert {each.cause for each in refused.refused} == {"id_characters", "phone_not_valid"}
    assert Entry.objects.filter(act="register.export_roster").count() == 2
