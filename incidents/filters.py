"""Which cases are asked for, in the same words by the API, the store and the screens."""

from dataclasses import dataclass
from datetime import datetime

from incidents.model import Priority, State


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What is looked for; an empty field does not narrow. `department` keeps cases with a task of that department."""

    states: frozenset[State] = frozenset()
    priorities: frozenset[Priority] = frozenset()
    category: str | None = None
    town: str | None = None
    lead: str | None = None
    department: str | None = None
    open: bool | None = None
    text: str | None = None
    since: datetime | None = None
