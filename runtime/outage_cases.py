"""A site that goes out of service opens a case (C01), once, with what is cut off by prediction; its return is noted there."""

from typing import Final

from bus.cloudevents import Heard
from incidents import handlers
from incidents.commands import AddNote, ReceiveReport
from layers.coverage.messages import OutageBegan, OutageEnded
from runtime.coverage_telling import operator_name
from runtime.flow import Flow
from runtime.kinds import kind_of
from runtime.report_taking import take_report
from runtime.rooms import Rooms
from storage.case_work import CasesInTransaction
from storage.caused import case_caused_by
from storage.radio_sites import known_site
from storage.transaction import Transaction
from vocabulary.errors import sentence
from vocabulary.ids import CaseId
from vocabulary.message import SYSTEM

CONSUMER: Final = "outages-open-cases"
CATEGORY: Final = "C01"
SOURCE: Final = "system"
PLACES_TOLD: Final = 8


def outage_cases(rooms: Rooms) -> Flow:
    """Return the row of the flow; whoever hears an outage twice opens one case."""

    def effect(transaction: Transaction, heard: Heard) -> None:
        if isinstance(heard.event, OutageBegan):
            _open_case(rooms, transaction, heard.event, heard.event_id)
        elif isinstance(heard.event, OutageEnded):
            _note_return(rooms, transaction, heard.event, heard.event_id)

    return Flow(CONSUMER, frozenset(map(kind_of, (OutageBegan, OutageEnded))), effect)


def _open_case(rooms: Rooms, transaction: Transaction, event: OutageBegan, cause_id: str) -> None:
    # A site beyond the county's edge is somebody else's to mend, even where it reaches into ours.
    if not rooms.locator.contains(event.place):
        return
    report = ReceiveReport(
        text=told(event),
        category=CATEGORY,
        place=event.place,
        occurred_at=event.since_at,
        source=SOURCE,
        exercise=event.exercise,
    )
    take_report(rooms, transaction, report, SYSTEM, cause_id=cause_id)


def _note_return(rooms: Rooms, transaction: Transaction, event: OutageEnded, cause_id: str) -> None:
    """Write the return into the case the outage opened; a case that is over already stands as it was closed."""
    case_id = case_caused_by(transaction.connection, event.began_seq)
    cases = CasesInTransaction(transaction, rooms.keyring)
    case = cases.load(CaseId(case_id)) if case_id else None
    if case is None:
        return
    case = handlers.root_of(cases, case)
    if not case.open:
        return
    site = known_site(transaction.connection, event.site_id)
    handlers.command_case(
        cases,
        case.id,
        case.version,
        AddNote(text=back(event, site.name if site else event.site_id)),
        actor=SYSTEM,
        at=rooms.clock.now(),
        tables=rooms.tables,
        cause_id=cause_id,
    )


def back(event: OutageEnded, name: str, language: str = "zh") -> str:
    """Return what is noted when the site is in service again."""
    said = sentence("radio.case.back", language).format(
        name=name, site=event.site_id, minutes=round(event.minutes)
    )
    return said + event.note


def told(event: OutageBegan, language: str = "zh") -> str:
    """Return what stands in the case: the site, why, who is without signal, and which places are cut off."""
    cause = sentence(f"radio.cause.{event.cause}", language)
    operator = operator_name(event.operator, language)
    parts = [
        sentence("radio.case.out", language).format(
            name=event.name, site=event.site_id, operator=operator, cause=cause
        )
    ]
    if event.people is None:
        parts.append(sentence("radio.case.unknown", language))
    else:
        affected = sentence("radio.case.affected", language)
        lost = {"people": event.people, "area": event.area_km2, "operator": operator}
        parts.append(affected.format(**lost))
    if event.cut_off:
        names = "、".join(event.cut_off[:PLACES_TOLD])
        cut = sentence("radio.case.cut_off", language)
        parts.append(cut.format(places=names, n=len(event.cut_off)))
    if event.without_any is not None and event.people:
        code = "radio.case.without_any" if event.without_any else "radio.case.others_reach"
        parts.append(sentence(code, language).format(people=event.without_any))
    return "".join([*parts, event.note])
