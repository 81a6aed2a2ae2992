"""The office's tables of channels, recipients and rules: read from HOME/notify, refused with file, row and column."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from exchange.notify.model import Channel, Kind, Recipient, Rule
from incidents.table_files import Row, rows
from vocabulary.errors import Refused

SHIPPED: Final = Path(__file__).parent / "tables"
CHANNELS, RECIPIENTS, RULES = "channels.csv", "recipients.csv", "rules.csv"
DESK: Final = Channel(id="desk", kind=Kind.DESK)
FILE: Final = Channel(id="file", kind=Kind.FILE)
_CALLED: Final = frozenset({Kind.WEBHOOK, Kind.SMS, Kind.WECOM, Kind.DINGTALK})
_AUDIENCES: Final = ("unit", "department", "departments", "told")


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The three tables."""

    channels: dict[str, Channel]
    recipients: tuple[Recipient, ...]
    rules: tuple[Rule, ...]

    def audiences(self, event: str) -> tuple[str, ...]:
        """Return who is told of an event, as the rules say it."""
        return tuple(rule.audience for rule in self.rules if rule.event == event)

    def recipients_of(self, audiences: Iterable[str]) -> list[Recipient]:
        """Return the recipients of any of these audiences, in the table's order, each once by channel."""
        wanted = frozenset(audiences)
        found = {(one.name, one.channel): one for one in self.recipients if one.audience in wanted}
        return list(found.values())

    def recipient(self, name: str, channel: str) -> Recipient | None:
        """Return a recipient by name and channel, None where the office took it out since."""
        return next(
            (one for one in self.recipients if (one.name, one.channel) == (name, channel)), None
        )


def read_book(folder: Path, events: Iterable[str]) -> Book:
    """Return the office's tables; what it has none of is the shipped one, or empty."""
    channels = {DESK.id: DESK, FILE.id: FILE}
    for row in _rows(folder, CHANNELS, ("channel", "kind", "address", "secret", "template")):
        channel = _channel(row)
        if channel.id in channels:
            raise row.refused("channel", "a name that stands once")
        channels[channel.id] = channel
    columns = ("name", "audience", "channel", "to", "language")
    recipients = tuple(_recipient(row, channels) for row in _rows(folder, RECIPIENTS, columns))
    known = frozenset(events)
    rules = tuple(_rule(row, known) for row in _rows(folder, RULES, ("event", "audience")))
    return Book(channels=channels, recipients=recipients, rules=rules)


def _rows(folder: Path, name: str, columns: tuple[str, ...]) -> list[Row]:
    file = folder / name
    if not file.is_file():
        file = SHIPPED / name
    if not file.is_file():
        return []
    try:
        return list(rows(name, file.read_text("utf-8"), columns))
    except UnicodeDecodeError:
        raise Refused("notify.unreadable_table", file=name) from None


def _channel(row: Row) -> Channel:
    kind = Kind(row.one_of("kind", tuple(kind.value for kind in Kind)))
    if kind in _CALLED:
        row.read("address", _address, "http(s)://host/…")
    if kind is Kind.SMS and "{text}" not in row.cells["template"]:
        raise row.refused("template", "JSON with {to}, {text} and {id}")
    return Channel(
        id=row.text("channel"),
        kind=kind,
        address=row.cells["address"],
        secret=row.cells["secret"],
        template=row.cells["template"],
    )


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(text)
    return text


def _recipient(row: Row, channels: dict[str, Channel]) -> Recipient:
    channel = channels[row.one_of("channel", tuple(channels))]
    if channel.kind is Kind.SMS:
        row.text("to")
    kind, _, name = row.text("audience").partition(":")
    if kind not in ("unit", "department", "role") or not name:
        raise row.refused("audience", "unit:ID, department:ID or role:ID")
    return Recipient(
        name=row.text("name"),
        audience=row.cells["audience"],
        channel=channel.id,
        to=row.cells["to"],
        language=row.one_of("language", ("zh", "en", "")) or "zh",
    )


def _rule(row: Row, events: frozenset[str]) -> Rule:
    event = row.one_of("event", sorted(events))
    audience = row.text("audience")
    if audience not in _AUDIENCES and ":" not in audience:
        raise row.refused("audience", ", ".join(_AUDIENCES) + ", role:ID, department:ID, unit:ID")
    return Rule(event=event, audience=audience)
