"""Devices are brought here by the table: those of the office's own list, with their channels, limits and addresses."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from exchange.fields import text
from exchange.file_route import FileRoute, file_body, read_sheet_file
from exchange.intake_bodies import ImportQuery
from exchange.operations import WRITES, operation
from exchange.replies import reply
from exchange.sensor_ports import SensingConsole
from security.principal import current

_BRING = "devices.import"


class DevicesQuery(ImportQuery):
    """How a table of devices is taken; `datum` says in which its positions are."""

    datum: Annotated[str, text(20)] = "wgs84"


class DeviceRowReport(BaseModel):
    """What became of one row; `code` is the device, empty where the row was refused."""

    row: int
    outcome: Literal["added", "changed", "unchanged", "refused"]
    code: str
    reason: str
    problem: str | None


class DeviceCounts(BaseModel):
    """How many devices the good rows are."""

    new: int
    changed: int
    same: int


class DevicesReport(BaseModel):
    """What became of a table of devices, counted by rows; of a long table those refused are told first."""

    dry_run: bool
    added: int
    changed: int
    unchanged: int
    refused: int
    devices: DeviceCounts
    rows: list[DeviceRowReport]
    notes: list[str]


def devices_router(service: SensingConsole) -> APIRouter:
    """Return the operation that brings devices."""
    router = APIRouter(tags=["sensors"], route_class=FileRoute)
    brings = operation(_BRING, "Bring devices", DevicesReport, WRITES)
    brings["openapi_extra"] |= {"requestBody": file_body("A channel a row", "csv", "xlsx")}

    @router.post("/devices/import", **brings)
    async def bring(query: Annotated[DevicesQuery, Query()], request: Request) -> Response:
        """Take devices, in force at once: bad rows are refused with their reasons; the same table again changes nothing."""
        principal = current()
        principal.need(_BRING)
        sheet = await read_sheet_file(request, query.name)
        told = await service.devices.bring(
            principal, sheet, datum=query.datum, dry_run=query.dry_run
        )
        return reply(told, principal)

    return router
