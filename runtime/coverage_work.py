"""Coverage for the API and the pages: sites brought in, outages kept and shown, and what the prediction says."""

import asyncio
import base64
from collections.abc import Callable
from typing import Any, Final, TypeVar

from pyproj import Transformer
from sqlalchemy import Connection

from exchange.coverage_ports import Download
from exchange.ports import Once
from exchange.sheet import Sheet
from exchange.site_table import Told, read_sites
from layers.coverage.atlas import Atlas, Layer
from layers.coverage.fallbacks import named_for, verdict_of
from layers.coverage.imagined import CHANGE_PALETTE, Choice, Effect, effect_of, site_of
from layers.coverage.messages import BeginOutage, EndOutage
from layers.coverage.model import Which
from layers.coverage.outages import handlers
from layers.coverage.outages.handlers import Changed
from layers.coverage.outages.summary import outage_row
from layers.coverage.picture import png
from layers.coverage.verdicts import GROUPS, key, verdicts
from runtime import coverage_telling as telling
from runtime.coverage_sheets import download
from runtime.coverage_trend import trend_of
from runtime.living_coverage import LivingCoverage
from runtime.network_work import NetworkWork
from runtime.once import answer_once
from runtime.rooms import Rooms
from runtime.site_import import Edge, SiteReport, keep_reading
from security.audit import entry_of
from security.principal import Principal
from storage.answers import Answer
from storage.audit import append_audit
from storage.journal import select_last_seq
from storage.outages import OutagesInTransaction, ended_outages, open_outages
from storage.transaction import Transaction
from vocabulary.errors import Refused
from vocabulary.place import Place

Json = dict[str, Any]
T = TypeVar("T")
CREATED, DONE = 201, 200
ENDED_SHOWN: Final = 100
MERCATOR: Final = "EPSG:3857"


class CoverageWork(NetworkWork):
    """`exchange.coverage_ports.CoverageService`."""

    def __init__(self, rooms: Rooms, living: LivingCoverage) -> None:
        NetworkWork.__init__(self, rooms)
        self._rooms = rooms
        self.living = living

    async def standing(self, principal: Principal) -> Json:
        """Return what is known, and how far the prediction is."""
        living, language = self.living, principal.language
        atlas = living.ready
        scales = {name: telling.scale_row(scale, language) for name, scale in living.scales.items()}
        operators = list(atlas.operators) if atlas else []
        return {
            "state": living.state,
            "version": living.version,
            "sites": len(living.sites),
            "cells": sum(len(site.sectors) for site in living.sites),
            "outages": len(living.outages),
            "operators": operators,
            "operator_names": {one: telling.operator_name(one, language) for one in operators},
            "bands": telling.bands_of(atlas) if atlas else [],
            "scales": scales,
            "cell_m": atlas.under.grid.cell_m if atlas else None,
            "tiles": f"/coverage/tiles/{living.version}",
            "groups": list(GROUPS),
        }

    async def sites(self, principal: Principal) -> Json:
        """Return every site in a few words, with its outage."""
        out = {one.site_id: one for one in self.living.outages}
        rows = [
            telling.site_row(site, out.get(site.id), principal.language)
            for site in self.living.sites
        ]
        return {"items": rows, "version": self.living.version}

    async def site(self, principal: Principal, site_id: str) -> Json:
        """Return one site with its cells and what was assumed of them."""
        site = next((one for one in self.living.sites if one.id == site_id), None)
        if site is None:
            raise Refused("radio.site_unknown", value=site_id)
        outage = next((one for one in self.living.outages if one.site_id == site_id), None)
        return {
            **telling.site_row(site, outage, principal.language),
            "outage": outage_row(outage) if outage else None,
            "sectors": [telling.cell_row(sector) for sector in site.sectors],
        }

    async def import_sites(
        self, principal: Principal, sheet: Sheet, told: Told, *, dry_run: bool
    ) -> Json:
        """Take a table of cells; return the report."""
        rooms = self._rooms
        reading = await asyncio.to_thread(read_sites, sheet, told, Edge(rooms.locator))

        def work(transaction: Transaction, /) -> SiteReport:
            report = keep_reading(transaction, reading, dry_run=dry_run)
            if not dry_run and (report.kept.new or report.kept.changed):
                after = {"new": len(report.kept.new), "changed": len(report.kept.changed)}
                at = rooms.clock.now()
                entry = entry_of(principal, "sites.import", sheet.name, at, after=after)
                append_audit(transaction.connection, entry, rooms.audit_key)
            return report

        report = await rooms.journal.write(work, timeout_s=30)
        return report.told(principal.language)

    async def outages(self, _principal: Principal, *, ended: bool) -> Json:
        """Return the outages that stand, or the newest that are over."""

        def work(connection: Connection) -> Json:
            found = ended_outages(connection, ENDED_SHOWN) if ended else open_outages(connection)
            rows = [outage_row(one) for one in found]
            return {"items": rows, "seq": select_last_seq(connection)}

        return await self._rooms.journal.read(work)

    async def begin_outage(self, principal: Principal, wish: BeginOutage, once: Once) -> Answer:
        """Take a site out of service."""
        struck = await asyncio.to_thread(self.living.struck, wish.site_id, wish.cells)

        def work(transaction: Transaction, /) -> Answer:
            outages = OutagesInTransaction(transaction)
            at = self._rooms.clock.now()
            changed = handlers.begin_outage(outages, wish, struck, actor=principal.actor, at=at)
            return _answer(CREATED, changed)

        return await self._kept(principal, once, "coverage.outage_begin", work)

    async def end_outage(self, principal: Principal, wish: EndOutage, once: Once) -> Answer:
        """Put a site back into service."""

        def work(transaction: Transaction, /) -> Answer:
            outages = OutagesInTransaction(transaction)
            at = self._rooms.clock.now()
            changed = handlers.end_outage(outages, wish, actor=principal.actor, at=at)
            return _answer(DONE, changed)

        return await self._kept(principal, once, "coverage.outage_end", work)

    async def _kept(
        self, principal: Principal, once: Once, action: str, work: Callable[[Transaction], Answer]
    ) -> Answer:
        answer = await answer_once(self._rooms, principal, once, action, work, _site_of)
        await self.living.look()
        return answer

    async def at(self, principal: Principal, place: Place) -> Json:
        """Return what is heard at a place; nothing, and the verdict `unknown`, until the coverage is predicted."""
        self._rooms.locator.require_inside(place)
        if self.living.ready is None:
            told: Json = {"lon": place.lon_deg, "lat": place.lat_deg, "town": "", "items": []}
            return told | {"verdict": "unknown", "fallbacks": []}
        atlas, scales = self.living.atlas(), self.living.scales
        names = {site.id: site.name for site in self.living.sites}
        threshold = scales["4G"].weak_below_dbm

        found = await asyncio.to_thread(
            atlas.locked, lambda: atlas.map.at(place, threshold, atlas.operators)
        )
        rows = [telling.reception_row(one, principal.language, scales, names) for one in found]
        rows.sort(key=lambda row: -row["rsrp_dbm"])
        where = self._rooms.locator.town_of(place)
        town = "" if where is None else where.name_zh
        verdict = verdict_of(found, scales)
        ways = [telling.way_row(one, principal.language) for one in named_for(verdict)]
        told = {"lon": place.lon_deg, "lat": place.lat_deg, "town": town, "items": rows}
        return {**told, "verdict": verdict, "fallbacks": ways}

    async def signal(self, _principal: Principal) -> Json:
        """Return how each cell is covered; only that it is not known, until the coverage is predicted."""
        told: Json = {"version": self.living.version, "state": self.living.state}
        if self.living.ready is None:
            return told
        return told | await self._worked(telling.signal_told)

    async def figures(self, principal: Principal, which: Which) -> Json:
        """Return shares of people, area and roads, of the county and of each town."""
        rows = await self._worked(lambda atlas: atlas.figures(which))
        told = [telling.figures_row(one, principal.language) for one in rows]
        return {"county": told[0], "towns": told[1:], "version": self.living.version}

    async def weak_areas(self, principal: Principal, which: Which, town: str | None) -> Json:
        """Return weak areas as GeoJSON."""
        found = await self._worked(lambda atlas: atlas.weak_areas(which))
        kept = [one for one in found if town in (None, one.town.id)]
        features = [telling.weak_feature(one, principal.language) for one in kept]
        return {"type": "FeatureCollection", "features": features, "version": self.living.version}

    async def places(self, principal: Principal, group: str | None) -> Json:
        """Return key places with their verdicts."""
        rows = key(self._rooms.locator.key_places.rows)
        asked = [one for one in rows if group in (None, one.kind.group)]
        scales = self.living.scales
        found = await self._worked(
            lambda atlas: atlas.locked(lambda: verdicts(atlas.map, asked, atlas.operators, scales))
        )
        told = [telling.verdict_row(one, principal.language, scales) for one in found]
        return {"items": told, "weak": sum(row["weak"] for row in told)}

    async def trend(self, _principal: Principal, which: Which) -> Json:
        """Return what coverage came to after each change."""
        return {"items": await self._rooms.journal.read(lambda c: trend_of(c, which))}

    async def export(self, principal: Principal, which: Which, form: str) -> Download:
        """Return figures and weak areas as a file: geojson, tif or xlsx."""
        rooms = self._rooms
        rows = key(rooms.locator.key_places.rows)
        return await self._worked(
            lambda atlas: download(
                atlas, which, form, rows, county=rooms.county, language=principal.language
            )
        )

    async def what_if(self, principal: Principal, site: Choice, which: Which) -> Json:
        """Return what a site would change, with a picture of where."""
        self._rooms.locator.require_inside(site.place)
        asked = Which(operator=site.operator, technology=which.technology)

        def work(atlas: Atlas) -> Json:
            imagined = site_of(site, atlas)
            effect = effect_of(atlas, imagined, asked)
            scale = atlas.scales[asked.technology.generation if asked.technology else "4G"]
            return _effect(effect, scale.weak_codes[0] - 1)

        return await self._worked(work)

    async def tile(self, layer: Layer, z: int, x: int, y: int) -> bytes:
        """Return a tile of a layer."""
        return await self._worked(lambda atlas: atlas.tile(layer, z, x, y))

    async def _worked(self, work: Callable[[Atlas], T]) -> T:
        return await asyncio.to_thread(work, self.living.atlas())


def _answer(status: int, changed: Changed) -> Answer:
    return Answer(status, {"outage": outage_row(changed.outage), "seq": changed.seq})


def _site_of(body: Json) -> str:
    return f"site:{body['outage']['site_id']}"


def _effect(effect: Effect, first_weak: int) -> Json:
    west, south, east, north = effect.laid.bounds_m
    back = Transformer.from_crs(MERCATOR, "EPSG:4326", always_xy=True)
    (left, right), (low, high) = back.transform([west, east], [south, north])
    picture = base64.b64encode(png(effect.laid.codes, CHANGE_PALETTE)).decode()

    def covered(of: tuple[float, ...]) -> float:
        return sum(of[:first_weak])

    return {
        "people": {
            "before": round(covered(effect.people_before)),
            "after": round(covered(effect.people_after)),
        },
        "area_km2": {
            "before": round(covered(effect.area_before), 2),
            "after": round(covered(effect.area_after), 2),
        },
        "people_before": [round(value) for value in effect.people_before],
        "people_after": [round(value) for value in effect.people_after],
        "picture": f"data:image/png;base64,{picture}",
        "bounds": [[low, left], [high, right]],
        "took_ms": round(1000 * effect.took_s),
    }
