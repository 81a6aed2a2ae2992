"""Rules of attaching: a report of what an open case is about becomes one of its reports, and opens no second case."""

from dataclasses import dataclass

from incidents.commands import ReceiveReport
from incidents.joining import joining_wishes
from incidents.messages import ReportAttached
from incidents.model import Case
from incidents.priority import Trigger
from incidents.rules_filing import received
from incidents.situation import Situation
from incidents.stage_clocks import raising
from vocabulary.errors import Refused
from vocabulary.ids import ReportId
from vocabulary.message import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Attaching:
    """What an attached report is given: its id, the rule where no person chose the case, and the terms of the likeness.

    `independent`: it comes of a second source that the report's own source does not show, such as another kind of sensor.
    """

    report_id: ReportId
    by_rule: str | None = None
    why: str = ""
    independent: bool = False


def attach(
    case: Case, command: ReceiveReport, attaching: Attaching, situation: Situation
) -> list[Event]:
    """Put a report to an open case."""
    if not case.open:
        state = case.state.value
        raise Refused("incidents.attach_ended", number=case.number, state=state)
    if case.exercise is not command.exercise:
        raise Refused("incidents.attach_exercise", number=case.number)
    category = situation.chosen_category(command.category)
    report = received(command, case.id, attaching.report_id, category, situation)
    attached = ReportAttached(
        case_id=case.id,
        report_id=attaching.report_id,
        by_rule=attaching.by_rule,
        why=attaching.why,
    )
    wishes = joining_wishes(
        case,
        situation,
        source=report.source,
        reports=[report.report_id],
        priority=category.default_priority,
    )
    if attaching.independent:
        wishes = [(Trigger.SECOND_SOURCE, None), *wishes]
    return [report, attached, *raising(case, situation, wishes)]
