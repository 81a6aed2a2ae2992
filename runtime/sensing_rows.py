"""Alarms, suppressions, kinds and histories as the rows that screens and other systems read."""

from typing import Any

import numpy as np

from sensors.alarm import Alarm, Suppression
from sensors.history import Buckets
from sensors.kinds import kinds
from vocabulary.clock import to_text

Json = dict[str, Any]


def alarm_row(alarm: Alarm) -> Json:
    """Return an alarm; every instant stands for itself."""
    said = alarm.raised
    return {
        "id": alarm.id,
        "state": alarm.state.value,
        "flapping": alarm.flapping,
        "times": alarm.times,
        "severity": said.severity.value,
        "rule": said.rule_id,
        "rule_zh": said.rule_zh,
        "rule_en": said.rule_en,
        "condition": said.condition,
        "device": said.device_id,
        "device_name": said.device_name,
        "kind": said.device_kind,
        "department": said.department,
        "channel": said.channel_name,
        "unit": said.unit,
        "value": said.value,
        "limit": said.limit,
        "lon": said.place.lon_deg,
        "lat": said.place.lat_deg,
        "onset_at": to_text(said.onset_at),
        "raised_at": to_text(said.raised_at),
        "acknowledged_at": to_text(alarm.acknowledged_at) if alarm.acknowledged_at else None,
        "acknowledged_by": alarm.acknowledged_by,
        "note": alarm.note,
        "cleared_at": to_text(alarm.cleared_at) if alarm.cleared_at else None,
        "cleared_by": alarm.cleared_by,
        "reason": alarm.reason,
        "held": alarm.held_by is not None,
        "silent_behind": said.silent_behind,
        "amended": alarm.amended,
        "signal": alarm.weighed.signal if alarm.weighed else None,
        "signal_times": alarm.weighed.times if alarm.weighed else None,
        "case": alarm.case_id,
        "case_number": alarm.case_number,
    }


def suppression_row(one: Suppression) -> Json:
    """Return a suppression."""
    return {
        "id": one.said.suppression_id,
        "device": one.said.device_id,
        "rule": one.said.rule_id,
        "reason": one.said.reason,
        "by": one.by,
        "begun_at": to_text(one.begun_at),
        "until_at": to_text(one.said.until_at),
        "ended_at": to_text(one.ended_at) if one.ended_at else None,
    }


def kind_rows() -> Json:
    """Return the kinds of device with the first channel's unit and decimals, and all channels' names."""
    return {
        kind.id: {
            "zh": kind.zh,
            "en": kind.en,
            "unit": kind.channels[0].unit,
            "decimals": kind.channels[0].decimals,
            "channels": [
                {"name": one.name, "zh": one.zh, "en": one.en, "unit": one.unit}
                for one in kind.channels
            ],
        }
        for kind in kinds().values()
    }


def buckets_row(found: Buckets) -> list[list[Any]]:
    """Return buckets as rows [from_ms, least, most, mean, good, bad]; nulls where nothing good was measured."""
    columns = [_plain(column) for column in (found.least, found.most, found.mean)]
    at_ms = (found.at_us // 1000).tolist()
    return [
        list(row)
        for row in zip(at_ms, *columns, found.good.tolist(), found.bad.tolist(), strict=True)
    ]


def _plain(column: "np.ndarray[Any, np.dtype[np.float64]]") -> list[float | None]:
    return [round(value, 6) if np.isfinite(value) else None for value in column.tolist()]
