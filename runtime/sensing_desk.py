"""Sensors as the API and the screens see them: rows, histories, alarms and rules in plain JSON."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Connection

from runtime.dry_run import CHANNELS_MOST, dry_run
from runtime.sensing_channels import channel_row, health_rows, neighbours, signal_row
from runtime.sensing_history import drawn
from runtime.sensing_room import SensingRoom
from runtime.sensing_rows import alarm_row, buckets_row, kind_rows, suppression_row
from security.principal import Principal
from sensors.alarm import Alarm, Suppression
from sensors.alarm_rules import AlarmRule, Deviation
from sensors.batch import to_us
from sensors.messages import AlarmRuleSet
from sensors.model import Device
from sensors.shipped_rules import rules_in_force
from sensors.watch import in_scope
from storage.alarms import (
    RULE_STREAM,
    compression,
    load_alarm,
    open_suppressions,
    recent_alarms,
    set_rules,
    standing_alarms,
)
from storage.journal import Journal
from vocabulary.clock import Clock, to_text
from vocabulary.errors import Refused

Json = dict[str, Any]
ALARMS_SHOWN: Final = 50
DAY: Final = timedelta(days=1)
_rule = TypeAdapter(AlarmRule)


class SensingDesk:
    """`exchange.sensor_ports.SensorService`."""

    def __init__(self, room: SensingRoom, journal: Journal, clock: Clock) -> None:
        self._room, self._journal, self._clock = room, journal, clock

    # --- what measures ---

    async def points(self) -> Json:
        """Return every device as a row, with the newest value of each."""
        sensing = self._room.sensing
        registry, newest, teller = sensing.registry, sensing.newest, self._room.teller
        rows = [
            [one.id, one.name, one.kind, one.place.lon_deg, one.place.lat_deg, one.department, one.gateway]
            for one in registry.devices.values()
        ]  # fmt: skip
        latest = [teller.row(number, newest) for number in teller.mains]
        return {"version": sensing.version, "kinds": kind_rows(), "rows": rows, "latest": latest}

    def _device(self, device_id: str) -> Device:
        device = self._room.sensing.registry.devices.get(device_id)
        if device is None:
            raise Refused("sensors.unknown_device", device=device_id)
        return device

    async def device(self, device_id: str) -> Json:
        """Return one device whole."""
        device, registry = self._device(device_id), self._room.sensing.registry

        def work(connection: Connection) -> tuple[list[Alarm], list[Suppression]]:
            alarms = recent_alarms(connection, ALARMS_SHOWN, device_id)
            held = [one for one in open_suppressions(connection) if one.said.device_id == device_id]
            return alarms, held

        alarms, held = await self._journal.read(work)
        channels = registry.channels_of(device_id)
        health = await asyncio.to_thread(health_rows, self._room, channels, self._clock.now())
        signal = await asyncio.to_thread(signal_row, self._room, device)
        return {
            "device": {
                "id": device.id,
                "name": device.name,
                "kind": device.kind,
                "lon": device.place.lon_deg,
                "lat": device.place.lat_deg,
                "department": device.department,
                "gateway": device.gateway,
                "behind": len(registry.behind(device_id)),
                **signal,
            },
            "channels": [channel_row(self._room, one) | health[one.number] for one in channels],
            "alarms": [alarm_row(one) for one in alarms],
            "neighbours": neighbours(self._room, device),
            "suppressions": [suppression_row(one) for one in held],
        }

    # --- histories ---

    async def history(
        self, device_id: str, channel: str, since: datetime, until: datetime, points: int
    ) -> Json:
        """Return a channel's history in at most so many buckets."""
        self._device(device_id)
        found = {one.name: one for one in self._room.sensing.registry.channels_of(device_id)}
        if channel not in found:
            known = ", ".join(found)
            raise Refused(
                "sensors.unknown_quantity", channel=channel, device=device_id, known=known
            )
        if since >= until:
            raise Refused("sensors.bad_span", since=to_text(since), until=to_text(until))
        one = found[channel]
        width_us, shown = await asyncio.to_thread(
            drawn, self._room.readings, one, (to_us(since), to_us(until)), points
        )
        return {
            "channel": one.number,
            "unit": one.unit,
            "width_s": width_us / 1e6,
            "buckets": buckets_row(shown),
        }

    # --- alarms ---

    async def alarms(self, *, standing: bool, limit: int) -> Json:
        """Return alarms."""
        found = await self._journal.read(
            lambda c: standing_alarms(c)[-limit:] if standing else recent_alarms(c, limit)
        )
        return {"items": [alarm_row(one) for one in found]}

    async def acknowledge_alarm(self, principal: Principal, alarm_id: str, note: str) -> Json:
        """Note that an alarm was seen."""
        alarm = await self._room.suppressing.acknowledge(alarm_id, note, principal.actor)
        return {"alarm": alarm_row(alarm)}

    async def clear_alarm(self, principal: Principal, alarm_id: str, reason: str) -> Json:
        """Clear an alarm by hand."""
        before = await self._journal.read(lambda c: load_alarm(c, alarm_id))
        alarm = await self._room.suppressing.clear(alarm_id, reason, principal.actor)
        if before is not None and before.standing:
            await self._room.sensing.put_aside(alarm.raised.rule_id, alarm.raised.channel)
        return {"alarm": alarm_row(alarm)}

    async def suppress(
        self,
        principal: Principal,
        device_id: str,
        rule_id: str | None,
        reason: str,
        until_at: datetime,
    ) -> Json:
        """Call nobody for a device's alarms until an end."""
        self._device(device_id)
        held = await self._room.suppressing.suppress(
            device_id, rule_id, reason, until_at, principal.actor
        )
        return {"suppression": suppression_row(held)}

    async def end_suppression(self, principal: Principal, suppression_id: str) -> Json:
        """End a suppression before its time."""
        ended = await self._room.suppressing.end(suppression_id, principal.actor)
        return {"suppression": suppression_row(ended)}

    # --- rules ---

    async def rules(self) -> Json:
        """Return the rules in force."""
        own = await self._journal.read(set_rules)
        versions = {rule.id: version for rule, version in own}
        return {
            "items": [
                {"rule": _document(rule), "version": versions.get(rule.id, 0)}
                for rule in rules_in_force(rule for rule, _ in own)
            ]
        }

    async def set_rule(
        self, principal: Principal, rule: AlarmRule, version: int, note: str
    ) -> Json:
        """Set a rule that stood at `version`."""
        channels = self._watched(rule)
        event = AlarmRuleSet(rule=rule, note=note)
        kept = await self._journal.write(
            lambda transaction: transaction.append(
                RULE_STREAM + rule.id, version, [event], actor=principal.actor
            )
        )
        await self._room.sensing.refresh()
        if _learns(rule, channels):
            await self._room.usual.learn(channels)  # more of them with the hour's turn
        return {"rule": _document(rule), "version": kept[-1].version, "channels": len(channels)}

    def _watched(self, rule: AlarmRule) -> list[int]:
        """Return the channels a rule would watch; refuse one for devices that nobody registered."""
        registry = self._room.sensing.registry
        if unknown := [id for id in rule.scope.devices if id not in registry.devices]:
            raise Refused("sensors.rule_device", field="scope.devices", value=unknown[0])
        return [one.number for one in in_scope(rule.scope, registry)]

    async def dry_run(self, rule: AlarmRule, since: datetime, until: datetime) -> Json:
        """Return what a rule would have done."""
        until = min(until, self._clock.now())
        if since >= until:
            raise Refused("sensors.bad_span", since=to_text(since), until=to_text(until))
        channels = self._watched(rule)

        def work() -> Json:
            room = self._room
            learns = _learns(rule, channels)
            usual = room.usual.before(channels, since) if learns else room.usual
            return dry_run(rule, room.sensing.registry, room.readings, usual, (since, until))

        return await asyncio.to_thread(work)

    async def sensing_health(self) -> Json:
        """Return what came in, what waits and the compression of storms."""
        since = self._clock.now() - DAY
        filed, cases = await self._journal.read(lambda c: compression(c, since))
        tally = self._room.sensing.tally
        counted: Mapping[str, int] = {
            name: getattr(tally, name)
            for name in ("accepted", "late", "duplicate", "refused", "turned_away", "alarms")
        }
        return {
            "tally": dict(counted),
            "waiting": self._room.readings.waiting,
            "states": self._room.teller.counted(),
            "storms_day": {
                "alarms": filed,
                "cases": cases,
                "ratio": round(filed / cases, 2) if cases else None,
            },
        }


def _learns(rule: AlarmRule, channels: list[int]) -> bool:
    """Say whether what is usual is learnt for a rule at once: where it asks for that, and of few enough."""
    return isinstance(rule.condition, Deviation) and len(channels) <= CHANNELS_MOST


def _document(rule: AlarmRule) -> Json:
    document: Json = _rule.dump_python(rule, mode="json")
    return document
