"""Suggested categories: measured on what people say, explained by their own words, and taught by the office's own cases."""

import time

import pytest

from incidents.suggestion import Suggester, parse_words
from incidents.table_files import shipped
from tests.incidents.said import SEEN, UNSEEN, labelled
from tests.incidents.stories import TABLES

WORDS = parse_words(shipped("category_words.csv"))
KEY_STROKE_S = 0.020


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    return Suggester(TABLES.categories.current(), WORDS)


def hits(suggester: Suggester, text: str, most: int) -> float:
    rows = labelled(text)
    found = [
        any(one.category.code in codes for one in suggester.suggest(said, most))
        for said, codes in rows
    ]
    return sum(found) / len(rows)


@pytest.mark.parametrize(
    ("text", "first", "third"), [(SEEN, 0.85, 0.92), (UNSEEN, 0.50, 0.70)], ids=["seen", "unseen"]
)
def test_the_right_category_is_among_three(
    suggester: Suggester, text: str, first: float, third: float
) -> None:
    at_1, at_3 = hits(suggester, text, 1), hits(suggester, text, 3)
    assert at_1 >= first, at_1
    assert at_3 >= third, at_3


@pytest.mark.parametrize(
    "where", ["解放路与人民路路口", "解放路口", "城南路和环城路交叉口旁边", "在人民路路口附近,"]
)
def test_where_it_is_says_nothing_of_what_it_is(suggester: Suggester, where: str) -> None:
    assert suggester.suggest(where) == []
    told = "\n".join(f"{where}{said}|{' '.join(codes)}" for said, codes in labelled(UNSEEN))
    assert hits(suggester, told, 1) >= hits(suggester, UNSEEN, 1) - 0.05
    parked = [
        suggester.suggest(where + said)[:1]
        for said, codes in labelled(UNSEEN)
        if "E0407" not in codes
    ]
    assert not [found for found in parked if found and found[0].category.code == "E0407"]


@pytest.mark.parametrize(
    ("matter", "harm"),
    [
        ("井盖没了", ",一位老人绊倒"),
        ("井盖丢了", ",有小孩掉下去了"),
        ("路灯不亮", ",老人摔倒"),
        ("路面塌了", ",差点有学生掉进去"),
    ],
)
def test_whom_it_hurt_says_nothing_of_what_it_is(
    suggester: Suggester, matter: str, harm: str
) -> None:
    told = suggester.suggest(f"学校门口{matter}{harm}")
    assert told[0].category.code == suggester.suggest(matter)[0].category.code
    assert suggester.suggest(harm), "where nothing else is said, whom it hurt is what it is"


def test_what_every_english_sentence_has_says_nothing(suggester: Suggester) -> None:
    assert suggester.suggest("on the of a") == []
    found = suggester.suggest("the cover of a manhole is gone")
    assert "manhole" in found[0].category.name_en
    assert {word for one in found for word, _ in one.reasons} <= {"cover", "manhole", "gone"}


def test_a_suggestion_names_the_words_that_spoke_for_it(suggester: Suggester) -> None:
    best = suggester.suggest("解放路口红绿灯不亮")[0]
    assert best.category.code == "B0211"
    assert {word for word, _ in best.reasons} & {"红绿灯", "红绿灯不亮", "红绿"}
    assert all(value > 0 for _, value in best.reasons)


@pytest.mark.parametrize("text", ["", "12345", "？！", "qwertyuiop", "的了吧"])
def test_what_speaks_for_nothing_suggests_nothing(suggester: Suggester, text: str) -> None:
    assert suggester.suggest(text) == []


def test_the_shares_are_of_one_and_in_order(suggester: Suggester) -> None:
    found = suggester.suggest("路上有水", 10)
    shares = [one.score for one in found]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1.0001


def test_the_office_teaches_its_own_words() -> None:
    text = "鸡公车又来了"
    fresh = Suggester(TABLES.categories.current(), WORDS)
    assert "E0401" not in [one.category.code for one in fresh.suggest(text)]
    past = [("E0401", f"鸡公车在{street}卖菜") for street in ("东街", "西街", "南街")]
    taught = Suggester(TABLES.categories.current(), WORDS, [*past, ("X9999", "旧的编码")])
    best = taught.suggest(text)[0]
    assert (best.category.code, best.learned) == ("E0401", 3)


def test_very_many_cases_of_one_kind_do_not_drown_the_others() -> None:
    past = [("E0407", "车辆违停在人行道")] * 5_000
    taught = Suggester(TABLES.categories.current(), WORDS, past)
    assert hits(taught, SEEN, 3) >= 0.9


def test_every_category_has_its_words() -> None:
    assert {row.code for row in TABLES.categories.current()} == set(WORDS)


def test_a_suggestion_comes_within_a_key_stroke(suggester: Suggester) -> None:
    said = [text for text, _ in labelled(SEEN)]
    began = time.process_time()
    for text in said:
        suggester.suggest(text)
    assert (time.process_time() - began) / len(said) < KEY_STROKE_S
