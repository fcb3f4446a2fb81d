"""The ways on which people are told outside: groups are connected, mailboxes confirmed, letters sent once more."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.accounts import reaching
from zhibu.accounts.channels import ADDRESS, KEY, SECRET, Channel, ChannelKind, Installation, Mailbox
from zhibu.core.authority import Actor, may
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.record import outbox, vault
from zhibu.record.models import Letter
from zhibu.record.writing import Node, write
from zhibu.register.models import Organisation

CODE_DIGITS = 6
CODE_HOLDS = timedelta(hours=24)
MOST_TRIES = 5
MOST_CHANNELS = 5

# what people copy out of the group: the whole address, or the key alone
ADDRESSES = {
    ChannelKind.WECOM: (re.compile(r"[?&]key=([A-Za-z0-9_-]+)"), re.compile(r"[A-Za-z0-9_-]{16,80}")),
    ChannelKind.DINGTALK: (
        re.compile(r"[?&]access_token=([A-Za-z0-9]+)"),
        re.compile(r"[A-Za-z0-9]{16,120}"),
    ),
}


@transaction.atomic
def connect_channel(
    actor: Actor,
    *,
    organisation: Organisation,
    kind: str,
    name: str,
    address: str,
    now: datetime,
    secret: str = "",
) -> Channel:
    """接入一个群机器人：名称、时间、地点发到群里。The key is sealed at once and never shown again."""
    key = key_in(kind, address)
    refuse_if(
        _may(actor, "accounts.connect_channel", organisation),
        None if key else Refusal(
            "channel.address", _("没有认出机器人的地址。"), remedy=_("请在群里打开机器人，复制完整的 Webhook 地址。")
        ),
        None if len(reaching.channels_of(organisation)) < MOST_CHANNELS else Refusal(
            "channel.too_many", _("通知群已有 {n} 个。"), {"n": MOST_CHANNELS}, remedy=_("先断开不用的。")
        ),
    )  # fmt: skip
    channel = Channel.objects.create(
        organisation=organisation, kind=ChannelKind(kind), name=name.strip()[:40], key_sealed=vault.seal(key, KEY),
        secret_sealed=vault.seal(secret.strip(), SECRET) if secret.strip() else "", connected_at=now,
        connected_by=actor.name[:60],
    )  # fmt: skip
    write(
        actor, "accounts.connect_channel", channel, organisation=organisation, now=now, kind=kind, name=channel.name
    )  # fmt: skip
    return channel


def key_in(kind: str, address: str) -> str:
    """The key of a robot in what was copied; empty when there is none."""
    within, alone = ADDRESSES[ChannelKind(kind)]
    text = address.strip()
    found = within.search(text)
    if found:
        return found.group(1)
    return text if alone.fullmatch(text) else ""


@transaction.atomic
def disconnect_channel(actor: Actor, *, channel: Channel, now: datetime) -> Channel:
    """断开一个群；它的密钥随即删除，还没有发出的不再发。"""
    refuse_if(
        _may(actor, "accounts.disconnect_channel", channel.organisation),
        None if channel.disconnected_at is None else Refusal("channel.gone", _("已经断开。")),
    )
    channel.disconnected_at, channel.key_sealed, channel.secret_sealed = now, "", ""
    channel.save(update_fields=["disconnected_at", "key_sealed", "secret_sealed"])
    write(
        actor, "accounts.disconnect_channel", channel, organisation=channel.organisation, now=now, name=channel.name
    )  # fmt: skip
    return channel


@transaction.atomic
def try_channel(actor: Actor, *, channel: Channel, now: datetime) -> None:
    """往群里发一条试验消息。"""
    refuse_if(
        _may(actor, "accounts.try_channel", channel.organisation),
        None if channel.disconnected_at is None else Refusal("channel.gone", _("已经断开。")),
    )
    message = outbox.Message(
        f"zb_channel:{channel.pk}:try:{now.isoformat()}", channel.kind, channel.pk, "会议通知试发",
        "这个群已接入支部的会议通知。",
    )  # fmt: skip
    outbox.post([message], subject=channel, organisation=channel.organisation, now=now)
    write(
        actor, "accounts.try_channel", channel, organisation=channel.organisation, now=now, name=channel.name
    )


@transaction.atomic
def send_again(actor: Actor, *, letter: Letter, organisation: Node, now: datetime) -> int:
    """再次发送没有发出或不知是否送达的通知；后一种收件人可能收到两份。"""
    refuse_if(_may(actor, "accounts.send_again", organisation))
    sent = outbox.again(Letter.objects.filter(pk=letter.pk), now)
    refuse_if(None if sent else Refusal("letter.settled", _("这条通知不需要再次发送。")))
    write(
        actor, "accounts.send_again", ("zb_letter", letter.pk), organisation=organisation, now=now,
        title=letter.title, was=letter.state,
    )  # fmt: skip
    return sent


@transaction.atomic
def set_mailbox(actor: Actor, *, person: int, address: str, now: datetime) -> Mailbox:
    """填写自己的邮箱：验证码发到这个邮箱，填回来才会启用。"""
    refuse_if(_own(actor, person), _address_refusal(address), _mail_refusal())
    code = "".join(secrets.choice("0123456789") for _place in range(CODE_DIGITS))
    box, _made = Mailbox.objects.select_for_update().get_or_create(
        person_id=person, defaults={"address_sealed": ""}
    )
    box.address_sealed, box.confirmed_at = vault.seal(address.strip(), ADDRESS), None
    box.code_digest, box.code_until, box.tries = _digest(person, code), now + CODE_HOLDS, 0
    box.version += 1
    box.save()
    message = outbox.Message(
        f"zb_mailbox:{person}:{box.version}", reaching.EMAIL, person, "验证码",
        f"验证码：{code}\n请在平台“我的账号”里填写，二十四小时内有效。不是您本人填写的，请不必理会。",
    )  # fmt: skip
    outbox.post([message], subject=box, organisation=Installation(), now=now)
    write(actor, "accounts.set_mailbox", box, organisation=None, now=now)
    return box


@transaction.atomic
def confirm_mailbox(actor: Actor, *, person: int, code: str, now: datetime) -> bool:
    """填回验证码。Returns whether it was right; the wrong ones are counted, so this is no refusal."""
    box = Mailbox.objects.select_for_update().filter(person=person).first()
    refuse_if(
        _own(actor, person),
        None if box and box.code_digest and box.code_until and now < box.code_until and box.tries < MOST_TRIES
        else Refusal("mailbox.no_code", _("验证码已失效。"), remedy=_("请重新填写邮箱，再发一次验证码。")),
    )  # fmt: skip
    if box is None:
        return False
    if not compare_digest(box.code_digest, _digest(person, code.strip())):
        box.tries += 1
        box.save(update_fields=["tries"])
        return False
    box.confirmed_at, box.code_digest, box.code_until = now, "", None
    box.save(update_fields=["confirmed_at", "code_digest", "code_until"])
    write(actor, "accounts.confirm_mailbox", box, organisation=None, now=now)
    return True


@transaction.atomic
def forget_mailbox(actor: Actor, *, person: int, now: datetime) -> None:
    """删除自己的邮箱，以后不再发邮件。"""
    box = Mailbox.objects.filter(person=person).first()
    refuse_if(_own(actor, person), None if box else Refusal("mailbox.none", _("没有填写邮箱。")))
    if box is not None:
        write(actor, "accounts.forget_mailbox", box, organisation=None, now=now)
        box.delete()


def _digest(person: int, code: str) -> str:
    return sha256(f"{person}:{code}".encode()).hexdigest()


def _own(actor: Actor, person: int) -> Refusal | None:
    if actor.person == person:
        return None
    return Refusal("mailbox.not_own", _("只能填写自己的邮箱。"))


def _address_refusal(address: str) -> Refusal | None:
    try:
        validate_email(address.strip())
    except ValidationError:
        return Refusal("mailbox.address", _("邮箱地址不完整。"))
    return None


def _mail_refusal() -> Refusal | None:
    if reaching.mail_is_on():
        return None
    return Refusal("mailbox.off", _("本平台没有配置发邮件。"), who=_("系统管理员"))


def _may(actor: Actor, verb: str, organisation: Node) -> Refusal | None:
    if may(actor, verb, organisation.path):
        return None
    return Refusal("channel.no_mandate", _("您的职务不能办理这件事。"), who=_("党支部书记"))
