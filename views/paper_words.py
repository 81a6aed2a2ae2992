"""Words for papers: codes, names and instants as somebody reads them who has no screen beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from incidents.rulebook import Tables
from views.case import code_words
from views.words import catalogue, spoken
from vocabulary.errors import Refused

ENGLISH: Final = "en"


@dataclass(frozen=True)
class PaperWords:
    """One language's words with the tables' names; `units`, `numbers` and `people` name units, cases and persons by id."""

    tables: Tables
    asked: str
    units: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Put the tables' coded words beside the catalogue's."""
        language = spoken(self.asked)
        entries = {**catalogue(language), **code_words(self.tables, language)}
        object.__setattr__(self, "_entries", entries)

    @property
    def language(self) -> str:
        """Return zh or en."""
        return spoken(self.asked)

    def say(self, key: str, **values: object) -> str:
        """Return a key's words with their values filled in."""
        text: str = self._entries[key]  # type: ignore[attr-defined]
        return text.format(**values) if values else text

    def coded(self, prefix: str, code: Any) -> str:
        """Return the words of a coded value, or the code where nobody knows it."""
        if code in (None, ""):
            return ""
        return str(self._entries.get(f"{prefix}.{code}", code))  # type: ignore[attr-defined]

    def either(self, zh: str, en: str) -> str:
        """Return the one that is spoken, the other where it is empty."""
        return (en or zh) if self.language == ENGLISH else (zh or en)

    def category(self, code: str) -> str:
        """Return a category's name."""
        try:
            row = self.tables.categories.find(code)
        except Refused:
            return code
        return self.either(row.name_zh, row.name_en)

    def condition(self, category: str, code: str) -> str:
        """Return a filing condition with its code."""
        try:
            row = self.tables.categories.find(category).filing_condition(code)
        except Refused:
            return code
        return f"{row.code} {self.either(row.zh, row.en)}"

    def department(self, id: str | None) -> str:
        """Return a department's name."""
        row = self.tables.departments.get(id or "")
        return self.either(row.zh, row.en) if row else (id or "")

    def unit(self, id: str) -> str:
        """Return a unit's name."""
        return self.units.get(id, id)

    def number(self, id: str) -> str:
        """Return a case's number."""
        return self.numbers.get(id, id)

    def person(self, id: str) -> str:
        """Return a person's name."""
        return self.people.get(id, id)

    def listed(self, names: list[str]) -> str:
        """Return names as a list in a sentence."""
        return self.say("format.comma").join(names)

    def time(self, told: str | None, *, seconds: bool = True) -> str:
        """Return an instant of ours as the county's clocks show it; papers are read years later, so the year is there."""
        if not told:
            return ""
        local = datetime.fromisoformat(told).astimezone(self.tables.calendar.zone)
        return local.strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")
