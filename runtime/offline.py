"""The rooms opened for one command on the command line, beside a console that may be running on the same store."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bus.cloudevents import CloudEventWriter
from bus.codec import Codec
from county.store import load
from exchange.sheet import Sheet
from runtime.home import check_addresses, open_journal, open_prepared_store, prepare_home
from runtime.kinds import EVENTS
from runtime.living_county import LivingCounty
from runtime.living_tables import LivingTables
from runtime.own_tables import own_tables, own_waits
from runtime.people import open_secrets
from runtime.redaction import Redaction
from runtime.rooms import Rooms
from runtime.settings import Settings
from vocabulary.clock import SystemClock
from vocabulary.errors import Refused

FORMS = {".csv": "csv", ".yaml": "yaml", ".yml": "yaml", ".xlsx": "xlsx"}


@contextmanager
def opened_rooms(settings: Settings) -> Iterator[Rooms]:
    """Yield the rooms over the home's store and county; they are closed behind."""
    check_addresses(settings)
    home = prepare_home(settings.home)
    clock = SystemClock()
    ruling = own_tables(home)
    journal = open_journal(open_prepared_store(settings), clock, ruling)
    try:
        secrets, codec, county = open_secrets(home), Codec(EVENTS), load(home)
        tables = LivingTables(ruling, journal)
        journal.read_blocking(tables.read)
        yield Rooms(
            clock=clock,
            journal=journal,
            codec=codec,
            cloudevents=CloudEventWriter(f"/onenet/{county.code}", Redaction(codec)),
            keyring=secrets.keyring,
            audit_key=secrets.audit_key,
            ground=LivingCounty(home, county),
            living_tables=tables,
            waits=own_waits(home),
        )
    finally:
        journal.stop()
        journal.store.close()


def sheet_of(file: Path) -> Sheet:
    """Return a file as a sheet; its form is what its name ends with."""
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise Refused("exchange.unknown_form", value=file.name, known=", ".join(FORMS))
    try:
        return Sheet(name=file.name, form=form, content=file.read_bytes())
    except OSError as problem:
        raise Refused(
            "intake.file_unreadable", value=file, problem=problem.strerror or str(problem)
        ) from None
