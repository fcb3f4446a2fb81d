"""Votes: who may vote, who took a paper, what was counted. What a secret paper says is not here.

Papers of a secret vote lie in a file of their own (`box`), which knows neither voters nor order nor time. No row of
this module can be joined with one of that file.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhibu.record.fields import DayField


class Way(models.TextChoices):
    """How people vote. Each is named for what it is."""

    SHOW_OF_HANDS = "show_of_hands", _("举手表决")
    PAPER = "paper", _("纸质选票")
    NAMED = "named", _("实名电子投票")
    SECRET = "secret", _("无记名电子投票")


class BallotState(models.TextChoices):
    """A ballot goes one way. Only a secret one issues tickets before papers are cast."""

    DRAFT = "draft", _("准备中")
    ISSUING = "issuing", _("领票")
    CASTING = "casting", pgettext_lazy("state of a vote", "投票")
    CLOSED = "closed", _("已截止，待计票")
    COUNTED = "counted", _("已计票")
    CANCELLED = "cancelled", _("已取消")


class RollSource(models.TextChoices):
    """Who makes up the roll."""

    MEMBERS = "members", _("支部全体党员")
    COMMITTEE = "committee", _("支部委员会委员")
    SLIPS = "slips", _("群众（凭一次性代码）")


class Ballot(models.Model):
    """One question, election or appraisal put to the vote, under one rule of the rulebook.

    `rule_text` is the rule as it stood when the vote was opened; `vote` what was counted. `key_sealed` is there only
    while tickets are issued.
    """

    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    code = models.CharField(max_length=22, unique=True)
    rule = models.CharField(max_length=60)
    rule_text = models.TextField()
    title = models.CharField(max_length=160)
    way = models.CharField(max_length=16, choices=Way.choices)
    roll_source = models.CharField(max_length=12, choices=RollSource.choices, default=RollSource.MEMBERS)
    state = models.CharField(max_length=12, choices=BallotState.choices, default=BallotState.DRAFT)
    voted_on = DayField(help_text="day of the vote: the rule in force on it is used")
    seats = models.PositiveSmallIntegerField(default=0)
    round = models.CharField(max_length=8, default="first")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    origin = models.CharField(
        max_length=60, blank=True, default="", help_text="what opened it, e.g. life.agenda:12"
    )
    allowed_by = models.CharField(
        max_length=200, blank=True, default="", help_text="the superior's consent to an electronic election"
    )
    all_members = models.PositiveIntegerField(default=0)
    roll_digest = models.CharField(max_length=64, blank=True, default="")
    key_modulus = models.TextField(blank=True, default="")
    key_sealed = models.TextField(blank=True, default="")
    paper_bytes = models.PositiveIntegerField(default=0, help_text="length of what a sealed paper says")
    issued = models.PositiveIntegerField(null=True)
    returned = models.PositiveIntegerField(null=True)
    reduce = models.PositiveIntegerField(null=True)
    trackers = models.TextField(blank=True, default="", help_text="published: sorted, without choices")
    vote = models.TextField(blank=True, default="", help_text="what was counted, as zhibu tally takes it")
    carried = models.SmallIntegerField(default=0)
    void = models.SmallIntegerField(default=0)
    counted_on = DayField(null=True)
    destroyed_on = DayField(null=True)
    cancelled_because = models.CharField(max_length=200, blank=True, default="")
    known_at = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zb_ballot"
        indexes = (models.Index(fields=["organisation", "voted_on"], name="zb_ballot_branch_day"),)

    def __str__(self) -> str:
        return self.title


class Choice(models.Model):
    """A name on the paper: a candidate, or a person appraised. In stroke order of surnames."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="choices", db_index=False)
    person = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "zb_ballot_choice"
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["ballot", "name"], name="zb_ballot_choice_name"),)


class NoVote(models.TextChoices):
    """Why a member on the roll has no vote."""

    PROBATIONARY = "probationary", _("预备党员")
    DISCIPLINARY_PROBATION = "disciplinary_probation", _("留党察看期间")
    SUSPENDED = "suspended", _("被停止党员权利")


class Excluded(models.TextChoices):
    """Why a voter is not counted among those who should attend; needs the superior's consent and the meeting's."""

    ILL = "ill", _("患病不能表达意志")
    BEDRIDDEN = "bedridden", _("长期卧病、生活不能自理")
    ABROAD = "abroad", _("出国（境）半年以上")
    SERVING_SENTENCE = "serving_sentence", _("服刑，未受留党察看以上处分")
    MOVED = "moved", _("外出半年以上或应转组织关系未转")
    RETIRED_AWAY = "retired_away", _("离退休回原籍，确实不能参加")


class Voter(models.Model):
    """One line of the roll. Names no choice, ever, but for a vote that is called named."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="voters", db_index=False)
    person = models.ForeignKey("register.Person", null=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="place on the roll, from 1")
    name = models.CharField(max_length=60, blank=True, default="")
    no_vote = models.CharField(max_length=24, choices=NoVote.choices, blank=True, default="")
    excluded = models.CharField(max_length=20, choices=Excluded.choices, blank=True, default="")
    consent = models.CharField(max_length=200, blank=True, default="")
    written_opinion = models.CharField(max_length=8, blank=True, default="", help_text="yes, no, abstain")
    present = models.SmallIntegerField(default=0)
    slip = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique, so absent must be NULL
    asked = models.CharField(max_length=64, blank=True, default="", help_text="digest of the blinded message")
    ticket = models.TextField(blank=True, default="", help_text="the blind signature given")
    named_choice = models.TextField(blank=True, default="", help_text="named votes only")

    class Meta:
        db_table = "zb_ballot_voter"
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["ballot", "number"], name="zb_ballot_voter_number"),
            models.UniqueConstraint(fields=["ballot", "person"], name="zb_ballot_voter_once"),
        )

    @property
    def counts(self) -> bool:
        """Whether the voter is among those expected: has a vote and is not excluded."""
        return not self.no_vote and not self.excluded


class Duty(models.TextChoices):
    """Who watches and who counts; neither may be a candidate."""

    SCRUTINEER = "scrutineer", _("监票人")
    TELLER = "teller", _("计票人")


class Official(models.Model):
    """A scrutineer or teller, the teller's public key for a secret vote, and what the teller counted."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="officials", db_index=False)
    person = models.ForeignKey("register.Person", on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=12, choices=Duty.choices)
    key = models.TextField(blank=True, default="", help_text="public key, SPKI in base64")
    entry = models.TextField(blank=True, default="", help_text="what this teller counted, canonical JSON")

    class Meta:
        db_table = "zb_ballot_official"
        constraints = (models.UniqueConstraint(fields=["ballot", "person"], name="zb_ballot_official_once"),)
