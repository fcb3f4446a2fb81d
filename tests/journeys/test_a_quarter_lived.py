"""A quarter of a branch lived through on its pages by five people; its facts are what a hand counts.

Secretary Li, group leader Zhao, member Chen, a miner who works away, and a visitor of the portal. Only pages and forms are used;
what the quarter holds is then read as facts and compared with the count written beside each step.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.people import township
from tests.rooms.life.test_views import form_of
from zhibu import rulebook
from zhibu.accounts.models import User
from zhibu.analytics.collecting import facts_for
from zhibu.core.calendar import Quarter
from zhibu.letters.models import Missive
from zhibu.life.models import Session
from zhibu.life.models.mobile import Contact
from zhibu.life.planned import Invitation
from zhibu.life.queries import away, missed
from zhibu.notices.actions.sheets import board_of
from zhibu.notices.throttle import Throttle
from zhibu.register.models import MobileSpell
from zhibu.study.models import StudyPlan
from zhibu.undertakings.models import Undertaking

pytestmark = pytest.mark.django_db
LEFT = date(2026, 3, 20)


class Quarterly:
    """The branch, a browser for each person, and the day it is."""

    def __init__(self, settings: Any) -> None:
        self.settings, self.town, self.clients = settings, township(members=3), {}
        self.people = self.town.people
        self.miner = self.people["m0"]
        MobileSpell.objects.create(
            person=self.miner, organisation=self.town.mining, place="广东省深圳市", since=LEFT
        )

    def on(self, day: str) -> None:
        self.settings.ZHIBU_TODAY = day

    def client(self, who: str) -> Client:
        if who not in self.clients:
            user = User.objects.create_user(who, person=self.people[who])
            self.clients[who] = Client()
            self.clients[who].force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
        return self.clients[who]

    def page(self, who: str, address: str) -> str:
        answer = self.client(who).get(address)
        assert answer.status_code == 200, (who, address, answer.status_code)
        return str(answer.content.decode())

    def send(self, who: str, address: str, **told: Any) -> Any:
        """Open a page, fill its form in, send it; it must be taken."""
        shown = self.client(who).get(address)
        assert shown.status_code == 200, (who, address, shown.status_code)
        answer = self.client(who).post(address, form_of(shown) | told)
        assert answer.status_code == 302, (
            who,
            address,
            getattr(answer, "context", None) and answer.context.get("form").errors,
        )
        return answer

    def tap(self, who: str, address: str, **told: Any) -> None:
        """Send a button's form."""
        answer = self.client(who).post(address, told)
        assert answer.status_code == 302, (who, address, answer.status_code)

    def record(self, kind: str, day: str, minutes: int = 0, who: str = "li", **told: Any) -> Session:
        self.on(day)
        more = {"study_minutes": minutes} if minutes else {}
        self.send(who, f"/life/record/?kind={kind}", held_on=day, minutes="会议记录", **more, **told)
        session = Session.objects.latest("pk")
        assert (session.kind, session.state) == (kind, "closed")
        return session


@pytest.fixture
def quarter(db: Any, settings: Any) -> Quarterly:
    cache.clear()
    Throttle.forget_all()
    return Quarterly(settings)


def facts_of(place: Any, names: list[str]) -> dict[str, int]:
    """The facts of the third quarter as the assessment reads them."""
    days = Quarter(2026, 3)
    found = facts_for(rulebook.load(), names, place.path, place.path + "0", days.first, days.last)
    return {name: found[place.pk][name] for name in names}


def test_a_quarter_lived_through(quarter: Quarterly) -> None:
    town, people = quarter.town, quarter.people
    zhao, chen, miner = (people[each].pk for each in ("zhao", "chen", "m0"))
    _july(quarter)

    # --- a general meeting is convened, answered, held without three, and made up
    quarter.on("2026-07-20")
    quarter.send(
        "li", "/life/plan/?kind=general_meeting", planned_on="2026-07-30", starts_at="16:00", place="二楼会议室", then="now"
    )  # fmt: skip
    meeting = Session.objects.latest("pk")
    assert Invitation.objects.filter(session=meeting).count() == 7
    assert "支部党员大会" in quarter.page("chen", "/")
    quarter.tap("chen", f"/life/{meeting.pk}/reply/", answer="excused", reason="当班")
    quarter.on("2026-07-30")
    agenda = {
        "agenda-TOTAL_FORMS": 2, "agenda-INITIAL_FORMS": 0,
        "agenda-0-title": "支委会半年工作报告", "agenda-0-tag": "committee_report", "agenda-0-own": "on",
        "agenda-1-title": "通风机噪声大", "agenda-1-tag": "safety", "agenda-1-own": "on", "agenda-1-resolution": "八月底前换消声器",
    }  # fmt: skip
    quarter.send(
        "li", f"/life/{meeting.pk}/hold/", excused=[chen, miner], absent=[people["m1"].pk], minutes="会议记录", **agenda
    )  # fmt: skip
    meeting.refresh_from_db()
    assert (meeting.state, meeting.expected_count, meeting.present_count) == ("closed", 7, 4)
    due = {"item1-use": "on", "item1-text": "换消声器", "item1-kind": "resolution", "item1-owner": zhao,
           "item1-due_on": "2026-08-31", "item0-kind": "resolution"}  # fmt: skip
    quarter.tap("li", f"/life/{meeting.pk}/follow-up/", **due)
    assert "换消声器" in quarter.page("zhao", "/undertakings/")

    # --- those who were not there: the member and the miner away read it on their own page and make it up
    for who in ("chen", "m0"):
        page = quarter.page(who, f"/life/missed/{meeting.pk}/")
        assert "八月底前换消声器" in page
        quarter.tap(who, f"/life/missed/{meeting.pk}/made-up/", way="study", done_on="2026-07-30")
    quarter.on("2026-08-03")
    for row in missed.reported_in(town.mining):
        quarter.tap("li", f"/life/make-ups/{row.pk}/confirm/")

    # --- the miner says where he is and what he saw; the branch answers, and calls
    quarter.tap("m0", "/life/my-away/keep/", city="深圳", contact="微信 kg00")
    quarter.tap("m0", "/life/my-away/send/", text="那里班前会只开十分钟")
    voice = missed.voices_to(town.mining)[0]
    quarter.send("li", f"/life/voices/{voice.pk}/answer/", answer="下月试行", adopted="on")
    assert "下月试行" in quarter.page("m0", "/life/missed/")
    spell = MobileSpell.objects.get()
    quarter.on("2026-09-10")
    quarter.send("li", f"/life/away/{spell.pk}/contact/", way="phone", held_on="2026-09-10")
    assert away.away_of(miner, date(2026, 9, 10)).standing == "fresh"

    # --- the group leader holds the group's meetings, and closes what he undertook
    for day in ("2026-07-08", "2026-08-05", "2026-09-09"):
        quarter.record("group_meeting", day, who="zhao")
    undertaken = Undertaking.objects.get()
    quarter.on("2026-08-28")
    assert "换消声器" in quarter.page("zhao", "/")
    quarter.send("zhao", f"/undertakings/{undertaken.pk}/done/", result="已换，噪声 82 分贝")
    quarter.send("li", f"/undertakings/{undertaken.pk}/close/", note="现场看过")
    undertaken.refresh_from_db()
    assert undertaken.state == "closed"

    # --- the visitor asks on the portal without signing in, and reads the answer by the receipt
    visitor, board = Client(), f"/portal/{board_of(town.mining).address}/"
    page = visitor.get(f"{board}ask/new/question/").content.decode()
    token = page.split('name="token" value="')[1].split('"')[0]
    sent = visitor.post(f"{board}ask/new/question/", {"text": "预备期从哪天算起？", "token": token})
    code = sent.content.decode().split('class="pb-code">')[1].split("<")[0]
    letter = Missive.objects.get()
    quarter.send("li", f"/letters/{letter.pk}/answer/", answer="从支部大会通过之日算起。")
    assert "从支部大会通过之日算起" in visitor.post(f"{board}ask/receipt/", {"code": code}).content.decode()

    _studied(quarter)
    _counted(quarter)


def _studied(quarter: Quarterly) -> None:
    """The plan of the year as proposed, adopted late; what came of three of its lines."""
    address = "/study/plans/draft/?year=2026"
    proposed = quarter.client("li").get(address).context["items"]
    rows = {
        field.html_name: field.value()
        for part in (proposed.management_form, *proposed)
        for field in part
        if field.value() not in (None, "")
    }
    quarter.tap("li", address, goal="学以致用", **rows)
    plan = StudyPlan.objects.get()
    quarter.tap("li", f"/study/plans/{plan.pk}/adopt/")
    lines = plan.items.filter(way="together", month_on__range=(date(2026, 7, 1), date(2026, 9, 1)))
    for line in lines.order_by("month_on"):
        quarter.tap("li", f"/study/plans/items/{line.pk}/outcome/", outcome="形成两条整改措施")


def _july(quarter: Quarterly) -> None:
    """What is held every month or once a quarter: three committee meetings, three studies, two themed days, one lesson."""
    for day in ("2026-07-09", "2026-08-06", "2026-09-10"):
        quarter.record("committee_meeting", day)
    for day in ("2026-07-10", "2026-08-14", "2026-09-11"):
        quarter.record("group_study", day, minutes=120)
    for day in ("2026-07-16", "2026-08-20"):
        quarter.record("themed_day", day)
    quarter.record("party_lesson", "2026-07-01", minutes=90, d_lecturer=quarter.people["li"].pk)


def _counted(quarter: Quarterly) -> None:
    """By hand: see the steps above. The second group met three times, the first never: three months of groups of six."""
    by_hand = {
        "life.general_meetings": 1, "life.months_with_committee_meeting": 3, "life.party_lessons": 1,
        "life.months_with_themed_day": 2, "life.group_meeting_months": 3, "life.months_with_member_study": 3,
        "life.committee_reports": 1, "life.months_with_committee_study": 0,
        # 450 minutes of study: three times 120 and a lesson of 90
        "life.absences": 3, "life.make_ups": 2, "life.make_ups_in_time": 2,
        "undertakings.resolutions_due": 1, "undertakings.resolutions_in_time": 1,
        # nine months, each with study and a themed day, and three quarters with a lesson; three lines have their effect
        "study.plan_items_due": 21, "study.plan_items_done": 3, "life.study_plans": 1,
        # the visitor's question of 28 August was due on 4 September and answered the same day
        "letters.replies_due": 1, "letters.replies_in_time": 1,
        # of the two items of the general meeting one is a task of the unit
        "life.agenda_items_year": 2, "life.task_items_year": 1, "life.mass_organisation_items": 0,
    }  # fmt: skip
    assert facts_of(quarter.town.mining, list(by_hand)) == by_hand
    assert Contact.objects.count() == 1
