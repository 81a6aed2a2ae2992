"""What crews need at the scene: their tasks in one answer, a note, a photo."""

import hashlib
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from exchange.api_assignments import AssignmentId
from exchange.field_ports import FieldService
from exchange.fields import IdempotencyKey, Instant, Strict
from exchange.fields import text as typed
from exchange.file_route import FileRoute
from exchange.json_body import read_bytes
from exchange.operations import READS_ONE, WRITES_ONE, operation
from exchange.problems import shortened
from exchange.replies import once, reply, reply_once
from exchange.strict_route import StrictRoute
from security.principal import current
from vocabulary.errors import Refused

PHOTO_MOST: Final = 8_000_000
PICTURES: Final = ("image/jpeg", "image/png", "image/webp")
_SEES: Final = "field.view"
_WRITES: Final = "case.note"


class TaskQuery(Strict):
    """Whose tasks."""

    unit: Annotated[str, typed(40, 1)]


class NoteBody(Strict):
    """What the crew saw; `occurred_at` is its own clock, for it may be sent much later."""

    text: Annotated[str, typed(1000, 1), Field(examples=["阀门已关,无人受伤"])]
    occurred_at: Instant = None


class PhotoQuery(Strict):
    """When a photo was taken by the crew's own clock, and what it shows."""

    occurred_at: Instant = None
    text: Annotated[str, typed(200)] = ""


class Tasks(BaseModel):
    """The unit, and what it is asked or doing."""

    model_config = ConfigDict(extra="allow")

    unit: dict[str, Any]
    items: list[dict[str, Any]]


class Written(BaseModel):
    """What was written, and where in the journal."""

    model_config = ConfigDict(extra="allow")

    case_id: str
    seq: int


def field_router(service: FieldService) -> APIRouter:
    """Return the operations of the responders' page."""
    router = APIRouter(tags=["field"], route_class=StrictRoute)

    @router.get("/field/tasks", **operation(_SEES, "A unit's tasks", Tasks, READS_ONE))
    async def tasks(query: Annotated[TaskQuery, Query()]) -> Response:
        """Return what a unit of one's own department is asked or doing, with what its crew must know of each case."""
        principal = current()
        principal.need(_SEES)
        return reply(await service.field_tasks(principal, query.unit), principal)

    noted = operation(_WRITES, "Note a fact at the scene", Written, WRITES_ONE)

    @router.post("/field/assignments/{assignment_id}/note", **noted)
    async def note(
        assignment_id: AssignmentId, body: NoteBody, idempotency_key: IdempotencyKey
    ) -> Response:
        """Write a fact into the case's timeline, at whatever version the case stands."""
        principal = current()
        principal.need(_WRITES)
        said = body.model_dump(mode="json", exclude_unset=True)
        sent = once(idempotency_key, f"field/{assignment_id}/note", said)
        answer = await service.field_note(
            principal, assignment_id, body.text, body.occurred_at, sent
        )
        return reply_once(answer, principal)

    router.include_router(_photos(service))
    return router


def _photos(service: FieldService) -> APIRouter:
    router = APIRouter(route_class=FileRoute)
    told = operation(_WRITES, "Send a photo from the scene", Written, WRITES_ONE)
    shape = {"schema": {"type": "string", "format": "binary"}}
    told["openapi_extra"] |= {
        "requestBody": {"required": True, "content": dict.fromkeys(PICTURES, shape)}
    }

    @router.post("/field/assignments/{assignment_id}/photo", **told)
    async def photo(
        assignment_id: AssignmentId,
        query: Annotated[PhotoQuery, Query()],
        request: Request,
        idempotency_key: IdempotencyKey,
    ) -> Response:
        """Take a picture as the request's body; what its camera wrote into the file is not kept."""
        principal = current()
        principal.need(_WRITES)
        content = await _picture(request)
        said = [hashlib.sha256(content).hexdigest(), query.text]
        sent = once(idempotency_key, f"field/{assignment_id}/photo", said)
        answer = await service.field_photo(
            principal, assignment_id, content, query.text, query.occurred_at, sent
        )
        return reply_once(answer, principal)

    return router


async def _picture(request: Request) -> bytes:
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said not in PICTURES:
        known = ", ".join(PICTURES)
        raise Refused("exchange.unknown_form", value=shortened(said) or "-", known=known)
    return await read_bytes(request, PHOTO_MOST)
