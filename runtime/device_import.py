"""Taking an office's devices into the registry: the same file again changes nothing; what came in is audited."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from county.importing.sources.encodings import decoded
from exchange.device_tables import read_devices
from incidents.rulebook import Tables
from storage.devices import Wished, keep_wished
from storage.journal import Journal
from vocabulary.errors import Refused, sentence
from vocabulary.place import Place


class Edge(Protocol):
    """Who knows what lies in the county: `county.locate.Locator`."""

    def place_inside(self, lon_deg: float, lat_deg: float, /) -> Place:
        """Return the place at two numbers; refuse one outside, and say where they are swapped."""
        ...


@dataclass(slots=True)
class DeviceReport:
    """What an import did: devices new, changed and as they were; rows refused, each with its reason."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: list[Refused] = field(default_factory=list)

    def lines(self, language: str) -> list[str]:
        """Return the report as text, a line for each refusal."""
        head = sentence("sensors.device_report", language).format(
            new=self.new, changed=self.changed, same=self.same, refused=len(self.refused)
        )
        return [head, *(f"  {one.text(language)}" for one in self.refused)]


def import_devices(journal: Journal, locator: Edge, tables: Tables, file: Path) -> DeviceReport:
    """Take the good rows of a file in one transaction."""
    try:
        text, _ = decoded(file.read_bytes(), file.name)
    except OSError as problem:
        raise Refused("dispatch.unreadable_table", file=file.name, problem=problem) from problem
    found = read_devices(text, file.name, tables.departments, locator.place_inside)
    wished = [
        Wished(
            device=one.device,
            name=one.name,
            unit=one.unit,
            period_s=one.period_s,
            stale_s=one.stale_s,
            low=one.low,
            high=one.high,
            addresses=one.addresses,
        )
        for one in found.wished
    ]
    new, changed, same = journal.write_blocking(
        lambda transaction: keep_wished(transaction.connection, wished)
    )
    return DeviceReport(new, changed, same, found.refused)
