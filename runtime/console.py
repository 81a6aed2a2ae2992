"""The console as one object: every room opened in order, its background tasks, and the way back down."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import structlog

from bus.cloudevents import CloudEventWriter
from bus.codec import Codec
from bus.consumers import Consumer
from bus.redis import RedisBus
from bus.relay import Relay
from county.model import County
from exchange.avl_mqtt import MqttPositions
from exchange.jt808.listener import Jt808Listener
from exchange.wires.refused import WireBook
from layers.tile_grid import tile_version
from layers.tiles import TileService
from live.feed import Feed
from live.hub import Hub
from live.ports import Pace
from runtime.briefs import Plan, read_hour
from runtime.care_work import Administering
from runtime.coverage_room import CoverageRoom
from runtime.embedded import EmbeddedValkey
from runtime.figures_sensing import sensing_sources
from runtime.flow import FLOWS, handler_of, notify_flow
from runtime.home import open_journal, open_prepared_store
from runtime.kinds import EVENTS
from runtime.live_source import JournalSource, StoredRoster
from runtime.living_county import LivingCounty
from runtime.living_tables import LivingTables
from runtime.memory import settle_memory
from runtime.notify_work import Notifier
from runtime.notifying import Notifying
from runtime.own_measures import OwnMeasures
from runtime.own_tables import own_tables, own_waits
from runtime.people import anchor_file, open_secrets
from runtime.photos import PhotoFolder
from runtime.position_door import PositionDoor
from runtime.positions import PositionTeller
from runtime.public_reports import PublicReports
from runtime.redaction import Redaction
from runtime.refused_frames import RefusedFrames
from runtime.rooms import Rooms
from runtime.sensing_room import SensingRoom
from runtime.service import ConsoleService
from runtime.settings import Settings
from runtime.tasks import Tasks
from runtime.ticker import Ticker
from runtime.warning_tasks import watch_warnings
from runtime.wires import Wires
from security.administration import Administration
from security.anchors import keep_anchor
from security.credentials import Credentials
from security.passwords import Hasher
from security.sessions import SessionLimits
from security.signin import Entrance
from storage.accounts import StoredPeople
from storage.answers import forget_answers
from storage.audit import audit_head
from storage.effects import StoredDeadLetters, StoredEffects
from storage.outbox import StoredOutbox
from storage.rebuild import fill_figures
from vocabulary.clock import Clock
from vocabulary.errors import Unavailable

log = structlog.get_logger()

ANSWERS_KEPT = timedelta(days=7)
MINUTE_S = 60.0
COUNTY_EVERY_S = 2.0  # so soon is shown what was imported beside us
HOUR_S = 3600.0
TABLES_EVERY_S = 5.0  # so soon is live here what another process brought
DEAD_LETTERS_EVERY_S = 5.0
TICK_S = 1.0
BRIEFS_EVERY_S = 2.0
CLOSURES_EVERY_S = 1.0
LISTEN_AGAIN_S = 15.0
COVER_EVERY_S = 30.0


class Console:
    """Made before the event loop runs; `start` and `stop` belong to the loop."""

    def __init__(self, settings: Settings, county: County, clock: Clock) -> None:
        self.settings, self.clock = settings, clock
        self.home: Path = settings.home.expanduser().absolute()
        self.ground = LivingCounty(self.home, county)
        outside = RedisBus(settings.redis_url) if settings.redis_url else None
        tables, self.waits = own_tables(self.home), own_waits(self.home)
        # The store first: where it cannot be had, no server has been started and none is to be stopped.
        store = open_prepared_store(settings)
        self.embedded = None if outside else EmbeddedValkey(self.home)
        if self.embedded:
            self.embedded.start()
        self.bus = outside or RedisBus(self.embedded.url if self.embedded else "")
        self.journal = open_journal(store, clock, tables)
        if made := fill_figures(self.journal):
            log.info("figures_filled", events=made)
        self.secrets = open_secrets(self.home)
        self.codec = Codec(EVENTS)
        self.writer = CloudEventWriter(f"/onenet/{county.code}", Redaction(self.codec))
        self.tiles = TileService(
            county,
            self.home,
            workers=settings.render_workers,
            source=settings.tile_source,
            source_name=settings.tile_attribution,
        )
        self.photos = PhotoFolder(self.home / "photos")
        self.tables = LivingTables(tables, self.journal)
        self.journal.read_blocking(self.tables.read)
        self.dead_letters = 0
        self._tasks = Tasks()
        self.ourselves = OwnMeasures(self.journal, self.clock, self.settings)
        self._open_live()
        self._open_people()
        self.ground.on_change(self._take_county)

    def _open_live(self) -> None:
        rooms = self._rooms()
        self.coverage = CoverageRoom(rooms, self.home)
        self.hub = Hub(
            JournalSource(self.journal),
            self.clock,
            bus=self.bus,
            roster=StoredRoster(self.journal, self.clock, self.tables.now.calendar.zone),
            dead_letters=lambda: self.dead_letters,
            county=lambda: tile_version(self.ground.county),
            coverage=lambda: self.coverage.living.version,
            painted=self.ourselves.painted.take,
            pace=Pace(ring_size=self.settings.live_ring),
        )
        self.feed = Feed(self.hub)
        self.ticker = Ticker(rooms)
        teller = PositionTeller(self.bus, self.hub)
        refused = RefusedFrames(WireBook(self.clock), self.journal)
        self.door = PositionDoor(rooms, teller, refused)
        plan = Plan(read_hour(self.settings.brief_at), self.settings.language)
        self.service = ConsoleService(
            rooms, self.hub, self.tiles, teller, self.photos, self.door, plan
        )
        self._open_telling(rooms)
        self.service.radio_reach = reach = self.coverage.reach
        self.service.book.also(*self.coverage.sources, *self.ourselves.sources)
        self.service.book.keep_in(self.home)
        self.coverage.tell(self.hub)
        self.public = PublicReports(rooms, self.photos, self.service, self.service.suggesting)
        self.measuring = SensingRoom(rooms, self.home, self.bus, self.hub, self.settings, reach)
        self.sensing = self.measuring.sensing
        self.service.book.also(*sensing_sources(rooms, self.sensing))
        self.service.open_sensing(rooms, self.measuring)
        self.wires = Wires(self.settings, self.home, rooms, self.sensing, refused)
        self.service.open_wires(self.clock, self.wires)
        if self.wires.link:
            MqttPositions(self.door).join(self.wires.link)
        self.relay = Relay(StoredOutbox(self.journal), self.journal, self.bus, self.writer)
        self.journal.on_commit(self.hub.wake)
        self.journal.on_commit(self.relay.wake)

    def _open_telling(self, rooms: Rooms) -> None:
        self.notifier = Notifier(rooms, self.home)
        self.told = notify_flow(Notifying(self.notifier.book, rooms))
        self.jt808 = Jt808Listener(
            self.door, self.settings.jt808_host, self.settings.jt808_port or None
        )

    def _open_people(self) -> None:
        people = StoredPeople(self.journal, self.secrets.audit_key)
        self.credentials = Credentials(people, self.clock)
        limits = SessionLimits(idle=timedelta(minutes=self.settings.session_idle_min))
        hasher = Hasher()
        self.entrance = Entrance(people=people, hasher=hasher, clock=self.clock, limits=limits)
        admin = Administration(people=people, hasher=hasher, clock=self.clock, changed=self._forget)
        url = self.settings.database_url
        self.administering = Administering(self._rooms(), admin, self.hub, self.home, url)

    def _forget(self) -> None:
        """Forget who may; with the beat every open stream looks again."""
        self.credentials.forget()
        self.hub.beat_now()

    def _rooms(self) -> Rooms:
        return Rooms(
            clock=self.clock,
            journal=self.journal,
            codec=self.codec,
            cloudevents=self.writer,
            keyring=self.secrets.keyring,
            audit_key=self.secrets.audit_key,
            ground=self.ground,
            living_tables=self.tables,
            waits=self.waits,
        )

    @property
    def county(self) -> County:
        """Return the county in use."""
        return self.ground.county

    async def start(self) -> None:
        """Start the feed, the relay, the consumers and the housekeeping."""
        await self.tiles.start()
        with suppress(Unavailable):  # the relay tells it, and tries again
            await self.bus.check()
        await self.hub.start()
        self._tasks.run("relay", self.relay.run())
        self._follow_flows()
        self.measuring.run(self._tasks)
        self.wires.start(self._tasks)
        self._tasks.every("timers", TICK_S, self.ticker.turn)
        self._tasks.every("offers", TICK_S, self.service.lapse_offers)
        self._tasks.every("sessions", MINUTE_S, self.entrance.sweep)
        self._tasks.every("answers", MINUTE_S, self._forget_answers)
        self._tasks.every("audit-anchor", MINUTE_S, self._anchor_audit)
        settle_memory()
        self._tasks.every("roads", MINUTE_S, self.service.network.open)
        self._tasks.every("cover", COVER_EVERY_S, self.service.watch_cover)
        self._tasks.every("closures", CLOSURES_EVERY_S, self.service.end_due_closures)
        watch_warnings(self._tasks, self._rooms(), self.service, sample=self.settings.sample_feed)
        self._tasks.every("categories", TABLES_EVERY_S, self.tables.refresh)
        self._keep_learning()
        self._tasks.every("gazetteer", MINUTE_S, self.service.open_search)
        self.coverage.run(self._tasks, predicts=self.settings.coverage)
        self._tasks.every("county", COUNTY_EVERY_S, self.ground.look)
        keep = timedelta(days=self.settings.track_keep_days)
        self._tasks.every("tracks", HOUR_S, lambda: self.service.forget_tracks(keep))
        self._tasks.every("notify", TICK_S, self.notifier.turn)
        self._tasks.every("told", HOUR_S, self.notifier.forget)
        self._tasks.every("jt808", LISTEN_AGAIN_S, self.jt808.open)
        self.ourselves.run(self._tasks, self.relay, self.hub)
        self._tasks.every("dead-letters", DEAD_LETTERS_EVERY_S, self._count_dead_letters)

    def _follow_flows(self) -> None:
        """Start a consumer for each flow."""
        for flow in (*FLOWS, self.measuring.flow, self.coverage.flow, self.told):
            consumer = Consumer(
                flow.consumer,
                handler_of(flow, self.journal),
                bus=self.bus,
                codec=self.codec,
                writer=self.writer,
                effects=StoredEffects(self.journal),
                dead_letters=StoredDeadLetters(self.journal),
                interest=flow.interest,
                from_now=flow.from_now,
            )
            self._tasks.run(flow.consumer, consumer.run())

    def _keep_learning(self) -> None:
        """Start what follows what happens: duplicates, suggestions, figures and their briefs."""
        self._tasks.every("duplicates", MINUTE_S, self.service.watch.open)
        self._tasks.every("learning", HOUR_S, self.service.suggesting.learn)
        self._tasks.every("figures", MINUTE_S, self.service.book.warm)
        self._tasks.every("briefs", BRIEFS_EVERY_S, self.service.briefs.turn)

    async def stop(self) -> None:
        """Stop in the opposite order; what was accepted is kept."""
        await self.hub.stop()
        await self.jt808.close()
        await self.wires.stop()
        await self._tasks.stop()
        await self.ourselves.close()
        await self.notifier.close()
        await self.tiles.stop()
        await self.bus.close()
        self.close()

    def close(self) -> None:
        """Let go of the store and the embedded server."""
        with suppress(Unavailable):  # the next start reads its past anew
            self.service.book.close()
        self.journal.stop()
        self.measuring.close()
        self.journal.store.close()
        if self.embedded:
            self.embedded.stop()

    async def _take_county(self, county: County) -> None:
        """Give every room the new county; screens are told as soon as there is something to be seen."""
        self.writer.source = f"/onenet/{county.code}"
        await self.tiles.use(county)
        self.hub.beat_now()
        await self.service.open_search()
        await self.service.network.open()

    async def _forget_answers(self) -> None:
        before = self.clock.now() - ANSWERS_KEPT
        await self.journal.write(lambda transaction: forget_answers(transaction.connection, before))

    async def _anchor_audit(self) -> None:
        head = await self.journal.read(audit_head)
        if not keep_anchor(anchor_file(self.home), head, self.clock.now()):
            log.error("audit_trail_went_back", seq=head.seq)

    async def _count_dead_letters(self) -> None:
        self.dead_letters = await StoredDeadLetters(self.journal).count()
