"""A sensors' room in memory, of one device and one alarm, for the API's tests."""

from datetime import datetime
from typing import Any

from exchange.sheet import Sheet
from security.principal import Principal
from sensors.alarm_rules import AlarmRule
from sensors.shipped_rules import shipped_rules
from vocabulary.errors import Refused

Json = dict[str, Any]
DEVICE, ALARM = "river-level-0001", "01KAMZ6Q9Z0000000000000000"


class MemoryDevices:
    """`exchange.sensor_ports.DeviceBook`: it notes what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bool]] = []

    async def bring(self, principal: Principal, sheet: Sheet, *, datum: str, dry_run: bool) -> Json:
        self.asked.append((sheet.form, datum, dry_run))
        counts = dict.fromkeys(("added", "changed", "unchanged", "refused"), 0)
        devices = {"new": 0, "changed": 0, "same": 0}
        return {"dry_run": dry_run, **counts, "devices": devices, "rows": [], "notes": []}


class MemorySensors:
    """`exchange.sensor_ports.SensorService`."""

    def __init__(self) -> None:
        self.done: list[tuple[str, ...]] = []

    async def points(self) -> Json:
        return {"version": 1, "kinds": {}, "rows": [], "latest": []}

    async def device(self, device_id: str) -> Json:
        if device_id != DEVICE:
            raise Refused("sensors.unknown_device", device=device_id)
        empty: Json = {"channels": [], "alarms": [], "neighbours": [], "suppressions": []}
        return {"device": {"id": device_id}, **empty}

    async def history(
        self, device_id: str, channel: str, since: datetime, until: datetime, points: int
    ) -> Json:
        await self.device(device_id)
        return {"channel": 1, "unit": "m", "width_s": 60.0, "buckets": []}

    async def alarms(self, *, standing: bool, limit: int) -> Json:
        return {"items": []}

    async def acknowledge_alarm(self, principal: Principal, alarm_id: str, note: str) -> Json:
        return self._deed("acknowledge", alarm_id, note)

    async def clear_alarm(self, principal: Principal, alarm_id: str, reason: str) -> Json:
        if not reason.strip():
            raise Refused("sensors.reason_needed", what="reason")
        return self._deed("clear", alarm_id, reason)

    def _deed(self, what: str, alarm_id: str, word: str) -> Json:
        if alarm_id != ALARM:
            raise Refused("sensors.unknown_alarm", alarm=alarm_id)
        self.done.append((what, alarm_id, word))
        return {"alarm": {"id": alarm_id}}

    async def suppress(
        self,
        principal: Principal,
        device_id: str,
        rule_id: str | None,
        reason: str,
        until_at: datetime,
    ) -> Json:
        await self.device(device_id)
        return {"suppression": {"device": device_id, "reason": reason}}

    async def end_suppression(self, principal: Principal, suppression_id: str) -> Json:
        raise Refused("sensors.unknown_suppression", suppression=suppression_id)

    async def rules(self) -> Json:
        return {"items": [{"rule": {"id": rule.id}, "version": 0} for rule in shipped_rules()]}

    async def set_rule(
        self, principal: Principal, rule: AlarmRule, version: int, note: str
    ) -> Json:
        self.done.append(("rule", rule.id, note))
        return {"rule": {"id": rule.id}, "version": version + 1, "channels": 1}

    async def dry_run(self, rule: AlarmRule, since: datetime, until: datetime) -> Json:
        return {"channels": 0, "readings": 0, "raised": 0, "spans": []}

    async def sensing_health(self) -> Json:
        return {"tally": {}}
