"""A tree of two companies in which every text of every row names its owner, for whoever walks along its walls.

`plant()` makes the rows; then every text field of every model is overwritten with a token of its own, `q07-0a3f` in
angle brackets: 07 is the organisation that owns the row, 0a3f the field. The brackets show whether pages escape it,
the equals sign before it whether a spreadsheet would take it for a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db import models

from tests.journeys import planting
from zhibu.record.models import Attachment, ImportBatch
from zhibu.record.past import pasts
from zhibu.register.models import Membership, Organisation, Person, Post
from zhibu.study.models import Material

TODAY = date(2026, 7, 20)
NOW = datetime(2026, 7, 20, 2, 0, tzinfo=UTC)
ROOMS = (
    "record", "register", "accounts", "dues", "ballots", "notices", "undertakings", "life", "procedures", "assessment",
    "study", "letters", "search", "premises", "production", "pledges", "concerns", "integrity",
)  # fmt: skip
TOKEN = re.compile(r"q(\d\d)-([0-9a-f]{4})")

# what is no text of a person: keys, digests, codes of our own, and what is sealed
NOT_TEXT = {
    "zb_entry", "zb_chain_head", "zb_anchor", "zb_submission", "zb_phone_token", "zb_sign_in", "zb_rulebook_snapshot",
    "zb_plan.rules", "zb_plan_item.kind", "zb_plan_item.standard", "zb_plan_item.part", "zb_plan_item.cadence",
    "zb_recurring_day.kind", "zb_letter.key", "zb_letter.subject_table", "zb_letter.channel", "zb_channel.key_sealed",
    "zb_channel.secret_sealed", "zb_mailbox", "zb_calendar_feed",
    "zb_organisation.path", "zb_organisation.code", "zb_person.id_sealed", "zb_person.id_index",
    "zb_person.phone_sealed", "zb_person.phone_index", "zb_user.password", "zb_user.phone_index", "zb_user.language",
    "zb_user.username_key", "zb_attachment.subject_table", "zb_attachment.read_verb", "zb_attachment.kind",
    "zb_attachment.sha256", "zb_import_batch.kind", "zb_import_batch.sha256", "zb_import_batch.report",
    "zb_import_batch.staged", "zb_import_batch.undo", "zb_session.import_key", "zb_session.kind",
    "zb_session.details", "zb_agenda_item.session_kind", "zb_decision.rule", "zb_decision.rule_text", "zb_sign_in_window", "zb_correction.field",
    "zb_minutes_draft.values", "zb_result.branch_path", "zb_run.sums", "zb_result.unit_type", "zb_result.facts", "zb_result.parts",
    "zb_result.standards", "zb_review.standard", "zb_review.part", "zb_review.evidence", "zb_self_review.standard",
    "zb_self_review.part", "zb_self_review.evidence", "zb_appeal.standard",
    "zb_board.address", "zb_notice.address", "zb_notice.purpose_table", "zb_notice.purpose_step",
    "zb_notice.places_asked", "zb_notice.barred", "zb_notice_sheet.sha256", "zb_objection.receipt",
    "zb_objection.text_sealed", "zb_objection.name_sealed", "zb_objection.contact_sealed",
    "zb_objection.finding_sealed", "zb_objection.answer_sealed",
    "zb_case.procedure", "zb_case.fields",
    "zb_case.sealed", "zb_case.digest", "zb_case.ended", "zb_case.next_step", "zb_case.next_role", "zb_case.above_step",
    "zb_case.repeat_step", "zb_case.judged_by", "zb_step.procedure", "zb_step.step", "zb_step.outcome", "zb_step.role",
    "zb_step.reply", "zb_step.values", "zb_step.sealed", "zb_step.people", "zb_step.vote", "zb_step.cautions",
    "zb_step.caution_words",
    "zb_step.effects", "zb_step.digest", "zb_step.evidence_table", "zb_case_event.detail", "zb_case_paper.paper",
    "zb_ballot.code", "zb_ballot.rule", "zb_ballot.rule_text", "zb_ballot.round", "zb_ballot.origin",
    "zb_ballot.roll_digest", "zb_ballot.key_modulus", "zb_ballot.key_sealed", "zb_ballot.trackers", "zb_ballot.vote",
    "zb_ballot_voter.written_opinion", "zb_ballot_voter.slip", "zb_ballot_voter.asked", "zb_ballot_voter.ticket",
    "zb_ballot_voter.named_choice", "zb_ballot_official.key", "zb_ballot_official.entry",
    "zb_undertaking.source", "zb_undertaking.kind", "zb_material.link", "zb_material.address", "zb_text.title_tokens",
    "zb_text.body_tokens", "zb_self_test.questions", "zb_self_test_result.answers", "zb_study_record.import_key",
    "zb_missive.receipt", "zb_missive.address", "zb_missive.about_table", "zb_missive.text_sealed", "zb_missive.name_sealed",
    "zb_missive.contact_sealed", "zb_missive.answer_sealed", "zb_bulletin.address",
    "zb_fixture.item", "zb_zone.shape", "zb_board.screen", "zb_campaign.teams", "zb_survey",
    "zb_mobile_card.contact_sealed", "zb_mobile_card.city", "zb_voice.city",
    # the database lets nobody change these
    "zb_dues_voucher", "zb_dues_posting", "zb_dues_effect", "zb_dues_closing",
}  # fmt: skip
# these are written by hand, with tokens inside: JSON, and entries, which the database does not let anyone change
BY_HAND = {"zb_entry", "zb_minutes_draft.values", "zb_import_batch.report", "zb_session.details"}


@dataclass(frozen=True, slots=True)
class Planted:
    """Where a token stands: the path of its owner, table and column, whose person and whose account it is about."""

    path: str
    column: str
    person: int | None = None
    user: int | None = None


@dataclass
class Garden:
    """The tree, its people and accounts by short names, and every token by its text."""

    places: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, Planted] = field(default_factory=dict)
    owners: dict[tuple[str, int], str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def token(self, path: str, column: str, **about: int | None) -> str:
        """A new token owned by the organisation with a path."""
        number = self.numbers.setdefault(path, len(self.numbers))
        found = f"q{number:02d}-{len(self.tokens):04x}"
        self.tokens[found] = Planted(path, column, **about)
        return f"=<b>{found}</b>"


def plant() -> Garden:
    """The whole tree with a token in every text."""
    garden = Garden()
    planting.build(garden)
    for model in own_models():
        _overwrite(garden, model)
    return garden


def own_models() -> Iterator[type[models.Model]]:
    """Every model of the platform's rooms, but for the past of one: the database writes it, with the same tokens."""
    kept = set(pasts().values())
    for room in ROOMS:
        yield from (model for model in apps.get_app_config(room).get_models() if model not in kept)


def texts_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns of a model in which people write."""
    table = model._meta.db_table
    return [
        each
        for each in model._meta.concrete_fields
        if isinstance(each, models.CharField | models.TextField | models.JSONField)
        and not each.choices
        and not {table, f"{table}.{each.name}"} & NOT_TEXT
    ]


def _overwrite(garden: Garden, model: type[models.Model]) -> None:
    table, texts = model._meta.db_table, texts_of(model)
    for row in model._default_manager.order_by("pk"):
        path = owner_of(garden, row)
        if path is None:
            continue
        if isinstance(row.pk, int):
            garden.owners[table, row.pk] = path
        about = {"person": _person_of(row), "user": row.pk if table == "zb_user" else None}
        told = {each.name: garden.token(path, f"{table}.{each.name}", **about) for each in texts}
        if table == "zb_user":
            told["username_key"] = told["username"].casefold()
        if told:
            model._default_manager.filter(pk=row.pk).update(**told)


OF_SESSION = {
    "zb_correction", "zb_minutes_draft", "zb_attendance", "zb_agenda_item", "zb_decision", "zb_remark", "zb_arrival",
    "zb_sign_in_window",
}  # fmt: skip
OWNERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("zb_ballot_choice", "zb_ballot_voter", "zb_ballot_official"), lambda row: row.ballot.organisation
    ),
    "zb_organisation": lambda row: row,
    "zb_person": lambda row: home_of(row),  # noqa: PLW0108 - defined below
    **dict.fromkeys(("zb_phone_token", "zb_membership", "zb_post", "zb_mobile_spell"), lambda row: home_of(row.person)),
    "zb_user": lambda row: home_of(row.person) if row.person else None,
    **dict.fromkeys(("zb_mailbox", "zb_calendar_feed"), lambda row: home_of(row.person)),
    "zb_letter": lambda row: Organisation.objects.get(pk=row.organisation_id),
    "zb_attachment": lambda row: Organisation.objects.get(pk=row.organisation_id),
    "zb_import_batch": lambda row: Organisation.objects.get(pk=row.organisation_id),
    **dict.fromkeys(("zb_result", "zb_review", "zb_self_review", "zb_appeal", "zb_rectification"), lambda row: row.branch),
    **dict.fromkeys(OF_SESSION, lambda row: row.session.party_group or row.session.organisation),
    "zb_session": lambda row: row.party_group or row.organisation,
    **dict.fromkeys(("zb_notice_sheet", "zb_notice_posting", "zb_objection"), lambda row: row.notice.organisation),
    **dict.fromkeys(
        ("zb_undertaking_step", "zb_undertaking_helper"), lambda row: row.undertaking.organisation
    ),
    "zb_text": lambda row: Material.objects.get(text=row).organisation,
    "zb_material_tag": lambda row: row.material.organisation,
    "zb_study_plan_item": lambda row: row.plan.organisation,
    "zb_self_test_result": lambda row: row.test.organisation,
    **dict.fromkeys(("zb_case_event", "zb_case_paper"), lambda row: row.case.organisation),
    **dict.fromkeys(
        ("zb_entry", "zb_chain_head", "zb_anchor", "zb_submission", "zb_sign_in", "zb_rulebook_snapshot", "zb_cut"),
        lambda row: None,
    ),
}  # fmt: skip


def owner_of(garden: Garden, row: models.Model) -> str | None:
    """The path of the organisation a row belongs to; None for what belongs to the installation."""
    table = row._meta.db_table
    # a new model without `organisation` must be given an owner above
    place = OWNERS[table](row) if table in OWNERS else row.organisation  # type: ignore[attr-defined]
    return None if place is None else place.path


def home_of(person: Person) -> Organisation:
    """Where a person belongs, the Party group first, or else holds a post."""
    spell = (
        Membership.objects.filter(person=person).first()
        or Post.objects.filter(person=person).order_by("id").first()
    )
    assert spell is not None, person.pk
    return getattr(spell, "party_group", None) or spell.organisation


def _person_of(row: models.Model) -> int | None:
    return row.pk if isinstance(row, Person) else getattr(row, "person_id", None)


__all__ = ["NOW", "TODAY", "TOKEN", "Attachment", "Garden", "ImportBatch", "Planted", "own_models", "plant"]
