"""Reading one person's file: where and what they were, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from zhibu.register import secrets
from zhibu.register.models import MEMBER_STAGES, Membership, MobileSpell, Person, Post, Stage
from zhibu.register.queries.people import age_on


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline."""

    day: date
    day_known: bool
    what: str
    where: str
    until: date | None
    ended: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PersonSheet:
    """Everything the page of one person shows; numbers masked."""

    spell: Membership | None
    id_masked: str
    phone_masked: str
    age: int | None
    standing_years: int | None
    posts: list[Post]
    mobile: MobileSpell | None
    timeline: list[Happening]
    is_member: bool

    @property
    def note(self) -> str:
        """Stage and branch in one line, for the heading."""
        return f"{self.spell.get_stage_display()} · {self.spell.organisation.name}" if self.spell else ""

    @property
    def shown(self) -> list[dict[str, object]]:
        """The timeline as the ui draws it."""
        return [
            {
                "day": each.day,
                "title": f"{each.what} · {each.where}" if each.where else each.what,
                "text": "　".join(part for part in (_span(each), each.remark) if part),
                "tone": "idle" if each.until else "done",
            }
            for each in self.timeline
        ]


def _span(each: Happening) -> str:
    parts = [] if each.day_known else [_("名册没有写起始日期，此处为推定")]
    if each.until:
        parts.append(
            _("至 {day}").format(day=each.until.isoformat())
            + (_("（{reason}）").format(reason=each.ended) if each.ended else "")
        )
    return _("；").join(parts)


def person_sheet(person: Person, today: date) -> PersonSheet:
    """Read the page of a person in three queries. The caller has fetched the person through the door."""
    spells = list(
        Membership.objects.filter(person=person)
        .select_related("organisation", "party_group")
        .order_by("since", "id")
    )
    posts = list(Post.objects.filter(person=person).select_related("organisation").order_by("since", "id"))
    mobile = list(MobileSpell.objects.filter(person=person).order_by("since", "id"))
    current = next((each for each in spells if each.until is None), None)
    return PersonSheet(
        spell=current,
        id_masked=secrets.masked_id(person.id_sealed),
        phone_masked=secrets.masked_phone(person.phone_sealed),
        age=age_on(person.born_on, today),
        standing_years=age_on(person.full_since, today),
        posts=[each for each in posts if each.until is None],
        mobile=next((each for each in mobile if each.until is None), None),
        timeline=sorted(
            [*map(_of_spell, spells), *map(_of_post, posts), *map(_of_mobile, mobile)],
            key=lambda each: each.day,
            reverse=True,
        ),
        is_member=current is not None and current.stage in MEMBER_STAGES,
    )


def _of_spell(spell: Membership) -> Happening:
    where = spell.organisation.name + (f" · {spell.party_group.name}" if spell.party_group else "")
    return Happening(
        spell.since, bool(spell.since_known), str(Stage(spell.stage).label), where, spell.until,
        _ended(spell), spell.remark,
    )  # fmt: skip


def _ended(spell: Membership) -> str:
    return str(spell.get_ended_because_display()) if spell.ended_because else ""


def _of_post(post: Post) -> Happening:
    return Happening(
        post.since, bool(post.since_known), str(post.get_kind_display()), post.organisation.name, post.until, "",
        post.duties,
    )  # fmt: skip


def _of_mobile(spell: MobileSpell) -> Happening:
    return Happening(spell.since, bool(spell.since_known), "外出流动", spell.place, spell.until, "")
