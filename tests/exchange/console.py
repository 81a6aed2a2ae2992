"""A console in memory behind the real API: the real rules of cases, answers kept by key, and nothing else."""

from datetime import datetime, timedelta
from typing import Any

from shapely import Point

from county.closing import rules as closing
from county.closing.model import RoadClosure
from county.closing.summary import closure_row
from county.gazetteer.search import Gazetteer
from county.locate import Cell, Location, Near
from county.messages import CloseRoad, ReopenRoad
from county.model import Town
from exchange.ports import CaseCommand, Check, Health, Once, TravelQuestion
from incidents import handlers
from incidents.acknowledgement import acknowledgement_figures
from incidents.commands import ReceiveReport
from incidents.filters import CaseFilter
from incidents.model import Case
from incidents.rulebook import shipped_tables
from incidents.rules import allowed
from incidents.rules_alerts import waiting_alert
from incidents.rules_attaching import Attaching
from incidents.store import Located
from incidents.summary import case_row
from runtime.place_search import place_row
from runtime.place_telling import place_told
from security.principal import Principal
from tests.clocks import ManualClock
from tests.exchange.avl_console import AvlConsole
from tests.exchange.dispatching import MemoryDispatching
from tests.exchange.exports import MemoryExport
from tests.exchange.figures import MemoryFigures
from tests.exchange.intake import MemoryIntake
from tests.exchange.memory import Memory
from tests.exchange.past_console import MemoryPast
from tests.exchange.places import GAZETTEER
from tests.exchange.reading_console import ReadingConsole
from tests.exchange.sensors import MemoryDevices, MemorySensors
from tests.exchange.shifts import MemoryHandovers, MemoryShifts
from tests.exchange.unit_console import Kept
from tests.exchange.warnings import MemoryWarnings
from tests.incidents.warned import MemoryWarningStore
from vocabulary.clock import to_text
from vocabulary.errors import Refused, Unavailable
from vocabulary.ids import ReportId, new_id
from vocabulary.message import Event
from vocabulary.place import Place

Json = dict[str, Any]
WEST, SOUTH, EAST, NORTH = 119.0, 30.0, 120.0, 31.0
LOCATION = Location(
    Town(
        id="330521001", name_zh="武康街道", name_en="Wukang", boundary_wgs84=Point(119.905, 30.612)
    ),
    Cell("33052100100103", "武康第3网格", "Wukang cell 3", "330521001"),
    Near("环城东路", "Huancheng East Road", 31.4),
    Near("县第一人民医院", "First People's Hospital", 118.0),
)


def locate(place: Place) -> Located:
    inside = WEST <= place.lon_deg <= EAST and SOUTH <= place.lat_deg <= NORTH
    if not inside:
        raise Refused("place.off_the_globe", field="lon", value=place.lon_deg, limit=EAST)
    return Located(division="330521")


class MemoryConsole(
    AvlConsole,
    MemoryIntake,
    MemoryExport,
    MemoryShifts,
    MemoryWarnings,
    MemoryDispatching,
    MemoryPast,
    MemoryFigures,
    ReadingConsole,
):
    """`exchange.ports.CaseService`."""

    def __init__(self) -> None:
        self.memory = Memory(ManualClock())
        self.tables = shipped_tables()
        self.answers: dict[tuple[str, str], tuple[str, Kept]] = {}
        AvlConsole.__init__(self)
        MemoryFigures.__init__(self, self.memory.clock, self.tables)
        ReadingConsole.__init__(self)
        self.road_closures: dict[str, RoadClosure] = {}
        self.asked: list[TravelQuestion] = []
        self.store_ok = True
        self.sensors = MemorySensors()
        self.devices = MemoryDevices()
        self.handovers_kept = MemoryHandovers(self.memory)
        self.warnings_kept = MemoryWarningStore(self.memory.clock)
        self.gazetteer: Gazetteer | None = GAZETTEER
        self.fault: Exception | None = None

    async def receive_report(
        self, principal: Principal, report: ReceiveReport, once: Once, case_id: str | None = None
    ) -> Kept:
        def work() -> Kept:
            given: dict[str, Any] = {
                "actor": principal.actor,
                "at": self.memory.clock.now(),
                "tables": self.tables,
                "locate": locate,
            }
            if case_id is None:
                outcome = handlers.receive_report(self.memory, report, **given)
            else:
                attaching = Attaching(report_id=ReportId(new_id()))
                outcome = handlers.attach_report(self.memory, case_id, report, attaching, **given)
            seq = outcome.recorded[-1].seq
            body = {"report": self._reports(outcome.case)[-1], "case": case_row(outcome.case)}
            return Kept(201, {**body, "seq": seq, "attached": case_id is not None})

        return self._once(principal, once, work)

    async def command(self, principal: Principal, command: CaseCommand, once: Once) -> Kept:
        def work() -> Kept:
            outcome = handlers.command_case(
                self.memory,
                command.case_id,
                command.version,
                command.command,
                actor=principal.actor,
                at=self.memory.clock.now(),
                tables=self.tables,
                permissions=principal.permissions,
                source_at=command.source_at,
            )
            told = [{"seq": one.seq, "kind": one.event.kind} for one in outcome.recorded]
            return Kept(
                200, {"case": case_row(outcome.case), "events": told, "seq": told[-1]["seq"]}
            )

        return self._once(principal, once, work)

    def _once(self, principal: Principal, once: Once, work: Any) -> Kept:
        if self.fault:
            raise self.fault
        kept = self.answers.get((principal.actor.id, once.key))
        if kept is None:
            answer: Kept = work()
            self.answers[principal.actor.id, once.key] = (once.fingerprint, answer)
            return answer
        if kept[0] != once.fingerprint:
            raise Refused("idempotency.key_reused", key=once.key)
        return Kept(kept[1].status, kept[1].body, replayed=True)

    async def list_cases(
        self, principal: Principal, wanted: CaseFilter, limit: int, cursor: str | None
    ) -> Json:
        cases = [case for case in self.memory.cases.values() if _fits(case, wanted)]
        if cursor and not cursor.isdecimal():
            raise Refused("cases.bad_cursor", value=cursor)
        start = int(cursor or 0)
        page, rest = cases[start : start + limit], cases[start + limit :]
        following = str(start + limit) if rest else None
        rows = [case_row(case) for case in page]
        return {"items": rows, "next": following, "seq": len(self.memory.journal)}

    async def case_detail(self, principal: Principal, case_id: str) -> Json | None:
        case = self.memory.cases.get(case_id)
        if case is None:
            return None
        return {
            "case": case_row(case),
            "timeline": await self.changes(principal, case_id, 0),
            "reports": self._reports(case),
            "actions": allowed(case, principal.permissions, principal.actor.department),
        }

    def _reports(self, case: Case) -> list[Json]:
        personal = [self.memory.personal.get(report, {}) for report in case.reports]
        return [
            {
                "id": report,
                "text": case.text,
                "source": case.source,
                "occurred_at": to_text(case.reported_at),
                "caller_phone": who.get("phone"),
                "caller_name": who.get("name"),
            }
            for report, who in zip(case.reports, personal, strict=True)
        ]

    async def changes(self, principal: Principal, case_id: str, after_version: int) -> list[Json]:
        return [
            {"seq": one.seq, "version": one.version, "kind": one.event.kind, "data": {}}
            for one in self.memory.journal
            if one.stream == f"case:{case_id}" and one.version > after_version
        ]

    async def alerts(self, principal: Principal, waiting: bool | None, limit: int) -> Json:
        waits = [one for one in self.memory.cases.values() if waiting_alert(one)]
        return {"items": [{"case_id": one.id, "number": one.number} for one in waits[:limit]]}

    async def acknowledgement(
        self, principal: Principal, since: datetime | None, until: datetime | None
    ) -> Json:
        now = self.memory.clock.now()
        begin, end = since or now - timedelta(days=1), until or now
        return acknowledgement_figures([], since=begin, until=end, at=now)

    async def events(self, principal: Principal, after: int, limit: int) -> Json:
        told = [one for one in self.memory.journal if one.seq > after][:limit]
        items = [{"sequence": str(one.seq), "type": one.event.kind} for one in told]
        return {"items": items, "next": told[-1].seq if told else after}

    def categories(self) -> list[Json]:
        return [{"code": row.code} for row in self.tables.categories.current()]

    async def departments(self) -> list[Json]:
        return [{"id": id} for id in self.tables.departments]

    async def county(self) -> Json:
        ring = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
        return {
            "name": "德清县",
            "bbox": [WEST, SOUTH, EAST, NORTH],
            "center": [119.5, 30.5],
            "boundary": {"type": "Polygon", "coordinates": [ring]},
        }

    async def search(
        self, principal: Principal, text: str, near: Place | None, limit: int
    ) -> list[Json]:
        if self.gazetteer is None:
            raise Unavailable("search.not_yet", retry_after=5)
        return [place_row(one) for one in self.gazetteer.search(text, near, limit)]

    async def locate(self, principal: Principal, lon: float, lat: float) -> Json:
        place = Place(lon, lat)
        locate(place)
        return place_told(place, LOCATION)

    async def closures(self, principal: Principal, *, ended: bool) -> Json:
        rows = [closure_row(one) for one in self.road_closures.values() if one.open != ended]
        return {"items": rows, "seq": 1}

    async def close_road(self, principal: Principal, wish: CloseRoad, once: Once) -> Kept:
        def work() -> Kept:
            closure_id, now = new_id(), self.memory.clock.now()
            [event] = closing.decide_close(wish, closure_id=closure_id, at=now)
            return self._road(201, closure_id, event, principal)

        return self._once(principal, once, work)

    async def reopen_road(self, principal: Principal, wish: ReopenRoad, once: Once) -> Kept:
        def work() -> Kept:
            [event] = closing.decide_reopen(self.road_closures.get(wish.closure_id), wish)
            return self._road(200, wish.closure_id, event, principal)

        return self._once(principal, once, work)

    def _road(self, status: int, closure_id: str, event: Event, principal: Principal) -> Kept:
        before, at = self.road_closures.get(closure_id), self.memory.clock.now()
        version, by = before.version + 1 if before else 1, principal.actor.name
        after = closing.apply(before, event, version=version, at=at, by=by)
        assert after is not None
        self.road_closures[closure_id] = after
        return Kept(status, {"closure": closure_row(after), "seq": version})

    async def nearest_road(self, principal: Principal, place: Place) -> Json:
        if place.lon_deg > EAST:
            raise Refused("roads.none_here", lon=place.lon_deg, lat=place.lat_deg)
        line = {"type": "LineString", "coordinates": [[119.5, 30.5], [119.51, 30.5]]}
        told = {"road": "解放路", "ref": "", "oneway": False, "length_m": 960.0, "away_m": 3.0}
        return {**told, "line": line}

    async def travel(self, principal: Principal, asked: TravelQuestion) -> Json:
        self.asked.append(asked)
        told = {"to": {"lon": 119.5, "lat": 30.5}, "closures": 0, "at": "2026-11-22T08:00:00.000Z"}
        return {**told, "units": []}

    async def isochrones(self, principal: Principal, asked: TravelQuestion) -> Json:
        self.asked.append(asked)
        place = {"lon": 119.5, "lat": 30.5}
        return {"type": "FeatureCollection", "features": [], "to": place, "closures": 0}

    async def health(self) -> Health:
        return Health(
            checks={"store": Check(ok=self.store_ok, detail="seq 1"), "bus": Check(ok=True)}
        )


def _fits(case: Case, wanted: CaseFilter) -> bool:
    text_fits = wanted.text is None or wanted.text.lower() in case.text.lower()
    return text_fits and (not wanted.states or case.state in wanted.states)
