"""Coverage planned and measured through the API: where new sites help most, and what measurements say of the prediction."""

from typing import Annotated, Final, Protocol

from fastapi import APIRouter, Query
from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict
from starlette.requests import Request
from starlette.responses import Response

from exchange.coverage_answers import Anything, FeatureCollection
from exchange.fields import Strict, split_list, text
from exchange.file_route import FileRoute, file_body, read_sheet_file
from exchange.operations import READS, WRITES, operation
from exchange.replies import reply
from exchange.routes import FILE_MOST, PREFIX, READ
from exchange.sheet import Sheet
from exchange.strict_route import StrictRoute
from security.principal import Principal, current
from security.routes import Rule, rule

READS_IT: Final = "coverage.read"
PLANS: Final = "coverage.plan"
BRINGS: Final = "coverage.import"
PLANNING_RULES: Final[tuple[Rule, ...]] = (
    rule("POST", f"{PREFIX}/coverage/plan", PLANS),
    rule("POST", f"{PREFIX}/coverage/measured", BRINGS, body_limit=FILE_MOST),
    rule(READ, f"{PREFIX}/coverage/correction", READS_IT),
    rule("POST", f"{PREFIX}/coverage/correction/undo", BRINGS),
)
_PLAN: Final[JsonDict] = {"operator": "CMCC", "bands": ["n28"], "count": 5, "height_m": 35}


class PlanBody(Strict):
    """Which new sites are thought of: whose, on which bands of one technology, how many, and from which signal one is served.

    Without `threshold_dbm` it is the signal from which coverage is not weak, by the table of thresholds.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_PLAN]})

    operator: Annotated[str, text(40, 1)]
    bands: Annotated[
        list[Annotated[str, text(8, 1)]],
        BeforeValidator(split_list),
        Field(min_length=1, max_length=4),
    ]
    count: Annotated[int, Field(strict=True, ge=1, le=50)] = 5
    threshold_dbm: Annotated[float | None, Field(strict=True, ge=-140, le=-44)] = None
    height_m: Annotated[float, Field(strict=True, ge=10, le=150)] = 35.0
    tilt_deg: Annotated[float, Field(strict=True, ge=-10, le=30)] = 4.0
    azimuths_deg: Annotated[
        list[Annotated[float, Field(strict=True, ge=0, le=360)]], Field(min_length=1, max_length=6)
    ] = Field(default=[0.0, 120.0, 240.0])
    power_dbm: Annotated[float | None, Field(strict=True, ge=0, le=60)] = None


class MeasuredQuery(Strict):
    """A file of measurements: how it is called, whose network it is of where it does not say, and whether to correct by it."""

    name: Annotated[str, text(120, 1)] = "measured.csv"
    operator: Annotated[str, text(40)] = ""
    apply: bool = False


class UndoBody(Strict):
    """Which corrections are taken back: those taken at `at`, empty where that was not written down."""

    at: Annotated[str, text(40)] = ""


class PlanningService(Protocol):
    """What the console does of it."""

    async def plan(self, principal: Principal, body: PlanBody) -> dict[str, object]:
        """Return the picks as GeoJSON, in their order, with their reasons; and who is served before and after."""
        ...

    async def measured(
        self, principal: Principal, sheet: Sheet, operator: str, *, apply: bool
    ) -> dict[str, object]:
        """Return what was taken, measured over predicted, and what corrections are worth; with `apply` they are used."""
        ...

    async def correction(self, principal: Principal) -> dict[str, object]:
        """Return whether the prediction is corrected."""
        ...

    async def undo_correction(self, principal: Principal, at: str) -> dict[str, object]:
        """Go back to what stood before."""
        ...


def planning_router(service: PlanningService) -> APIRouter:
    """Return the operations."""
    router = APIRouter(tags=["coverage"], route_class=StrictRoute)

    @router.post(
        "/coverage/plan", **operation(PLANS, "Ask where new sites help", FeatureCollection, WRITES)
    )
    async def plan(body: PlanBody) -> Response:
        """Return where new sites would serve most people anew per cost, one after the other, each with what came second."""
        principal = current()
        principal.need(PLANS)
        return reply(await service.plan(principal, body), principal)

    _add_correction(router, service)
    router.include_router(_files(service))
    return router


def _add_correction(router: APIRouter, service: PlanningService) -> None:
    @router.get(
        "/coverage/correction", **operation(READS_IT, "See the correction", Anything, READS)
    )
    async def correction() -> Response:
        """Return whether the prediction is corrected by measurements: by whom, from which file, with which errors."""
        principal = current()
        principal.need(READS_IT)
        return reply(await service.correction(principal), principal)

    @router.post(
        "/coverage/correction/undo", **operation(BRINGS, "Undo the correction", Anything, WRITES)
    )
    async def undo(body: UndoBody) -> Response:
        """Go back to what stood before the correction in force; the whole county is predicted anew."""
        principal = current()
        principal.need(BRINGS)
        return reply(await service.undo_correction(principal, body.at), principal)


def _files(service: PlanningService) -> APIRouter:
    router = APIRouter(route_class=FileRoute)
    told = operation(BRINGS, "Hold measurements against the map", Anything, (*READS, *WRITES))
    told["openapi_extra"] |= {
        "requestBody": file_body("CSV of a drive test or a measured grid", "csv")
    }

    @router.post("/coverage/measured", **told)
    async def measured(query: Annotated[MeasuredQuery, Query()], request: Request) -> Response:
        """Return what was taken and refused, measured over predicted, and errors before and after a correction.

        Nothing is changed unless `apply` is asked: then the whole county is predicted anew with the corrections.
        """
        principal = current()
        principal.need(BRINGS)
        sheet = await read_sheet_file(request, query.name)
        found = await service.measured(principal, sheet, query.operator, apply=query.apply)
        return reply(found, principal)

    return router
