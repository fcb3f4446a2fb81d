"""The rows of the tree along whose walls is walked: two companies, committees, branches, groups, and who is who."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from tests.people import dues_entry
from zhibu import record, rulebook
from zhibu.accounts.channels import Channel
from zhibu.accounts.models import User
from zhibu.accounts.queries import actor_for
from zhibu.assessment import actions as assessment
from zhibu.assessment.models import Appeal, Rectification, Review, Run, SelfReview
from zhibu.ballots.models import Ballot, Choice, Official, Voter
from zhibu.concerns.models import Analysis, Survey
from zhibu.core.calendar import Quarter
from zhibu.core.snapshot import plain
from zhibu.letters.models import Bulletin, Missive, Proposal
from zhibu.life.imports.report import Finding as LedgerFinding
from zhibu.life.imports.report import Report as LedgerReport
from zhibu.life.models import (
    AgendaItem,
    Attendance,
    Correction,
    Decision,
    Examination,
    FiledDocument,
    MinutesDraft,
    Remark,
    Session,
    Talk,
)
from zhibu.life.models.missing import Exemption, MakeUp, Voice
from zhibu.life.models.mobile import Contact, MobileCard
from zhibu.life.planned import Invitation, Plan, PlanItem, RecurringDay, Shift
from zhibu.notices.models import Notice, NoticeSheet, Objection, Posting
from zhibu.pledges.models import Mark, Zone
from zhibu.premises.models import Fixture, Honour
from zhibu.procedures.models import Case, CaseEvent, CasePaper, StepTaken
from zhibu.production.models import Campaign, Figures
from zhibu.record import vault
from zhibu.record.models import Attachment, ImportBatch, Letter
from zhibu.register.identity import check_digit
from zhibu.register.imports.report import Finding, Report
from zhibu.register.models import (
    Membership,
    MobileSpell,
    Organisation,
    Person,
    PhoneToken,
    Placement,
    Post,
    Term,
)
from zhibu.register.secrets import phone_tokens, seal_id, seal_phone
from zhibu.search.keeping import keep
from zhibu.study.models import Material, SelfTest, StudyPlan, StudyPlanItem, StudyRecord, TutorTurn
from zhibu.undertakings.models import Helper, Step, Undertaking

if TYPE_CHECKING:
    from tests.journeys.planted import Garden

LONG_AGO = date(2015, 7, 1)
TODAY = date(2026, 7, 20)
NOW = datetime(2026, 7, 20, 2, 0, tzinfo=UTC)
QUARTER = Quarter(2026, 2)
KNOWN = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp() * 1000)
PASSWORD = "Kuangshan-2026-kaihui"
PDF = b"%PDF-1.4\nnothing to see\n%%EOF\n"

TREE = (
    ("R", "0001", "primary_committee"), ("A", "00010001", "primary_committee"), ("A1", "000100010001", "branch"),
    ("A1g", "0001000100010001", "party_group"), ("A1h", "0001000100010002", "party_group"),
    ("A2", "000100010002", "branch"), ("B", "00010002", "primary_committee"), ("B1", "000100020001", "branch"),
    ("B1g", "0001000200010001", "party_group"), ("C", "000100020002", "general_branch"),
    ("C1", "0001000200020001", "branch"), ("S", "0002", "primary_committee"), ("S1", "00020001", "branch"),
)  # fmt: skip
# who signs in: where they belong, the post and where it is held
STAFF = (
    ("root_officer", "R", "committee_officer", "R"), ("officer_a", "A", "committee_officer", "A"),
    ("officer_b", "B", "committee_officer", "B"), ("officer_s", "S", "committee_officer", "S"),
    ("committee_secretary_a", "A", "committee_secretary", "A"), ("general_secretary", "C1", "secretary", "C"),
    ("secretary", "A1", "secretary", "A1"), ("committee_member", "A1", "committee_member", "A1"),
    ("discipline_officer", "B1", "discipline_officer", "B1"), ("secretary_b", "B1", "secretary", "B1"),
    ("group_leader", "A1", "group_leader", "A1g"), ("member", "A1", "", ""), ("activist", "A2", "", ""),
    ("probationary", "S1", "", ""), ("expired", "A2", "secretary", "A2"), ("no_posts", "A2", "", ""),
)  # fmt: skip


MOTION = json.dumps(plain(rulebook.load(()).votes["general-meeting"]), ensure_ascii=False)


def build(garden: Garden) -> None:
    """Everything, before its texts are overwritten."""
    for code, path, kind in TREE:
        _place(garden, code, path, kind)
    for number, (name, home, post, where) in enumerate(STAFF):
        _employ(garden, name, home, post, where, number)
    garden.users["operator"] = User.objects.create_user("operator", PASSWORD, is_operator=True)
    for number, place in enumerate([each for each in garden.places.values() if each.is_branch]):
        _furnish(garden, place, number)
    for code in ("R", "A", "B", "S"):
        _import(garden, garden.places[code])
    _assess(garden)
    _enter(garden)


def id_number(serial: int) -> str:
    """A valid identity number of nobody."""
    digits = f"1301{serial // 1000 % 10}11980010{serial % 9 + 1}{serial % 1000:03d}"[:17]
    return digits + check_digit(digits)


def phone(serial: int) -> str:
    return f"1380{serial:07d}"


def _place(garden: Garden, code: str, path: str, kind: str) -> None:
    parent = next((each for each in garden.places.values() if each.path == path[:-4]), None)
    place = Organisation.objects.create(
        code=code, name=code, kind=kind, path=path, parent=parent, founded_on=LONG_AGO, unit_type="production"
    )
    garden.places[code] = place
    Placement.objects.create(organisation=place, parent=parent, name=code, since=LONG_AGO, until=TODAY)
    if kind != "party_group":
        until = TODAY + timedelta(days=300)
        Term.objects.create(
            organisation=place,
            elected_on=LONG_AGO,
            expires_on=until,
            valid_until=until,
            seats=5,
            known_at=KNOWN,
        )


def person(
    name: str, home: Organisation | None, serial: int, stage: str = "full_member", **spell: Any
) -> Person:
    """Someone with sealed numbers; belonging to a branch if one is given."""
    identity, number = id_number(serial), phone(serial)
    sealed_id, id_index = seal_id(identity)
    sealed_phone, phone_index = seal_phone(number)
    made = Person.objects.create(
        name=name, id_sealed=sealed_id, id_index=id_index, phone_sealed=sealed_phone, phone_index=phone_index,
        joined_on=LONG_AGO, full_since=LONG_AGO, born_on=date(1980, 1, 1), sex="1",
    )  # fmt: skip
    PhoneToken.objects.bulk_create(PhoneToken(person=made, token=each) for each in phone_tokens(number))
    if home is not None:
        Membership.objects.create(
            person=made, organisation=home, stage=stage, **{"since": LONG_AGO, "known_at": KNOWN, **spell}
        )
    return made


STAGES = {"activist": "activist", "probationary": "probationary_member"}


def _employ(garden: Garden, name: str, home: str, post: str, where: str, serial: int) -> None:
    place = garden.places[home]
    ended = {"until": date(2020, 1, 1)} if name in {"expired", "no_posts"} else {}
    branch = place if place.is_branch else None
    who = garden.people[name] = person(name, branch, 100 + serial, STAGES.get(name, "full_member"), **ended)
    if post:
        Post.objects.create(
            person=who, organisation=garden.places[where], kind=post, since=LONG_AGO, known_at=KNOWN,
            in_committee=int(post != "group_leader"), until=TODAY if name == "expired" else None,
        )  # fmt: skip
    garden.users[name] = User.objects.create_user(name, PASSWORD, person=who)


def _furnish(garden: Garden, place: Organisation, number: int) -> None:
    """Everything a branch can have, once."""
    group = Organisation.objects.filter(parent=place, kind="party_group").first()
    first = person("p", place, 200 + 3 * number, party_group=group)
    second = person("p", place, 201 + 3 * number)
    learner = person("p", place, 202 + 3 * number, "activist", since=date(2025, 1, 1))
    MobileSpell.objects.create(person=second, organisation=place, place="x", since=LONG_AGO)
    Post.objects.create(
        person=first,
        organisation=place,
        kind="organisation_officer",
        since=LONG_AGO,
        in_committee=1,
        duties="x",
    )
    garden.people[f"first_{place.code}"] = first
    User.objects.create_user(f"user_{place.code}", person=first)
    for kind, group_of, state in (
        ("general_meeting", None, "held"), ("committee_meeting", None, "closed"), ("party_lesson", None, "planned"),
        ("themed_day", None, "cancelled"), ("group_meeting", group, "held"),
    ):  # fmt: skip
        if kind != "group_meeting" or group is not None:
            _meeting(garden, place, kind, group_of, state, [first, second])
    Talk.objects.create(
        organisation=place, person=learner, talker=first, kind="activist_talk", held_on=QUARTER.first,
        entered_on=QUARTER.first, known_at=KNOWN,
    )  # fmt: skip
    Examination.objects.create(
        organisation=place, person=learner, held_on=QUARTER.first, entered_on=QUARTER.first, known_at=KNOWN
    )
    document = FiledDocument.objects.create(
        organisation=place, kind="year_plan", title="x", covers_on=date(2026, 1, 1), filed_on=QUARTER.first, known_at=KNOWN
    )  # fmt: skip
    document.attachment = attachment(place, document)
    document.save()
    _notices(garden, place, learner)
    _undertaken(place, first, second)
    _studied(place, first)
    _of_the_unit(place, first)
    _missed(place, first, second)
    _ahead(place, first)
    _case(place, learner)
    _ballots(place, [first, second])
    dues_entry(
        place, date(2026, 6, 1), due=770000 + number, received=770000 + number, in_time=770000 + number, known_at=KNOWN,
        members=3,
    )  # fmt: skip


def _studied(place: Organisation, first: Person) -> None:
    """A library, a plan, a test, study of somebody; letters and bulletins."""
    material = Material.objects.create(
        organisation=place, kind="document", title="x", content="x", published_on=TODAY, author_name="x",
        text=keep(None, title="q", body="q"),
    )  # fmt: skip
    material.attachment = attachment(place, material)
    material.save()
    material.tags.create(word="x")
    StudyRecord.objects.create(
        organisation=place, person=first, kind="training", studied_on=TODAY, minutes=60, title="x",
        entered_on=TODAY, known_at=KNOWN,
    )  # fmt: skip
    plan = StudyPlan.objects.create(organisation=place, year=TODAY.year, goal="x", adopted_on=TODAY)
    StudyPlanItem.objects.create(plan=plan, month_on=TODAY.replace(day=1), content="x", effect="x")
    TutorTurn.objects.create(organisation=place, person=first, month_on=TODAY.replace(day=1), topic="x")
    SelfTest.objects.create(
        organisation=place, title="x", opened_on=TODAY,
        questions=[{"text": "x", "options": ["x", "y"], "right": [0], "why": ""}],
    )  # fmt: skip
    Missive.objects.create(
        organisation=place, kind="question", number=1, received_on=TODAY, due_on=TODAY,
        text_sealed=vault.seal("x", "zb_missive.text"),
    )  # fmt: skip
    suggested = Missive.objects.create(
        organisation=place, kind="suggestion", number=2, received_on=TODAY, due_on=TODAY,
        text_sealed=vault.seal("x", "zb_missive.text"),
    )  # fmt: skip
    Proposal.objects.create(
        organisation=place, missive=suggested, title="x", received_on=TODAY, taken_up_on=TODAY, known_at=KNOWN
    )
    # practices that are published are read across the walls; a draft is not
    for kind, state in (("news", "submitted"), ("practice", "draft")):
        Bulletin.objects.create(
            organisation=place, kind=kind, title="x", body="x", state=state, author=first, author_user=0
        )


def _ahead(place: Organisation, first: Person) -> None:
    """A plan with a line, a usual day, a shift, a notice of meeting, a group and a letter to it."""
    plan = Plan.objects.create(
        organisation=place,
        covers_on=date(TODAY.year, 1, 1),
        title="x",
        aims="x",
        drafted_on=TODAY,
        known_at=KNOWN,
    )
    PlanItem.objects.create(
        plan=plan,
        organisation=place,
        kind="committee_study",
        title="x",
        from_on=TODAY,
        until_on=TODAY,
        day=TODAY,
        place="x",
    )
    RecurringDay.objects.create(organisation=place, kind="committee_study", week=1, weekday=1, place="x")
    Shift.objects.create(organisation=place, person=first, day=TODAY, name="x", begins=time(8), ends=time(16))
    now = datetime.combine(TODAY, time(8), UTC)
    session = Session.objects.filter(organisation=place, state="planned").first()
    Invitation.objects.create(session=session, organisation=place, person=first, reason="x", told_at=now)
    channel = Channel.objects.create(
        organisation=place, kind="wecom", name="x", key_sealed="x", connected_at=now
    )
    Letter.objects.create(
        key=f"x{place.pk}", organisation_id=place.pk, subject_table="zb_channel", subject_id=channel.pk, channel="wecom",
        recipient_id=channel.pk, title="x", body="x", state="failed", next_at=now, written_at=now,
    )  # fmt: skip


def _missed(place: Organisation, first: Person, second: Person) -> None:
    """Somebody was not there, made it up, wrote, is exempt; somebody is away and was called."""
    session = Session.objects.filter(organisation=place).order_by("id").first()
    MakeUp.objects.create(
        session=session, organisation=place, person=second, way="talk", held_on=QUARTER.first, done_on=QUARTER.last,
        entered_on=QUARTER.last, known_at=KNOWN,
    )  # fmt: skip
    Exemption.objects.create(
        organisation=place,
        person=second,
        ground="old",
        since=QUARTER.last,
        entered_on=QUARTER.last,
        known_at=KNOWN,
    )
    for kind in ("question", "finding"):
        Voice.objects.create(
            organisation=place, person=second, session=session, kind=kind, sent_on=QUARTER.last
        )
    spell = MobileSpell.objects.filter(organisation=place).first() or MobileSpell.objects.create(
        person=first, organisation=place, since=LONG_AGO
    )
    MobileCard.objects.create(
        spell=spell, organisation=place, person=spell.person, city=place.code, kept_on=TODAY
    )
    Contact.objects.create(
        organisation=place,
        person=spell.person,
        way="phone",
        reached=1,
        held_on=QUARTER.last,
        entered_on=QUARTER.last,
    )


def _undertaken(place: Organisation, first: Person, second: Person) -> None:
    for state, owner, about in (("open", first, None), ("done", second, None), ("closed", first, second)):
        row = Undertaking.objects.create(
            organisation=place, kind="resolution", visibility="branch", state=state, owner=owner, about=about,
            keeper=first, opened_on=QUARTER.first, due_on=QUARTER.last, first_due_on=QUARTER.last, known_at=KNOWN,
            done_on=QUARTER.last if state != "open" else None, ended_on=TODAY if state == "closed" else None,
        )  # fmt: skip
        Step.objects.create(undertaking=row, kind="opened", taken_on=QUARTER.first, by_name="x")
        Helper.objects.create(undertaking=row, person=second if owner == first else first)
    answered_for = Undertaking.objects.create(
        organisation=place,
        kind="zone",
        visibility="branch",
        text="x",
        owner=first,
        opened_on=QUARTER.first,
        known_at=KNOWN,
    )
    Zone.objects.create(
        organisation=place, undertaking=answered_for, title="x", asks="x", shape="0,0 500,0 0,500"
    )
    Undertaking.objects.create(
        organisation=place, kind="pledge", visibility="public", text="x", owner=first, opened_on=QUARTER.first,
        due_on=date(TODAY.year, 12, 31), first_due_on=date(TODAY.year, 12, 31), known_at=KNOWN,
    )  # fmt: skip
    for stage in ("self", "group", "branch"):
        Mark.objects.create(
            organisation=place,
            person=first,
            year=TODAY.year,
            half=1,
            stage=stage,
            level="kept",
            words="x",
            given_on=TODAY,
        )


def _of_the_unit(place: Organisation, member: Person) -> None:
    """Things of the home, honours, figures, a campaign."""
    Fixture.objects.create(
        organisation=place, item="flag", state="worn", seen_on=TODAY, lacking="x", cost_fen=100
    )
    for person in (None, member):
        Honour.objects.create(
            organisation=place,
            person=person,
            title="x",
            given_by="x",
            level="city",
            given_on=QUARTER.last,
            known_at=KNOWN,
        )
    Figures.objects.create(
        organisation=place, month_on=QUARTER.first, planned=1, done=1, entered_on=TODAY, known_at=KNOWN
    )
    Campaign.objects.create(
        organisation=place, kind="shock_task", title="x", rules="x", opens_on=QUARTER.first, closes_on=QUARTER.last,
        teams=[], outcome="x", ended_on=QUARTER.last, known_at=KNOWN,
    )  # fmt: skip
    Survey.objects.create(
        organisation=place, kind="mood", covers_on=QUARTER.first, audience="everyone", code=f"s{place.pk}", asked=[],
        opens_on=QUARTER.first, closes_on=QUARTER.last, fewest=5, fewest_words=10,
    )  # fmt: skip
    Analysis.objects.create(
        organisation=place, covers_on=QUARTER.first, findings="x", written_on=QUARTER.last
    )


def _ballots(place: Organisation, people: list[Person]) -> None:
    rule = rulebook.load(()).votes["member-appraisal"]
    for state, way in (("draft", "secret"), ("counted", "paper")):
        made = Ballot.objects.create(
            organisation=place, code=f"{place.code}{state}"[:22], rule=rule.id, title="x", way=way, state=state,
            rule_text=json.dumps(plain(rule)), voted_on=TODAY, all_members=9, allowed_by="x", key_modulus="ab" * 256,
            vote='{"expected": 9, "present": 9, "all_members": 9}' if state == "counted" else "",
            counted_on=TODAY if state == "counted" else None, cancelled_because="x",
        )  # fmt: skip
        for number, each in enumerate(people, 1):
            Choice.objects.create(ballot=made, person=each, name=f"x{number}", position=number)
            Voter.objects.create(
                ballot=made, person=each, name="x", number=number, excluded="ill", consent="x"
            )
            Official.objects.create(ballot=made, person=each, duty="teller" if number == 1 else "scrutineer")


def _notices(garden: Garden, place: Organisation, about: Person) -> None:
    for closes, fields in (
        (TODAY - timedelta(days=9), {}),
        (TODAY, {"withdrawn": 1}),
        (TODAY, {"has_result": 1}),
    ):
        notice = Notice.objects.create(
            organisation=place, kind="admission", title="x", subject=about, opens_on=QUARTER.last, closes_on=closes,
            entered_on=QUARTER.last, **fields,
        )  # fmt: skip
        NoticeSheet.objects.create(
            notice=notice, number=1, title="x", text="x", opens_on=QUARTER.last, closes_on=closes, sha256="0" * 64,
            shown_from=NOW, entry_sequence=1,
        )  # fmt: skip
        Posting.objects.create(
            notice=notice, kind="unit", place="x", from_on=QUARTER.last, until_on=closes, entered_on=TODAY
        )
        sealed = {
            f"{column}_sealed": vault.seal(
                garden.token(place.path, f"zb_objection.{column}"), f"zb_objection.{column}"
            )
            for column in ("text", "name", "contact", "finding", "answer")
        }
        for number, state in enumerate(("received", "examining", "answered"), 1):
            Objection.objects.create(
                notice=notice,
                number=number,
                received_on=TODAY,
                entered_on=TODAY,
                state=state,
                signed=1,
                **sealed,
            )


def _case(place: Organisation, about: Person) -> None:
    """A case with a step taken, an event and a paper; the step after waits for the branch."""
    values = {"entered_on": QUARTER.last, "known_at": KNOWN}
    case = Case.objects.create(
        organisation=place, procedure="admission", person=about, title="x", opened_on=QUARTER.first, digest="0",
        next_step="talk", next_role="branch", next_from=QUARTER.first, above_step="prospect_consented",
        above_from=QUARTER.first, **values,
    )  # fmt: skip
    StepTaken.objects.create(
        case=case, organisation=place, procedure="admission", step="apply", taken_on=QUARTER.first, outcome="done",
        role="subject", digest="0", **values,
    )  # fmt: skip
    CaseEvent.objects.create(case=case, kind="resumed", happened_on=QUARTER.first, entered_on=QUARTER.last)
    paper = CasePaper.objects.create(case=case, paper="application_letter", filed_on=QUARTER.last)
    paper.attachment = attachment(place, paper)
    paper.save()


def _meeting(
    garden: Garden,
    place: Organisation,
    kind: str,
    group: Organisation | None,
    state: str,
    people: list[Person],
) -> None:
    happened = state in {"held", "closed"}
    day = QUARTER.first + timedelta(days=9)
    made = Session.objects.create(
        organisation=place, party_group=group, kind=kind, state=state, title="x", planned_on=day,
        held_on=day if happened else None, starts_at=time(9), chair=people[0], minute_taker=people[1],
        expected_count=2, present_count=1, known_at=KNOWN if state == "closed" else 0, entered_on=day,
        half_present=1, study_minutes=60,
    )  # fmt: skip
    for position, tag in enumerate(("study", "admission")):
        AgendaItem.objects.create(
            session=made, organisation=place, position=position, tag=tag, title="x", session_kind=kind,
            session_closed=int(state == "closed"), held_on=day, known_at=made.known_at,
        )  # fmt: skip
    if happened:
        for each, answer in zip(people, ("present", "excused"), strict=True):
            Attendance.objects.create(
                session=made,
                organisation=place,
                person=each,
                state=answer,
                held_on=day,
                known_at=made.known_at,
            )
    path = (group or place).path
    made.details = {"plan": garden.token(path, "zb_session.details")} if made.kind == "themed_day" else {}
    made.save(update_fields=["details"])
    Remark.objects.create(session=made, speaker="x", text="x", by_name="x", at=NOW)
    Decision.objects.create(
        session=made, item="x", rule="general-meeting", rule_text=MOTION, expected_voters=3, present_voters=3, yes=3,
        no=0, abstain=0, carried=1, told="x", by_name="x", at=NOW,
    )  # fmt: skip
    if state == "closed":
        Correction.objects.create(session=made, field="title", reason="x", by_name="x", at=NOW)
        attachment(place, made)
    else:
        user = garden.users["secretary"]
        values = {"minutes": garden.token(path, "zb_minutes_draft.values", user=user.pk)}
        MinutesDraft.objects.create(session=made, user=user.pk, values=values, based_on=1, saved_at=NOW)


def attachment(place: Organisation, subject: Any) -> Attachment:
    """A small file kept with a row."""
    clerk = actor_for(User(person=None, username="x", pk=0, is_operator=False), TODAY)
    return record.attach(
        clerk, subject=subject, organisation=place, read_verb="life.view", name="x.pdf", content=PDF, now=NOW
    )


def _import(garden: Garden, place: Organisation) -> None:
    """A refused roster and a refused ledger of one committee, with tokens in their findings."""
    user = next(each for name, each in garden.users.items() if "officer" in name and _at(each, place))

    def told() -> str:
        return garden.token(place.path, "zb_import_batch.report", user=user.pk)

    roster = Report(told(), data_rows=1, sheet=told(), header_row=1, unused_columns=(told(),))
    roster.refused = [Finding(2, told(), "id_checksum", told())]
    roster.by_branch[told()] = 1
    ledger = LedgerReport(told(), "0" * 64, 1)
    ledger.refused = [LedgerFinding(2, told(), told(), "x", told(), told(), told())]
    ledger.cautions = [LedgerFinding(2, told(), told(), "x", told(), told(), told())]
    for kind, report in (("roster", roster.stored()), ("meetings", ledger.as_json())):
        ImportBatch.objects.create(
            kind=kind, organisation_id=place.pk, file_name="x", sha256="0" * 64, rows=1, state="refused",
            report=report, actor_user=user.pk, actor_name="x", at=NOW,
        )  # fmt: skip


def _at(user: User, place: Organisation) -> bool:
    return Post.objects.filter(
        person_id=user.person_id, organisation=place, kind="committee_officer"
    ).exists()


def _assess(garden: Garden) -> None:
    """A published quarter of each company, judged by both sides, appealed against and followed up."""
    for code, officer in (("R", "root_officer"), ("S", "officer_s")):
        place, actor = garden.places[code], actor_for(garden.users[officer], TODAY)
        run, _told = assessment.open_run(actor, organisation=place, quarter=QUARTER, today=TODAY, now=NOW)
        Run.objects.filter(pk=run.pk).update(state="published", published_at=NOW)
        for branch in [
            each for each in garden.places.values() if each.is_branch and each.path[:4] == place.path
        ]:
            _judge(run, branch)


def _judge(run: Run, branch: Organisation) -> None:
    standard, part = next(
        (each.id, each.reviewed[0].id) for each in rulebook.load().standards.values() if each.reviewed
    )
    about = {"run": run, "branch": branch, "standard": standard}
    for model in (Review, SelfReview):
        model.objects.create(**about, part=part, points_micro=1_000_000, comment="x", by_name="x", at=NOW)
    for state in ("open", "upheld"):
        Appeal.objects.create(
            **about, text="x", by_name="x", at=NOW, state=state, answer="x", answered_by="x"
        )
    for state in ("open", "closed"):
        Rectification.objects.create(
            organisation=run.organisation, branch=branch, quarter=QUARTER.key, reason="x", due_on=TODAY, state=state,
            outcome="x", opened_by="x", opened_at=NOW,
        )  # fmt: skip


def _enter(garden: Garden) -> None:
    """An entry in every chain, under a name and with a value of its own."""
    for place in garden.places.values():
        clerk = actor_for(
            User(person=None, username=garden.token(place.path, "zb_entry.actor_name"), pk=0), TODAY
        )
        with_token = {"title": garden.token(place.path, "zb_entry.values")}
        record.write(clerk, "life.record", place, organisation=place, now=NOW, **with_token)
