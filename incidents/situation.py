"""What a decision is made with besides the case: the instant, who asks, and the tables; and the checks that every rule shares."""

from dataclasses import dataclass
from datetime import datetime

from incidents.categories import Category, FilingCondition
from incidents.clocks import Limit, start
from incidents.model import Case, RunningClock, Stage
from incidents.rulebook import Tables
from vocabulary.errors import Refused
from vocabulary.message import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """When, who and by which tables."""

    at: datetime
    actor: Actor
    tables: Tables

    def clock(
        self, stage: Stage, limit: Limit | None, since: datetime | None = None
    ) -> RunningClock:
        """Return a clock of `stage` that starts now, or counts since an earlier instant."""
        warn_percent = self.tables.quotas["warn_percent"]
        return start(stage, since or self.at, limit, self.tables.calendar, warn_percent)

    def passed(self, timer: str, since: datetime) -> bool:
        """Say whether a timer that started then is over."""
        due_at = self.clock(Stage.CHECK, self.tables.timers[timer], since).due_at
        return due_at is not None and self.at > due_at

    def chosen_category(self, code: str) -> Category:
        """Return a category by its full code, or by its short one in the version that is valid today."""
        today = self.at.astimezone(self.tables.calendar.zone).date()
        return self.tables.categories.find(code, today)

    def category(self, case: Case) -> Category:
        """Return the case's category, in the version the case was given."""
        return self.tables.categories.find(case.category)

    def condition(self, case: Case) -> FilingCondition:
        """Return the condition the case was filed under."""
        return self.category(case).filing_condition(case.filing_condition)


def needed_text(field: str, text: str, situation: Situation) -> str:
    """Return a text that must say something, without the space around it."""
    if not text.strip():
        raise Refused("incidents.empty", field=field)
    return fitting_text(field, text, situation)


def fitting_text(field: str, text: str, situation: Situation) -> str:
    """Return a text that may be empty but not endless."""
    longest = situation.tables.quotas["text_longest"]
    if len(text) > longest:
        raise Refused("incidents.too_long", field=field, n=len(text), longest=longest)
    return text.strip()
