"""Channels against a receiver that fails, hangs and is asked twice; their signatures; tables that name what is wrong."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from exchange.notify.book import Book, read_book
from exchange.notify.model import TRIES, Channel, Kind, Notification, Recipient, next_due
from exchange.notify.post import Post
from exchange.notify.requests import MAKERS, judged, signature
from vocabulary.errors import Refused

AT = datetime(2026, 11, 22, 6, 3, 21, tzinfo=UTC)
TO = Recipient(name="赵磊", audience="unit:E32", channel="out", to="13800138000")
TOLD = Notification(
    id="01KAMZ6Q9Z0000000000000000",
    event_id="e1",
    event="dispatch.assignment_offered.v1",
    case_id="c1",
    recipient="赵磊",
    channel="out",
    text='【派单】P0 "燃气泄漏"\n武康街道',
    created_at=AT,
)


class Receiver:
    """A receiver whose next answers are given beforehand: (status, body, seconds it takes)."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, bytes, float]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append((self.path, dict(self.headers), body))
                status, answer, takes_s = (
                    receiver.answers.pop(0) if receiver.answers else (200, b'{"errcode":0}', 0.0)
                )
                time.sleep(takes_s)
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_words: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def channel(self, kind: Kind, **more: str) -> Channel:
        address = f"http://127.0.0.1:{self.server.server_port}/in?access_token=t0p"
        return Channel(id="out", kind=kind, address=address, **more)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.mark.parametrize("kind", list(MAKERS))
async def test_every_channel_delivers_its_text_and_fails_without_raising(
    receiver: Receiver, kind: Kind, tmp_path: Path
) -> None:
    channel = receiver.channel(kind, template='{"phones":["{to}"],"msg":"{text}","ref":"{id}"}')
    post = Post(tmp_path)
    receiver.answers = [
        (200, b'{"errcode":0}', 0.0),
        (500, b"", 0.0),
        (429, b"", 0.0),
        (403, b"", 0.0),
        (302, b"", 0.0),
    ]
    tries = [await post.send(channel, TO, TOLD, AT) for _ in range(5)]
    await post.close()
    assert [one.problem for one in tries] == [
        "", "HTTP 500", "HTTP 429", "HTTP 403", "HTTP 302",
    ]  # fmt: skip
    assert [one.final for one in tries] == [False, False, False, True, False]
    assert len(receiver.heard) == 5  # a redirect is not followed
    assert _holds(json.loads(receiver.heard[0][2]))


def _holds(said: Any) -> bool:
    if isinstance(said, dict):
        return any(map(_holds, said.values()))
    return bool(said == TOLD.text)


async def test_a_receiver_that_hangs_is_left_and_tried_again(
    receiver: Receiver, tmp_path: Path
) -> None:
    receiver.answers = [(200, b"", 3.0)]
    post = Post(tmp_path, timeout_s=0.5)
    came = await post.send(receiver.channel(Kind.WEBHOOK), TO, TOLD, AT)
    await post.close()
    assert (came.problem, came.final) == ("no answer in time", False)


async def test_a_receiver_that_is_not_there_is_told_without_its_address(tmp_path: Path) -> None:
    channel = Channel(id="out", kind=Kind.WECOM, address="http://127.0.0.1:9/send?key=s3cr3t")
    post = Post(tmp_path, timeout_s=0.5)
    came = await post.send(channel, TO, TOLD, AT)
    await post.close()
    assert came.problem
    assert "s3cr3t" not in came.problem
    assert "127.0.0.1" not in came.problem
    assert not came.final


async def test_a_webhook_is_signed_and_its_second_try_is_known_by_the_deliverys_id(
    receiver: Receiver, tmp_path: Path
) -> None:
    channel = receiver.channel(Kind.WEBHOOK, secret="k3y")
    post = Post(tmp_path, timeout_s=2)
    for _ in range(2):  # the answer was lost on the way: it is sent twice
        assert not (await post.send(channel, TO, TOLD, AT)).problem
    await post.close()
    (_, first, body), (_, second, _) = receiver.heard
    stamp, _, mac = first["X-Onenet-Signature"].partition(",v1=")
    signed = stamp.removeprefix("t=").encode() + b"." + body
    assert mac == hmac.new(b"k3y", signed, hashlib.sha256).hexdigest()
    assert stamp == f"t={int(AT.timestamp())}"
    assert first["X-Onenet-Delivery"] == second["X-Onenet-Delivery"] == TOLD.id
    assert signature("k3y", 1, b"{}") != signature("k3y", 2, b"{}")


def test_a_dingtalk_robot_is_signed_in_its_address() -> None:
    channel = Channel(
        id="d",
        kind=Kind.DINGTALK,
        address="https://robot.invalid/send?access_token=a",
        secret="SEC1",
    )
    out = MAKERS[Kind.DINGTALK](channel, TO, TOLD, AT)
    asked = {name: value[0] for name, value in parse_qs(urlsplit(out.address).query).items()}
    expected = hmac.new(b"SEC1", f"{asked['timestamp']}\nSEC1".encode(), hashlib.sha256).digest()
    assert asked["timestamp"] == str(int(AT.timestamp() * 1000))
    assert base64.b64decode(asked["sign"]) == expected
    assert json.loads(out.body)["at"] == {"atMobiles": ["13800138000"], "isAtAll": False}


def test_a_wecom_robot_mentions_who_it_is_for() -> None:
    channel = Channel(id="w", kind=Kind.WECOM, address="https://robot.invalid/send?key=k")
    out = MAKERS[Kind.WECOM](channel, TO, TOLD, AT)
    said = json.loads(out.body)
    assert out.address == channel.address
    assert said == {
        "msgtype": "text",
        "text": {"content": TOLD.text, "mentioned_mobile_list": ["13800138000"]},
    }


def test_a_robot_says_in_its_body_what_became_of_it() -> None:
    assert not judged(Kind.WECOM, 200, b'{"errcode":0,"errmsg":"ok"}').problem
    busy = judged(Kind.DINGTALK, 200, b'{"errcode":130101,"errmsg":"send too fast"}')
    assert (busy.final, busy.problem) == (False, "errcode 130101 send too fast")
    assert judged(Kind.WECOM, 200, b'{"errcode":93000,"errmsg":"invalid webhook url"}').final
    assert judged(Kind.WECOM, 200, b"<html>").problem
    assert not judged(Kind.WEBHOOK, 204, b"").problem


async def test_the_file_holds_a_line_a_notification_and_no_number(tmp_path: Path) -> None:
    post = Post(tmp_path / "notify")
    channel = Channel(id="file", kind=Kind.FILE)
    for _ in range(2):
        assert not (await post.send(channel, TO, TOLD, AT)).problem
    text = (tmp_path / "notify" / "sink.jsonl").read_text("utf-8")
    assert [json.loads(line)["recipient"] for line in text.splitlines()] == ["赵磊", "赵磊"]
    assert TO.to not in text


def test_five_tries_with_growing_pauses_and_then_it_is_given_up() -> None:
    due = [next_due(tries, AT) for tries in range(1, TRIES + 1)]
    waits = [one - AT for one in due if one]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=5)
    assert due[-1] is None


CHANNELS = "channel,kind,address,secret,template\n"
RECIPIENTS = "name,audience,channel,to,language\n"
EVENTS = ("dispatch.assignment_offered.v1", "incidents.alert_escalated.v1")


def book(folder: Path, **files: str) -> Book:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return read_book(folder, EVENTS)


def test_the_offices_tables_say_who_hears_what_and_the_rest_is_shipped(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        channels=CHANNELS
        + 'duanxin,sms,https://sms.invalid/send,Bearer x,"{""m"":""{to}"",""t"":""{text}""}"\n',
        recipients=RECIPIENTS
        + "赵磊,unit:E32,duanxin,13800138000,\n值班长,role:supervisor,desk,,en\n赵磊,unit:E32,desk,,\n",
        rules="event,audience\ndispatch.assignment_offered.v1,unit\n",
    )
    heard = made.recipients_of(["unit:E32", "unit:E32"])
    assert [(one.name, one.channel) for one in heard] == [("赵磊", "duanxin"), ("赵磊", "desk")]
    assert made.audiences("dispatch.assignment_offered.v1") == ("unit",)
    assert made.recipients_of(["role:supervisor"])[0].language == "en"
    assert "13800138000" not in repr(made)
    assert "Bearer" not in repr(made)


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        ("channels", CHANNELS + "a,pigeon,,,\n", "kind"),
        ("channels", CHANNELS + "a,webhook,ftp://x,,\n", "address"),
        ("channels", CHANNELS + "a,sms,http://x.invalid,,{}\n", "template"),
        ("channels", CHANNELS + "desk,desk,,,\n", "channel"),
        ("recipients", RECIPIENTS + "a,unit:E32,nowhere,,\n", "channel"),
        ("recipients", RECIPIENTS + "a,everybody,desk,,\n", "audience"),
        ("recipients", RECIPIENTS + "a,unit:E32,desk,,fr\n", "language"),
        ("rules", "event,audience\nno.such.v1,unit\n", "event"),
        ("rules", "event,audience\nincidents.alert_escalated.v1,friends\n", "audience"),
    ],
)
def test_a_wrong_cell_is_named_with_its_table_row_and_column(
    tmp_path: Path, name: str, text: str, column: str
) -> None:
    with pytest.raises(Refused) as refused:
        book(tmp_path, **{name: text})
    told = refused.value.values
    assert (told["table"], told["row"], told["column"]) == (f"{name}.csv", 2, column)
