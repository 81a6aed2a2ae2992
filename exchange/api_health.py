"""Whether the process lives and whether the console can do its work: for supervisors and balancers, without sign-in."""

from typing import Any, Final

import orjson
from fastapi import APIRouter
from starlette.responses import Response

from exchange.answers import Alive, Readiness
from exchange.ports import CaseService
from exchange.strict_route import StrictRoute

_FRESH: Final = {"Cache-Control": "no-store"}


def health_router(service: CaseService) -> APIRouter:
    """Return /healthz and /readyz; neither tells a secret, a path or an address."""
    router = APIRouter(tags=["health"], route_class=StrictRoute)

    @router.get("/healthz", response_model=Alive, summary="Does the process answer?")
    async def healthz() -> Response:
        """Answer; nothing outside the process is asked, so a dead store never gets the process killed."""
        return Response(b'{"status":"ok"}', 200, _FRESH, "application/json")

    not_ready: dict[int | str, dict[str, Any]] = {
        503: {"model": Readiness, "description": "At least one check fails."}
    }

    @router.get("/readyz", response_model=Readiness, responses=not_ready, summary="Can it work?")
    async def readyz() -> Response:
        """Answer 200 when store, bus and tiles are well, 503 with the failing check named when not."""
        health = await service.health()
        checks = {
            name: {"ok": check.ok, "detail": check.detail} for name, check in health.checks.items()
        }
        body = orjson.dumps({"ready": health.ready, "checks": checks})
        return Response(body, 200 if health.ready else 503, _FRESH, "application/json")

    return router
