"""Letters as they leave: by mail, and to the robots of groups, received by a server of the test's own."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail
from django.db import transaction

from tests.town import big_town, enter, now, town
from zhibu.accounts import actions, delivery
from zhibu.accounts.channels import Channel, Mailbox
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.core.refusal import Refused
from zhibu.record import outbox
from zhibu.record.models import Entry, Letter

__all__ = ["big_town", "enter", "now", "town"]
KEY = "693a91f6-7b15-4a2c-8f0d-abcdefabcdef"
TOKEN = "f" * 64


class Receiver(HTTPServer):
    """A platform that answers as it was told to, and keeps what it got."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.got = [], []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, json.loads(body)))
        answer = self.server.answers.pop(0) if self.server.answers else {"errcode": 0, "errmsg": "ok"}
        if answer == "hang up":
            self.connection.close()
            return
        status, content = answer if isinstance(answer, tuple) else (200, answer)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *arguments):
        pass


@pytest.fixture
def receiver(settings):
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.ZHIBU_WECOM_URL = server.url + "/cgi-bin/webhook/send?key={key}"
    settings.ZHIBU_DINGTALK_URL = server.url + "/robot/send?access_token={token}"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def li(town):
    verbs = frozenset(f"accounts.{each}_channel" for each in ("connect", "disconnect", "try")) | {
        "accounts.send_again"
    }
    mandate = Mandate("secretary", town.mining.pk, town.mining.path, verbs, Reach.OWN)
    return Actor(1, town.people["li"].pk, "李书记", (mandate,))


def connected(li, town, now, kind="wecom", address=f"https://x.example/send?key={KEY}", **more):
    return actions.connect_channel(
        li, organisation=town.mining, kind=kind, name="支部群", address=address, now=now, **more
    )


def letter(channel, organisation, now, key="k"):
    with transaction.atomic():
        outbox.post(
            [outbox.Message(key, channel.kind, channel.pk, "会议通知：党课", "时间：7月23日\n地点：二楼")],
            subject=channel, organisation=organisation, now=now,
        )  # fmt: skip
    return Letter.objects.get(key=key)


class TestChannels:
    def test_refused(self, town, now, li):
        for who, address, code in (
            (town.chen, KEY, "channel.no_mandate"),
            (li, "https://x.example/", "channel.address"),
        ):
            with pytest.raises(Refused) as told:
                connected(who, town, now, address=address)
            assert told.value.codes == (code,)

    def test_the_key_lies_sealed_and_goes_with_the_group(self, town, now, li):
        channel = connected(li, town, now, secret="SEC1")
        assert KEY not in channel.key_sealed + channel.secret_sealed
        assert KEY not in "".join(Entry.objects.values_list("values", flat=True))
        channel = actions.disconnect_channel(li, channel=channel, now=now)
        assert (channel.key_sealed, channel.secret_sealed) == ("", "")
        waiting = letter(channel, town.mining, now)
        assert delivery.run(lambda: now) == {"failed": 1}
        waiting.refresh_from_db()
        assert waiting.error == "这个群已经断开"


class TestRobots:
    def test_wecom(self, town, now, li, receiver):
        letter(connected(li, town, now), town.mining, now)
        assert delivery.run(lambda: now) == {"sent": 1}
        assert receiver.got == [
            (
                f"/cgi-bin/webhook/send?key={KEY}",
                {"msgtype": "text", "text": {"content": "会议通知：党课\n时间：7月23日\n地点：二楼"}},
            )
        ]

    def test_dingtalk_signed(self, town, now, li, receiver):
        channel = connected(
            li, town, now, "dingtalk", f"https://x.example/robot/send?access_token={TOKEN}", secret="SECabc"
        )
        letter(channel, town.mining, now)
        assert delivery.run(lambda: now) == {"sent": 1}
        ((path, body),) = receiver.got
        assert path.startswith(f"/robot/send?access_token={TOKEN}&timestamp=")
        assert "&sign=" in path
        assert "会议通知：党课" in json.dumps(body, ensure_ascii=False)
        assert "地点：二楼" in json.dumps(body, ensure_ascii=False)

    def test_a_no_with_status_200_is_no_success(self, town, now, li, receiver):
        receiver.answers = [{"errcode": 45009, "errmsg": "api freq out of limit"}, {"errcode": 0}]
        sent = letter(connected(li, town, now), town.mining, now)
        assert delivery.run(lambda: now) == {"waiting": 1}
        sent.refresh_from_db()
        assert (sent.error, sent.next_at - now) == (
            "对方不接受：45009 api freq out of limit",
            timedelta(minutes=1),
        )
        assert delivery.run(lambda: now + timedelta(minutes=2)) == {"sent": 1}
        assert len(receiver.got) == 2

    @pytest.mark.parametrize(
        ("answer", "state"),
        [
            ((500, {}), "waiting"), ((404, {}), "waiting"), ({"errcode": 93000, "errmsg": "invalid"}, "failed"),
            ("hang up", "unsure"),
        ],
    )  # fmt: skip
    def test_other_answers(self, town, now, li, receiver, answer, state):
        receiver.answers = [answer]
        sent = letter(connected(li, town, now), town.mining, now)
        delivery.run(lambda: now)
        sent.refresh_from_db()
        assert (sent.state, KEY in sent.error) == (state, False)
        assert len(receiver.got) == 1

    def test_nobody_listens(self, town, now, li, settings):
        settings.ZHIBU_WECOM_URL = "http://127.0.0.1:1/{key}"
        sent = letter(connected(li, town, now), town.mining, now)
        delivery.run(lambda: now)
        sent.refresh_from_db()
        assert (sent.state, sent.error) == ("waiting", "连接失败：ConnectionError")

    def test_a_person_sends_again_what_failed(self, town, now, li, receiver):
        receiver.answers = [{"errcode": 93000, "errmsg": "invalid"}]
        sent = letter(connected(li, town, now), town.mining, now)
        delivery.run(lambda: now)
        with pytest.raises(Refused):
            actions.send_again(town.chen, letter=sent, organisation=town.mining, now=now)
        assert actions.send_again(li, letter=sent, organisation=town.mining, now=now) == 1
        with pytest.raises(Refused) as told:
            actions.send_again(li, letter=sent, organisation=town.mining, now=now)
        assert told.value.codes == ("letter.settled",)
        assert delivery.run(lambda: now) == {"sent": 1}


class TestMailbox:
    def code(self):
        return mail.outbox[-1].body.partition("验证码：")[2][:6]

    def test_confirmed_by_the_code_that_went_there(self, town, now, settings):
        chen, person = town.chen, town.people["chen"].pk
        with pytest.raises(Refused) as told:
            actions.set_mailbox(chen, person=person, address="chen@example.org", now=now)
        assert told.value.codes == ("mailbox.off",)
        settings.ZHIBU_MAIL_FROM = "zhibu@example.org"
        for who, address, code in (
            (town.li, "chen@example.org", "mailbox.not_own"),
            (chen, "chen@", "mailbox.address"),
        ):
            with pytest.raises(Refused) as told:
                actions.set_mailbox(who, person=person, address=address, now=now)
            assert told.value.codes == (code,)
        box = actions.set_mailbox(chen, person=person, address="chen@example.org", now=now)
        assert "chen@" not in box.address_sealed
        assert delivery.run(lambda: now) == {"sent": 1}
        assert mail.outbox[0].to == ["chen@example.org"]
        assert actions.confirm_mailbox(chen, person=person, code="wrong", now=now) is False
        assert actions.confirm_mailbox(chen, person=person, code=self.code(), now=now) is True
        actions.forget_mailbox(chen, person=person, now=now)
        assert Mailbox.objects.count() == 0

    def test_a_code_cannot_be_tried_out_and_grows_old(self, town, now, settings):
        settings.ZHIBU_MAIL_FROM = "zhibu@example.org"
        chen, person = town.chen, town.people["chen"].pk
        actions.set_mailbox(chen, person=person, address="chen@example.org", now=now)
        delivery.run(lambda: now)
        with pytest.raises(Refused):
            actions.confirm_mailbox(chen, person=person, code=self.code(), now=now + timedelta(days=2))
        for _try in range(5):
            actions.confirm_mailbox(chen, person=person, code="000000x", now=now)
        with pytest.raises(Refused) as told:
            actions.confirm_mailbox(chen, person=person, code=self.code(), now=now)
        assert told.value.codes == ("mailbox.no_code",)

    def test_a_server_that_cannot_be_reached_is_asked_again(self, town, now, settings):
        settings.ZHIBU_MAIL_FROM = "zhibu@example.org"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        actions.set_mailbox(town.chen, person=town.people["chen"].pk, address="chen@example.org", now=now)
        assert delivery.run(lambda: now) == {"waiting": 1}
        assert Letter.objects.get().error == "邮件服务器连不上：ConnectionRefusedError"


class TestPages:
    def test_connect_try_and_look(self, town, enter, receiver, now):
        client = enter(town.people["li"])
        answer = client.post(
            "/accounts/channels/",
            {"kind": "wecom", "name": "支部群", "address": f"https://x.example/?key={KEY}"},
        )
        assert answer.status_code == 302
        channel = Channel.objects.get()
        page = client.get("/accounts/channels/").content.decode()
        assert "支部群" in page
        assert KEY not in page
        assert "会议通知试发" in client.get("/accounts/letters/").content.decode()
        from zhibu.ui.clock import instant

        assert delivery.run(instant) == {"sent": 1}
        assert client.post(f"/accounts/channels/{channel.pk}/try/").status_code == 302
        assert client.post(f"/accounts/channels/{channel.pk}/disconnect/").status_code == 302
        delivery.run(instant)
        failed = Letter.objects.get(state="failed")
        assert "这个群已经断开" in client.get("/accounts/letters/?state=trouble").content.decode()
        assert "1 条对外通知没有发出" in client.get("/").content.decode()
        assert client.post(f"/accounts/letters/{failed.pk}/again/").status_code == 302
        outsider = enter(town.people["qian"])
        assert outsider.post(f"/accounts/letters/{failed.pk}/again/").status_code == 404
        assert "会议通知试发" not in outsider.get("/accounts/letters/").content.decode()
        assert enter(town.people["chen"]).get("/accounts/letters/").status_code == 404

    def test_the_own_mailbox(self, town, enter, settings):
        settings.ZHIBU_MAIL_FROM = "zhibu@example.org"
        client = enter(town.people["chen"])
        client.post("/accounts/me/mailbox/", {"address": "chen@example.org"})
        page = client.get("/accounts/me/mailbox/").content.decode()
        assert "ch***@example.org" in page
        assert client.post("/accounts/me/mailbox/confirm/", {"code": "1"}).status_code == 302
        assert client.post("/accounts/me/mailbox/forget/").status_code == 302
        assert client.get("/accounts/me/").status_code == 200
