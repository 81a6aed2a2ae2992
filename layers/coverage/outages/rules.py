"""Pure rules of outages: what a wish becomes, and what the events make of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from layers.coverage.messages import BeginOutage, EndOutage, OutageBegan, OutageEnded
from layers.coverage.outages.model import KnownSite, SiteOutage, Struck
from vocabulary.clock import to_text, to_utc
from vocabulary.errors import Refused
from vocabulary.message import Event

CAUSES: Final = ("power", "transmission", "equipment", "damage", "planned", "unknown")
OLDEST: Final = timedelta(days=30)  # a mistyped year must not count as months of people cut off
AHEAD: Final = timedelta(minutes=5)  # clocks of two systems differ by so much


def decide_begin(
    outage: SiteOutage | None,
    site: KnownSite | None,
    command: BeginOutage,
    struck: Struck,
    at: datetime,
) -> list[Event]:
    """Return what beginning makes happen; a site that is out already is refused with who told of it."""
    if site is None:
        raise Refused("radio.site_unknown", value=command.site_id)
    if outage is not None and outage.open:
        began = to_text(outage.since_at)
        raise Refused("radio.outage_stands", name=site.name, who=outage.told_by, at=began)
    if command.cause not in CAUSES:
        raise Refused("radio.outage_cause", value=command.cause, known=", ".join(CAUSES))
    strange = sorted(set(command.cells) - site.cells)
    if strange:
        known = ", ".join(sorted(site.cells)[:12])
        raise Refused("radio.cell_unknown", value=strange[0], name=site.name, known=known)
    since = to_utc(command.since_at or at)
    if not at - OLDEST <= since <= at + AHEAD:
        raise Refused("radio.outage_time", value=to_text(since), days=OLDEST.days)
    return [
        OutageBegan(
            site_id=site.site_id,
            name=site.name,
            operator=site.operator,
            place=site.place,
            cells=tuple(sorted(set(command.cells))),
            cause=command.cause,
            since_at=min(since, at),
            people=struck.people,
            area_km2=struck.area_km2,
            cut_off=struck.cut_off,
            note=command.note,
            exercise=command.exercise,
            without_any=struck.without_any,
        )
    ]


def decide_end(outage: SiteOutage | None, command: EndOutage, at: datetime) -> list[Event]:
    """Return what ending makes happen; a site that is in service cannot come back."""
    if outage is None:
        raise Refused("radio.no_outage", value=command.site_id)
    if outage.ended_at is not None:
        over = to_text(outage.ended_at)
        raise Refused("radio.outage_over", name=outage.name, who=outage.ended_by, at=over)
    minutes = max(0.0, (at - outage.since_at) / timedelta(minutes=1))
    return [
        OutageEnded(
            site_id=outage.site_id,
            began_seq=outage.began_seq,
            minutes=round(minutes, 2),
            note=command.note,
        )
    ]


def apply(
    outage: SiteOutage | None, event: Event, *, version: int, at: datetime, by: str, seq: int
) -> SiteOutage | None:
    """Return the site's outage after one event of its stream."""
    if isinstance(event, OutageBegan):
        return SiteOutage(
            site_id=event.site_id,
            version=version,
            name=event.name,
            operator=event.operator,
            place=event.place,
            cells=event.cells,
            cause=event.cause,
            since_at=event.since_at,
            people=event.people,
            area_km2=event.area_km2,
            cut_off=event.cut_off,
            note=event.note,
            exercise=event.exercise,
            told_by=by,
            began_seq=seq,
            without_any=event.without_any,
        )
    if outage is not None and isinstance(event, OutageEnded):
        return replace(outage, version=version, ended_at=at, ended_by=by)
    return outage
