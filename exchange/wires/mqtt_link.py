"""One connection to an MQTT broker for everybody in the console: handlers by topic filter, acknowledged when they are done."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import structlog
from gmqtt import Client, Message
from gmqtt.mqtt.constants import MQTTv50

from exchange.wires.refused import WireBook
from vocabulary.errors import Refused, Unavailable

log = structlog.get_logger()

Handle = Callable[[str, bytes], Awaitable[None]]
GROUP: Final = "ingest"
# What the broker may send before we have acknowledged: more than it keeps in flight for one client.
RECEIVE_MOST: Final = 4000
SESSION_S: Final = 24 * 3600
KEEPALIVE_S: Final = 30
# A broker takes only so many messages that it has not acknowledged (mosquitto.conf: 1,000); the library fails beyond.
OWED_MOST: Final = 900
AGAIN_S: Final = 1.0
SUBSCRIBED_S: Final = (
    15.0  # the broker answers a subscription within it, or the connection is made anew
)
_REFUSED: Final = 0x80  # from this reason code on a subscription is not granted
DROPPED: Final = "$SYS/broker/publish/messages/dropped"
_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and who we are to it."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False


def read_broker(url: str) -> Broker:
    """Return the broker of `mqtt://user:password@host:1883` (mqtts: with TLS)."""
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    if parts.scheme not in _PORTS or not parts.hostname or not port or parts.path.strip("/"):
        raise Refused("wires.bad_broker", value=parts.scheme + "://" + (parts.hostname or ""))
    return Broker(
        parts.hostname,
        port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        parts.scheme == "mqtts",
    )


@dataclass(slots=True)
class LinkState:
    """How the link fares: connected is when the broker has answered every subscription.

    `refused` holds the filters it does not let us hear; `broker_dropped` is what it says it has thrown away itself.
    """

    connected: bool = False
    refused: list[str] = field(default_factory=list)
    received: int = 0
    handled: int = 0
    failed: int = 0
    reconnects: int = 0
    broker_dropped: int = 0
    said_at_start: int | None = None


@dataclass(frozen=True, slots=True)
class _Handler:
    levels: tuple[str, ...]
    subscription: str
    handle: Handle


class MqttLink:
    """Handlers are given before `run`; each message goes to the first whose filter fits."""

    def __init__(self, broker: Broker, client_id: str, book: WireBook, version: int = MQTTv50):
        self.broker, self.client_id, self._book, self._version = broker, client_id, book, version
        self.state = LinkState()
        self._handlers: list[_Handler] = []
        self._client: Any = None
        self.connected = asyncio.Event()

    def on(self, topic_filter: str, handle: Handle, *, shared: bool = True) -> None:
        """Call `handle(topic, payload)` for what fits the filter; `shared` divides it among the consoles of one group.

        A handler raises Refused for what is wrong for ever (counted, kept for inspection, acknowledged) and Unavailable for
        what may be tried again: the message stays unacknowledged with the broker meanwhile.
        """
        subscription = f"$share/{GROUP}/{topic_filter}" if shared else topic_filter
        self._handlers.append(_Handler(tuple(topic_filter.split("/")), subscription, handle))

    async def run(self) -> None:
        """Hold the connection until cancelled; a broker that is away is tried again every second."""
        self.on(DROPPED, self._hear_dropped, shared=False)
        try:
            while True:
                try:
                    await self._hold()
                except (OSError, Unavailable) as problem:
                    log.warning("mqtt_away", host=self.broker.host, problem=str(problem))
                self.state.connected = False
                self.connected.clear()
                await asyncio.sleep(AGAIN_S)
                self.state.reconnects += 1
        finally:
            await self.close()

    async def _hold(self) -> None:
        """Connect, subscribe, and return when the connection is gone."""
        gone, answered = asyncio.Event(), asyncio.Event()

        def end(*_said: Any) -> None:
            gone.set()
            answered.set()  # nobody will answer any more

        client = Client(
            self.client_id,
            clean_session=False,
            optimistic_acknowledgement=False,
            receive_maximum=RECEIVE_MOST,
            session_expiry_interval=SESSION_S,
        )
        client.set_config({"reconnect_retries": 0})
        client.on_message = self._receive
        client.on_disconnect = end
        if self.broker.user:
            client.set_auth_credentials(self.broker.user, self.broker.password)
        context = ssl.create_default_context() if self.broker.tls else False
        self._client = client
        try:
            await client.connect(
                self.broker.host, self.broker.port, ssl=context, keepalive=KEEPALIVE_S,
                version=self._version,
            )  # fmt: skip
        except OSError:
            raise
        except Exception as problem:  # noqa: BLE001 - the library tells a broker's refusal by types of its own
            raise Unavailable("wires.broker_refused", problem=str(problem)) from None
        await self._subscribe(client, answered)
        if gone.is_set():
            return
        self.state.connected = True
        self.connected.set()
        log.info("mqtt_connected", host=self.broker.host, port=self.broker.port)
        await gone.wait()

    async def _subscribe(self, client: Client, answered: asyncio.Event) -> None:
        """Return when the broker has answered every subscription; what it refuses is told, the rest is heard."""
        asked, refused = dict[int, str](), list[str]()

        def hear(_client: Client, mid: int, codes: tuple[int, ...], _properties: Any) -> None:
            subscription = asked.pop(mid, "")
            if subscription and max(codes) >= _REFUSED:
                refused.append(subscription)
                log.error("mqtt_subscription_refused", filter=subscription)
            if not asked:
                answered.set()

        client.on_subscribe = hear
        for one in self._handlers:
            asked[client.subscribe(one.subscription, qos=1)] = one.subscription
        try:
            await asyncio.wait_for(answered.wait(), SUBSCRIBED_S)
        except TimeoutError:
            raise Unavailable("wires.broker_refused", problem="no SUBACK") from None
        self.state.refused = refused

    def not_heard(self) -> list[Refused]:
        """Return what the broker does not let us hear, a refusal for each filter."""
        return [Refused("wires.subscription_refused", value=one) for one in self.state.refused]

    async def close(self) -> None:
        """Say goodbye to the broker, which keeps what comes meanwhile for a day."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):
                await asyncio.wait_for(client.disconnect(), 2)

    async def _receive(
        self, _client: Any, topic: str, payload: bytes, _qos: int, _properties: Any
    ) -> int:
        """Hand a message to its handler; return the reason code by which the broker may forget it."""
        self.state.received += 1
        levels = topic.split("/")
        for one in self._handlers:
            if fits(one.levels, levels):
                await self._try(one.handle, topic, payload)
                break
        return 0

    async def _try(self, handle: Handle, topic: str, payload: bytes) -> None:
        while True:
            try:
                await handle(topic, payload)
            except Refused as reason:
                self._book.refuse("mqtt", _source(topic), reason, payload)
                return
            except Unavailable:
                await asyncio.sleep(AGAIN_S)
            except (
                Exception
            ):  # the guard around one message: a poisonous one must not stop the others
                self.state.failed += 1
                log.exception("mqtt_message_failed", topic=topic)
                return
            else:
                self.state.handled += 1
                return

    async def _hear_dropped(self, _topic: str, payload: bytes) -> None:
        if not payload.isdigit():
            return
        now = int(payload)
        if self.state.said_at_start is None or now < self.state.said_at_start:
            self.state.said_at_start = now
        dropped = now - self.state.said_at_start
        if dropped > self.state.broker_dropped:
            log.error("mqtt_broker_dropped", messages=dropped)
        self.state.broker_dropped = dropped

    @property
    def unanswered(self) -> int:
        """Return how many of our messages the broker has not acknowledged yet."""
        client = self._client
        return 0 if client is None else len(client._persistent_storage.get_all())

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Give a message to the broker; Unavailable while there is no connection."""
        if self._client is None or not self.state.connected:
            raise Unavailable("wires.broker_refused", problem="not connected")
        if self.unanswered >= OWED_MOST:
            raise Unavailable("wires.broker_refused", problem=f"{OWED_MOST} unacknowledged")
        self._client.publish(Message(topic, payload, qos=qos, retain=retain))


def fits(wanted: tuple[str, ...], levels: list[str]) -> bool:
    """Say whether a topic's levels fit a filter's (`+` one level, `#` the rest; neither matches `$SYS` at the first)."""
    if levels[0].startswith("$") and wanted[0] in ("+", "#"):
        return False
    for place, level in enumerate(wanted):
        if level == "#":
            return True
        if place >= len(levels) or level not in ("+", levels[place]):
            return False
    return len(wanted) == len(levels)


def _source(topic: str) -> str:
    return topic.rpartition("/")[0].rpartition("/")[2] or topic[:40]
