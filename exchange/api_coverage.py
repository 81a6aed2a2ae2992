"""4G/5G coverage through the API: sites and their outages, what is heard where, weak areas, key places, plans and files."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from exchange.api_coverage_planning import BRINGS, PLANNING_RULES, PLANS, READS_IT
from exchange.coverage_answers import (
    Anything,
    FeatureCollection,
    Items,
    OutageChanged,
    OutageList,
    SignalTold,
    SiteReportTold,
    Standing,
)
from exchange.coverage_bodies import (
    BackBody,
    Form,
    ImaginedBody,
    Network,
    NetworkImportQuery,
    OutageBody,
    OutagesQuery,
    PlacesQuery,
    SiteId,
    SiteImportQuery,
    SpotQuery,
    WeakQuery,
    WhichQuery,
)
from exchange.coverage_ports import CoverageService
from exchange.fields import IdempotencyKey
from exchange.file_route import FileRoute, file_body, read_sheet_file
from exchange.operations import READS, READS_ONE, WRITES, WRITES_ONCE, operation
from exchange.replies import once, reply, reply_once
from exchange.routes import FILE_MOST, PREFIX, READ
from exchange.strict_route import StrictRoute
from security.principal import current
from security.routes import Rule, rule

TELLS: Final = "coverage.outage"
COVERAGE_RULES: Final[tuple[Rule, ...]] = (
    rule(READ, f"{PREFIX}/coverage", READS_IT, background=True),
    rule(READ, f"{PREFIX}/coverage/at", READS_IT),
    rule(READ, f"{PREFIX}/coverage/signal", READS_IT, background=True),
    rule(READ, f"{PREFIX}/coverage/figures", READS_IT, background=True),
    rule(READ, f"{PREFIX}/coverage/weak", READS_IT),
    rule(READ, f"{PREFIX}/coverage/places", READS_IT),
    rule(READ, f"{PREFIX}/coverage/trend", READS_IT, background=True),
    rule("GET", f"{PREFIX}/coverage/export/{{form}}", READS_IT),
    rule("POST", f"{PREFIX}/coverage/what-if", PLANS),
    rule(READ, f"{PREFIX}/networks/{{layer}}", READS_IT),
    rule("POST", f"{PREFIX}/networks/{{layer}}/import", BRINGS, body_limit=FILE_MOST),
    rule(READ, f"{PREFIX}/sites", READS_IT, background=True),
    rule("POST", f"{PREFIX}/sites/import", BRINGS, body_limit=FILE_MOST),
    rule(READ, f"{PREFIX}/sites/{{site_id}}", READS_IT),
    rule("POST", f"{PREFIX}/sites/{{site_id}}/outage", TELLS),
    rule("POST", f"{PREFIX}/sites/{{site_id}}/outage/end", TELLS),
    rule(READ, f"{PREFIX}/outages", READS_IT, background=True),
    *PLANNING_RULES,
)


def coverage_router(service: CoverageService) -> APIRouter:
    """Return the operations on coverage."""
    router = APIRouter(tags=["coverage"], route_class=StrictRoute)
    _add_seen(router, service)
    _add_listed(router, service)
    _add_planned(router, service)
    router.include_router(
        _files(service)
    )  # before sites/{site_id}, which would take `import` for a site
    router.include_router(_networks(service))
    _add_sites(router, service)
    _add_outages(router, service)
    return router


def _add_seen(router: APIRouter, service: CoverageService) -> None:
    @router.get("/coverage", **operation(READS_IT, "Describe the coverage", Standing, ()))
    async def standing() -> Response:
        """Return how far the prediction is, operators, bands, thresholds with their sources, and where the tiles are."""
        principal = current()
        principal.need(READS_IT)
        return reply(await service.standing(principal), principal)

    @router.get("/coverage/at", **operation(READS_IT, "Ask what is heard", Anything, READS))
    async def at(query: Annotated[SpotQuery, Query()]) -> Response:
        """Return the best reception per operator and technology at a place: RSRP, SINR, server, class, chance."""
        principal = current()
        principal.need(READS_IT)
        return reply(await service.at(principal, query.place()), principal)

    @router.get("/coverage/signal", **operation(READS_IT, "Signal by cell", SignalTold, ()))
    async def signal() -> Response:
        """Return how each cell is covered, as one raster in Web Mercator for looking places up; `codes` is zlib in base64.

        Its bytes, row by row from the north-west: 0 not known, 1 covered, 2 weak, 3 no usable signal.
        """
        principal = current()
        principal.need(READS_IT)
        return reply(await service.signal(principal), principal)

    @router.get("/coverage/figures", **operation(READS_IT, "Coverage in figures", Anything, READS))
    async def figures(query: Annotated[WhichQuery, Query()]) -> Response:
        """Return covered shares of people, area and roads, of the county and of each town."""
        principal = current()
        principal.need(READS_IT)
        return reply(await service.figures(principal, query.which()), principal)

    @router.get("/coverage/trend", **operation(READS_IT, "Coverage over time", Items, READS))
    async def trend(query: Annotated[WhichQuery, Query()]) -> Response:
        """Return what coverage came to after each change of it, oldest first."""
        principal = current()
        principal.need(READS_IT)
        return reply(await service.trend(principal, query.which()), principal)


def _add_listed(router: APIRouter, service: CoverageService) -> None:
    weak: dict[str, Any] = operation(READS_IT, "List weak areas", FeatureCollection, READS)

    @router.get("/coverage/weak", **weak)
    async def weak_areas(query: Annotated[WeakQuery, Query()]) -> Response:
        """Return weak areas as GeoJSON, each with area, people and roads, those with most people first."""
        principal = current()
        principal.need(READS_IT)
        return reply(await service.weak_areas(principal, query.which(), query.town), principal)

    @router.get("/coverage/places", **operation(READS_IT, "Judge key places", Items, READS))
    async def places(query: Annotated[PlacesQuery, Query()]) -> Response:
        """Return key places (车站、社区、商场、医院、学校) with what is heard there, the weakest first."""
        principal = current()
        principal.need(READS_IT)
        return reply(await service.places(principal, query.group), principal)


def _add_planned(router: APIRouter, service: CoverageService) -> None:
    @router.post("/coverage/what-if", **operation(PLANS, "Try a site", Anything, WRITES))
    async def what_if(body: ImaginedBody) -> Response:
        """Return what a site would change: people, area, roads before and after, and a picture of where; nothing is kept."""
        principal = current()
        principal.need(PLANS)
        told = await service.what_if(principal, body.imagined(), body.which())
        return reply(told, principal)


def _add_sites(router: APIRouter, service: CoverageService) -> None:
    @router.get("/sites", **operation(READS_IT, "List sites", Items, ()))
    async def sites() -> Response:
        """Return every site: where, whose, which technologies and bands, whether it is out of service."""
        principal = current()
        principal.need(READS_IT)
        return reply(await service.sites(principal), principal)

    @router.get("/sites/{site_id}", **operation(READS_IT, "See a site", Anything, READS_ONE))
    async def site(site_id: SiteId) -> Response:
        """Return a site with its cells; `assumed` names what its table did not say."""
        principal = current()
        principal.need(READS_IT)
        return reply(await service.site(principal, site_id), principal)


def _add_outages(router: APIRouter, service: CoverageService) -> None:
    @router.get("/outages", **operation(READS_IT, "List outages", OutageList, READS))
    async def outages(query: Annotated[OutagesQuery, Query()]) -> Response:
        """Return the outages that stand, oldest first; with `ended` the newest hundred that are over."""
        principal = current()
        principal.need(READS_IT)
        return reply(await service.outages(principal, ended=query.ended), principal)

    begin: dict[str, Any] = operation(
        TELLS, "Tell of an outage", OutageChanged, (*WRITES_ONCE, 404), 201
    )

    @router.post("/sites/{site_id}/outage", **begin)
    async def begin_outage(
        site_id: SiteId, body: OutageBody, idempotency_key: IdempotencyKey
    ) -> Response:
        """Take a site, or some of its cells, out of service: the map changes, and a case is opened by rule."""
        principal = current()
        principal.need(TELLS)
        said = body.model_dump(mode="json", exclude_unset=True)
        sent = once(idempotency_key, f"sites/{site_id}/outage", said)
        answer = await service.begin_outage(principal, body.wish(site_id), sent)
        return reply_once(answer, principal)

    end: dict[str, Any] = operation(
        TELLS, "Tell that a site is back", OutageChanged, (*WRITES_ONCE, 404)
    )

    @router.post("/sites/{site_id}/outage/end", **end)
    async def end_outage(
        site_id: SiteId, body: BackBody, idempotency_key: IdempotencyKey
    ) -> Response:
        """Put a site back into service; one that is in service is refused with 409."""
        principal = current()
        principal.need(TELLS)
        sent = once(idempotency_key, f"sites/{site_id}/outage/end", body.model_dump(mode="json"))
        answer = await service.end_outage(principal, body.wish(site_id), sent)
        return reply_once(answer, principal)


def _networks(service: CoverageService) -> APIRouter:
    router = APIRouter(route_class=FileRoute)
    brings = operation(BRINGS, "Bring a fixed network", SiteReportTold, WRITES)
    brings["openapi_extra"] |= {
        "requestBody": file_body("CSV with its columns, or GeoJSON", "csv", "geojson")
    }

    @router.get(
        "/networks/{layer}", **operation(READS_IT, "See fixed networks", FeatureCollection, READS)
    )
    async def network(layer: Network) -> Response:
        """Return broadband by village, or the backbone's links and nodes, as GeoJSON with its figures."""
        principal = current()
        principal.need(READS_IT)
        return reply(await service.network(principal, layer), principal)

    @router.post("/networks/{layer}/import", **brings)
    async def import_network(
        layer: Network, query: Annotated[NetworkImportQuery, Query()], request: Request
    ) -> Response:
        """Take a layer in place of the former one: broadband by village, or backbone links and nodes."""
        principal = current()
        principal.need(BRINGS)
        sheet = await read_sheet_file(request, query.name)
        told = await service.import_network(principal, layer, sheet, dry_run=query.dry_run)
        return reply(told, principal)

    return router


def _files(service: CoverageService) -> APIRouter:
    router = APIRouter(route_class=FileRoute)
    cells = operation(BRINGS, "Bring sites", SiteReportTold, WRITES)
    cells["openapi_extra"] |= {
        "requestBody": file_body("CSV or Excel, a row a cell", "csv", "xlsx")
    }

    @router.post("/sites/import", **cells)
    async def import_sites(
        query: Annotated[SiteImportQuery, Query()], request: Request
    ) -> Response:
        """Take a table of cells: bad rows are refused with their reasons, what is missing is assumed and said so."""
        principal = current()
        principal.need(BRINGS)
        sheet = await read_sheet_file(request, query.name)
        told = await service.import_sites(principal, sheet, query.told(), dry_run=query.dry_run)
        return reply(told, principal)

    @router.get("/coverage/export/{form}", **operation(READS_IT, "Download coverage", bytes, READS))
    async def export(form: Form, query: Annotated[WhichQuery, Query()]) -> Response:
        """Return weak areas (geojson), the predicted RSRP (tif) or all figures (xlsx) as a file."""
        principal = current()
        principal.need(READS_IT)
        file = await service.export(principal, query.which(), form)
        named = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        headers = {"Cache-Control": "no-store", **named}
        return Response(file.content, media_type=file.media_type, headers=headers)

    return router
