"""Intake as the pages ask it, answered from memory: duplicates, suggestions, pasted text, many cases, sheets, versions."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request

Json = dict[str, Any]
SUGGESTED: list[Json] = [
    {
        "code": "E0506",
        "name_zh": "道路积水",
        "name_en": "flooded road",
        "why": "积水",
        "learned": 12,
    }
]
PARSED: Json = {
    "text": {"value": "路口积水很深", "start": 7, "end": 13},
    "phones": [{"value": "13800001234", "start": 17, "end": 28}],
    "names": [],
    "places": [],
    "occurred_at": None,
    "time": None,
    "categories": SUGGESTED,
}


@dataclass
class Intake:
    """What intake answers, and what it was asked."""

    likely: list[Json] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    bulk: list[tuple[str, Json]] = field(default_factory=list)
    sheets: list[tuple[bool, bytes]] = field(default_factory=list)


def likely(case: Json, score: float = 0.88) -> Json:
    """Return a case as a likely duplicate."""
    return {"case": case, "score": score, "why": f"38 m, 4 分钟, 同小类, 文本 0.71 → {score}"}


def add_intake(server: FastAPI, intake: Intake) -> None:
    """Add what the pages ask of intake."""

    @server.post("/api/v1/duplicates")
    async def duplicates() -> Json:
        return {"items": intake.likely}

    @server.get("/api/v1/categories/suggest")
    async def suggest(text: str) -> Json:
        return {"items": SUGGESTED if "积水" in text else []}

    @server.get("/api/v1/reports/priority")
    async def priority() -> Json:
        return {"priority": "P1", "rule": "category_default", "sites": []}

    @server.post("/api/v1/reports/parse")
    async def parse() -> Json:
        return PARSED

    add_many(server, intake)


def add_many(server: FastAPI, intake: Intake) -> None:
    """Add what is done to many at once."""

    @server.post("/api/v1/cases/bulk")
    async def bulk(request: Request) -> Json:
        body = await request.json()
        intake.bulk.append((request.headers["idempotency-key"], body))
        results = [
            {"id": one, "done": one not in intake.refused, "detail": intake.refused.get(one, "")}
            for one in body["ids"]
        ]
        return {"done": len(results), "refused": 0, "results": results}

    @server.post("/api/v1/reports/import")
    async def reports(request: Request, dry_run: bool) -> Json:
        intake.sheets.append((dry_run, await request.body()))
        good = {"row": 2, "key": "A-1", "outcome": "accepted", "reason": "", "remarks": []}
        bad = {"row": 3, "key": "A-2", "outcome": "refused", "reason": "<b>没有</b>内容"}
        counts = {"accepted": 1, "unchanged": 0, "refused": 1}
        return {"dry_run": dry_run, **counts, "rows": [good, bad]}

    @server.get("/api/v1/admin/accounts")
    async def accounts() -> Json:
        return {"items": [], "roles": [], "departments": []}

    @server.get("/api/v1/categories/versions")
    async def versions() -> Json:
        blank = {"name_zh": "上水井盖", "name_en": "water cover", "default_priority": "P1"}
        blank |= {"limit": "4 工作时", "lead": "供水公司", "scheme": "GB", "code": "B0101"}
        old = {"full_code": "GB@1:B0101", "version": "1", "valid_from": "2013-12-31"}
        new = {"full_code": "GB@2:B0101", "version": "2", "valid_from": "2026-01-01"}
        shipped = {"origin": "shipped", "in_force": False, "added_at": None, "added_by": None}
        at = "2026-11-22T05:00:00.000Z"
        brought = {"origin": "brought", "in_force": True, "added_at": at, "added_by": "王芳"}
        return {"items": [blank | old | shipped, blank | new | brought]}
