"""Taking an office's devices into the registry: the same file again changes nothing; what comes by page or API is audited."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from exchange.device_tables import FoundDevices, WishedChannel, read_devices
from exchange.sheet import Sheet
from incidents.rulebook import Tables
from runtime.import_report import row_of, tally
from runtime.offline import sheet_of
from runtime.rooms import Rooms
from runtime.sensing import Sensing
from security.audit import entry_of
from security.principal import Principal
from storage.audit import append_audit
from storage.devices import Weighed, Wished, keep_weighed, keep_wished, weigh
from storage.journal import Journal
from storage.transaction import Transaction
from vocabulary.errors import Refused, sentence
from vocabulary.place import Place

NAMED_MOST: Final = 10
TOLD_MOST: Final = 1_000  # rows of a report; what was refused comes first
GRAVEST_FIRST: Final = ("added", "changed", "unchanged")
OUTCOMES: Final = (*GRAVEST_FIRST, "refused")
Json = dict[str, Any]


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
    found = read_devices(sheet_of(file), tables.departments, locator.place_inside)
    wished = _wished(found.wished)
    new, changed, same = journal.write_blocking(
        lambda transaction: keep_wished(transaction.connection, wished)
    )
    return DeviceReport(new, changed, same, [why for _, why in found.refused])


class DeviceImport:
    """The part of the API's service that takes tables of devices."""

    def __init__(self, rooms: Rooms, sensing: Sensing) -> None:
        self._rooms, self._sensing = rooms, sensing

    async def bring(
        self, principal: Principal, sheet: Sheet, *, datum: str = "wgs84", dry_run: bool
    ) -> Json:
        """Keep the rows that can be kept, in force at once, or only tell what keeping would do; return the report, row by row."""
        rooms = self._rooms
        departments, inside = rooms.tables.departments, rooms.locator.place_inside
        found = await asyncio.to_thread(read_devices, sheet, departments, inside, datum)
        wished = _wished(found.wished)
        if dry_run:
            weighed = await rooms.journal.read(lambda connection: weigh(connection, wished))
        else:
            weighed = await rooms.journal.write(
                lambda transaction: self._keep(transaction, principal, sheet.name, wished),
                timeout_s=60,
            )
            await self._sensing.refresh()
        report = told(found, weighed, principal.language, dry_run=dry_run)
        return report | {"notes": self._notes(found, weighed, principal.language)}

    def _notes(self, found: FoundDevices, weighed: Weighed, language: str) -> list[str]:
        new, changed, same = weighed.counts
        notes = [
            sentence("sensors.note_devices", language).format(new=new, changed=changed, same=same)
        ]
        known = {*self._sensing.registry.devices, *(one.device.id for one in found.wished)}
        gateways = {one.device.gateway for one in found.wished if one.device.gateway} - known
        if gateways:
            named = ", ".join(sorted(gateways)[:NAMED_MOST])
            told = {"n": len(gateways), "gateways": named}
            notes.append(sentence("sensors.note_gateways", language).format(**told))
        return notes

    def _keep(
        self, transaction: Transaction, principal: Principal, name: str, wished: list[Wished]
    ) -> Weighed:
        weighed = weigh(transaction.connection, wished)
        keep_weighed(transaction.connection, weighed)
        new, changed, _ = weighed.counts
        if new or changed:
            at, after = self._rooms.clock.now(), {"new": new, "changed": changed}
            entry = entry_of(principal, "devices.import", name, at, after=after)
            append_audit(transaction.connection, entry, self._rooms.audit_key)
        return weighed


def told(found: FoundDevices, weighed: Weighed, language: str, *, dry_run: bool) -> Json:
    """Return what became of each row and how many devices that are; of a long table those refused are told first."""
    outcomes: dict[int, tuple[str, str]] = {}
    for one in found.wished:
        outcome = weighed.outcomes[one.device.id, one.name]
        before, _ = outcomes.get(one.row, ("unchanged", ""))
        outcomes[one.row] = (min(before, outcome, key=GRAVEST_FIRST.index), one.device.id)
    rows = [row_of(row, "refused", "", language, why) for row, why in found.refused]
    rows += [row_of(row, outcome, device, language) for row, (outcome, device) in outcomes.items()]
    new, changed, same = weighed.counts
    counts = tally(rows, OUTCOMES)
    devices = {"new": new, "changed": changed, "same": same}
    return {"dry_run": dry_run, **counts, "rows": rows[:TOLD_MOST], "devices": devices}


def _wished(found: list[WishedChannel]) -> list[Wished]:
    return [
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
        for one in found
    ]
