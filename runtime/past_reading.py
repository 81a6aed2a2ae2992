"""The past as the API reads it: the days there are, a stretch of one as a reel, and the same as a GeoJSON clip."""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from dispatch.model import Position, Unit
from incidents.model import Case
from live.audience import audience_of
from live.clip import clip_of
from live.deltas import replay
from live.recall import recall
from live.reel import Reel, wind
from runtime.past_source import PastSource
from runtime.rooms import Rooms
from runtime.sight import department_only
from security.principal import Principal
from storage.journal import select_last_seq
from storage.past import instant_of, seq_at
from storage.tracks import tracks_between
from storage.units import all_units
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.message import Event, Recorded

Json = dict[str, Any]
DAY: Final = timedelta(days=1)
DAYS_MOST: Final = 366
CHANGES_MOST: Final = 20_000
NEWS_BACK: Final = 50
PAGE: Final = 1000
TRACK_LASTS: Final = timedelta(minutes=30)  # as `assets/reel.mjs` has it
TRACK_STEPS: Final = 1440  # of a track in one reel: a minute apart for a whole day
TRACK_APART_S: Final = 5.0


class PastReading:
    """`exchange.past_ports.PastService`."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def past_days(self, _principal: Principal) -> Json:
        """Return the days on which something was recorded, newest first."""
        zone = self._rooms.tables.calendar.zone
        now = self._rooms.clock.now()

        def work(connection: Connection) -> list[Json]:
            first, newest = instant_of(connection, 1), select_last_seq(connection)
            days: list[Json] = []
            end = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0) + DAY
            while first is not None and end > first.astimezone(zone) and len(days) < DAYS_MOST:
                begin = end - DAY
                before = seq_at(connection, begin)
                if newest > before:
                    days.append(_day(begin, end, newest - before))
                newest, end = before, begin
            return days

        return {"items": await self._rooms.journal.read(work), "zone": str(zone)}

    async def reel(self, principal: Principal, since: datetime, until: datetime) -> Json:
        """Return what stood at `since` and every change up to `until`."""
        reel, about = await self._wind(principal, since, until)
        units: list[list[Any]] = []
        tracks: dict[str, list[list[Any]]] = {}
        if principal.may("units.read") and department_only(principal) is None:
            units, tracks = await self._units(since, until)
        told = {"start": reel.start, "deltas": reel.deltas, "units": units, "tracks": tracks}
        return about | told

    async def clip(self, principal: Principal, since: datetime, until: datetime) -> Json:
        """Return the same stretch as GeoJSON with its timeline."""
        reel, about = await self._wind(principal, since, until)
        county = self._rooms.county
        return clip_of(reel, about | {"county": county.code, "name": county.name_zh})

    async def _wind(
        self, principal: Principal, since: datetime, until: datetime
    ) -> tuple[Reel, Json]:
        """Return the reel, and what it covers: not beyond now, and not beyond the most changes."""
        now = self._rooms.clock.now()
        _check(since, until, now)
        until = min(until, now)
        journal = self._rooms.journal
        begin, end = await journal.read(
            lambda connection: (seq_at(connection, since), seq_at(connection, until))
        )
        board, _ = await recall(PastSource(journal, begin), NEWS_BACK)
        events = await self._events(begin, min(end, begin + CHANGES_MOST))
        whole = end <= begin + CHANGES_MOST
        reached = until if whole else events[-1].recorded_at
        audience = audience_of(principal)
        reel = await asyncio.to_thread(wind, board, events, self._before, audience)
        return reel, {"since": to_text(since), "until": to_text(reached), "whole": whole}

    def _before(self, recorded: Recorded[Event]) -> Case | None:
        """Return a case as it was before an event."""
        journal = self._rooms.journal
        history = journal.read_blocking(
            lambda connection: journal.select_stream(connection, recorded.stream)
        )
        return replay(history, recorded.version - 1)

    async def _events(self, after: int, last: int) -> list[Recorded[Event]]:
        found: list[Recorded[Event]] = []
        while after < last:
            page = await self._rooms.journal.events_after(after, min(PAGE, last - after))
            if not page:
                break
            found += page
            after = page[-1].seq
        return found

    async def _units(
        self, since: datetime, until: datetime
    ) -> tuple[list[list[Any]], dict[str, list[list[Any]]]]:
        """Return who the units are, and where each was when: [observed_ms, lon, lat]."""
        apart_s = max(TRACK_APART_S, (until - since).total_seconds() / TRACK_STEPS)

        def work(connection: Connection) -> tuple[list[Unit], dict[str, list[Position]]]:
            tracks = tracks_between(connection, since - TRACK_LASTS, until, apart_s)
            return all_units(connection), tracks

        units, tracks = await self._rooms.journal.read(work)
        told = {unit_id: [_spot(seen) for seen in track] for unit_id, track in tracks.items()}
        return [[unit.id, unit.kind.value, unit.name] for unit in units], told


def _spot(seen: Position) -> list[Any]:
    at_ms = int(seen.observed_at.timestamp() * 1000)
    return [at_ms, round(seen.place.lon_deg, 6), round(seen.place.lat_deg, 6)]


def _check(since: datetime, until: datetime, now: datetime) -> None:
    if since >= until:
        raise Refused("exchange.empty_window", since=to_text(since), until=to_text(until))
    if until - since > DAY:
        raise Refused("past.too_long", since=to_text(since), until=to_text(until))
    if since > now:
        raise Refused("past.in_the_future", since=to_text(since), now=to_text(now))


def _day(begin: datetime, end: datetime, events: int) -> Json:
    return {
        "day": f"{begin:%Y-%m-%d}",
        "events": events,
        "since": to_text(begin),
        "until": to_text(end),
    }
