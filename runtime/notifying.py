"""From events to notifications: who is told by the tables, in the words of the sentence catalogue; kept here, sent later."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from bus.cloudevents import Heard
from dispatch import messages as dispatched
from dispatch.plans import messages as plans
from exchange.notify.book import Book
from exchange.notify.model import Recipient, State
from incidents import messages as incidents
from incidents.model import Case
from runtime.kinds import kind_of
from runtime.rooms import Rooms
from storage.cases import load_case
from storage.notifications import keep_notification
from storage.transaction import Transaction
from storage.units import load_unit
from vocabulary.errors import sentence
from vocabulary.ids import new_id
from vocabulary.message import Event

# Each kind that may be told, and its sentence.
TOLD: Final[dict[str, str]] = {
    kind_of(dispatched.AssignmentOffered): "assignment_offered",
    kind_of(dispatched.AssignmentCancelled): "assignment_cancelled",
    kind_of(dispatched.AssignmentTimedOut): "assignment_timed_out",
    kind_of(dispatched.AssignmentEscalated): "assignment_escalated",
    kind_of(incidents.AlertEscalated): "alert_escalated",
    kind_of(plans.PlanActivated): "plan_activated",
    kind_of(plans.PlanLevelChanged): "plan_level_changed",
}


@dataclass(frozen=True, slots=True)
class Notifying:
    """The effect of the consumer `notify`."""

    book: Book
    rooms: Rooms

    def hear(self, transaction: Transaction, heard: Heard) -> None:
        """Keep a notification for each recipient that the event is told to."""
        event, connection = heard.event, transaction.connection
        case_id: str = getattr(event, "case_id", "")
        case = load_case(connection, case_id) if case_id else None
        if case is None:
            return
        now = transaction.clock.now()
        for to in self.book.recipients_of(self._audiences(connection, event)):
            values = {
                "id": new_id(),
                "event_id": heard.event_id,
                "event": event.kind,
                "case_id": case.id,
                "recipient": to.name,
                "channel": to.channel,
                "text": self._text(connection, event, case, to),
                "state": State.WAITING.value,
                "tries": 0,
                "due_at": now,
                "problem": "",
                "created_at": now,
                "ended_at": None,
            }
            keep_notification(connection, values)

    def _audiences(self, connection: Connection, event: Event) -> Iterable[str]:
        """Return whom the rules name, the event's own unit, department and roles in the places of their words."""
        unit_id: str | None = getattr(event, "unit_id", None)
        for audience in self.book.audiences(event.kind):
            if audience == "unit" and unit_id:
                yield f"unit:{unit_id}"
            elif audience == "department" and unit_id:
                unit = load_unit(connection, unit_id)
                if unit:
                    yield f"department:{unit.department}"
            elif audience == "departments":
                yield from (f"department:{one}" for one in getattr(event, "departments", ()))
            elif audience == "told":
                named = (*getattr(event, "roles", ()), *getattr(event, "notify", ()))
                yield from (f"role:{one}" for one in named)
            elif ":" in audience:
                yield audience

    def _text(self, connection: Connection, event: Event, case: Case, to: Recipient) -> str:
        english = to.language == "en"
        category = self.rooms.tables.categories.find(case.category)
        unit = load_unit(connection, getattr(event, "unit_id", "") or "")
        values: dict[str, Any] = {
            "exercise": sentence("notify.exercise", to.language) if case.exercise else "",
            "priority": case.priority.value,
            "category": category.name_en if english else category.name_zh,
            "place": self.rooms.locator.locate(case.place).text(to.language),
            "number": case.number,
            "unit": unit.name if unit else "",
            "step": getattr(event, "step", ""),
            "plan": getattr(event, "plan_id", ""),
            "level": getattr(getattr(event, "level", None), "value", ""),
        }
        return sentence(f"notify.say.{TOLD[event.kind]}", to.language).format(**values)
