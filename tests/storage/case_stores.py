"""Reports taken into any store of cases: in memory, in SQLite, in PostgreSQL."""

from collections.abc import Iterable

from incidents.handlers import Outcome, receive_report
from incidents.store import CaseStore, Located
from tests.incidents.stories import DUTY, MONDAY_10, TABLES, a_report
from vocabulary.place import Place


def locate(_place: Place) -> Located:
    return Located(division="330481", town="硖石街道", address="人民路")


def give_reports(cases: CaseStore, places: Iterable[Place], **changes: object) -> list[Outcome]:
    """Take a report at each place."""
    return [
        receive_report(
            cases,
            a_report(place=place, **changes),
            actor=DUTY,
            at=MONDAY_10,
            tables=TABLES,
            locate=locate,
        )
        for place in places
    ]
