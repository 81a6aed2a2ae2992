"""One device seen closely: its channels as they stand, what came of them in a day, and who stands near."""

from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from runtime.sensing_room import SensingRoom
from sensors.batch import from_us, to_us
from sensors.model import Channel, Device, Quality
from sensors.patience import speaks_from, weights
from vocabulary.clock import to_text
from vocabulary.place import distance_m

Json = dict[str, Any]
NEIGHBOURS: Final = 8
NEAR_M: Final = 2000.0
DAY: Final = timedelta(days=1)


def channel_row(room: SensingRoom, one: Channel) -> Json:
    """Return a channel as it stands."""
    sensing = room.sensing
    newest, measured = sensing.newest, sensing.registry.measured(one.number)
    observed_us = int(newest.observed_us[one.number])
    value = float(newest.value[one.number])
    spoke = observed_us >= 0
    return {
        "number": one.number,
        "name": one.name,
        "zh": measured.zh if measured else one.name,
        "en": measured.en if measured else one.name,
        "decimals": measured.decimals if measured else 2,
        "unit": one.unit,
        "period_s": one.period.total_seconds(),
        "stale_s": one.stale_after.total_seconds(),
        "low": one.low,
        "high": one.high,
        "value": value if spoke and np.isfinite(value) else None,
        "observed_at": to_text(from_us(observed_us)) if spoke else None,
        "quality": Quality(int(newest.quality[one.number])).name.lower() if spoke else None,
        "state": int(room.teller.state[one.number]),
    }


def health_rows(room: SensingRoom, channels: list[Channel], now: datetime) -> dict[int, Json]:
    """Return what came of each channel in the last day, against what was due."""
    told = {}
    for one in channels:
        found = room.readings.buckets(60, one.number, to_us(now - DAY), to_us(now))
        good, bad = int(found.good.sum()), int(found.bad.sum())
        due = max(1, int(DAY / one.period))
        lag_us = room.sensing.newest
        lag_s = float(lag_us.received_us[one.number] - lag_us.observed_us[one.number]) / 1e6
        told[one.number] = {
            "good_day": good,
            "bad_day": bad,
            "share_day": round(min(1.0, good / due), 4),
            "lag_s": round(lag_s, 1),
        }
    return told


def signal_row(room: SensingRoom, device: Device) -> Json:
    """Return how the place is covered where a device speaks from, and how much longer its silence is waited for there."""
    sensing = room.sensing
    (word,) = sensing.patience.signal.of([speaks_from(sensing.registry, device)])
    return {"signal": word, "signal_times": weights()[word].times}


def neighbours(room: SensingRoom, device: Device) -> list[Json]:
    """Return the nearest devices and how they stand."""
    registry, teller = room.sensing.registry, room.teller
    near = []
    for other in registry.devices.values():
        away = distance_m(device.place, other.place)
        if other.id != device.id and away <= NEAR_M:
            near.append((away, other))
    near.sort(key=lambda one: (one[0], one[1].id))
    return [
        {
            "id": other.id,
            "name": other.name,
            "kind": other.kind,
            "away_m": round(away),
            "state": int(teller.state_of(other.id)),
        }
        for away, other in near[:NEIGHBOURS]
    ]
