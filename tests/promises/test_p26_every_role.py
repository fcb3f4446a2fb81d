"""Who wants to find out who wrote what: every address, as everyone, with words that are in letters, answers and help plans.

And a complaint that came past the branch: nobody of the branch can tell the world where it arrived from the one where it did not.
"""

import re
from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.db import transaction

from tests.journeys.walker import NUMBERS, WORDS, routes
from tests.people import person, township
from tests.promises.test_p06_no_result_before_the_close import ENDS, NOISE, said
from tests.rooms.study.people import with_study
from tests.town import NOW
from zhibu.accounts.models import User
from zhibu.concerns import actions as concerns
from zhibu.concerns import answers
from zhibu.letters import actions as letters
from zhibu.register.models import Post
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.told import Undertaken

pytestmark = pytest.mark.django_db
BACKEND = "zhibu.accounts.backends.PhoneOrName"
POSTS = (
    ("li", "secretary", "mining"), ("wang", "deputy_secretary", "mining"), ("zhao", "publicity_officer", "mining"),
    ("zhao", "group_leader", "second_group"), ("jian", "discipline_officer", "mining"), ("qian", "secretary", "depot"),
    ("sun", "committee_officer", "committee"), ("ji", "discipline_officer", "committee"), ("shu", "committee_secretary", "committee"),
)  # fmt: skip
ROLES = ("nobody", "operator", "li", "wang", "zhao", "jian", "chen", "zhou", "qian", "sun", "ji", "shu")
# words, and who may read them: of an answer nobody while it is collected, of a complaint the discipline officer and the secretary of the committee
SUGGESTION, CONTACT, NAMED, COMPLAINT = "金丝雀建议语", "金丝雀联系语", "金丝雀署名语", "金丝雀反映语"
ANSWER, WORDS_SAID, HELP, HELPED, CONFLICT = (
    "金丝雀答卷语",
    "金丝雀文字语",
    "金丝雀帮扶语",
    "金丝雀称呼语",
    "金丝雀纠纷语",
)
ALL = (SUGGESTION, CONTACT, NAMED, COMPLAINT, ANSWER, WORDS_SAID, HELP, HELPED, CONFLICT)
# a secret of one's own, drawn anew whenever it is asked for
NEW_EACH_TIME = {"mfa_activate_totp"}


@pytest.fixture
def world(settings, tmp_path):
    settings.ZHIBU_PAPERS, settings.MEDIA_ROOT = tmp_path / "papers", tmp_path / "media"
    settings.ZHIBU_TODAY, settings.ZHIBU_SECOND_FACTOR = NOW.date().isoformat(), "none"
    settings.ALLOWED_HOSTS = ["*"]
    town = township()
    for name, place in (("jian", town.mining), ("ji", town.depot), ("shu", town.depot)):
        town.people[name] = person(f"{name}同志", name, place)
    Post.objects.all().delete()
    for name, kind, place in POSTS:
        Post.objects.create(
            person=town.people[name], organisation=getattr(town, place), kind=kind, since=date(2020, 1, 1), known_at=1,
            in_committee=int(place == "mining"),
        )  # fmt: skip
    return town


def filled(town):
    """Everything that has words of somebody."""
    li = with_study(town.li)
    send = lambda kind, text, **more: letters.receive(
        organisation=town.mining, kind=kind, text=text, receipt=text, now=NOW, **more
    )
    letter = send("suggestion", SUGGESTION, contact=CONTACT)
    letters.take_up_suggestion(li, letter=letter, title="改了说法的建议", now=NOW)
    letters.write_letter(
        with_study(town.chen), organisation=town.mining, kind="question", text=NAMED, now=NOW
    )
    due = NOW.date() + timedelta(days=20)
    ask = lambda day: concerns.open_survey(
        town.li,
        organisation=town.mining,
        kind="mood",
        audience="members",
        closes_on=day.date() + timedelta(days=5),
        now=day,
    )
    before = NOW - timedelta(days=60)
    for day, words in ((before, WORDS_SAID), (NOW, ANSWER)):
        survey = ask(day)
        for each in range(10):
            answers.put(survey.code, f"{day}{each}", {"state": "good", "first": words})
        if day == before:
            concerns.count_survey(town.li, survey=survey, now=before + timedelta(days=6))
    told = (
        ("help_plan", HELP, {"about": town.people["chen"].pk}), ("help_plan", HELPED, {"whom": "张师傅"}),
        ("conflict", CONFLICT, {"problem": CONFLICT}),
    )  # fmt: skip
    for kind, text, more in told:
        what = Undertaken(kind, text=text, owner=town.people["wang"].pk, due_on=due, **more)
        undertakings.undertake(town.li, organisation=town.mining, what=what, now=NOW)


def urls(town, rooms=()):
    """Every address with the numbers of all rows that its kind has."""
    from django.apps import apps

    keys = {}
    for model in apps.get_models():
        keys[model._meta.db_table] = model
    for name, route, _view in routes():
        if name in ENDS | NEW_EACH_TIME or (rooms and name.split(":")[0] not in rooms):
            continue
        number = next((begin for begin in NUMBERS if route.startswith(begin)), None)
        model = keys.get(NUMBERS[number]) if number else None
        rows = list(model.objects.values_list("pk", flat=True)[:4]) if model else [town.mining.pk]
        for row in rows if "<int:" in route else [0]:
            url = re.sub(r"<int:\w+>", str(row), route)
            yield "/" + re.sub(r"<\w+:(\w+)>", lambda place: WORDS.get(place[1], ("x",))[0], url)


def asked(client, town, who, queries, rooms=()):
    """(address, what it says) of everything, asked for as somebody."""
    client.logout()
    if who != "nobody":
        user = User.objects.filter(username=who).first() or User.objects.create_user(
            who, person=town.people.get(who), is_operator=who == "operator"
        )
        client.force_login(user, backend=BACKEND)
    for url in urls(town, rooms):
        for query in queries:
            with transaction.atomic():
                answer = client.get(url + query, headers={"host": "localhost"})
                text = said(answer)
                transaction.set_rollback(True)
            yield url + query, answer.status_code, text


MAY_READ = {
    "li": {SUGGESTION, CONTACT, NAMED, WORDS_SAID, HELP, HELPED, CONFLICT},
    "wang": {SUGGESTION, CONTACT, NAMED, WORDS_SAID, HELP, HELPED, CONFLICT},
    "zhao": {SUGGESTION, CONTACT, NAMED, WORDS_SAID, CONFLICT},
    "jian": {WORDS_SAID, CONFLICT},
    "chen": {NAMED, HELP},
    "sun": {SUGGESTION, CONTACT, NAMED, CONFLICT},
    "ji": {COMPLAINT},
    "shu": {COMPLAINT, CONFLICT},
}


def readers(client, town, rooms=()):
    found = defaultdict(set)
    for who in ROLES:
        # the beginning of a word, which says none of them, also where things are searched for
        for _url, status, text in asked(
            client, town, who, ("",) if rooms else ("", f"?q={ALL[0][:3]}"), rooms
        ):
            assert status < 500, (who, _url)
            found[who] |= {word for word in ALL if word in text}
    return {who: words for who, words in found.items() if words}


def complain(town):
    letters.receive(organisation=town.mining, kind="complaint", text=COMPLAINT, receipt="c", now=NOW)


@pytest.mark.slow
@pytest.mark.release
def test_who_reads_what(client, world):
    filled(world)
    complain(world)
    assert readers(client, world) == MAY_READ


@pytest.mark.slow
@pytest.mark.release
def test_nobody_of_the_branch_can_tell_that_there_is_a_complaint(client, world):
    filled(world)
    for who in ("li", "wang", "jian", "chen", "qian", "operator", "nobody"):
        look = lambda who=who: {
            url: (status, NOISE.sub("…", text)) for url, status, text in asked(client, world, who, ("",))
        }
        before = look()
        with transaction.atomic():
            complain(world)
            after = look()
            transaction.set_rollback(True)
        told = {url for url in before if before[url] != after[url]}
        assert (who, told) == (who, set())
    # the same look sees it where it may be seen
    before = {url: text for url, _status, text in asked(client, world, "ji", ("",), {"letters"})}
    complain(world)
    assert any(
        before.get(url) != text for url, _status, text in asked(client, world, "ji", ("",), {"letters"})
    )


def test_in_the_rooms_that_know_of_letters(client, world):
    filled(world)
    complain(world)
    found = readers(client, world, {"letters"})
    letters_only = {SUGGESTION, CONTACT, NAMED, COMPLAINT}
    assert found == {who: words & letters_only for who, words in MAY_READ.items() if words & letters_only}
