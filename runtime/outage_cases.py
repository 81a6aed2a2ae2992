"""A site that goes out of service opens a case (C01), once, with who and what the prediction says is cut off."""

from typing import Final

from bus.cloudevents import Heard
from incidents.commands import ReceiveReport
from layers.coverage.messages import OutageBegan
from runtime.flow import Flow
from runtime.kinds import kind_of
from runtime.report_taking import take_report
from runtime.rooms import Rooms
from storage.transaction import Transaction
from vocabulary.errors import sentence
from vocabulary.message import SYSTEM

CONSUMER: Final = "outages-open-cases"
CATEGORY: Final = "C01"
SOURCE: Final = "system"
PLACES_TOLD: Final = 8


def outage_cases(rooms: Rooms) -> Flow:
    """Return the row of the flow; whoever hears an outage twice opens one case."""

    def effect(transaction: Transaction, heard: Heard) -> None:
        event = heard.event
        # A site beyond the county's edge is somebody else's to mend, even where it reaches into ours.
        if not isinstance(event, OutageBegan) or not rooms.locator.contains(event.place):
            return
        report = ReceiveReport(
            text=told(event),
            category=CATEGORY,
            place=event.place,
            occurred_at=event.since_at,
            source=SOURCE,
            exercise=event.exercise,
        )
        take_report(rooms, transaction, report, SYSTEM)

    return Flow(CONSUMER, frozenset({kind_of(OutageBegan)}), effect)


def told(event: OutageBegan, language: str = "zh") -> str:
    """Return what stands in the case: the site, why, who is without signal, and which places are cut off."""
    cause = sentence(f"radio.cause.{event.cause}", language)
    parts = [
        sentence("radio.case.out", language).format(
            name=event.name, site=event.site_id, operator=event.operator, cause=cause
        )
    ]
    if event.people is None:
        parts.append(sentence("radio.case.unknown", language))
    else:
        affected = sentence("radio.case.affected", language)
        parts.append(affected.format(people=event.people, area=event.area_km2))
    if event.cut_off:
        names = "、".join(event.cut_off[:PLACES_TOLD])
        cut = sentence("radio.case.cut_off", language)
        parts.append(cut.format(places=names, n=len(event.cut_off)))
    return "".join([*parts, event.note])
