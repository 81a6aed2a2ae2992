"""The opened rooms: everything a service needs, made once at start and handed down."""

from dataclasses import dataclass, field

from bus.cloudevents import CloudEventWriter
from bus.codec import Codec
from county.locate import Locator
from county.model import County
from dispatch.kinds import Waits, answer_within
from incidents.rulebook import Tables
from runtime.living_county import LivingCounty
from runtime.living_tables import LivingTables
from security.audit import AuditKey
from security.sealing import Keyring
from storage.journal import Journal
from vocabulary.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What the services share."""

    clock: Clock
    journal: Journal
    codec: Codec
    cloudevents: CloudEventWriter
    keyring: Keyring
    audit_key: AuditKey
    ground: LivingCounty
    living_tables: LivingTables
    waits: Waits = field(default_factory=answer_within)

    @property
    def tables(self) -> Tables:
        """Return the tables as they stand now."""
        return self.living_tables.now

    @property
    def county(self) -> County:
        """Return the county in use."""
        return self.ground.county

    @property
    def locator(self) -> Locator:
        """Return what finds places in the county in use."""
        return self.ground.locator
