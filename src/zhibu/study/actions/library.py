"""Acts on the library."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.notices.actions import sheets
from zhibu.record.attachments import attach, content_of_attachment
from zhibu.record.files import READING
from zhibu.record.files.words import words_of
from zhibu.record.models import Attachment
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.search.keeping import keep
from zhibu.search.tokens import LONGEST_TEXT
from zhibu.study import policies
from zhibu.study.models import Audience, Material, MaterialKind, MaterialTag, Subject
from zhibu.study.told import Told
from zhibu.ui.language import in_chinese

MOST_TAGS, LONGEST_TAG = 6, 20
READER = 1
"""Raised when files are read otherwise than before: `read_files` then reads each of them once more."""

LONGEST_CONTENT = 50_000


@transaction.atomic
def publish_material(
    actor: Actor,
    *,
    organisation: Organisation,
    told: Told,
    now: datetime,
    file: tuple[str, bytes] | None = None,
) -> Material:
    """Put a material into the library of an organisation: words, a link, or a file whose words are found as well."""
    refuse_if(
        policies.may_act(actor, "study.publish_material", organisation),
        _titled(told),
        _has_something(told, file=file is not None),
        _link_is_one(told.link),
    )
    material = Material.objects.create(
        organisation=organisation, published_on=timezone.localtime(now).date(), author_name=actor.name[:60],
        **_columns(told),
    )  # fmt: skip
    write(
        actor, "study.publish_material", material, organisation=organisation, now=now, title=material.title,
        kind=material.kind, audience=material.audience,
    )  # fmt: skip
    if file is not None:
        _give(actor, material, file, now)
    _file_under(material, told.tags)
    _look_up(material)
    _open_up(material)
    return material


@transaction.atomic
def edit_material(
    actor: Actor,
    *,
    material: Material,
    told: Told,
    version: int,
    now: datetime,
    file: tuple[str, bytes] | None = None,
) -> Material:
    """Change a material of the library; a new file takes the place of the one before."""
    material = (
        Material.objects.select_for_update(of=("self",))
        .select_related("organisation", "text")
        .get(pk=material.pk)
    )
    refuse_if(
        policies.may_act(actor, "study.edit_material", material.organisation),
        _stands(material),
        _unchanged_since(material, version),
        _titled(told),
        _has_something(told, file=file is not None or material.attachment_id is not None),
        _link_is_one(told.link),
    )
    for name, value in _columns(told).items():
        setattr(material, name, value)
    material.version += 1
    material.save()
    write(
        actor, "study.edit_material", material, organisation=material.organisation, now=now, title=material.title,
        kind=material.kind, audience=material.audience,
    )  # fmt: skip
    if file is not None:
        _give(actor, material, file, now)
    _file_under(material, told.tags)
    _look_up(material)
    _open_up(material)
    return material


@transaction.atomic
def withdraw_material(actor: Actor, *, material: Material, reason: str, now: datetime) -> Material:
    """Take a material out of the library: nobody finds it any more but those who keep the library."""
    material = (
        Material.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=material.pk)
    )
    refuse_if(
        policies.may_act(actor, "study.withdraw_material", material.organisation),
        _stands(material),
        None if reason.strip() else Refusal("study.reason_needed", _("撤下资料要写明原因")),
    )
    material.withdrawn, material.withdrawn_because = 1, reason.strip()[:200]
    material.version += 1
    material.save()
    write(
        actor, "study.withdraw_material", material, organisation=material.organisation, now=now,
        title=material.title, reason=material.withdrawn_because,
    )  # fmt: skip
    sheets.show_anew()
    return material


def read_files(*, everything: bool = False) -> tuple[int, int]:
    """Take the words of files that no reader has read yet, or of all; (files read, materials found otherwise than before).

    No act: nothing is said by anybody. One material a transaction, so that a night may be cut short.
    """
    waiting = Material.objects.filter(attachment__isnull=False)
    if not everything:
        waiting = waiting.filter(read_by__lt=READER)
    read = changed = 0
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            rows = Material.objects.select_for_update(of=("self",)).select_related("text", "attachment")
            material = rows.get(pk=pk)
            before = (material.text.title, material.text.body) if material.text else ("", "")
            _look_up(material)
            read += 1
            changed += material.text is not None and before != (material.text.title, material.text.body)
    return read, changed


def _columns(told: Told) -> dict[str, object]:
    return {
        "kind": MaterialKind(told.kind), "subject": Subject(told.subject), "audience": Audience(told.audience),
        "title": told.title.strip()[:120], "summary": told.summary.strip()[:300],
        "content": told.content.strip()[:LONGEST_CONTENT], "link": told.link.strip()[:500], "minutes": told.minutes,
    }  # fmt: skip


def _give(actor: Actor, material: Material, file: tuple[str, bytes], now: datetime) -> None:
    name, content = file
    material.attachment = attach(
        actor, subject=material, organisation=material.organisation, read_verb=policies.VIEW, name=name,
        content=content, now=now, kinds=READING,
    )  # fmt: skip
    material.save(update_fields=["attachment"])


def _file_under(material: Material, tags: Sequence[str]) -> None:
    words = list(dict.fromkeys(word[:LONGEST_TAG] for tag in tags if (word := tag.strip())))[:MOST_TAGS]
    material.tags.all().delete()
    MaterialTag.objects.bulk_create(MaterialTag(material=material, word=word) for word in words)


def _look_up(material: Material) -> None:
    """Title, subject and tags weigh as the title; then the summary, the words, and the words of the file."""
    named = [in_chinese(Subject(material.subject).label)] if material.subject != Subject.OTHER else []
    tags = list(material.tags.order_by("id").values_list("word", flat=True))
    body = "\n".join(filter(None, (material.summary, material.content, _words(material.attachment))))
    material.text = keep(material.text, title=" ".join([material.title, *named, *tags]), body=body)
    material.read_by = READER
    material.save(update_fields=["text", "read_by"])


def _open_up(material: Material) -> None:
    """What is public has an address on the portal that says nothing of numbers."""
    if material.audience == Audience.PUBLIC and material.address is None:
        material.address = sheets.new_address(sheets.NOTICE_LENGTH)
        material.save(update_fields=["address"])
    sheets.show_anew()


def _words(attachment: Attachment | None) -> str:
    if attachment is None:
        return ""
    return words_of(content_of_attachment(attachment), attachment.kind, LONGEST_TEXT)


def _titled(told: Told) -> Refusal | None:
    return None if told.title.strip() else Refusal("study.title_needed", _("请写明资料名称"))


def _has_something(told: Told, *, file: bool) -> Refusal | None:
    if file or told.content.strip() or told.link.strip():
        return None
    return Refusal(
        "study.material_empty", _("资料没有内容"), remedy=_("写正文、贴网址或上传文件，至少有一样")
    )


def _link_is_one(link: str) -> Refusal | None:
    if not link.strip():
        return None
    try:
        parts = urlsplit(link.strip())
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        sound = False
    if sound:
        return None
    return Refusal(
        "study.no_link", _("网址无法识别"), remedy=_("请填写以 http:// 或 https:// 开头的完整网址")
    )


def _stands(material: Material) -> Refusal | None:
    if not material.withdrawn:
        return None
    return Refusal("study.withdrawn", _("这份资料已经撤下"))


def _unchanged_since(material: Material, version: int) -> Refusal | None:
    if material.version == version:
        return None
    return Refusal(
        "study.changed_meanwhile", _("您打开页面之后，这份资料已被别人修改"), remedy=_("请重新打开后再改")
    )
