"""A console of journal, relay, bus, hub and feed and nothing else, for `python -m bench.live --bare`."""

import argparse
import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import orjson
import uvicorn
import uvloop
from starlette.types import Receive, Scope, Send

from bus.cloudevents import CloudEventWriter
from bus.codec import Codec
from bus.redis import RedisBus
from bus.relay import Relay
from incidents.messages import CaseOpened, PriorityChanged
from incidents.model import Lane, Priority, RunningClock, Stage
from incidents.store import case_stream
from live.feed import Feed
from live.hub import Hub
from live.transport import FeedProtocol
from runtime.embedded import EmbeddedValkey
from runtime.home import open_journal, open_prepared_store
from runtime.kinds import EVENTS
from runtime.live_source import JournalSource
from runtime.settings import Settings
from security.policy import permissions_of
from security.principal import Principal
from storage.journal import Journal
from storage.outbox import StoredOutbox
from storage.transaction import Transaction
from vocabulary.clock import SystemClock
from vocabulary.ids import CaseId, ReportId, new_id
from vocabulary.message import SYSTEM, Actor, Event, Recorded
from vocabulary.place import Place

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = ROOT / "bench" / "live_page.html"
CENTRE: Final = (104.06, 30.66)
TYPES: Final = {".html": b"text/html", ".mjs": b"text/javascript"}
CLOCK: Final = SystemClock()
DISPATCHER: Final = Principal(
    actor=Actor(id="bench", name="bench", kind="person", roles=frozenset({"dispatcher"})),
    permissions=permissions_of(["dispatcher"]),
)


def opened(case_id: CaseId) -> CaseOpened:
    """Return an event that opens a case somewhere in the county."""
    now = CLOCK.now()
    lon = CENTRE[0] + random.random() * 0.4  # noqa: S311
    lat = CENTRE[1] + random.random() * 0.4  # noqa: S311
    return CaseOpened(
        case_id=case_id,
        number=f"YJ-20261122-{case_id[-6:]}",
        report_id=ReportId(new_id()),
        text="地下室有煤气味,二楼老人行动不便,请速派人。",
        category="07-03",
        place=Place(lon, lat),
        address="滨河路 12 号",
        town="城关镇",
        source="phone",
        reported_at=now,
        lane=Lane.EMERGENCY,
        priority=Priority.P1,
        priority_rule="category",
        clock=RunningClock(stage=Stage.DISPATCH, started_at=now, due_at=now + timedelta(minutes=5)),
        exercise=True,
    )


class Bare:
    """The feed, the page that listens, and a door through which the bench makes things happen."""

    def __init__(self, journal: Journal, feed: Feed) -> None:
        self.journal, self.feed = journal, feed
        self.versions: dict[CaseId, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if path.startswith("/live"):
            await self.feed(scope, receive, send)
        elif path == "/bench/happen":
            seq = await self.journal.write(self._happen)
            await _answer(send, b"application/json", orjson.dumps({"seq": seq}))
        else:
            file = PAGE if path == "/" else ROOT / "assets" / Path(path).name
            content = file.read_bytes() if file.is_file() else b""
            await _answer(send, TYPES.get(file.suffix, b"text/plain"), content)

    def _happen(self, transaction: Transaction, /) -> int:
        """Open a case, or change the priority of one, in turn."""
        event: Event
        if len(self.versions) % 2 == 0 or random.random() < 0.5:  # noqa: S311
            case_id = CaseId(new_id())
            event = opened(case_id)
        else:
            case_id = random.choice(list(self.versions))  # noqa: S311
            event = PriorityChanged(case_id=case_id, priority=Priority.P0, rule=None, reason="-")
        return self._append(transaction, case_id, event)[-1].seq

    def _append(
        self, transaction: Transaction, case_id: CaseId, event: Event
    ) -> list[Recorded[Event]]:
        version = self.versions.get(case_id, 0)
        self.versions[case_id] = version + 1
        return transaction.append(case_stream(case_id), version, [event], actor=SYSTEM)

    async def fill(self, count: int) -> None:
        """Open some cases to begin with."""

        def work(transaction: Transaction, /) -> None:
            for _ in range(count):
                case_id = CaseId(new_id())
                self._append(transaction, case_id, opened(case_id))

        await self.journal.write(work, timeout_s=60)


async def _answer(send: Send, kind: bytes, body: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def serve(home: Path, port: int, count: int) -> None:
    """Serve until killed."""
    valkey = EmbeddedValkey(home)
    valkey.start()
    journal = open_journal(open_prepared_store(Settings(home=home)))
    bus = RedisBus(valkey.url)
    await bus.check()
    relay = Relay(
        StoredOutbox(journal),
        journal,
        bus,
        CloudEventWriter("/onenet/bench", Codec(EVENTS).to_dict),
    )
    hub = Hub(JournalSource(journal), CLOCK, bus=bus)
    bare = Bare(journal, Feed(hub, lambda: DISPATCHER))
    await bare.fill(count)
    await hub.start()
    tell: list[Callable[[int], Any]] = [hub.wake]
    loop = asyncio.get_running_loop()
    tell.append(lambda _seq: loop.call_soon_threadsafe(relay.wake))
    for listener in tell:
        journal.on_commit(listener)
    relaying = asyncio.create_task(relay.run())
    config = uvicorn.Config(
        bare, port=port, http=FeedProtocol, log_level="warning", lifespan="off", access_log=False
    )
    print(orjson.dumps({"redis": valkey.url, "port": port}).decode(), flush=True)
    try:
        await uvicorn.Server(config).serve()
    finally:
        relaying.cancel()
        await hub.stop()
        valkey.stop()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--cases", type=int, default=1000)
    asked = parser.parse_args()
    uvloop.run(serve(asked.home, asked.port, asked.cases))


if __name__ == "__main__":
    main()
