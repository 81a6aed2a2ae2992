"""Where words travel: the stream of events and the channels that other programs may hear."""

from typing import Final

EVENTS: Final = "onenet.events"
CASES: Final = "onenet.cases"
DISPATCH: Final = "onenet.dispatch"
UNITS: Final = "onenet.units"
ROADS: Final = "onenet.roads"
ALARMS: Final = "onenet.alarms"
COVERAGE: Final = "onenet.coverage"
READINGS: Final = "onenet.readings.*"
# A console's own, and outside `onenet.`: what goes there tells nothing, and no other program may hear it.
TRIALS: Final = "console.trials"

# The room a kind begins with, and the channel its events are told on.
CHANNEL_OF_ROOM: Final = {
    "incidents": CASES,
    "dispatch": DISPATCH,
    "units": UNITS,
    "county": ROADS,
    "sensors": ALARMS,
    "alarms": ALARMS,
    "coverage": COVERAGE,
}


def channel_of(kind: str) -> str:
    """Return the channel on which events of `kind` are told; a room without a row has a channel of its own name."""
    room = kind.partition(".")[0]
    return CHANNEL_OF_ROOM.get(room, f"onenet.{room}")


def readings_channel(sensor_kind: str) -> str:
    """Return the channel of the readings of one kind of sensor."""
    return f"onenet.readings.{sensor_kind}"
