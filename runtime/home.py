"""The home folder: made on first use, owned by one user, with the store inside it."""

from pathlib import Path

from bus.codec import Codec
from bus.redis import client_for
from incidents.rulebook import Tables, shipped_tables
from runtime.kinds import EVENTS
from runtime.settings import Settings
from storage.alarms import AlarmsProjection
from storage.alerts import AlertProjection
from storage.cases import CaseProjection
from storage.closures import ClosureProjection
from storage.duties import DutyProjection
from storage.engine import Store, open_store, store_url
from storage.figures import FigureProjection
from storage.handovers import HandoverProjection
from storage.journal import Journal
from storage.outages import OutageProjection
from storage.plans import PlanProjection
from storage.schema import prepare_schema
from storage.units import UnitProjection
from storage.warnings import WarningProjection
from vocabulary.clock import Clock, SystemClock
from vocabulary.errors import Refused


def prepare_home(home: Path) -> Path:
    """Make the folder (0700) if it is not there and return its absolute path.

    Raises Refused `runtime.home_unusable` when it cannot be made or written.
    """
    home = home.expanduser().absolute()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise Refused(
            "runtime.home_unusable", home=home, problem=problem.strerror or str(problem)
        ) from problem
    return home


def check_addresses(settings: Settings) -> None:
    """Refuse a database or Redis URL that cannot be read, before anything is made or started."""
    store_url(settings.database_url, settings.home)
    if settings.redis_url:
        client_for(settings.redis_url)


def open_prepared_store(settings: Settings) -> Store:
    """Return the store with its schema up to date."""
    url = store_url(settings.database_url, settings.home.expanduser().absolute())
    home = prepare_home(settings.home)
    if not settings.database_url:
        _close_to_others(home / "onenet.db")
    store = open_store(url)
    prepare_schema(store)
    return store


def _close_to_others(database: Path) -> None:
    # SQLite gives its -wal and -shm the same mode; a home that somebody else made may be open to all.
    database.touch(mode=0o600)
    database.chmod(0o600)


def open_journal(store: Store, clock: Clock | None = None, tables: Tables | None = None) -> Journal:
    """Return the journal over a store, with every projection, its writer started; timers are armed by `tables`."""
    ruling = tables or shipped_tables()
    projections = (
        CaseProjection(lambda: ruling),
        AlertProjection(),
        UnitProjection(),
        DutyProjection(),
        ClosureProjection(),
        FigureProjection(),
        PlanProjection(),
        HandoverProjection(),
        AlarmsProjection(),
        OutageProjection(),
        WarningProjection(),
    )
    journal = Journal(store, Codec(EVENTS), clock or SystemClock(), projections)
    journal.start()
    return journal
