"""What each kind of channel sends, as values: address, headers and body, signed as its receiver wants it. Pure."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import orjson

from exchange.notify.model import Channel, Kind, Notification, Recipient, Told
from vocabulary.clock import to_text

_JSON: Final = {"Content-Type": "application/json; charset=utf-8"}
# Of a receiver's 4xx these mean "later"; every other means "never like this".
_LATER: Final = frozenset({408, 409, 423, 425, 429})
_PROBLEM_MOST: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One POST."""

    address: str
    headers: dict[str, str]
    body: bytes


Maker = Callable[[Channel, Recipient, Notification, datetime], Outgoing]


def signature(secret: str, at_s: int, body: bytes) -> str:
    """Return what stands in X-Onenet-Signature: the instant, and HMAC-SHA256 over instant, dot and body."""
    signed = hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256)
    return f"t={at_s},v1={signed.hexdigest()}"


def webhook(channel: Channel, to: Recipient, told: Notification, at: datetime) -> Outgoing:
    """Return our own form: JSON, signed where there is a secret; the delivery's id is the same at every try."""
    body = orjson.dumps(
        {
            "id": told.id,
            "event_id": told.event_id,
            "event": told.event,
            "case_id": told.case_id,
            "recipient": to.name,
            "to": to.to,
            "text": told.text,
            "created_at": to_text(told.created_at),
        }
    )
    headers = _JSON | {"X-Onenet-Delivery": told.id, "Idempotency-Key": told.id}
    if channel.secret:
        headers["X-Onenet-Signature"] = signature(channel.secret, int(at.timestamp()), body)
    return Outgoing(address=channel.address, headers=headers, body=body)


def sms(channel: Channel, to: Recipient, told: Notification, _at: datetime) -> Outgoing:
    """Return a gateway's own JSON: the office's template with {to}, {text} and {id}, each written as JSON writes text."""
    body = channel.template
    for name, value in (("to", to.to), ("text", told.text), ("id", told.id)):
        body = body.replace(f"{{{name}}}", json.dumps(value, ensure_ascii=False)[1:-1])
    headers = _JSON | {"Idempotency-Key": told.id}
    if channel.secret:
        headers["Authorization"] = channel.secret
    return Outgoing(address=channel.address, headers=headers, body=body.encode())


def wecom(channel: Channel, to: Recipient, told: Notification, _at: datetime) -> Outgoing:
    """Return a WeCom (政务微信, 企业微信) robot's message; its key is in the address."""
    text: dict[str, Any] = {"content": told.text}
    if to.to:
        text["mentioned_mobile_list"] = [to.to]
    body = orjson.dumps({"msgtype": "text", "text": text})
    return Outgoing(address=channel.address, headers=dict(_JSON), body=body)


def dingtalk(channel: Channel, to: Recipient, told: Notification, at: datetime) -> Outgoing:
    """Return a DingTalk robot's message, signed in the address as its security setting wants it."""
    address = channel.address
    if channel.secret:
        stamp = str(int(at.timestamp() * 1000))
        signed = hmac.new(
            channel.secret.encode(), f"{stamp}\n{channel.secret}".encode(), hashlib.sha256
        )
        sign = quote(base64.b64encode(signed.digest()).decode(), safe="")
        joint = "&" if "?" in address else "?"
        address = f"{address}{joint}timestamp={stamp}&sign={sign}"
    mentioned = [to.to] if to.to else []
    body = orjson.dumps(
        {
            "msgtype": "text",
            "text": {"content": told.text},
            "at": {"atMobiles": mentioned, "isAtAll": False},
        }
    )
    return Outgoing(address=address, headers=dict(_JSON), body=body)


MAKERS: Final[dict[Kind, Maker]] = {
    Kind.WEBHOOK: webhook,
    Kind.SMS: sms,
    Kind.WECOM: wecom,
    Kind.DINGTALK: dingtalk,
}
# Robots answer 200 to everything and say in the body what became of it.
_ROBOTS: Final = frozenset({Kind.WECOM, Kind.DINGTALK})
_ROBOTS_LATER: Final = frozenset({-1, 45009, 130101, 410100})  # busy, or too many in a minute


def judged(kind: Kind, status: int, body: bytes) -> Told:
    """Return what an answer means: gone, to be tried again, or never."""
    if not 200 <= status < 300:
        final = 400 <= status < 500 and status not in _LATER
        return Told(problem=f"HTTP {status}", final=final)
    if kind not in _ROBOTS:
        return Told()
    try:
        answer = orjson.loads(body)
        code = int(answer["errcode"])
    except (ValueError, KeyError, TypeError):
        return Told(problem="no errcode in the answer")
    if code == 0:
        return Told()
    said = str(answer.get("errmsg", ""))[:_PROBLEM_MOST]
    return Told(problem=f"errcode {code} {said}".strip(), final=code not in _ROBOTS_LATER)
