"""Duplicates: open cases that may be what is being reported, scored by space, time, category and text, each term shown; pure."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from typing import Any, Final, TypeVar

from incidents.likeness import Rarity, folded, grams, text_likeness
from incidents.model import Case
from incidents.table_files import rows
from vocabulary.place import EARTH_RADIUS_M, Place, distance_m

NAMES: Final = (
    "space_weight", "time_weight", "category_weight", "text_weight", "space_half_m",
    "time_half_min", "reach_m", "same_group", "same_danger", "suggest", "sure",
    "caller_within_min", "machine_within_m", "machine_within_min",
)  # fmt: skip
# The same danger under another letter: what a neighbour smells, a sensor measures and a digger hit.
DANGERS: Final = (
    frozenset({"E0502", "Y0207", "S02", "B0149"}),
    frozenset({"E0506", "S01", "Y0101", "B0207"}),
    frozenset({"Y0201", "Y0202", "Y0203", "Y0204", "S05", "E0120"}),
    frozenset({"E0501", "S03", "E0512", "Y0217"}),
    frozenset({"E0508", "Y0210", "B0128", "B0130", "C06", "E0108"}),
    frozenset({"E0511", "S09", "B0137", "Y0216"}),
    frozenset({"E0505", "E0113", "E0516"}),
    frozenset({"B0101", "B0102", "B0103", "B0111", "B0123", "S07"}),
    frozenset({"E0110", "E0109", "E0132", "B0305", "B0313"}),
    frozenset({"E0401", "E0406", "E0405"}),
    frozenset({"C01", "C02", "C03", "C05", "S10"}),
)
MOST_WEIGHED: Final = 120  # nearest or most alike candidates that are scored whole
MOST_TOLD: Final = 10
FLOOD: Final = 2_000  # so many in reach that to measure each would take longer than a key stroke
CELL_DEG: Final = 0.01
DEGREE_M: Final = math.radians(1) * EARTH_RADIUS_M
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Weighing:
    """How the terms are weighed, by name as in `duplicates.csv`."""

    values: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        """Return one value."""
        return self.values[name]


def parse_weighing(text: str) -> Weighing:
    """Return the rows of `duplicates.csv`."""
    found = {
        row.one_of("name", NAMES): row.read("value", float, "0.5")
        for row in rows("duplicates.csv", text, ("name", "value", "source"))
    }
    if missing := set(NAMES) - set(found):
        raise ValueError(f"duplicates.csv lacks {sorted(missing)}")
    return Weighing(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is being reported, as far as it is known yet."""

    text: str
    at: datetime | None = None  # when it happened, None: now
    place: Place | None = None
    category: str | None = None
    exercise: bool | None = None  # an exercise never is the same as what is real; None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """A case that may be the same, with the terms of its score; a term that could not be judged is None."""

    case: Case
    score: float
    distance_m: float | None
    age_min: float
    category: str | None  # same, danger, group, other
    text: float | None

    def terms(self) -> dict[str, Any]:
        """Return the terms as JSON."""
        away = self.distance_m
        return {
            "score": round(self.score, 2),
            "distance_m": None if away is None else round(away),
            "age_min": round(self.age_min, 1),
            "category": self.category,
            "text": None if self.text is None else round(self.text, 2),
        }


@dataclass(slots=True)
class _Kept:
    case: Case
    grams: frozenset[str]
    folded: str


@dataclass(slots=True)
class DuplicateIndex:
    """The open cases by where they are and by what they say; put and drop cost the same however many there are."""

    weighing: Weighing
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _cells: dict[tuple[int, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    _saying: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _rarity: Rarity = field(default_factory=Rarity)

    def __len__(self) -> int:
        """Return how many open cases there are."""
        return len(self._kept)

    def put(self, case: Case) -> None:
        """Take a case as it stands now; one that has ended is dropped."""
        before = self._kept.get(case.id)
        if not case.open:
            self._drop(case.id)
        elif before is not None and _same(before.case, case):
            before.case = case
        else:
            self._drop(case.id)
            self._add(case)

    def _add(self, case: Case) -> None:
        kept = _Kept(case, grams(case.text), folded(case.text))
        self._kept[case.id] = kept
        self._cells[_cell(case.place)].add(case.id)
        for gram in kept.grams:
            self._saying[gram].add(case.id)
        self._rarity.see(kept.grams)

    def _drop(self, case_id: str) -> None:
        kept = self._kept.pop(case_id, None)
        if kept is None:
            return
        _take_out(self._cells, _cell(kept.case.place), case_id)
        for gram in kept.grams:
            _take_out(self._saying, gram, case_id)

    def likely(
        self, question: Question, now: datetime, most: int = 5, least: float | None = None
    ) -> list[Likely]:
        """Return the cases that score at least `least` (default: what the table suggests from), the best first."""
        floor = self.weighing["suggest"] if least is None else least
        asked = grams(question.text)
        weights = self._rarity.weights(asked)
        said, at = folded(question.text), question.at or now
        scored = (
            self._weigh(question, at, (asked, weights, said), self._kept[case_id])
            for case_id in self._candidates(question, asked, weights)
            if question.exercise in (None, self._kept[case_id].case.exercise)
        )
        found = [one for one in scored if one.score >= floor]
        return nlargest(min(most, MOST_TOLD), found, key=lambda one: (one.score, one.case.id))

    def near(self, place: Place, within_m: float) -> Iterator[tuple[float, Case]]:
        """Yield the open cases so near, with how far they are."""
        narrow = max(math.cos(math.radians(place.lat_deg)), 0.01)
        east, north = _cell(place)
        wide = math.ceil(within_m / (DEGREE_M * narrow * CELL_DEG))
        tall = math.ceil(within_m / (DEGREE_M * CELL_DEG))
        for x in range(east - wide, east + wide + 1):
            for y in range(north - tall, north + tall + 1):
                for case_id in self._cells.get((x, y), ()):
                    case = self._kept[case_id].case
                    away = distance_m(place, case.place)
                    if away <= within_m:
                        yield away, case

    def _candidates(
        self, question: Question, asked: frozenset[str], weights: Mapping[str, float]
    ) -> list[str]:
        if question.place is not None:
            if self._around(question.place) > FLOOD:
                here = list(self._cells[_cell(question.place)])[-MOST_WEIGHED // 2 :]
                return list(dict.fromkeys([*here, *self._saying_most(None, asked, weights)]))
            near = sorted(self.near(question.place, self.weighing["reach_m"]), key=_first)
            if len(near) <= MOST_WEIGHED:
                return [case.id for _, case in near]
            # A flood at one place: beside the nearest, those that say the same.
            nearest = [case.id for _, case in near[: MOST_WEIGHED // 2]]
            speaking = self._saying_most({case.id for _, case in near}, asked, weights)
            return list(dict.fromkeys([*nearest, *speaking]))[:MOST_WEIGHED]
        return self._saying_most(None, asked, weights)

    def _around(self, place: Place) -> int:
        east, north = _cell(place)
        return sum(
            len(self._cells.get((east + x, north + y), ())) for x in (-1, 0, 1) for y in (-1, 0, 1)
        )

    def _saying_most(
        self, among: set[str] | None, asked: frozenset[str], weights: Mapping[str, float]
    ) -> list[str]:
        shared: dict[str, float] = defaultdict(float)
        # The rarest first: what half of the cases say finds nothing and costs most.
        for gram in sorted(asked, key=lambda each: -weights[each])[:24]:
            holders = self._saying.get(gram, set())
            if len(holders) > 4000 and shared:
                continue
            for case_id in holders if among is None else holders & among:
                shared[case_id] += weights[gram]
        return nlargest(MOST_WEIGHED // 2, shared, key=shared.__getitem__)

    def _weigh(
        self,
        question: Question,
        at: datetime,
        words: tuple[frozenset[str], Mapping[str, float], str],
        kept: _Kept,
    ) -> Likely:
        values, case, (asked, weights, said) = self.weighing, kept.case, words
        away = distance_m(question.place, case.place) if question.place else None
        age_min = abs((at - case.reported_at).total_seconds()) / 60
        kind = category_likeness(question.category, case.category) if question.category else None
        alike = text_likeness(asked, kept.grams, weights, (said, kept.folded)) if asked else None
        terms = (
            (values["space_weight"], None if away is None else _half(away, values["space_half_m"])),
            (values["time_weight"], _half(age_min, values["time_half_min"])),
            (values["category_weight"], None if kind is None else _worth(kind, values)),
            (values["text_weight"], alike),
        )
        judged = [(weight, term) for weight, term in terms if term is not None]
        score = sum(weight * term for weight, term in judged) / sum(w for w, _ in judged)
        return Likely(
            case=case, score=score, distance_m=away, age_min=age_min, category=kind, text=alike
        )


def category_likeness(one: str, other: str) -> str:
    """Return same, danger (the same under another letter), group (the same 大类) or other, of two codes short or full."""
    a, b = _short(one), _short(other)
    if a == b:
        return "same"
    if any(a in danger and b in danger for danger in DANGERS):
        return "danger"
    return "group" if a[:3] == b[:3] else "other"


def _worth(kind: str, values: Weighing) -> float:
    known = {"same": 1.0, "danger": values["same_danger"], "group": values["same_group"]}
    return known.get(kind, 0.0)


def _half(value: float, half: float) -> float:
    """Return 1 at 0, one half at `half`, and less and less beyond."""
    return 1 / (1 + (value / half) ** 2)


def _take_out(holders: dict[Key, set[str]], key: Key, case_id: str) -> None:
    holders[key].discard(case_id)
    if not holders[key]:  # or what nobody says any more would be kept for ever
        del holders[key]


def _short(code: str) -> str:
    return code.rpartition(":")[2].partition(".")[0].upper()


def _first(pair: tuple[float, Case]) -> float:
    return pair[0]


def _cell(place: Place) -> tuple[int, int]:
    return math.floor(place.lon_deg / CELL_DEG), math.floor(place.lat_deg / CELL_DEG)


def _same(one: Case, other: Case) -> bool:
    return one.text == other.text and one.place == other.place
