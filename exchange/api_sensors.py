"""Sensors over HTTP: what measures and how it stands, its history, its alarms and what people do to them, the rules."""

from datetime import datetime
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path, Query
from pydantic import Field, StrictInt
from starlette.responses import Response

from exchange.fields import Instant, RequiredInstant, Strict, text
from exchange.operations import READS, READS_ONE, WRITES, WRITES_ONE, operation
from exchange.replies import reply
from exchange.sensor_answers import (
    AlarmChanged,
    AlarmList,
    DeviceTold,
    DryRun,
    History,
    RuleChanged,
    RuleList,
    SensingHealth,
    SensorPoints,
    SuppressionChanged,
)
from exchange.sensor_ports import SensingConsole
from exchange.strict_route import StrictRoute
from security.principal import current
from sensors.alarm_rules import AlarmRule
from sensors.shipped_rules import read_rule

SEES: Final = "sensors.read"
ACTS: Final = "alarms.act"
RULES: Final = "rules.edit"
DeviceId = Annotated[str, Path(max_length=64, examples=["river-level-0001"])]
AlarmId = Annotated[
    str, Path(max_length=40, pattern=r"^[A-Za-z0-9]+$", examples=["01KAMZ6Q9Z0000000000000000"])
]


class HistoryQuery(Strict):
    """Which stretch of a channel's history, in how many points at most."""

    channel: Annotated[str, text(60, 1)]
    since: RequiredInstant
    until: RequiredInstant
    points: Annotated[int, Field(ge=10, le=5000)] = 800


class AlarmsQuery(Strict):
    """Which alarms are listed."""

    standing: bool = False
    limit: Annotated[int, Field(ge=1, le=1000)] = 200


class NoteBody(Strict):
    """A word on an acknowledgement; it may be empty."""

    note: Annotated[str, text(400)] = ""


class ReasonBody(Strict):
    """Why an alarm is cleared by hand."""

    reason: Annotated[str, text(400)]


class SuppressBody(Strict):
    """For a reason and until an end nobody is called for a device's alarms, or those of one rule."""

    device_id: Annotated[str, text(64, 1)]
    rule_id: Annotated[str | None, text(60, 1)] = None
    reason: Annotated[str, text(400)]
    until_at: RequiredInstant


class RuleBody(Strict):
    """A rule, the version it stood at (0: as shipped, or new), and why it is set."""

    rule: dict[str, Any]
    version: Annotated[StrictInt, Field(ge=0, le=10**9)]
    note: Annotated[str, text(400)] = ""

    def wish(self) -> AlarmRule:
        """Return the rule in our own words."""
        return read_rule(orjson.dumps(self.rule))


class DryRunBody(Strict):
    """A rule and the stretch of the past it is tried on; until now, where `until` is left out."""

    rule: dict[str, Any]
    since: RequiredInstant
    until: Instant = None

    def wish(self) -> AlarmRule:
        """Return the rule in our own words."""
        return read_rule(orjson.dumps(self.rule))


def sensors_router(service: SensingConsole) -> APIRouter:
    """Return the operations on sensors."""
    router = APIRouter(tags=["sensors"], route_class=StrictRoute)
    _add_devices(router, service)
    _add_alarms(router, service)
    _add_suppressions(router, service)
    _add_rules(router, service)
    return router


def _add_devices(router: APIRouter, service: SensingConsole) -> None:
    @router.get("/sensors", **operation(SEES, "List what measures", SensorPoints, READS))
    async def list_sensors() -> Response:
        """Return every device as a row and the newest value of each: what the map and the table are made of."""
        principal = current()
        principal.need(SEES)
        return reply(await service.sensors.points(), principal)

    @router.get("/sensors/health", **operation(SEES, "Health of sensing", SensingHealth, READS))
    async def sensing_health() -> Response:
        """Return what came in since the start, what waits, and how many alarms became how many cases."""
        principal = current()
        principal.need(SEES)
        return reply(await service.sensors.sensing_health(), principal)

    @router.get("/sensors/{device_id}", **operation(SEES, "See one device", DeviceTold, READS_ONE))
    async def see_device(device_id: DeviceId) -> Response:
        """Return a device with its channels, alarms, neighbours, suppressions and health."""
        principal = current()
        principal.need(SEES)
        return reply(await service.sensors.device(device_id), principal)

    @router.get(
        "/sensors/{device_id}/history", **operation(SEES, "See a history", History, READS_ONE)
    )
    async def see_history(device_id: DeviceId, query: Annotated[HistoryQuery, Query()]) -> Response:
        """Return a channel's history in buckets of extremes and means; fewer points hide no peak."""
        principal = current()
        principal.need(SEES)
        asked = (device_id, query.channel, query.since, query.until, query.points)
        return reply(await service.sensors.history(*asked), principal)


def _add_alarms(router: APIRouter, service: SensingConsole) -> None:
    @router.get("/alarms", **operation(SEES, "List alarms", AlarmList, READS))
    async def list_alarms(query: Annotated[AlarmsQuery, Query()]) -> Response:
        """Return the newest alarms, or with `standing` those whose condition holds still."""
        principal = current()
        principal.need(SEES)
        found = await service.sensors.alarms(standing=query.standing, limit=query.limit)
        return reply(found, principal)

    seen = operation(ACTS, "Acknowledge an alarm", AlarmChanged, WRITES_ONE)

    @router.post("/alarms/{alarm_id}/acknowledge", **seen)
    async def acknowledge(alarm_id: AlarmId, body: NoteBody) -> Response:
        """Note that a person has seen the alarm; again changes nothing."""
        principal = current()
        principal.need(ACTS)
        done = await service.sensors.acknowledge_alarm(principal, alarm_id, body.note)
        return reply(done, principal)

    over = operation(ACTS, "Clear an alarm by hand", AlarmChanged, WRITES_ONE)

    @router.post("/alarms/{alarm_id}/clear", **over)
    async def clear(alarm_id: AlarmId, body: ReasonBody) -> Response:
        """Clear the alarm for a reason: it comes back only after its condition was over once."""
        principal = current()
        principal.need(ACTS)
        done = await service.sensors.clear_alarm(principal, alarm_id, body.reason)
        return reply(done, principal)


def _add_suppressions(router: APIRouter, service: SensingConsole) -> None:
    held = operation(ACTS, "Suppress alarms", SuppressionChanged, WRITES_ONE)

    @router.post("/suppressions", **held)
    async def suppress(body: SuppressBody) -> Response:
        """Call nobody for a device's alarms until an end; they are kept all the same, and told when it ends."""
        principal = current()
        principal.need(ACTS)
        asked = (body.device_id, body.rule_id, body.reason, body.until_at)
        return reply(await service.sensors.suppress(principal, *asked), principal)

    freed = operation(ACTS, "End a suppression", SuppressionChanged, WRITES_ONE)

    @router.post("/suppressions/{suppression_id}/end", **freed)
    async def end_suppression(suppression_id: AlarmId) -> Response:
        """End a suppression before its time: alarms that stand under it call for people now."""
        principal = current()
        principal.need(ACTS)
        done = await service.sensors.end_suppression(principal, suppression_id)
        return reply(done, principal)


def _add_rules(router: APIRouter, service: SensingConsole) -> None:
    @router.get("/alarm-rules", **operation(SEES, "List alarm rules", RuleList, READS))
    async def list_rules() -> Response:
        """Return the rules in force, the shipped ones and the office's own."""
        principal = current()
        principal.need(SEES)
        return reply(await service.sensors.rules(), principal)

    @router.post("/alarm-rules", **operation(RULES, "Set a rule", RuleChanged, WRITES_ONE))
    async def set_rule(body: RuleBody) -> Response:
        """Set a rule as it was seen at a version; 409 where somebody set it meanwhile."""
        principal = current()
        principal.need(RULES)
        done = await service.sensors.set_rule(principal, body.wish(), body.version, body.note)
        return reply(done, principal)

    @router.post("/alarm-rules/dry-run", **operation(SEES, "Try a rule", DryRun, WRITES))
    async def dry_run(body: DryRunBody) -> Response:
        """Return when a rule would have raised which alarms over past readings; nothing is changed."""
        principal = current()
        principal.need(SEES)
        rule, until = body.wish(), body.until
        found = await service.sensors.dry_run(rule, body.since, until or _last())
        return reply(found, principal)


def _last() -> datetime:
    """Return an instant after every reading."""
    return datetime.fromisoformat("2099-12-31T00:00:00+00:00")
