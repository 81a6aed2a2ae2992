"""The coverage in use: predicted beside the event loop from the sites in the store, changed as they come, fail and return."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection

from county.key_places import KeyPlace
from county.model import County
from layers.coverage.atlas import Atlas
from layers.coverage.model import CoverageMap, Site
from layers.coverage.outages.model import SiteOutage, Struck
from layers.coverage.settlement import settled
from layers.coverage.silenced import as_they_send, silenced, struck_by
from layers.coverage.tables import customers
from layers.coverage.thresholds import Scales, shipped_scales
from runtime.rooms import Rooms
from storage.outages import open_outages
from storage.radio_sites import all_sites, sites_stamp
from vocabulary.errors import Told, Unavailable

log = structlog.get_logger()
Predict = Callable[[County, Sequence[Site], Path], CoverageMap]
Changed = Callable[[str], Awaitable[object]]
EVERY_S: Final = 2.0  # so soon is in use what another process brought


@dataclass(frozen=True, slots=True)
class Stand:
    """What the store holds: the sites, the outages that stand, and what changes when either does."""

    sites: tuple[Site, ...]
    outages: tuple[SiteOutage, ...]
    stamp: str


class LivingCoverage:
    """Who asks for the coverage asks here, anew each time. `predict` works in a thread."""

    def __init__(self, rooms: Rooms, home: Path, predict: Predict) -> None:
        self._rooms, self._home, self._predict = rooms, home, predict
        self._turn = asyncio.Lock()
        self._stamp = ""
        self._county_version = ""
        self._atlas: Atlas | None = None
        self.scales: Scales = shipped_scales()
        self.sites: tuple[Site, ...] = ()
        self.outages: tuple[SiteOutage, ...] = ()
        # waiting, no_sites, predicting, renewing, ready, failed, off
        self.state = "waiting"
        self._renew = False
        self._listeners: list[Changed] = []

    def on_change(self, listener: Changed) -> None:
        """Call `listener` with the reason (predicted, sites, outage) whenever other values are shown."""
        self._listeners.append(listener)

    @property
    def version(self) -> str:
        """Return what changes when anything that is shown does."""
        atlas = self._atlas
        outages = ",".join(f"{one.site_id}:{one.began_seq}" for one in self.outages)
        return f"{self.state}-{atlas.version if atlas else ''}-{hash_of(outages)}"

    def predict_again(self) -> None:
        """Make the whole prediction anew at the next look: corrections have changed what it is made with.

        Until the new one is there the former is shown, and called so (renewing).
        """
        self._renew = True

    @property
    def ready(self) -> Atlas | None:
        """Return the atlas, None while there is none."""
        return self._atlas

    def atlas(self) -> Atlas:
        """Return the atlas; Unavailable while there is none."""
        if self._atlas is None:
            code = "radio.no_sites" if self.state == "no_sites" else "radio.not_ready"
            raise Unavailable(code, state=self.state)
        return self._atlas

    async def look(self) -> None:
        """Take into use what the store holds now, where it is other than ours."""
        async with self._turn:
            stamp = await self._rooms.journal.read(sites_stamp)
            county = self._rooms.county
            same = stamp == self._stamp and county.version == self._county_version
            if same and not self._renew:
                return
            stand = await self._rooms.journal.read(_stand)
            await self._use(stand, county)

    async def _use(self, stand: Stand, county: County) -> None:
        same_ground = county.version == self._county_version
        renew, self._renew = self._renew, False
        former = {site.id: site for site in as_they_send(self.sites, self.outages)}
        sending = as_they_send(stand.sites, stand.outages)
        self.sites, self.outages = stand.sites, stand.outages
        reason = "outage" if {s.id for s in stand.sites} == former.keys() else "sites"
        try:
            if self._atlas is not None and same_ground and stand.sites and not renew:
                await asyncio.to_thread(self._change, former, sending)
            else:
                reason = "predicted"
                if not (same_ground and stand.sites):
                    self._atlas = None  # it is of another county, or of sites that are gone
                await self._begin(county, stand.sites, sending)
        except Told as problem:
            self.state = "failed"
            log.warning("coverage_not_predicted", problem=problem.text("en"))
        self._stamp, self._county_version = stand.stamp, county.version
        await self._tell(reason)

    def _change(self, former: dict[str, Site], sending: Sequence[Site]) -> None:
        assert self._atlas is not None  # noqa: S101 - asked a line before
        other = [site for site in sending if former.get(site.id) != site]
        gone = former.keys() - {site.id for site in sending}
        self._atlas.change(other, sorted(gone))

    async def _begin(self, county: County, sites: Sequence[Site], sending: Sequence[Site]) -> None:
        if not sites:
            self.state = "no_sites"
            return
        self.state = "renewing" if self._atlas else "predicting"
        await self._tell(self.state)
        try:
            self._atlas = await asyncio.to_thread(self._made, county, sites, sending)
        except Exception:
            self._atlas, self.state = None, "failed"
            log.exception("coverage_prediction_failed", sites=len(sending))
            return
        self.state = "ready"
        log.info("coverage_predicted", sites=len(sending), county_version=county.version)

    def _made(self, county: County, sites: Sequence[Site], sending: Sequence[Site]) -> Atlas:
        # What is kept on disk is the network as it was brought; who is out today is taken away from it afterwards.
        found = self._predict(county, sites, self._home)
        silent = [now for was, now in zip(sites, sending, strict=True) if was != now]
        if silent:
            found.change(silent)
        return Atlas(found, settled(county, found.grid), self.scales)

    async def _tell(self, reason: str) -> None:
        for listener in self._listeners:
            try:
                await listener(reason)
            except Exception:
                log.exception("coverage_change_not_taken")

    def struck(self, site_id: str, cells: Sequence[str]) -> Struck:
        """Return what taking a site out of service would leave people without; nothing is known before a prediction."""
        site = next((one for one in self.sites if one.id == site_id), None)
        atlas = self._atlas
        if site is None or atlas is None:
            return Struck()
        operators = sorted({who for sector in site.sectors for who in customers(sector.carrier)})
        places = self._named_places()
        return atlas.locked(
            lambda: struck_by(
                atlas.map, silenced(site, cells), operators, atlas.under, places, self.scales
            )
        )

    def _named_places(self) -> list[KeyPlace]:
        return [one for one in self._rooms.locator.key_places.rows if one.kind.key]


def _stand(connection: Connection) -> Stand:
    return Stand(
        tuple(all_sites(connection)), tuple(open_outages(connection)), sites_stamp(connection)
    )


def hash_of(text: str) -> str:
    """Return a short mark of a text, fit for an address."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
