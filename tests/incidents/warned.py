"""A county of two towns, west and east, and builders of warnings for it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import shapely

from county.model import Box, County, Town
from incidents.warnings.model import (
    Act,
    Area,
    Colour,
    HazardWarning,
    Reach,
    ReachedTown,
    Source,
    Status,
    WarningMessage,
    Words,
)
from incidents.warnings.rules import apply
from tests.clocks import ManualClock
from vocabulary.ids import new_id
from vocabulary.message import Actor, Event, Recorded
from vocabulary.place import Place

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
WEST, EAST = "330521001", "330521002"
TOWNS = (
    Town(id=WEST, name_zh="武康街道", name_en="Wukang", boundary_wgs84=shapely.box(119, 30, 119.5, 31)),
    Town(id=EAST, name_zh="乾元镇", name_en="Qianyuan", boundary_wgs84=shapely.box(119.5, 30, 120, 31)),
)  # fmt: skip
COUNTY = County(
    code="330521",
    name_zh="德清县",
    name_en="Deqing County",
    boundary_wgs84=shapely.box(119, 30, 120, 31),
    towns=TOWNS,
    box=Box(west_deg=119, south_deg=30, east_deg=120, north_deg=31),
    center=Place(119.5, 30.5),
    source="-",
    attribution="-",
    version="1",
    has_terrain=False,
    folder=Path("/nowhere"),
)
HERE = Reach(whole=True, towns=(ReachedTown(id=WEST, zh="武康街道", en="Wukang"),))


def name_of(number: int) -> str:
    """Return the identifier of the n-th message."""
    return f"33052141600000_20261127180000_{number}"


def a_message(number: int = 1, act: Act = Act.ALERT, **told: Any) -> WarningMessage:
    """Return a rainstorm yellow warning of the whole county, sent `minutes` after NOW - 1 h, holding for six hours."""
    sent_at = NOW - timedelta(hours=1) + timedelta(minutes=told.pop("minutes", 0))
    refers: Sequence[int] = told.pop("refers", ())
    usual: dict[str, Any] = {
        "identifier": name_of(number),
        "sender": "德清县气象台",
        "sent_at": sent_at,
        "status": Status.ACTUAL,
        "act": act,
        "references": tuple(map(name_of, refers)),
        "source": Source.CAP,
        "hazard": "rainstorm",
        "event_code": "11B03",
        "colour": Colour.YELLOW,
        "severity": "Yellow",
        "urgency": "Expected",
        "certainty": "Likely",
        "effective_at": sent_at,
        "onset_at": None,
        "expires_at": sent_at + timedelta(hours=6),
        "expires_told": True,
        "words": (Words(language="zh", event="暴雨", headline="暴雨黄色预警"),),
        "areas": (Area(name="德清县", codes=("330521000000",)),),
    }
    return WarningMessage(**{**usual, **told})


class MemoryWarningStore:
    """`incidents.warnings.store.Warnings`."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.journal: list[Recorded[Event]] = []
        self.kept: dict[str, HazardWarning] = {}

    def load(self, identifier: str) -> HazardWarning | None:
        return self.kept.get(identifier)

    def around(self, message: WarningMessage) -> list[HazardWarning]:
        found = {message.identifier, *message.references}
        while True:
            more = {
                name
                for one in self.kept.values()
                for name in (one.id, *one.message.references)
                if found & {one.id, *one.message.references}
            }
            if more <= found:
                return [one for one in self.kept.values() if one.id in found]
            found |= more

    def due(self, at: datetime) -> list[HazardWarning]:
        return [one for one in self.kept.values() if one.open and one.message.expires_at <= at]

    def append(
        self, identifier: str, version: int, events: Sequence[Event], actor: Actor
    ) -> list[Recorded[Event]]:
        told = [
            self._record(identifier, version + n, one, actor) for n, one in enumerate(events, 1)
        ]
        for one in told:
            before, at = self.load(identifier), one.recorded_at
            after = apply(before, one.event, version=one.version, at=at, by=actor.name)
            assert after is not None
            self.kept[identifier] = after
        return told

    def _record(self, identifier: str, version: int, event: Event, actor: Actor) -> Recorded[Event]:
        recorded = Recorded(
            seq=len(self.journal) + 1,
            event_id=new_id(),
            stream=f"warning:{identifier}",
            version=version,
            event=event,
            recorded_at=self.clock.now(),
            source_at=None,
            actor=actor,
            cause_id=None,
            chain="",
        )
        self.journal.append(recorded)
        return recorded
