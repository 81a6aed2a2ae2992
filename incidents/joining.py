"""What it means for a case that more is told of the same thing: the rules that may raise its priority."""

from collections.abc import Collection

from incidents.model import Case, Priority
from incidents.priority import Trigger
from incidents.situation import Situation
from incidents.stage_clocks import Wish
from vocabulary.ids import ReportId


def joining_wishes(
    case: Case,
    situation: Situation,
    *,
    source: str,
    reports: Collection[ReportId],
    priority: Priority,
) -> list[Wish]:
    """Return what may raise `case` when reports from `source`, as urgent as `priority`, become part of it."""
    wishes: list[Wish] = []
    if source != case.source:
        one, other = (
            situation.tables.code("source", each).sensor for each in (source, case.source)
        )
        trigger = Trigger.SENSOR_AND_REPORT if one is not other else Trigger.SECOND_SOURCE
        wishes.append((trigger, None))
    if len({*reports, *case.reports}) >= situation.tables.quotas["reports_to_repeated"]:
        wishes.append((Trigger.REPEATED, None))
    return [*wishes, (Trigger.JOINED_MORE_URGENT, priority)]
