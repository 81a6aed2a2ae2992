"""The effects of outages: a site goes out of service, and comes back."""

from dataclasses import dataclass
from datetime import datetime

from layers.coverage.messages import BeginOutage, EndOutage
from layers.coverage.outages.model import SiteOutage, Struck
from layers.coverage.outages.rules import decide_begin, decide_end
from layers.coverage.outages.store import Outages
from vocabulary.message import Actor


@dataclass(frozen=True, slots=True)
class Changed:
    """An outage after a change, and the number of the event that made it."""

    outage: SiteOutage
    seq: int


def begin_outage(
    outages: Outages, command: BeginOutage, struck: Struck, *, actor: Actor, at: datetime
) -> Changed:
    """Take a site out of service."""
    outage = outages.load(command.site_id)
    events = decide_begin(outage, outages.site(command.site_id), command, struck, at)
    recorded = outages.append(command.site_id, outage.version if outage else 0, events, actor)
    return _changed(outages, command.site_id, recorded[-1].seq)


def end_outage(outages: Outages, command: EndOutage, *, actor: Actor, at: datetime) -> Changed:
    """Put a site back into service."""
    outage = outages.load(command.site_id)
    events = decide_end(outage, command, at)
    recorded = outages.append(command.site_id, outage.version if outage else 0, events, actor)
    return _changed(outages, command.site_id, recorded[-1].seq)


def _changed(outages: Outages, site_id: str, seq: int) -> Changed:
    outage = outages.load(site_id)
    assert outage is not None  # noqa: S101 - its events were kept a moment ago
    return Changed(outage, seq)
