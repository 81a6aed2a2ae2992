"""Plays a feed of positions through the API, in disorder and doubled where that is wanted, and reads the tracks back."""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from exchange.calllogs.mapping import Box, CountyShape, Mapping
from exchange.replay.client import Api, Reply
from exchange.replay.pace import Pace
from exchange.replay.track_file import Seen
from vocabulary.clock import to_text
from vocabulary.errors import Refused

BATCH: Final = 200
_DEPARTMENT: Final = "traffic_police"
Json = dict[str, Any]


@dataclass(slots=True)
class TrackResult:
    """What became of the positions: `lost` and `doubled` are what the tracks lack or hold too often."""

    sent: int = 0
    again: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    lost: int = 0
    doubled: int = 0
    wrong_last: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Say whether every position that was taken is there once, and the newest one is where the vehicle is."""
        return not (self.lost or self.doubled or self.wrong_last)

    def line(self) -> str:
        """Return the counts in one line."""
        reasons = ", ".join(f"{code}: {n}" for code, n in self.refused.most_common(6))
        return (
            f"sent={self.sent} again={self.again} refused={sum(self.refused.values())}"
            f"{f' ({reasons})' if reasons else ''} kept={self.kept} lost={self.lost}"
            f" doubled={self.doubled} wrong_last={len(self.wrong_last)}"
        )


def laid_over(seen: Sequence[Seen], county: CountyShape) -> Mapping:
    """Return the mapping that lays a feed over the county's middle in its own size: a bus keeps its speed."""
    lons = sorted(one.place.lon_deg for one in seen)
    lats = sorted(one.place.lat_deg for one in seen)
    middle = (lons[len(lons) // 2], lats[len(lats) // 2])
    box = county.box
    here = math.cos(math.radians((box.north + box.south) / 2))
    narrower = here / math.cos(math.radians(middle[1]))
    across, up = (box.east - box.west) * narrower / 2, (box.north - box.south) / 2
    return Mapping(
        Box(middle[0] - across, middle[1] - up, middle[0] + across, middle[1] + up), county
    )


def unit_of(vehicle: str) -> str:
    """Return the unit that a vehicle of the feed is here."""
    return f"bus-{vehicle}"


class TrackPlayer:
    """Plays one feed; `disorder` shuffles every batch and sends a tenth of it twice."""

    def __init__(self, api: Api, pace: Pace, *, seed: int, disorder: bool) -> None:
        self._api, self._pace, self._disorder = api, pace, disorder
        self._die = random.Random(seed)  # noqa: S311 - a die for disorder, no secret
        self.result = TrackResult()
        self._refused: set[tuple[str, datetime]] = set()

    async def play(self, seen: Sequence[Seen]) -> TrackResult:
        """Make the vehicles known, tell every position, read every track back."""
        county = _let_in(await self._api.get("county"))
        places = laid_over(seen, CountyShape.from_api(county.body))
        await self._make_known(sorted({one.vehicle for one in seen}))
        self._pace.begin()
        for batch in self._batches(seen):
            await self._pace.until(batch[-1].at)
            await self._tell(batch, places)
        await self._read_back(seen)
        return self.result

    async def _make_known(self, vehicles: Sequence[str]) -> None:
        for vehicle in vehicles:
            body = {"id": unit_of(vehicle), "name": f"公交 {vehicle}", "kind": "vehicle"}
            _let_in(await self._api.post("units", {**body, "department": _DEPARTMENT}))

    def _batches(self, seen: Sequence[Seen]) -> Iterator[list[Seen]]:
        """Yield what is told in one go: at a pace what one second of ours brings, else as much as fits."""
        held: list[Seen] = []
        for one in seen:
            far = held and self._pace.lasts_s(one.at - held[0].at) > 1.0
            if held and (far or len(held) >= BATCH):
                yield held
                held = []
            held.append(one)
        if held:
            yield held

    async def _tell(self, batch: Sequence[Seen], places: Mapping) -> None:
        told = list(batch)
        if self._disorder:
            told += [one for one in batch if self._die.random() < 0.1]
            self._die.shuffle(told)
        self.result.again += len(told) - len(batch)
        for at in range(0, len(told), BATCH):
            await self._post(told[at : at + BATCH], places)

    async def _post(self, told: Sequence[Seen], places: Mapping) -> None:
        self.result.sent += len(told)
        items = [self._item(one, places) for one in told]
        reply = _let_in(await self._api.post("positions", {"items": items}))
        for one, item in zip(told, reply.body["items"], strict=True):
            if "problem" in item:
                self.result.refused[item["problem"]["code"]] += 1
                self._refused.add((one.vehicle, one.at))

    def _item(self, one: Seen, places: Mapping) -> Json:
        place = places.place(one.place)
        item: Json = {
            "unit_id": unit_of(one.vehicle),
            "lon": place.lon_deg,
            "lat": place.lat_deg,
            "observed_at": to_text(self._pace.told_as(one.at)),
        }
        return item if one.heading_deg is None else {**item, "heading_deg": one.heading_deg}

    async def _read_back(self, seen: Sequence[Seen]) -> None:
        expected: dict[str, list[str]] = defaultdict(list)
        for one in seen:
            if (one.vehicle, one.at) not in self._refused:
                expected[one.vehicle].append(to_text(self._pace.told_as(one.at)))
        listed = _let_in(await self._api.get("units"))
        units = {one["id"]: one for one in listed.body["items"]}
        window = {
            "from": to_text(self._pace.told_as(seen[0].at)),
            "to": to_text(self._pace.told_as(seen[-1].at)),
        }
        for vehicle, times in expected.items():
            reply = _let_in(await self._api.get(f"units/{unit_of(vehicle)}/track", window))
            found = Counter(reply.body["properties"]["times"])
            self.result.kept += sum(found.values())
            self.result.lost += len(set(times) - found.keys())
            self.result.doubled += sum(found.values()) - len(found)
            position = units.get(unit_of(vehicle), {}).get("position") or {}
            if position.get("observed_at") != max(times):
                self.result.wrong_last.append(vehicle)


def _let_in(reply: Reply) -> Reply:
    """Return an answer; what was refused is told as that, never counted as lost."""
    if not reply.well:
        raise Refused("replay.not_let_in", problem=reply.code, detail=reply.body.get("detail", ""))
    return reply
