"""A token in every text of a neighbour's part of the tree never reaches anybody outside of it."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse

from zhibu.register import imports
from zhibu.register.models import Membership, MobileSpell, Organisation, Person, Post, Term

from .conftest import NOW, TODAY, import_file, officer_at, sample
from .rosters import people, workbook

CANARY = "金丝雀"


@pytest.fixture
def neighbour(committee):
    """Another committee with a branch, a group, a person in a post and away, a term, and an import."""
    top = Organisation.objects.create(
        code=f"{CANARY}1",
        name=f"{CANARY}党委",
        short_name=CANARY,
        kind="primary_committee",
        path="0002",
        initials="jsq",
    )
    rows = people(2)
    for number, row in enumerate(rows):
        row |= {
            "所在党支部": f"{CANARY}党支部",
            "姓名": f"{CANARY}{'甲乙'[number]}",
            "工作岗位": CANARY,
            "备注": CANARY,
        }
        row |= {"是否流动党员": "是", "外出地点": CANARY, "党小组": f"{CANARY}党小组"}
    rows[0]["党内职务"] = "党支部书记"
    import_file(top, workbook(rows), actor=officer_at(top))
    branch = Organisation.objects.get(name=f"{CANARY}党支部")
    Term.objects.create(organisation=branch, elected_on=TODAY, expires_on=TODAY, valid_until=TODAY)
    return branch


def told(answer):
    """Everything a response says: its text, its headers, and what is packed in a workbook."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    parts = [content.decode(errors="replace"), str(answer.headers)]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts += [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    return "\n".join(parts)


def test_nothing_of_a_neighbour_is_seen_anywhere(enter, officer, committee, neighbour):
    imported = import_file(committee, sample("roster-clean")[0])
    # the neighbour's file was made first; the same number under another name must not tell
    probe = people(1)
    staged = imports.stage(
        officer_at(committee),
        organisation=committee,
        data=workbook(probe),
        filename="x.xlsx",
        today=TODAY,
        now=NOW,
    )
    client = enter(officer)
    foreign = [*Person.objects.filter(name__contains=CANARY).values_list("pk", flat=True)]
    batch = staged.pk - 1 if staged.pk - 1 != imported.batch else staged.pk - 2
    post = Post.objects.get(person__in=foreign).pk
    places = Organisation.objects.filter(path__startswith="0002").values_list("pk", flat=True)
    closed = []
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
    ):
        closed += [reverse(f"register:{name}", args=[pk]) for pk in foreign]
    for name in (
        "organisation",
        "edit_organisation",
        "move_organisation",
        "close_organisation",
        "record_term",
        "appoint",
        "add_person",
    ):
        closed += [reverse(f"register:{name}", args=[pk]) for pk in places]
    closed += [f"{reverse('register:members')}?organisation={pk}" for pk in places]
    closed += [f"{reverse('register:create_organisation')}?parent={pk}" for pk in places]
    closed += [reverse("register:dismiss", args=[post]), reverse("register:import_batch", args=[batch])]
    closed += [reverse("register:undo_import", args=[batch])]
    wrong = {}
    for address in closed:
        for answer in (client.get(address), client.post(address, {"reason": "x", "field": "id"})):
            if answer.status_code != 404 or CANARY in told(answer):
                wrong[address] = answer.status_code
    assert wrong == {}
    q = f"?q={CANARY}"
    open_pages = [
        "", "?q=jsq", *(f"search{each}" for each in (q, "?q=jsq")), f"members{q}", "members", "members?mobile=1",
        "members?sort=-name", "import", "export", f"import/{staged.pk}", f"import/{imported.batch}",
    ]  # fmt: skip
    pages = {address: client.get(f"/register/{address}") for address in open_pages}
    assert {address: page.status_code for address, page in pages.items()} == dict.fromkeys(open_pages, 200)
    # what one typed is shown again; that alone is no leak
    assert [address for address, page in pages.items() if CANARY in told(page).replace(q[3:], "", 2)] == []
    exported = client.post(
        reverse("register:export_roster"), {"organisation": committee.pk, "reason": "核对", "unmasked": "on"}
    )
    assert (exported.status_code, CANARY in told(exported)) == (200, False)
    assert (
        client.post(
            reverse("register:export_roster"), {"organisation": neighbour.pk, "reason": "核对"}
        ).status_code
        == 200
    )
    assert Membership.objects.filter(organisation=neighbour, until=None).count() == 2
    assert MobileSpell.objects.filter(place=CANARY, until=None).count() == 2
