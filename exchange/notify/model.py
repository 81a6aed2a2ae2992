"""Channels, recipients and notifications as values; who is told of what follows from tables, not from branches."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How a channel reaches people."""

    DESK = "desk"  # the pages ring by themselves over the live feed: kept here so that it is seen who was told
    FILE = "file"  # a line in HOME/notify/sink.jsonl, to try things on
    WEBHOOK = "webhook"
    SMS = "sms"
    WECOM = "wecom"  # 政务微信 / 企业微信 robot
    DINGTALK = "dingtalk"


class State(StrEnum):
    """Where a notification stands."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"  # given up after five tries, or refused for good, or too old to be of use


TRIES: Final = 5
# After each failed try this long; then it is given up.
PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
)
# What could not be told for so long is no news any more: after an outage nobody is woken for what is over.
OF_USE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way out. Only what an operator wrote into `address` is ever called."""

    id: str
    kind: Kind
    address: str = ""
    secret: str = field(default="", repr=False)
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who hears what by which channel: everything told to its audience (unit:E32, department:fire, role:supervisor)."""

    name: str
    audience: str
    channel: str
    to: str = field(default="", repr=False)  # a number or an id: never logged, never in an answer
    language: str = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Of this event this audience is told: unit, department, departments, told (whom the event itself names), or one audience."""

    event: str
    audience: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One thing told to one recipient by one channel: there is never a second one of the same event."""

    id: str
    event_id: str
    event: str
    case_id: str
    recipient: str
    channel: str
    text: str
    created_at: datetime
    state: State = State.WAITING
    tries: int = 0
    due_at: datetime | None = None
    problem: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of one try: `problem` empty where it went; `final` where trying again is of no use."""

    problem: str = ""
    final: bool = False


def next_due(tries: int, now: datetime) -> datetime | None:
    """Return when to try again after so many failed tries, None where it is given up."""
    return now + PAUSES[tries - 1] if tries < TRIES else None
