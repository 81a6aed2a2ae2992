"""The pages on a real port, behind the console's own headers, with an API and a live feed that answer from memory."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from starlette.middleware.base import RequestResponseEndpoint
from starlette.responses import Response

from runtime.files import FONT, font_file
from security.answers import HeaderPolicy
from tests.views.doubles import MemoryDesk, pages_of
from tests.views.intake_stage import Intake, add_intake
from tests.views.serving_figures import add_figures

START_S = 10.0
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
PLACES: list[dict[str, Any]] = [
    {
        "name": name,
        "name_en": "",
        "kind": "hospital",
        "town": "武康街道",
        "town_en": "Wukang",
        "lon": lon,
        "lat": 30.53,
        "score": 1,
        "why": "prefix",
        "distance_m": 1200.0,
    }
    for name, lon in (("<b>人民</b>医院", 119.94), ("人民路", 119.96))
]


def row(number: int, **parts: Any) -> dict[str, Any]:
    """Return a case's row."""
    return {
        "id": f"case{number}",
        "number": f"330521202611220000{number}",
        "version": 1,
        "state": "NEW",
        "lane": "routine",
        "priority": "P2",
        "category": "E0506",
        "text": "<img src=x onerror=alert(1)>积水",
        "lon": 119.9 + number / 100,
        "lat": 30.5,
        "address": "永安街",
        "town": "武康街道",
        "source": "phone",
        "reported_at": "2026-11-22T05:00:00.000Z",
        "updated_at": "2026-11-22T05:00:00.000Z",
        "due_at": None,
        "stage": "file",
        "lead": None,
        "assists": [],
        "units": [],
        "supervised": False,
        "suspended": False,
        "rework_n": 0,
        "returned_n": 0,
        "level": None,
        "exercise": False,
        "merged_into": None,
        "reports": 1,
    } | parts


def alert(**parts: Any) -> dict[str, Any]:
    """Return what calls people to a case."""
    return {
        "priority": "P0",
        "offered_at": "2026-11-22T05:00:00.000Z",
        "ack_due_at": "2026-11-22T05:00:15.000Z",
        "step": 0,
        "roles": ["intake", "dispatcher"],
        "escalates_at": None,
        "missed": False,
    } | parts


class Stage:
    """What the pages are shown, and what they did."""

    def __init__(self) -> None:
        self.rows = {f"case{n}": row(n) for n in range(1, 4)}
        self.frames: list[str] = []
        self.reports: list[tuple[str, dict[str, Any]]] = []
        self.searches: list[tuple[str, float, float, int]] = []
        self.answering = True
        self.actions = ["dispatch", "void"]
        self.details: dict[str, Any] = {}
        self.commands: list[tuple[str, dict[str, Any]]] = []
        self.steps: list[tuple[str, str, dict[str, Any]]] = []
        self.assignments: list[dict[str, Any]] = []
        self.intake = Intake()
        self.desk = MemoryDesk()
        self.address = ""

    def say(self, seq: int, case: dict[str, Any], *, called: bool = True) -> None:
        """Send one event's frame; an alert of the case reaches this page where it is `called`."""
        alert = {**case, **case["alert"]} if called and case.get("alert") else None
        data = {
            "seq": seq,
            "at": 0,
            "changes": [{"id": case["id"], "row": case}],
            "news": None,
            "alerts": [{"id": case["id"], "row": alert}],
        }
        self.frames.append(f"id: {seq}\nevent: e\ndata: {json.dumps(data)}\n\n")

    async def stream(self, request: Request) -> AsyncIterator[str]:
        """Yield frames as they come."""
        yield f"event: hb\ndata: {json.dumps({'seq': 1, 'ages': {}, 'bus': 'up'})}\n\n"
        sent = 0
        while self.answering and not await request.is_disconnected():
            for frame in self.frames[sent:]:
                yield frame
            sent = len(self.frames)
            await asyncio.sleep(0.02)


def add_feed(server: FastAPI, stage: Stage) -> None:
    """Add the live feed and the tiles."""

    @server.get("/live/snapshot")
    async def snapshot() -> dict[str, Any]:
        unit = ["u1", 119.92, 30.51, 0, "available", "engine", "消防 1"]
        return {"seq": 1, "rows": stage.rows, "news": [], "units": [unit]}

    @server.get("/live")
    async def live(request: Request) -> StreamingResponse:
        return StreamingResponse(stage.stream(request), media_type="text/event-stream")

    @server.get(FONT)
    async def font() -> FileResponse:
        return FileResponse(font_file())

    @server.get("/tiles/{path:path}")
    async def tile(path: str) -> Response:
        return Response(PIXEL, media_type="image/png")


def add_places(server: FastAPI, stage: Stage) -> None:
    """Add what turns names into places, and places into names."""

    @server.get("/api/v1/search")
    async def search(q: str, lon: float, lat: float, limit: int) -> Response:
        stage.searches.append((q, lon, lat, limit))
        if q == "故障":
            return JSONResponse({"status": 503, "code": "x", "detail": "地名索引尚在建立"}, 503)
        return JSONResponse({"items": [one for one in PLACES if q in one["name"]]})

    @server.get("/api/v1/locate")
    async def locate(lon: float, lat: float) -> dict[str, Any]:
        where = {"lon": lon, "lat": lat, "town": None, "road": None, "place": None}
        told = {"text": "武康街道 环城东路 近 <b>医院</b> 120 m", "text_en": "Wukang"}
        return where | told | {"cell": {"code": "33052100100103", "name": "", "name_en": ""}}


def add_commands(server: FastAPI, stage: Stage) -> None:
    """Add what officers do, and what is told of it."""

    @server.post("/api/v1/cases/{case_id}/commands")
    async def command(case_id: str, request: Request) -> dict[str, Any]:
        stage.commands.append((case_id, await request.json()))
        return {"case": stage.rows[case_id], "events": [], "seq": 9}

    @server.get("/api/v1/assignments")
    async def assignments(case: str) -> dict[str, Any]:
        return {"items": [one for one in stage.assignments if one["case_id"] == case]}

    @server.get("/api/v1/shifts")
    async def shifts() -> dict[str, list[Any]]:
        return {"items": []}

    @server.get("/api/v1/travel")
    async def travel() -> dict[str, Any]:
        return {"units": []}

    @server.post("/api/v1/assignments/{assignment}/{step}")
    async def answer(assignment: str, step: str, request: Request) -> dict[str, Any]:
        stage.steps.append((assignment, step, await request.json()))
        return {"assignment": stage.assignments[0], "seq": 9}

    add_response(server)
    add_figures(server)


def add_response(server: FastAPI) -> None:
    """Add who would go, what plan holds and who hears it there: nobody, none, and not known."""

    @server.get("/api/v1/cases/{case_id}/recommendation")
    async def recommendation(case_id: str) -> dict[str, Any]:
        roads = {"estimated": False, "closures": 0, "walk_m": None}
        basis = {"kind": "default", "name_zh": "", "name_en": "", "level": None}
        told = {"proposal": case_id, "at": "2026-11-22T05:00:00.000Z", "basis": basis}
        nobody: dict[str, Any] = {"answers": [], "proposed": [], "missing": 0}
        return told | nobody | {"roads": roads, "reach": {"known": False}}

    @server.get("/api/v1/cases/{case_id}/response")
    async def response(case_id: str) -> dict[str, Any]:
        none: dict[str, Any] = {"active": None, "suggested": None, "plans": [], "sent": []}
        return {"case_id": case_id, "exercise": False, "may": {"activate": False}} | none

    @server.get("/api/v1/coverage/at")
    async def reception() -> dict[str, Any]:
        return {"verdict": "unknown", "items": [], "fallbacks": []}

    @server.get("/api/v1/cover")
    async def cover() -> dict[str, Any]:
        return {"at": "2026-11-22T05:00:00.000Z", "services": [], "areas": [], "move_ups": []}


def add_api(server: FastAPI, stage: Stage) -> None:
    """Add what the pages ask of the API."""
    add_places(server, stage)

    @server.get("/api/v1/categories")
    async def categories() -> dict[str, Any]:
        named = {"code": "E0506", "name_zh": "道路积水", "name_en": "flooded road"}
        return {"items": [named | {"default_priority": "P1", "lead_dept": "drainage"}]}

    @server.get("/api/v1/departments")
    async def departments() -> dict[str, Any]:
        return {"items": [{"id": "drainage", "name_zh": "排水管理所", "name_en": "Drainage"}]}

    @server.get("/api/v1/county")
    async def county() -> dict[str, Any]:
        return {"towns": [{"name_zh": "武康街道", "name_en": "Wukang"}]}

    @server.get("/api/v1/cases/{case_id}")
    async def case(case_id: str) -> dict[str, Any]:
        return {
            "case": stage.rows[case_id],
            "timeline": [],
            "reports": [],
            "actions": stage.actions,
        } | stage.details

    add_commands(server, stage)
    add_intake(server, stage.intake)

    @server.post("/api/v1/reports")
    async def report(request: Request) -> Response:
        body = await request.json()
        answering = stage.answering
        stage.reports.append((request.headers["idempotency-key"], body))
        if not answering:
            return JSONResponse({"status": 503, "code": "x", "detail": "x"}, 503)
        taken = row(9, **{name: body[name] for name in ("text", "lon", "lat")})
        stage.rows["case9"] = taken
        return JSONResponse({"report": {}, "case": taken, "seq": 2}, 201)


@contextmanager
def served() -> Iterator[Stage]:
    """Serve the pages until the block ends."""
    stage = Stage()
    server, pages = pages_of(stage.desk)
    add_feed(server, stage)
    add_api(server, stage)
    headers = HeaderPolicy(script_hashes=tuple(pages.csp_hashes())).headers(secure=False)

    @server.middleware("http")
    async def guard(request: Request, answer: RequestResponseEndpoint) -> Response:
        response = await answer(request)
        for name, value in headers:
            response.headers[name.decode()] = value.decode()
        return response

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    stage.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(server, log_level="error", timeout_graceful_shutdown=1)
    runner = uvicorn.Server(config)
    thread = threading.Thread(target=runner.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until = time.monotonic() + START_S
    while not runner.started and time.monotonic() < until:
        time.sleep(0.05)
    try:
        yield stage
    finally:
        stage.answering = False
        runner.should_exit = True
        thread.join(START_S)
