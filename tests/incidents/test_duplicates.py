"""Duplicates: the score shows its terms, finds what people say of one thing, and is quick over 20,000 open cases."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from incidents.duplicate_words import explained
from incidents.duplicates import DuplicateIndex, Question, category_likeness, parse_weighing
from incidents.likeness import grams
from incidents.model import Case, State
from incidents.table_files import shipped
from tests.incidents.pairs import pairs
from tests.incidents.stories import MONDAY_10, OLD_MILL, TABLES, a_story
from vocabulary.ids import CaseId
from vocabulary.place import Place

DEGREE_M = 111_195.0
KEY_STROKE_S = 0.020
STREETS = ("解放路", "人民路", "建设路", "中山路", "新华路", "环城北路", "和平街", "工农路")
HAPPENED = (
    "井盖缺失",
    "积水很深",
    "路灯不亮",
    "垃圾没人收",
    "燃气味很大",
    "树倒了",
    "小贩占道",
    "水管爆了",
)


def north_of(place: Place, metres: float) -> Place:
    return Place(place.lon_deg, place.lat_deg + metres / DEGREE_M)


def a_case(**changes: object) -> Case:
    return replace(a_story().case, **changes)  # type: ignore[arg-type]


def an_index(*cases: Case) -> DuplicateIndex:
    index = DuplicateIndex(TABLES.duplicates)
    for case in cases:
        index.put(case)
    return index


def scored(a: str, b: str, metres: float, minutes: float, one: str, other: str) -> float:
    known = a_case(text=a, category=one)
    asked = Question(text=b, place=north_of(OLD_MILL, metres), category=other)
    later = known.reported_at + timedelta(minutes=minutes)
    found = an_index(known).likely(asked, later, least=0.0)
    return found[0].score if found else 0.0


# --- the measure ---


def test_of_the_labelled_pairs_most_are_told_apart_as_people_did() -> None:
    weighing = TABLES.duplicates
    told = [(scored(*pair[:6]), pair[6]) for pair in pairs()]
    suggested = [same for score, same in told if score >= weighing["suggest"]]
    surely = [same for score, same in told if score >= weighing["sure"]]
    same = sum(label for _, label in told)
    assert sum(suggested) / same >= 0.85
    assert sum(suggested) / len(suggested) >= 0.85
    assert all(surely), "what is called sure must be"


def test_the_terms_are_shown_with_the_score() -> None:
    known = a_case(text="解放路与人民路口井盖缺失", category="GB30428-2@2013:B0123")
    asked = Question(
        text="人民路解放路路口井盖没了", place=north_of(OLD_MILL, 38), category="B0123"
    )
    found = an_index(known).likely(asked, MONDAY_10 + timedelta(minutes=4))[0]
    assert (
        explained(found, "zh") == f"38 m, 4 分钟, 同小类, 文本 {found.text:.2f} → {found.score:.2f}"
    )
    assert explained(found, "en").startswith("38 m, 4 min, same category, text 0.")
    assert found.terms()["distance_m"] == 38


def test_an_exercise_is_no_duplicate_of_what_is_real() -> None:
    index = an_index(a_case(text="解放路井盖缺失", exercise=True))
    asked = Question(text="解放路井盖缺失", place=OLD_MILL)
    assert len(index.likely(asked, MONDAY_10)) == 1
    assert len(index.likely(replace(asked, exercise=True), MONDAY_10)) == 1
    assert index.likely(replace(asked, exercise=False), MONDAY_10) == []


def test_what_is_not_known_yet_is_not_judged() -> None:
    known = a_case(text="解放路井盖缺失")
    found = an_index(known).likely(Question(text="解放路井盖缺失"), MONDAY_10)[0]
    assert (found.distance_m, found.category) == (None, None)
    assert found.score > 0.9
    assert explained(found, "zh") == "0 分钟, 文本 1.00 → 1.00"


def test_a_question_that_says_nothing_yet_is_answered_by_where_and_when() -> None:
    found = an_index(a_case()).likely(Question(text="", place=OLD_MILL), MONDAY_10)
    assert found[0].text is None
    assert found[0].score == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("GB30428-2@2013:E0506", "E0506", "same"),
        ("E0506.01", "E0506", "same"),
        ("E0502", "Y0207", "danger"),
        ("E0502", "S02", "danger"),
        ("E0501", "E0503", "group"),
        ("E0501", "B0137", "other"),
    ],
)
def test_categories_are_alike_by_code_danger_or_group(one: str, other: str, likeness: str) -> None:
    assert category_likeness(one, other) == likeness


def test_politeness_and_phones_are_not_what_happened() -> None:
    assert grams("你好,麻烦处理一下,井盖 13800001111") == grams("井盖")
    assert grams("ＡＢ12") == grams("ab 12")


# --- the index ---


def test_a_case_that_ended_is_no_duplicate_and_one_that_lives_again_is() -> None:
    case = a_case(text="解放路井盖缺失")
    index = an_index(case)
    asked = Question(text="解放路井盖缺失", place=OLD_MILL)
    index.put(replace(case, state=State.CLOSED))
    assert index.likely(asked, MONDAY_10) == []
    assert len(index) == 0
    index.put(case)
    assert [one.case.id for one in index.likely(asked, MONDAY_10)] == [case.id]


def test_a_case_that_moved_or_is_told_otherwise_is_found_as_it_is_now() -> None:
    case = a_case(text="解放路井盖缺失")
    index = an_index(case)
    index.put(replace(case, text="人民路积水很深", place=north_of(OLD_MILL, 5000)))
    assert index.likely(Question(text="解放路井盖缺失", place=OLD_MILL), MONDAY_10) == []
    there = Question(text="人民路积水", place=north_of(OLD_MILL, 5000))
    assert len(index.likely(there, MONDAY_10)) == 1
    assert len(index) == 1


def test_putting_a_case_twice_is_putting_it_once() -> None:
    case = a_case()
    index = an_index(case, case)
    assert len(index.likely(Question(text=case.text, place=OLD_MILL), MONDAY_10)) == 1


def many_cases(n: int, spread_deg: float) -> Iterator[Case]:
    chance = random.Random(7)  # noqa: S311 - the same county each time
    first = a_story().case
    for number in range(n):
        text = f"{chance.choice(STREETS)}{chance.choice(STREETS)}口{chance.choice(HAPPENED)}"
        place = Place(120.0 + chance.random() * spread_deg, 30.0 + chance.random() * spread_deg)
        minutes = chance.randrange(10_000)
        yield replace(
            first,
            id=CaseId(f"c{number}"),
            text=f"{text}{number % 97}",
            place=place,
            reported_at=MONDAY_10 - timedelta(minutes=minutes),
        )


@pytest.mark.parametrize(
    ("spread_deg", "place"),
    [(0.4, Place(120.2, 30.2)), (0.4, None), (0.004, Place(120.002, 30.002)), (0.004, None)],
    ids=["county", "county, text alone", "a flood at one place", "a flood, text alone"],
)
@pytest.mark.slow
def test_20000_open_cases_are_asked_within_a_key_stroke(
    spread_deg: float, place: Place | None
) -> None:
    index = an_index(*many_cases(20_000, spread_deg))
    asked = Question(text="解放路与人民路口井盖缺失有人绊倒", place=place, category="E0506")
    took: list[float] = []
    for _ in range(25):
        began = time.process_time()
        found = index.likely(asked, MONDAY_10, least=0.0)
        took.append(time.process_time() - began)
        assert len(found) == 5
    took.sort()
    assert took[12] < KEY_STROKE_S


def test_the_table_must_have_every_value() -> None:
    whole = shipped("duplicates.csv")
    with pytest.raises(ValueError, match="lacks"):
        parse_weighing(whole.replace("sure,0.85", "suggest,0.85"))
