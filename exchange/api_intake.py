"""Intake: sheets of categories and reports, likely duplicates, suggested categories, pasted text, many cases at once, photos."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from exchange.fields import IdempotencyKey
from exchange.file_route import FileRoute, file_body, read_sheet_file
from exchange.intake_answers import (
    BulkDone,
    CategoryReport,
    CategoryVersions,
    FirstPriority,
    LikelyCases,
    ParsedReport,
    ReportsReport,
    SuggestedCategories,
)
from exchange.intake_bodies import (
    BulkBody,
    DuplicateBody,
    DuplicateQuery,
    ImportQuery,
    PastedBody,
    PriorityQuery,
    SuggestQuery,
    place_of,
)
from exchange.intake_ports import IntakeService
from exchange.operations import READS, READS_ONE, WRITES, WRITES_ONCE, operation
from exchange.replies import once, reply
from exchange.strict_route import StrictRoute
from incidents.duplicates import Question
from security.principal import current

PHOTO_AGE = "private, max-age=86400"
PhotoId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", examples=["0f" * 16])]


def intake_router(service: IntakeService) -> APIRouter:
    """Return the operations of intake."""
    router = APIRouter(tags=["intake"], route_class=StrictRoute)
    _add_questions(router, service)
    _add_bulk(router, service)
    router.include_router(_files(service))
    return router


def _add_questions(router: APIRouter, service: IntakeService) -> None:
    @router.get("/duplicates", **operation("case.read", "Likely duplicates", LikelyCases, READS))
    async def find_duplicates(query: Annotated[DuplicateQuery, Query()]) -> Response:
        """Return the open cases this may be, scored by space, time, category and text; fit to be asked while typing."""
        return await _likely(service, DuplicateBody(**query.model_dump()))

    @router.post("/duplicates", **operation("case.read", "Likely duplicates", LikelyCases, WRITES))
    async def ask_duplicates(body: DuplicateBody) -> Response:
        """Do the same for a text that is too long for an address; nothing is kept."""
        return await _likely(service, body)

    suggests: dict[str, Any] = operation(
        "map.read", "Suggest categories", SuggestedCategories, READS
    )

    @router.get("/categories/suggest", **suggests)
    async def suggest(query: Annotated[SuggestQuery, Query()]) -> Response:
        """Return the likeliest categories of a text with what spoke for each."""
        principal = current()
        principal.need("map.read")
        found = await service.suggest_categories(principal, query.text, query.limit)
        return reply({"items": found}, principal)

    priority: dict[str, Any] = operation(
        "report.create", "Foretell a priority", FirstPriority, READS
    )

    @router.get("/reports/priority", **priority)
    async def first_priority(query: Annotated[PriorityQuery, Query()]) -> Response:
        """Return the priority a new case of this category at this place would get, and why; nothing is kept."""
        principal = current()
        principal.need("report.create")
        place = place_of(query.lon, query.lat)
        return reply(await service.first_priority(principal, query.category, place), principal)

    @router.post(
        "/reports/parse", **operation("report.create", "Read pasted text", ParsedReport, WRITES)
    )
    async def parse(body: PastedBody) -> Response:
        """Return the fields of a pasted text, each with where it stands; nothing is kept."""
        principal = current()
        principal.need("report.create")
        near = place_of(body.lon, body.lat)
        return reply(await service.parse_report(principal, body.text, near), principal)


async def _likely(service: IntakeService, asked: DuplicateBody) -> Response:
    principal = current()
    principal.need("case.read")
    question = Question(
        text=asked.text,
        place=place_of(asked.lon, asked.lat),
        category=asked.category,
        at=asked.occurred_at,
        exercise=asked.exercise,
    )
    return reply({"items": await service.duplicates(principal, question, asked.limit)}, principal)


def _add_bulk(router: APIRouter, service: IntakeService) -> None:
    @router.post(
        "/cases/bulk", **operation("case.read", "Command many cases", BulkDone, WRITES_ONCE)
    )
    async def bulk(body: BulkBody, idempotency_key: IdempotencyKey) -> Response:
        """Do one command to at most 500 cases, each by itself; the command's own permission is asked for besides.

        Sent again with the same key, what was done stays done and only the rest is tried.
        """
        principal = current()
        principal.need("case.read")
        said = {"command": body.command, "arguments": body.arguments}
        sent = once(idempotency_key, "cases/bulk", said)
        return reply(await service.bulk(principal, body.bulk(), sent), principal)


def _files(service: IntakeService) -> APIRouter:
    router = APIRouter(route_class=FileRoute)
    categories = operation("category.import", "Bring categories", CategoryReport, WRITES)
    categories["openapi_extra"] |= {
        "requestBody": file_body("CSV or YAML with the table's columns", "csv", "yaml")
    }
    reports = operation("report.import", "Bring reports", ReportsReport, WRITES)
    reports["openapi_extra"] |= {
        "requestBody": file_body("CSV or Excel, a report a row", "csv", "xlsx")
    }

    @router.get(
        "/categories/versions",
        **operation("category.import", "List category versions", CategoryVersions, ()),
    )
    async def category_versions() -> Response:
        """Return every version of every category: what came with the program and what the office brought."""
        principal = current()
        principal.need("category.import")
        return reply({"items": await service.category_versions(principal)}, principal)

    @router.post("/categories/import", **categories)
    async def import_categories(
        query: Annotated[ImportQuery, Query()], request: Request
    ) -> Response:
        """Add versions of categories; a kept version is never edited, a limit that cannot be read is refused."""
        principal = current()
        principal.need("category.import")
        sheet = await read_sheet_file(request, query.name)
        told = await service.import_categories(principal, sheet, dry_run=query.dry_run)
        return reply(told, principal)

    @router.post("/reports/import", **reports)
    async def import_reports(query: Annotated[ImportQuery, Query()], request: Request) -> Response:
        """Take the reports of a sheet; each row is one report however often it is sent."""
        principal = current()
        principal.need("report.import")
        sheet = await read_sheet_file(request, query.name)
        return reply(
            await service.import_reports(principal, sheet, dry_run=query.dry_run), principal
        )

    @router.get("/photos/{photo_id}", **operation("case.read", "See a photo", bytes, READS_ONE))
    async def photo(photo_id: PhotoId) -> Response:
        """Return a photo (JPEG) of a case that the asker may see."""
        principal = current()
        principal.need("case.read")
        content = await service.photo(principal, photo_id)
        return Response(content, media_type="image/jpeg", headers={"Cache-Control": PHOTO_AGE})

    return router
