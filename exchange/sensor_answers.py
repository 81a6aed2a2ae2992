"""What the API answers about sensors, as its description shows it."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Open(BaseModel):
    model_config = ConfigDict(extra="allow")


class SensorKinds(_Open):
    """Every kind of device with its channels: names, unit, decimals."""

    kinds: dict[str, Any]


class SensorPoints(_Open):
    """Devices as rows [id, name, kind, lon, lat, department, gateway], and the version they are true for."""

    version: int
    kinds: dict[str, Any]
    rows: list[list[Any]]
    latest: list[list[Any]]


class DeviceTold(_Open):
    """A device with its channels as they stand, its alarms, its neighbours and its health."""

    device: dict[str, Any]
    channels: list[dict[str, Any]]
    alarms: list[dict[str, Any]]
    neighbours: list[dict[str, Any]]
    suppressions: list[dict[str, Any]]


class History(_Open):
    """Buckets [from_ms, least, most, mean, good, bad]: the extremes of every reading within, no peak left out."""

    channel: int
    unit: str
    width_s: float
    buckets: list[list[Any]]


class AlarmList(_Open):
    """Alarms, those that stand first where asked for, else the newest."""

    items: list[dict[str, Any]]


class AlarmChanged(_Open):
    """An alarm after what was asked."""

    alarm: dict[str, Any]


class SuppressionChanged(_Open):
    """A suppression after what was asked."""

    suppression: dict[str, Any]


class RuleList(_Open):
    """Alarm rules in force; `version` 0 is as shipped."""

    items: list[dict[str, Any]]


class RuleChanged(_Open):
    """A rule after what was asked, and how many channels it watches."""

    rule: dict[str, Any]
    version: int
    channels: int


class DryRun(_Open):
    """What a rule would have done over past readings."""

    channels: int
    readings: int
    raised: int
    spans: list[dict[str, Any]]


class SensingHealth(_Open):
    """What came in, what waits, how alarms and cases compare."""

    tally: dict[str, int]
