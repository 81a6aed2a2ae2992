"""What the API asks about sensors of the console behind it."""

from datetime import datetime
from typing import Any, Protocol

from exchange.sheet import Sheet
from security.principal import Principal
from sensors.alarm_rules import AlarmRule

Json = dict[str, Any]


class SensorService(Protocol):
    """The sensors' room as the API sees it."""

    async def points(self) -> Json:
        """Return every device as a row, with the newest value of each."""
        ...

    async def device(self, device_id: str) -> Json:
        """Return one device whole; Refused with 404 where it is not known."""
        ...

    async def history(
        self, device_id: str, channel: str, since: datetime, until: datetime, points: int
    ) -> Json:
        """Return a channel's history in at most so many buckets."""
        ...

    async def alarms(self, *, standing: bool, limit: int) -> Json:
        """Return alarms."""
        ...

    async def acknowledge_alarm(self, principal: Principal, alarm_id: str, note: str) -> Json:
        """Note that an alarm was seen."""
        ...

    async def clear_alarm(self, principal: Principal, alarm_id: str, reason: str) -> Json:
        """Clear an alarm by hand."""
        ...

    async def suppress(
        self,
        principal: Principal,
        device_id: str,
        rule_id: str | None,
        reason: str,
        until_at: datetime,
    ) -> Json:
        """Call nobody for a device's alarms until an end; the same again is the same suppression."""
        ...

    async def end_suppression(self, principal: Principal, suppression_id: str) -> Json:
        """End a suppression before its time."""
        ...

    async def rules(self) -> Json:
        """Return the rules in force."""
        ...

    async def set_rule(
        self, principal: Principal, rule: AlarmRule, version: int, note: str
    ) -> Json:
        """Set a rule that stood at `version` (0: as shipped, or new); a stale one is refused with 409."""
        ...

    async def dry_run(self, rule: AlarmRule, since: datetime, until: datetime) -> Json:
        """Return what a rule would have done."""
        ...

    async def sensing_health(self) -> Json:
        """Return what came in, what waits and the compression of storms."""
        ...


class DeviceBook(Protocol):
    """The registry of devices as the API sees it."""

    async def bring(self, principal: Principal, sheet: Sheet, *, datum: str, dry_run: bool) -> Json:
        """Take a table of devices, or only tell what taking it would do; return the report."""
        ...


class SensingConsole(Protocol):
    """A console with a sensors' room."""

    @property
    def devices(self) -> DeviceBook:
        """Return the registry."""
        ...

    @property
    def sensors(self) -> SensorService:
        """Return the room."""
        ...
