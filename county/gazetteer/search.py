"""The gazetteer: ask for a place as you would say it; the likeliest answers come first, of equal ones the nearest."""

import math
import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from county.gazetteer.crossings import NO_CROSSINGS, Crossings, asked
from county.gazetteer.matching import WHYS, Matches, NameIndex
from county.gazetteer.model import Floats, Found, Names, Rows
from county.gazetteer.sources import crossings_of, names_of
from county.gazetteer.spelling import Speller, fold, has_han
from county.gazetteer.spellings import Prefer
from county.model import County
from vocabulary.place import Place, distance_m

MOST: Final = 50
NEAR_M: Final = 2_000.0  # at which nearness is worth half
SWAY: Final = 0.05  # what weight or nearness can add: as much as the beginning of a name is worth more than its middle
SURE: Final = 0.95
UNLIKE: Final = 0.3  # so much less than the best answer is no answer
READ_AGAIN: Final = 0.97  # what an answer is worth when a part of the question was taken off
ROADS_TRIED: Final = 6
ROAD_SCORE: Final = 0.6
ROAD_SLACK: Final = 0.15
DEGREE_M: Final = 111_195.0
NUMBER: Final = re.compile(
    r"^(.*?[^\W\d_].*?)\s*[\d０-９][\d０-９\-之]*\s*(?:号|號|弄|栋|幢|室|单元|#).*$"
)
NUMBER_EN: Final = re.compile(
    r"^(?:no\.?\s*)?\d+\w?\s+(\D{3,})$|^(\D{3,}?)\s+(?:no\.?\s*)?\d+\w?$", re.IGNORECASE
)
TOWN_ENDS: Final = ("街道", "镇", "乡")


class Gazetteer:
    """Names of one county; make a new one after an import. Read-only: any number of threads may ask."""

    def __init__(
        self,
        names: Names,
        crossings: Crossings = NO_CROSSINGS,
        towns_en: dict[str, str] | None = None,
    ) -> None:
        """Index a table of names; `towns_en` has the English names of the towns."""
        speller = Speller()
        self._names = names
        self._index = NameIndex(names, speller)
        self._crossings = crossings
        self._roads = NameIndex(_road_table(crossings), speller)
        self._towns_en = towns_en or {}
        self._rows_of_town = _rows_by(names.towns)
        self._called_town = _town_calls(self._rows_of_town, self._towns_en)
        shortness = 1.0 / (1.0 + np.array([len(name) for name in names.names], dtype=float))
        self._static: Floats = np.clip(0.8 * names.weights + 0.2 * shortness, 0.0, 1.0)

    @classmethod
    def of(cls, county: County) -> "Gazetteer":
        """Return the gazetteer of a county's map."""
        english = {town.name_zh: town.name_en for town in county.towns}
        return cls(names_of(county), crossings_of(county), english)

    def __len__(self) -> int:
        return len(self._names)

    def search(self, text: str, near: Place | None = None, limit: int = 10) -> list[Found]:
        """Return at most `limit` (50) answers, the best first; with `near`, of equally good ones the nearest first."""
        limit = max(0, min(limit, MOST))
        if not fold(text) or not limit:
            return []
        prefer = self._preference(near)
        found = self._found(self._index.search(text, prefer), prefer, near, limit)
        if not found or found[0].score < SURE:
            for again in (
                self._in_town(text, prefer, near, limit),
                self._of_number(text, prefer, near, limit),
            ):
                found = _merged(again, found, limit)
        return _merged(self._at_crossing(text, near, limit), found, limit)

    def _preference(self, near: Place | None) -> Prefer:
        if near is None:
            return lambda rows: self._static[rows]

        def nearness(rows: Rows) -> Floats:
            return NEAR_M / (NEAR_M + self._away_m(rows, near))

        return nearness

    def _away_m(self, rows: Rows, near: Place) -> Floats:
        narrow = math.cos(math.radians(near.lat_deg))
        east = (self._names.lons_deg[rows] - near.lon_deg) * narrow
        away: Floats = np.hypot(east, self._names.lats_deg[rows] - near.lat_deg) * DEGREE_M
        return away

    def _found(
        self, matches: Matches, prefer: Prefer, near: Place | None, limit: int, worth: float = 1.0
    ) -> list[Found]:
        value = matches.scores + SWAY * prefer(matches.rows)
        order = np.argsort(-value, kind="stable")[:limit]
        return [
            self._row(
                int(matches.rows[i]), worth * float(matches.scores[i]), int(matches.whys[i]), near
            )
            for i in order
        ]

    def _row(self, row: int, score: float, why: int, near: Place | None) -> Found:
        names, town = self._names, self._names.towns[row]
        return Found(
            name=names.names[row], name_en=names.names_en[row], kind=names.kinds[row], town=town,
            lon=float(names.lons_deg[row]), lat=float(names.lats_deg[row]), score=round(score, 3), why=WHYS[why],
            town_en=self._towns_en.get(town, ""),
            distance_m=None if near is None else float(self._away_m(np.array([row]), near)[0]),
        )  # fmt: skip

    def _in_town(self, text: str, prefer: Prefer, near: Place | None, limit: int) -> list[Found]:
        """Read "桥头镇正街" as 正街 in 桥头镇, and "Zhengjie, Qiaotou" likewise."""
        for town, rest in self._town_readings(text):
            inside = self._rows_of_town[town]
            matches = self._index.search(rest, _inside_first(inside, prefer))
            keep = np.isin(matches.rows, inside)
            there = Matches(matches.rows[keep], matches.scores[keep], matches.whys[keep])
            if len(there.rows):
                return self._found(there, prefer, near, limit, READ_AGAIN)
        return []

    def _town_readings(self, text: str) -> Iterator[tuple[str, str]]:
        before, comma, after = text.replace("，", ",").rpartition(",")
        for said, rest in ((after, before), (before, after)) if comma else ():
            if fold(said) in self._called_town and fold(rest):
                yield self._called_town[fold(said)], rest
        folded = fold(text)
        for size in range(min(len(folded) - 1, 8), 1, -1):
            town = self._called_town.get(folded[:size])
            if town is not None and has_han(folded[:size]):
                yield town, folded[size:]

    def _of_number(self, text: str, prefer: Prefer, near: Place | None, limit: int) -> list[Found]:
        """Read "人民路123号" as 人民路: the street is known, the number is not."""
        match = NUMBER.match(text) or NUMBER_EN.match(text.strip())
        street = next((group for group in match.groups() if group), "") if match else ""
        if not fold(street):
            return []
        found = self._found(self._index.search(street, prefer), prefer, near, limit, READ_AGAIN)
        return [_because_address(one) for one in found if one.score >= ROAD_SCORE]

    def _at_crossing(self, text: str, near: Place | None, limit: int) -> list[Found]:
        """Return the crossings of the two roads a text names; of the one road, while the other is still to be typed."""
        for first, second in asked(text) if self._crossings.where else ():
            ones = self._roads_called(first)
            others = self._roads_called(second) if fold(second) else {}
            pairs = {
                (a, b): (ones[a] + others.get(b, 1.0)) / 2
                for a in ones
                for b in (others or (self._crossings.of.get(a, ()) if not fold(second) else ()))
            }
            met = [self._crossing(pair, score, near) for pair, score in pairs.items()]
            flat = [one for many in met for one in many]
            if flat:
                return sorted(
                    flat, key=lambda one: (-round(one.score, 1), one.distance_m or 0.0, -one.score)
                )[:limit]
        return []

    def _roads_called(self, text: str) -> dict[int, float]:
        matches = self._roads.search(text, lambda rows: np.zeros(len(rows)))
        best = np.argsort(-matches.scores, kind="stable")[:ROADS_TRIED]
        least = max(ROAD_SCORE, float(matches.scores.max(initial=0.0)) - ROAD_SLACK)
        return {
            int(matches.rows[i]): float(matches.scores[i])
            for i in best
            if matches.scores[i] >= least
        }

    def _crossing(self, pair: tuple[int, int], score: float, near: Place | None) -> list[Found]:
        roads, english = self._crossings.roads, self._crossings.roads_en
        one, other = (english[i] or roads[i] for i in pair)
        english_name = f"{one} & {other}"
        name = (
            f"{roads[pair[0]]}与{roads[pair[1]]}路口"
            if has_han("".join(roads[i] for i in pair))
            else english_name
        )
        return [
            Found(
                name=name, name_en=english_name, kind="crossing", town="",
                lon=float(lon), lat=float(lat), score=round(score, 3), why="crossing",
                distance_m=None if near is None else distance_m(near, Place(float(lon), float(lat))),
            )
            for lon, lat in self._crossings.where.get((min(pair), max(pair)), ())
        ]  # fmt: skip


def _inside_first(inside: Rows, prefer: Prefer) -> Prefer:
    return lambda rows: prefer(rows) + np.isin(rows, inside)


def _because_address(found: Found) -> Found:
    return Found(
        name=found.name, name_en=found.name_en, kind=found.kind, town=found.town, lon=found.lon, lat=found.lat,
        score=found.score, why="address", town_en=found.town_en, distance_m=found.distance_m,
    )  # fmt: skip


def _merged(one: list[Found], other: list[Found], limit: int) -> list[Found]:
    if not one:
        return other
    seen = {(found.name, found.lon, found.lat) for found in one}
    rest = [found for found in other if (found.name, found.lon, found.lat) not in seen]
    both = sorted([*one, *rest], key=lambda found: -found.score)
    return [found for found in both if found.score >= both[0].score - UNLIKE][:limit]


def _road_table(crossings: Crossings) -> Names:
    many = len(crossings.roads)
    return Names(
        names=list(crossings.roads), names_en=list(crossings.roads_en), kinds=["road"] * many, towns=[""] * many,
        lons_deg=np.zeros(many), lats_deg=np.zeros(many), weights=np.zeros(many),
    )  # fmt: skip


def _rows_by(towns: list[str]) -> dict[str, Rows]:
    rows: dict[str, list[int]] = {}
    for row, town in enumerate(towns):
        if town:
            rows.setdefault(town, []).append(row)
    return {town: np.array(held, dtype=np.int64) for town, held in rows.items()}


def _town_calls(towns: dict[str, Rows], english: dict[str, str]) -> dict[str, str]:
    """Return what a town may be called, folded: 桥头镇 is also 桥头 and qiaotou."""
    calls = {fold(english[town]): town for town in towns if english.get(town)}
    calls |= {fold(town): town for town in towns}
    for town in towns:
        for end in TOWN_ENDS:
            if town.endswith(end) and len(town) > len(end) + 1:
                calls.setdefault(fold(town.removesuffix(end)), town)
    return calls
