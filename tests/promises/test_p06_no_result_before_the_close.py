"""Nobody learns anything of a result before there is one: every address, as everyone, asked for and sent to.

Two worlds differ in nothing but how people voted so far. Whoever could tell them apart, by any answer, could read a result
while votes are still cast: by name, on papers of which one teller has entered a count, or in a box.
"""

import io
import json
import re
import zipfile
from dataclasses import dataclass

import pytest
from django.db import transaction

from tests.journeys.walker import WORDS, routes
from tests.promises.voters import LONG_AGO, NOW, crowd
from zhibu.accounts.models import User
from zhibu.ballots import actions, box
from zhibu.ballots.models import Ballot, Official
from zhibu.notices.throttle import Throttle
from zhibu.register.models import Organisation, Person, Post

pytestmark = pytest.mark.django_db
HERE = {"host": "localhost"}
QUICK = ("chair", "teller")
EVERYONE = (
    "chair",
    "deputy",
    "member",
    "voter",
    "teller",
    "scrutineer",
    "officer",
    "operator",
    "outsider",
    "nobody",
)
# what ends the vote is done by whoever may, and then the vote has ended; and what ends the session of who is walking
ENDS = {"ballots:close", "account_logout", "accounts:sign_out_everywhere"}
# tokens, times of the day with their fractions, the second that a signed cookie carries, and how long a packed file is
NOISE = re.compile(
    r"[A-Za-z0-9+/=_-]{16,}|\d{1,2}:\d\d(:\d\d)?|(?<=\.)\d{6}|(?<=:)1[A-Za-z0-9]{5}(?=:)|\d+(?= 字节)"
)


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.ZHIBU_PAPERS, settings.MEDIA_ROOT = tmp_path / "papers", tmp_path / "media"
    settings.ZHIBU_TODAY, settings.ZHIBU_SECOND_FACTOR = NOW.date().isoformat(), "none"
    settings.ALLOWED_HOSTS = ["*"]


@dataclass
class Hall:
    """Three votes of one branch that are under way, and who looks at them."""

    made: object
    named: Ballot
    paper: Ballot
    users: dict
    trackers: list

    @property
    def ballots(self):
        return [self.made.ballot.pk, self.named.pk, self.paper.pk]

    def vote(self, word):
        """The same people have voted and counted, one way or the other; the database is all that knows."""
        self.named.voters.filter(number__lte=7).update(named_choice=json.dumps({"": "yes"}))
        # of those nobody here is: one's own vote by name stands in one's own data
        others = [self.made.people[1], self.made.people[6]]
        self.named.voters.filter(person__in=others).update(named_choice=json.dumps({"": word}))
        other = "no" if word == "yes" else "yes"
        entry = {"issued": 8, "returned": 8, "void": 0, word: 7, other: 1, "abstain": 0}
        Official.objects.filter(ballot=self.paper, person=self.made.people[0]).update(entry=json.dumps(entry))


@pytest.fixture
def hall():
    made = crowd(8)
    above = Organisation.objects.create(
        code="A", name="上级党委", kind="primary_committee", path="00", founded_on=LONG_AGO
    )
    officer = Person.objects.create(name="上级专员")
    posts = [
        (3, made.branch, "secretary"), (4, made.branch, "deputy_secretary"), (None, above, "organisation_officer"),
    ]  # fmt: skip
    for place, organisation, kind in posts:
        person = officer if place is None else made.people[place]
        Post.objects.create(person=person, organisation=organisation, kind=kind, since=LONG_AGO, known_at=1)
    people = {"chair": 3, "deputy": 4, "member": 7, "voter": 5, "teller": 0, "scrutineer": 2}
    users = {
        name: User.objects.create_user(name, password="p", person=made.people[place])
        for name, place in people.items()
    }
    users["officer"] = User.objects.create_user("officer", password="p", person=officer)
    users["operator"] = User.objects.create_user("operator", password="p", is_operator=True)
    users["outsider"] = User.objects.create_user(
        "outsider", password="p", person=Person.objects.create(name="外人")
    )
    devices = [made.issue(person) for person in made.people[:6]]
    made.open()
    for place, device in enumerate(devices):
        box.cast(made.ballot.code, made.paper(device, "yyyynb"[place]))
    found = Hall(made, begun(made, "named"), begun(made, "paper"), users, [each.tracker for each in devices])
    voters = list(found.paper.voters.filter(no_vote="", excluded="").values_list("pk", flat=True))
    actions.mark_present(made.chair, ballot=found.paper, present=voters, now=NOW)
    found.paper.refresh_from_db()
    actions.close(made.chair, ballot=found.paper, now=NOW)
    return found


def begun(made, way):
    ballot = actions.open_ballot(
        made.chair, organisation=made.branch, rule="general-meeting" if way == "named" else "admission", title=f"表决{way}",
        way=way, voted_on=NOW.date(), now=NOW,
    )  # fmt: skip
    for place, duty in enumerate(("teller", "teller", "scrutineer")):
        Official.objects.create(ballot=ballot, person=made.people[place], duty=duty)
    return actions.start(made.chair, ballot=ballot, now=NOW)


def urls(hall, *, rooms=None):
    """Every address, of every vote that it can name."""
    for name, route, _view in routes():
        if rooms and name.split(":")[0] not in rooms:
            continue
        numbers = hall.ballots if route.startswith("ballots/") else [hall.made.branch.pk]
        for number in numbers if "<int:pk>" in route or "<int:" in route else [0]:
            filled = route.replace("<int:pk>", str(number)).replace("<int:voter>", str(first_voter(number)))
            filled = re.sub(r"<int:\w+>", str(number), filled).replace("<str:code>", hall.made.ballot.code)
            yield name, "/" + re.sub(r"<\w+:(\w+)>", lambda place: WORDS.get(place[1], ("x",))[0], filled)


def first_voter(ballot):
    line = Ballot.objects.filter(pk=ballot).values_list("voters__pk", flat=True).first()
    return line or 1


def answers(client, hall, who, *, rooms=None):
    """What everyone's every request is answered, without what is new in each answer."""
    client.logout()
    if who != "nobody":
        client.force_login(hall.users[who], backend="zhibu.accounts.backends.PhoneOrName")
    told = {}
    for name, url in urls(hall, rooms=rooms):
        if name in ENDS:
            continue
        for method in ("get", "post"):
            # whoever asks so much is slowed down after a while, and after how much depends on how fast this runs
            Throttle.forget_all()
            with transaction.atomic():
                answer = getattr(client, method)(url, headers=HERE)
                text = said(answer)
                transaction.set_rollback(True)
            assert [each for each in hall.trackers if each in text] == [], (who, method, url)
            told[method, url] = (answer.status_code, NOISE.sub("…", text))
    return told


def said(answer):
    """What an answer says; of an archive, and of archives in it, what lies there: bytes and length change with the second."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = {name: value for name, value in answer.items() if body[:2] != b"PK" or name != "Content-Length"}
    return "\n".join([str(headers), str(answer.cookies), *unpacked(body)])


def unpacked(raw):
    """The texts of a file; of an archive those of everything in it."""
    if raw[:2] != b"PK":
        yield raw.decode(errors="replace")
        return
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for name in archive.namelist():
            yield name
            yield from unpacked(archive.read(name))


def look_at(client, hall, roles, rooms=None):
    found, requests = [], 0
    for who in roles:
        hall.vote("yes")
        one = answers(client, hall, who, rooms=rooms)
        hall.vote("no")
        other = answers(client, hall, who, rooms=rooms)
        found += [(who, *key) for key in one if one[key] != other[key]]
        requests += 2 * len(one)
        assert box.count(hall.made.ballot.code) == 6
    print(f"{requests} requests as {len(roles)} roles")
    return found


def test_nobody_can_tell_how_votes_stand(client, hall):
    """In the rooms that know of votes, as a few."""
    assert look_at(client, hall, QUICK, {"ballots", "project"}) == []
    state = client.get(f"/box/{hall.made.ballot.code}/", headers=HERE).json()
    assert state == {"state": "casting", "turnout": 70}


@pytest.mark.slow
@pytest.mark.release
@pytest.mark.parametrize("who", EVERYONE)
def test_nobody_can_tell_anywhere(client, hall, who):
    """At every address there is."""
    assert look_at(client, hall, (who,)) == []


def test_the_same_look_tells_worlds_apart_where_a_result_shows(client, hall):
    """A closed and counted vote by name shows its result: if this look saw nothing, it would see nothing."""
    hall.vote("yes")
    actions.close(hall.made.chair, ballot=hall.named, now=NOW)
    closed = Ballot.objects.get(pk=hall.named.pk)
    actions.enter_tally(hall.made.chair, ballot=closed, entry={}, now=NOW)
    one = answers(client, hall, "chair", rooms={"ballots"})
    Ballot.objects.filter(pk=closed.pk).update(
        vote=Ballot.objects.get(pk=closed.pk).vote.replace("yes", "no")
    )
    other = answers(client, hall, "chair", rooms={"ballots"})
    assert {key for key in one if one[key] != other[key]} >= {("get", f"/ballots/{closed.pk}/")}
