"""Suggested categories and pasted text: what the table and the office's own past cases make of somebody's words."""

import asyncio
from typing import Any, Final

import orjson
import structlog
from sqlalchemy import Connection, select

from exchange.pasted import Span, read_pasted
from incidents.categories import Category
from incidents.suggestion import Suggester, Suggestion, parse_words
from incidents.table_files import shipped
from runtime.place_search import PlaceSearch, place_row
from runtime.rooms import Rooms
from security.principal import Principal
from storage.tables import cases
from vocabulary.clock import to_text
from vocabulary.errors import Unavailable
from vocabulary.place import Place

Json = dict[str, Any]
log = structlog.get_logger()
# Only what officers stood behind is learned from: filed and handled, not what somebody merely sent.
LEARNED_STATES: Final = ("DISPATCHED", "ACCEPTED", "ON_SCENE", "CONTROLLED", "RESOLVED", "CHECKING", "CLOSED")  # fmt: skip
LEARNED_MOST: Final = 5_000
PLACES_TOLD: Final = 3


class Suggesting:
    """The part of the API's service that suggests; it learns anew every hour, and at once when categories change."""

    def __init__(self, rooms: Rooms, places: PlaceSearch) -> None:
        self._rooms = rooms
        self._places = places
        self._words = parse_words(shipped("category_words.csv"))
        self._table = rooms.tables.categories
        self._suggester = Suggester(self._in_force(), self._words)

    async def learn(self) -> None:
        """Learn from the table as it stands and from the newest cases."""
        table = self._rooms.tables.categories
        past = await self._rooms.journal.read(_past)
        in_force = self._in_force()
        self._suggester = await asyncio.to_thread(Suggester, in_force, self._words, past)
        self._table = table
        log.info("categories_learned", cases=len(past))

    def _in_force(self) -> tuple[Category, ...]:
        tables = self._rooms.tables
        today = self._rooms.clock.now().astimezone(tables.calendar.zone).date()
        return tables.categories.current(today)

    def likely(self, text: str, most: int) -> list[Suggestion]:
        """Return the likeliest categories."""
        return self._suggester.suggest(text, most)

    async def suggest(self, principal: Principal, text: str, most: int) -> list[Json]:
        """Return the likeliest categories with what spoke for each."""
        if self._table is not self._rooms.tables.categories:
            await self.learn()
        found = await asyncio.to_thread(self.likely, text, most)
        return [self._told(one, principal.language) for one in found]

    async def parse(self, principal: Principal, text: str, near: Place | None) -> Json:
        """Return the fields of a pasted text: text, phones, names, places with where they are, time, categories."""
        rooms = self._rooms
        now, zone = rooms.clock.now(), rooms.tables.calendar.zone
        read = await asyncio.to_thread(read_pasted, text, now, zone)
        places = [await self._place(span, near) for span in read.places]
        return {
            "text": _span(read.text),
            "phones": [_span(span) for span in read.phones],
            "names": [_span(span) for span in read.names],
            "places": sorted(places, key=lambda place: -_best(place)),
            "occurred_at": to_text(read.occurred_at) if read.occurred_at else None,
            "time": _span(read.time) if read.time else None,
            "categories": await self.suggest(principal, read.text.value, 3),
        }

    async def _place(self, span: Span, near: Place | None) -> Json:
        try:
            found = await self._places.found(span.value, near, PLACES_TOLD)
        except Unavailable:  # the county's names are still being read: the words alone help already
            found = []
        return {**_span(span), "found": [place_row(one) for one in found]}

    def _told(self, one: Suggestion, language: str) -> Json:
        category = one.category
        group = self._rooms.tables.group(category.code)
        because = ", ".join(word for word, _ in one.reasons)
        learned = (
            f"; {one.learned} past cases" if language == "en" else f";本单位已办 {one.learned} 件"
        )
        return {
            "code": category.code,
            "full_code": category.full_code,
            "name_zh": category.name_zh,
            "name_en": category.name_en,
            "group_zh": group.zh,
            "group_en": group.en,
            "default_priority": category.default_priority.value,
            "score": round(one.score, 2),
            "reasons": [[word, round(value, 1)] for word, value in one.reasons],
            "learned": one.learned,
            "why": because + (learned if one.learned else ""),
        }


def _past(connection: Connection) -> list[tuple[str, str]]:
    query = (
        select(cases.c.category, cases.c.document)
        .where(cases.c.state.in_(LEARNED_STATES))
        .order_by(cases.c.opened_seq.desc())
        .limit(LEARNED_MOST)
    )
    # What was said alone: address and town would teach that a street is a category.
    return [
        (row.category.rpartition(":")[2], str(orjson.loads(row.document)["text"]))
        for row in connection.execute(query)
    ]


def _span(span: Span) -> Json:
    return {"value": span.value, "start": span.start, "end": span.end}


def _best(place: Json) -> float:
    return place["found"][0]["score"] if place["found"] else 0.0
