"""Planning and measurements for the API: the map in use is asked, and corrected where that is wished."""

import asyncio
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from exchange.api_coverage_planning import PlanBody
from exchange.sheet import Sheet
from layers.coverage import corrected
from layers.coverage.atlas import Atlas
from layers.coverage.bands import band_of
from layers.coverage.calibration import Calibration, Errors, Fitted, calibrate
from layers.coverage.candidates import candidates
from layers.coverage.comparison import Compared, compare, geojson
from layers.coverage.corrected import Correction, Taken, keep
from layers.coverage.coverage_map import PredictedMap
from layers.coverage.ground import classes
from layers.coverage.imagined import Choice, site_of
from layers.coverage.measured import Report, read
from layers.coverage.model import Which
from layers.coverage.planning import Candidate, Pick, Plan, Question, Share, plan, weak_of
from runtime.living_coverage import LivingCoverage
from runtime.rooms import Rooms
from security.audit import entry_of
from security.principal import Principal
from storage.audit import append_audit
from storage.transaction import Transaction
from vocabulary.clock import to_text
from vocabulary.errors import Refused, Unavailable
from vocabulary.place import Place

Json = dict[str, Any]
SHOWN: Final = 5000  # cells of measured over predicted: more than a map can show


class CoveragePlanning:
    """`exchange.api_coverage_planning.PlanningService`."""

    def __init__(self, rooms: Rooms, living: LivingCoverage, home: Path) -> None:
        self._rooms, self._living, self._home = rooms, living, home

    async def plan(self, principal: Principal, body: PlanBody) -> Json:
        """Return the picks as GeoJSON, in their order, with their reasons; and who is served before and after."""
        threshold_dbm, found = await asyncio.to_thread(self._planned, body)
        return plan_told(found) | {"threshold_dbm": threshold_dbm}

    def _planned(self, body: PlanBody) -> tuple[float, Plan]:
        atlas = self._living.atlas()
        technologies = {band_of(band).technology for band in body.bands}
        which = Which(operator=body.operator, technology=min(technologies))
        if len(technologies) > 1:
            raise Refused("coverage.plan_bands", bands=", ".join(body.bands))
        pattern = site_of(
            Choice(
                place=self._rooms.county.center, operator=body.operator, bands=tuple(body.bands), height_m=body.height_m,
                tilt_deg=body.tilt_deg, azimuths_deg=tuple(body.azimuths_deg), power_dbm=body.power_dbm,
            ),
            atlas,
        )  # fmt: skip
        made, under = _map(atlas), atlas.under
        usual_dbm = atlas.scales[min(technologies).generation].weak_below_dbm
        served_dbm = usual_dbm if body.threshold_dbm is None else body.threshold_dbm
        question = Question(which, served_dbm, under.people, under.inside)
        road = (under.road_km > 0).reshape(made.grid.shape)
        weak = weak_of(made, question)
        where = candidates(made.state.ground, weak, under.people, road, made.sites)
        return served_dbm, atlas.locked(lambda: plan(made, question, where, pattern, body.count))

    async def measured(
        self, principal: Principal, sheet: Sheet, operator: str, *, apply: bool
    ) -> Json:
        """Return what was taken, measured over predicted, and what corrections are worth; with `apply` they are used."""
        if sheet.form != "csv":
            raise Refused("exchange.unknown_form", value=sheet.form, known="text/csv")
        made = _map(self._living.atlas())
        report, compared, found = await asyncio.to_thread(_held, made, sheet.text(), operator)
        if apply:
            await self._apply(principal, sheet.name, made, found)
        return {
            "operator": operator,
            "taken": asdict(report), "outside": compared.outside, "silent": compared.silent, "cells": len(compared),
            "applied": apply, **calibration_told(found), "measured": geojson(compared, made, most=SHOWN),
        }  # fmt: skip

    async def _apply(
        self, principal: Principal, name: str, made: PredictedMap, found: Calibration
    ) -> None:
        if not found.bands:
            raise Refused("coverage.too_few_measured", left=sum(found.left.values()))
        correction = Correction(found.corrections, found.sigma_db or made.sigma_db)
        after = {"bands": sorted(correction.by_band), "sigma_db": round(correction.sigma_db, 2)}
        at = await self._audited(principal, "coverage.calibrate", name, after)
        told = [_band_told(one) for one in found.bands]
        taken = Taken(at=to_text(at), by=principal.actor.name, source=name, bands=told)
        await asyncio.to_thread(keep, self._home, correction, taken)
        self._living.predict_again()

    async def correction(self, _principal: Principal) -> Json:
        """Return whether the prediction is corrected, by whom, from what, and what that was worth."""
        stands, taken = await asyncio.to_thread(corrected.taken, self._home)
        return {"stands": stands, "taken": None if taken is None else asdict(taken)}

    async def undo_correction(self, principal: Principal, at: str) -> Json:
        """Go back to what stood before the corrections taken at `at`; the county is predicted anew."""
        _, taken = await asyncio.to_thread(corrected.taken, self._home)
        await asyncio.to_thread(corrected.undo, self._home, at)
        before = {"at": at, "source": taken.source if taken else ""}
        await self._audited(principal, "coverage.calibrate_undo", before["source"], before)
        self._living.predict_again()
        return await self.correction(principal)

    async def _audited(self, principal: Principal, action: str, name: str, after: Json) -> datetime:
        rooms = self._rooms
        at = rooms.clock.now()

        def work(transaction: Transaction, /) -> None:
            entry = entry_of(principal, action, name, at, after=after)
            append_audit(transaction.connection, entry, rooms.audit_key)

        await rooms.journal.write(work)
        return at


def _map(atlas: Atlas) -> PredictedMap:
    if not isinstance(atlas.map, PredictedMap):
        raise Unavailable("radio.not_ready", state="ready")
    return atlas.map


def _held(made: PredictedMap, text: str, operator: str) -> tuple[Report, Compared, Calibration]:
    taken, report = read(text.splitlines(), operator)
    compared = compare(made, taken)
    former = {band: tuple(of) for band, of in made.state.corrections.items()}
    return report, compared, calibrate(compared, made.grid.cell_m, former)


def plan_told(found: Plan) -> Json:
    """Return a plan as GeoJSON."""
    return {
        "type": "FeatureCollection", "features": [_pick_told(n, one) for n, one in enumerate(found.picks, 1)],
        "before": _share_told(found.before), "after": _share_told(found.after), "candidates": found.candidates,
        "worked_out": found.worked_out, "asked_again": found.asked_again, "took_ms": round(found.took_s * 1000),
    }  # fmt: skip


def _pick_told(order: int, pick: Pick) -> Json:
    second = pick.runner_up
    return {
        "type": "Feature", "geometry": _point(pick.candidate.place),
        "properties": {
            "order": order, "kind": pick.candidate.kind, "cost": round(pick.candidate.cost, 2), "people": round(pick.people),
            "area_km2": round(pick.area_km2, 2), "people_per_cost": round(pick.per_cost),
            "ground_m": round(pick.ground_m),
            "nearest_site_m": None if pick.nearest_site_m is None else round(pick.nearest_site_m),
            "second": None if second is None else _second_told(second, pick.runner_up_people),
        },
    }  # fmt: skip


def _second_told(second: Candidate, people: float) -> Json:
    return {"kind": second.kind, "cost": round(second.cost, 2), "people": round(people),
            "lon": second.place.lon_deg, "lat": second.place.lat_deg}  # fmt: skip


def _point(place: Place) -> Json:
    return {"type": "Point", "coordinates": [round(place.lon_deg, 6), round(place.lat_deg, 6)]}


def _share_told(share: Share) -> Json:
    return {name: round(value, 2) for name, value in asdict(share).items()}


def calibration_told(found: Calibration) -> Json:
    """Return what a calibration found, per band."""
    names = [one.name for one in classes()]
    rows = {
        band: [{"class": name, "loss_db": loss} for name, loss in zip(names, of, strict=True)]
        for band, of in found.corrections.items()
    }
    return {
        "bands": [_band_told(one) for one in found.bands], "corrections": rows, "strays": found.strays,
        "too_few": found.left, "sigma_db": None if found.sigma_db is None else round(found.sigma_db, 2),
    }  # fmt: skip


def _band_told(one: Fitted) -> Json:
    return {
        "band": one.band, "fitted": {"before": _errors(one.fitted_before), "after": _errors(one.fitted_after)},
        "held_out": {"before": _errors(one.held_out_before), "after": _errors(one.held_out_after)},
    }  # fmt: skip


def _errors(of: Errors) -> Json:
    told = {"bias_db": of.bias_db, "rmse_db": of.rmse_db}
    return {"cells": of.cells} | {
        name: round(value, 2) if np.isfinite(value) else None for name, value in told.items()
    }
