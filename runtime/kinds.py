"""Every kind of event the console knows: the codec, the documents and the journal read this one table."""

from typing import Final, get_args

import county.messages
import dispatch.messages
import dispatch.plans.messages
import incidents.handover.messages
import incidents.messages
import incidents.warnings.messages
import layers.coverage.messages
import sensors.messages
from vocabulary.message import Event


def _events_of(module: object) -> list[type[Event]]:
    found = [value for value in vars(module).values() if isinstance(value, type)]
    return [kind for kind in found if issubclass(kind, Event) and kind is not Event]


EVENTS: Final[tuple[type[Event], ...]] = (
    *_events_of(incidents.messages),
    *_events_of(incidents.handover.messages),
    *_events_of(incidents.warnings.messages),
    *_events_of(dispatch.messages),
    *_events_of(dispatch.plans.messages),
    *_events_of(county.messages),
    *_events_of(sensors.messages),
    *_events_of(layers.coverage.messages),
)


def kind_of(event: type[Event]) -> str:
    """Return the kind that an event class carries, for example incidents.case_opened.v1."""
    return str(get_args(event.__annotations__["kind"])[0])
