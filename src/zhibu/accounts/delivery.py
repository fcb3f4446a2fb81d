"""Sending letters: by e-mail through Django, to group robots through the library `apprise`.

apprise knows how each robot wants to be spoken to, and signs where it must. Two things are ours:

- its plugins name the robots' hosts themselves, which is right (no address typed by a person is ever called), but an
  office with a platform of its own, and every test, needs another: `ZHIBU_WECOM_URL` and `ZHIBU_DINGTALK_URL`;
- it takes every answer with HTTP status 200 for success, while both platforms say "no" with 200 and an `errcode`, and
  it does not tell a line that broke before a message was taken from one that broke after. So its call is watched.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected
from threading import local
from types import ModuleType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from zhibu.accounts import reaching
from zhibu.accounts.channels import ADDRESS, KEY, SECRET, Channel, ChannelKind, Mailbox
from zhibu.record import vault
from zhibu.record.models import Letter
from zhibu.record.outbox import NotSent, NoWay, Unsure, deliver

SECONDS = 15
"""A robot or mail server that has not answered by then is not waited for."""
GONE = {93000, 300001}
"""What WeCom and DingTalk answer to a key that does not exist (any more)."""


def run(clock: Callable[[], datetime], *, most: int = 1000) -> dict[str, int]:
    """Send what is due; how many letters ended in which state."""
    return deliver(ways(), clock, most=most)


def ways() -> dict[str, Callable[[Letter], None]]:
    """Channel to sender."""
    return {reaching.EMAIL: by_mail, ChannelKind.WECOM.value: to_robot, ChannelKind.DINGTALK.value: to_robot}


# --- e-mail ------------------------------------------------------------------------------------------------


def by_mail(letter: Letter) -> None:
    """Send one letter to a person's own mailbox."""
    if not reaching.mail_is_on():
        raise NoWay("没有配置发邮件")
    box = Mailbox.objects.filter(person=letter.recipient_id).first()
    if box is None:
        raise NoWay("本人没有填写邮箱")
    # a code goes to the address it is to confirm; everything else to a confirmed one only
    if box.confirmed_at is None and letter.subject_table != Mailbox._meta.db_table:
        raise NoWay("邮箱没有经本人确认")
    domain = settings.ZHIBU_MAIL_FROM.rpartition("@")[2].rstrip(">")
    message = EmailMessage(
        letter.title, letter.body, settings.ZHIBU_MAIL_FROM, [vault.open_sealed(box.address_sealed, ADDRESS)],
        headers={"Message-ID": f"<zhibu-letter-{letter.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    connection = get_connection(timeout=SECONDS) if _is_smtp() else get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        raise NotSent(f"邮件服务器连不上：{type(error).__name__}") from error
    try:
        connection.send_messages([message])
    except SMTPRecipientsRefused as error:
        raise NoWay("邮件服务器不接受这个收件人") from error
    except (TimeoutError, SMTPServerDisconnected) as error:
        raise Unsure("邮件服务器在发送中断开") from error
    except (OSError, SMTPException) as error:
        raise NotSent(f"邮件服务器没有收下：{type(error).__name__}") from error
    finally:
        with suppress(OSError, SMTPException):
            connection.close()


def _is_smtp() -> bool:
    return str(settings.EMAIL_BACKEND).endswith("smtp.EmailBackend")


# --- group robots ------------------------------------------------------------------------------------------


def to_robot(letter: Letter) -> None:
    """Send one letter to a group."""
    channel = Channel.objects.filter(pk=letter.recipient_id, disconnected_at__isnull=True).first()
    if channel is None:
        raise NoWay("这个群已经断开")
    key = vault.open_sealed(channel.key_sealed, KEY)
    secret = vault.open_sealed(channel.secret_sealed, SECRET) if channel.secret_sealed else ""
    watched = _Watch()
    with watched:
        robot = _robot(channel.kind, key, secret)
        sent = robot.send(body=f"{letter.title}\n{letter.body}" if channel.kind == ChannelKind.WECOM else letter.body,
                          title=letter.title)  # fmt: skip
    watched.judge(sent=bool(sent))


def _robot(kind: str, key: str, secret: str) -> Any:
    """The plugin of apprise for a robot, pointed at our own host where one is set."""
    # a quarter of a second to load, needed where letters are sent and nowhere else
    from apprise.plugins import dingtalk, wecombot  # noqa: PLC0415 - see the line above

    modules: tuple[Any, ...] = (dingtalk, wecombot)
    for module in modules:
        if not isinstance(module.requests, _Requests):
            module.requests = _Requests(module.requests)
    if kind == ChannelKind.WECOM:
        robot = type("WeCom", (wecombot.NotifyWeComBot,), _at(settings.ZHIBU_WECOM_URL))
        return robot(key=key, **_PATIENCE)
    robot = type("DingTalk", (dingtalk.NotifyDingTalk,), _at(settings.ZHIBU_DINGTALK_URL))
    return robot(token=key, secret=secret or None, **_PATIENCE)


_PATIENCE = {"cto": SECONDS, "rto": SECONDS}


def _at(url: str) -> dict[str, str]:
    return {"notify_url": url} if url else {}


_here = local()


class _Requests:
    """The library `requests` as the plugins see it: the same, and what came of a call is remembered."""

    def __init__(self, real: ModuleType) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def post(self, *args: Any, **kwargs: Any) -> Any:
        """Call, remember the answer or the exception, and go on as if nobody had looked."""
        watch: _Watch | None = getattr(_here, "watch", None)
        try:
            answer = self._real.post(*args, **kwargs)
        except self._real.RequestException as error:
            if watch is not None:
                # a connection that never came about took nothing with it
                early = (self._real.exceptions.ConnectTimeout, self._real.exceptions.SSLError)
                refused = isinstance(error, self._real.ConnectionError) and "Max retries" in str(error)
                watch.error, watch.before = error, isinstance(error, early) or refused
            raise
        if watch is not None:
            watch.status, watch.body = answer.status_code, answer.content[:2000]
        return answer


class _Watch:
    """What came of the one call that a robot makes."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.before = False
        self.status: int | None = None
        self.body = b""

    def __enter__(self) -> Self:
        _here.watch = self
        return self

    def __exit__(self, *_exception: object) -> None:
        _here.watch = None

    def judge(self, *, sent: bool) -> None:
        """Raise unless the platform said that it took the message. The address, which holds the key, is never told."""
        if self.error is not None:
            told = f"连接失败：{type(self.error).__name__}"
            raise NotSent(told) if self.before else Unsure(told)
        if self.status is None:
            raise NotSent("没有发出")
        if self.status >= 500 or not sent:
            raise NotSent(f"对方服务器答复 {self.status}")
        try:
            answer = json.loads(self.body)
            code = int(answer.get("errcode", 0))
        except (ValueError, TypeError, AttributeError):
            raise Unsure("看不懂对方服务器的答复") from None
        if code:
            told = f"对方不接受：{code} {str(answer.get('errmsg', ''))[:120]}"
            raise NoWay(told) if code in GONE else NotSent(told)
