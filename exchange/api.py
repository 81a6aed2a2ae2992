"""The HTTP API as a whole: the routers of its operations, its description, its one way of telling problems."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from exchange.api_alerts import alerts_router
from exchange.api_assignments import assignments_router
from exchange.api_avl import avl_router
from exchange.api_briefs import briefs_router
from exchange.api_brought import brought_router
from exchange.api_cases import cases_router
from exchange.api_devices import devices_router
from exchange.api_dispatching import dispatching_router
from exchange.api_events import events_router
from exchange.api_export import export_router
from exchange.api_field import field_router
from exchange.api_figures import figures_router
from exchange.api_health import health_router
from exchange.api_hotline import hotline_router
from exchange.api_intake import intake_router
from exchange.api_notify import notify_router
from exchange.api_past import past_router
from exchange.api_plans import plans_router
from exchange.api_readings import readings_router
from exchange.api_reference import reference_router
from exchange.api_reports import reports_router
from exchange.api_roads import roads_router
from exchange.api_search import search_router
from exchange.api_sensors import sensors_router
from exchange.api_shifts import shifts_router
from exchange.api_units import units_router
from exchange.api_warnings import warnings_router
from exchange.http_errors import install
from exchange.intake_ports import ConsoleService
from exchange.replies import reply
from exchange.routes import PREFIX
from exchange.strict_route import StrictRoute
from security.principal import current

VERSION: Final = "1.0.0"
_TITLE: Final = "One-Network"
_DESCRIPTION: Final = """\
Cases, events and units of the county's operations console, for other systems.

Send `Authorization: Bearer KEY` (or `X-API-Key: KEY`). Writing requests on reports and cases carry an
`Idempotency-Key`: sent again with the same body they are done once and answered alike. Problems are
`application/problem+json` and name the field, its value and what would be right, in Chinese or, with
`Accept-Language: en`, in English. Instants are RFC 3339 with a zone; positions are WGS 84, longitude first.
"""
_PARTS: Final = (
    reports_router,
    cases_router,
    export_router,
    shifts_router,
    alerts_router,
    events_router,
    units_router,
    avl_router,
    field_router,
    notify_router,
    assignments_router,
    reference_router,
    search_router,
    intake_router,
    roads_router,
    warnings_router,
    sensors_router,
    devices_router,
    dispatching_router,
    plans_router,
    past_router,
    hotline_router,
    brought_router,  # before the figures: imported is no figure
    figures_router,
    briefs_router,
    readings_router,
)


def build_router(
    service: ConsoleService, *, prefix: str = PREFIX, further: Sequence[APIRouter] = ()
) -> APIRouter:
    """Return every operation of the API, and its description at `openapi.json`."""
    router = APIRouter(prefix=prefix, route_class=StrictRoute)
    for part in _PARTS:
        router.include_router(part(service))
    for more in further:
        router.include_router(more)

    @router.get("/openapi.json", include_in_schema=False)
    async def description() -> Response:
        principal = current()
        principal.need("api.read")
        return reply(describe(router), principal)

    return router


def describe(router: APIRouter) -> dict[str, Any]:
    """Return the OpenAPI description of the router's operations, and of no other page of the same server."""
    document = get_openapi(
        title=_TITLE, version=VERSION, description=_DESCRIPTION, routes=router.routes
    )
    document.setdefault("components", {})["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        "session": {"type": "apiKey", "in": "cookie", "name": "onenet_session"},
    }
    document["security"] = [{"bearer": []}, {"key": []}, {"session": []}]
    return document


def mount(app: FastAPI, service: ConsoleService) -> None:
    """Add the API and the health pages to `app`, and make the whole app tell its failures as problems."""
    app.include_router(build_router(service))
    app.include_router(health_router(service))
    install(app)
