from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

from zhibu import rulebook
from zhibu.core.refusal import Refused
from zhibu.record.files import picture
from zhibu.record.files.scaling import PAPER_SIDE
from zhibu.ui import fields, language, navigation, rules

if TYPE_CHECKING:
    from datetime import datetime

    from zhibu.core.authority import Actor
    from zhibu.register.models import Person


class ProjectConfig(AppConfig):
    name = "zhibu.project"
    label = "project"
    verbose_name = "支部"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the interface what it may not import itself: the rulebook's digest, its documents' names, smaller pictures."""
        navigation.digest = _digest
        rules.document = _document
        fields.lighter = _lighter
        # models may be read only now that every room is loaded
        from zhibu.register.actions import organisations  # noqa: PLC0415 - see above

        organisations.link_officer = _link_officer


def _link_officer(actor: Actor, person: Person, now: datetime) -> None:
    """Who founds the first organisation signs in as its officer from then on."""
    from zhibu.accounts import actions  # noqa: PLC0415 - apps are loaded before models
    from zhibu.accounts.models import User  # noqa: PLC0415 - as above

    account = User.objects.filter(pk=actor.user).first()
    # whoever founds at the command line has no account; an operator makes the officer one
    if account is not None:
        actions.link_person(actor, account=account, person=person, now=now)


def _digest() -> str:
    return rulebook.load().digest


def _lighter(content: bytes, longest: int | None) -> bytes:
    try:
        return picture(content, len(content), longest or PAPER_SIDE)
    except Refused:
        # the act that is given it says why it will not have it
        return content


def _document(document: str, article: str) -> rules.Document | None:
    found = rulebook.load().documents.get(document)
    if found is None:
        return None
    return rules.Document(language.pick(found.title), found.in_force_from, found.is_verified(article))
