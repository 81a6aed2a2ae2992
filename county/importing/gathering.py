"""From sources to everything one county has: the edge first, then its layers, relief, people and tables."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from county.importing import dem, edge, features, population, shapes, writer
from county.importing.asked import Asked, Sources
from county.importing.edge import Edge
from county.importing.extract import osm, restrictions
from county.importing.extract.boundary import Area
from county.importing.kinds import PLACE_RANK
from county.importing.known import Known
from county.importing.layers import official, tables
from county.importing.layers.frames import frame_of
from county.importing.layers.placing import place
from county.importing.layers.rows import read_rows
from county.importing.population_rasters import Population
from county.importing.report import LayerReport, Note, Reports
from county.importing.sources.found import Source
from county.roads import turns
from vocabulary.errors import Refused

STEPS: Final = (
    "read", "boundary", *(layer.name for layer in features.LAYERS), turns.LAYER, "official", "terrain", "population", "tables",
    "write",
)  # fmt: skip
FULLY: Final = 0.98
SEAM_M: Final = 2.0  # what two surveys of the same ground differ by anyway

Tell = Callable[[str], None]


@dataclass(slots=True)
class Gathered:
    """All of one county, ready to be written."""

    edge: Edge
    layers: dict[str, gpd.GeoDataFrame] = field(default_factory=dict)
    heights: dem.Heights | None = None
    people: Population | None = None
    carried: list[tables.Table] = field(default_factory=list)
    plans: list[Path] = field(default_factory=list)


class Troubles:
    """What stops an import: raised at once, or, for a check, all of it listed. Use it with `with`, once for each file."""

    def __init__(self, *, listed: bool) -> None:
        """Say whether to go on after a file that is refused."""
        self.listed = listed
        self.refused: list[Refused] = []

    def __enter__(self) -> None:
        """Begin one file's work."""

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> bool:
        """Keep its refusal where refusals are listed; anything else goes on upwards."""
        if not self.listed or not isinstance(problem, Refused):
            return False
        self.refused.append(problem)
        return True


class Gathering:
    """One import's work, step by step; use `gather`."""

    def __init__(
        self, sources: Sources, asked: Asked, known: Known, tell: Tell, troubles: Troubles
    ) -> None:
        """Nothing is read yet."""
        self.sources, self.asked, self.known = sources, asked, known
        self.tell, self.troubles = tell, troubles
        self.reports = Reports()
        self.notes: list[Note] = []
        self.raws: dict[Source, gpd.GeoDataFrame] = {}
        self.placed: dict[str, list[gpd.GeoDataFrame]] = {}

    def gather(self, fallback: Area | None) -> Gathered | None:
        """Return everything; None where a check found no edge to go on from."""
        with ExitStack() as stack:
            file = self.sources.extract
            extract = stack.enter_context(osm.opened(file)) if file is not None else None
            self.tell("read")
            self._read()
            self.tell("boundary")
            with self.troubles:
                ground = edge.Ground(
                    self.sources,
                    self.raws,
                    extract,
                    self.asked,
                    self.known,
                    self.reports,
                    [],
                    self.notes,
                )
                all_of_it = Gathered(edge.find(ground, fallback))
                within = shapes.grow(all_of_it.edge.area.shape, writer.MARGIN_M)
                all_of_it.layers = self._layers(extract, within)
                self._relief(all_of_it, within)
                self._tables(all_of_it, within)
                return all_of_it
        return None

    def _read(self) -> None:
        for source in self.sources.official:
            with self.troubles:
                raw = read_rows(source, self.reports.of(source.role.name))
                if not len(raw):
                    self.notes.append(Note("county.note_empty_layer", {"file": source.label}))
                    continue
                frame = frame_of(source, raw.crs, self.asked.datums)
                self.raws[source] = raw
                if frame.declared and source.role.name in {"pois", "places"}:
                    self.known.see_members(frame.bring(raw.geometry.to_numpy()))

    def _layers(
        self, extract: osm.Extract | None, within: BaseGeometry
    ) -> dict[str, gpd.GeoDataFrame]:
        layers = {}
        own = {source.role.name for source in self.raws}
        for layer in features.LAYERS:
            self.tell(layer.name)
            if extract is not None and layer.name not in own:
                layers[layer.name] = features.take(
                    extract, layer, within, self.reports.of(layer.name)
                )
                self.reports.of(layer.name).sources.append(extract.file.name)
                self.known.see_layer(layer.name, layers[layer.name])
        self.tell(turns.LAYER)
        # Restrictions name the extract's own ways: with other roads they would bind the wrong ones.
        if extract is not None and not own & {"roads", turns.LAYER}:
            layers[turns.LAYER] = restrictions.take(
                extract.file, within, self.reports.of(turns.LAYER)
            )
        self.tell("official")
        layers |= self._official(within)
        return {
            role: layers.get(role, official.empty(role)) for role in (*official.ALWAYS, *layers)
        }

    def _official(self, within: BaseGeometry) -> dict[str, gpd.GeoDataFrame]:
        """Return the layers of the county's own files; those that declare their frame first: the others are held against them."""
        layers = {}
        own = [source for source in self.raws if source.role.name in official.LAYERS]
        for source in sorted(own, key=self._undeclared):
            with self.troubles:
                report = self.reports.of(source.role.name)
                known = self.known
                rows = place(self.raws[source], source, self.asked.datums, known.for_rows, report)
                self.notes += rows.notes
                self.placed.setdefault(source.role.name, []).append(rows.rows)
                known.see_layer(source.role.name, rows.rows)
        for role, parts in self.placed.items():
            joined = gpd.GeoDataFrame(
                pd.concat(parts, ignore_index=True), geometry="geometry", crs="EPSG:4326"
            )
            layers[role] = official.take(role, joined, within, self.reports.of(role))
            if self.sources.extract is not None:
                label = ", ".join(source.label for source in self.sources.of(role))
                self.notes.append(Note("county.note_replaced", {"role": role, "file": label}))
        return layers

    def _undeclared(self, source: Source) -> bool:
        return not frame_of(source, self.raws[source].crs, self.asked.datums).declared

    def _relief(self, all_of_it: Gathered, within: BaseGeometry) -> None:
        self.tell("terrain")
        files = self.sources.files("dem")
        if all_of_it.edge.area is edge.WORLD:
            return  # nothing to cut heights or people to
        if not files and not all_of_it.edge.lent:
            self.notes.append(Note("county.note_no_terrain", {}))
        if files:
            with self.troubles:
                all_of_it.heights = dem.read(files, within)
                self.notes += terrain_notes(all_of_it.heights)
        self.tell("population")
        if people := self.sources.of("population"):
            with self.troubles:
                all_of_it.people = population.read([self._people(one) for one in people], within)
                self.notes.append(people_note(all_of_it.people))

    def _people(self, source: Source) -> Path | gpd.GeoDataFrame:
        """Return a population source as its reader takes it: a raster's path, or polygons of our column name in WGS 84."""
        if source.is_raster:
            return source.file
        report = self.reports.of("population")
        raw = read_rows(source, report)
        placed = place(raw, source, self.asked.datums, self.known.for_rows, report)
        self.notes += placed.notes
        report.accepted += len(placed.rows)
        return placed.rows

    def _tables(self, all_of_it: Gathered, within: BaseGeometry) -> None:
        self.tell("tables")
        ground = tables.Ground(self.asked.datums, self.known.for_rows, within)
        for role in tables.RULES:
            taken = []
            for source in self.sources.of(role):
                with self.troubles:
                    table, notes = tables.take(source, ground, self.reports.of(role))
                    taken.append(table)
                    self.notes += notes
            if taken:
                all_of_it.carried.append(tables.joined(taken, self.reports.of(role)))
        all_of_it.plans = self._plans()

    def _plans(self) -> list[Path]:
        good: dict[str, Path] = {}
        report = self.reports.of("plans") if self.sources.of("plans") else LayerReport("plans")
        for file in self.sources.files("plans"):
            with self.troubles:
                plan = str(tables.plan_of(file)["id"])
                for known, other in good.items():
                    if plan == known or file.name == other.name:
                        value = plan if plan == known else file.name
                        raise Refused("county.plan_twice", file=file, other=other, value=value)
                good[plan] = file
        report.accepted = len(good)
        return list(good.values())


def terrain_notes(heights: dem.Heights) -> list[Note]:
    """Return what is worth saying about the terrain."""
    notes = []
    if heights.voids:
        notes.append(Note("county.note_voids", {"count": heights.voids}))
    if heights.seam_m >= SEAM_M:
        notes.append(Note("county.note_seam", {"metres": round(heights.seam_m, 1)}))
    if heights.covered < FULLY:
        notes.append(Note("county.note_partly_covered", {"percent": round(heights.covered * 100)}))
    return notes


def people_note(people: Population) -> Note:
    """Return how many people came in."""
    return Note("county.note_people", {
        "count": round(people.total), "percent": round(people.covered * 100),
    })  # fmt: skip


def seats_promoted(places: gpd.GeoDataFrame, town_names: set[str]) -> gpd.GeoDataFrame:
    """Return the places with the seat of every town shown as a town, however few live in it."""
    named = places["name"].isin(town_names) | places["name_local"].isin(town_names)
    seat = named & (places["rank"] > PLACE_RANK["town"])
    return places.assign(
        kind=places["kind"].mask(seat, "town"), rank=places["rank"].mask(seat, PLACE_RANK["town"])
    )
