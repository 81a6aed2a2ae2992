"""Of a phone number never more is shown than the first three and last four digits."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from security.masking import mask_phone, mask_text

DIGITS = some.text("0123456789", min_size=0, max_size=20)
MOBILES = some.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
PIECES = [
    "138",
    "1",
    "0",
    "0577",
    "010",
    "86",
    "+86",
    "0086",
    "8000",
    "1234",
    "13812348000",
    "330327199001011234",
    "X",
    "-",
    ".",
    "(",
    ")",
    "*",
    "****",
    "电话",
    "Tel",
    "7",
    "４",
]
JUMBLES = some.lists(some.sampled_from([*PIECES, " "]), max_size=9).map("".join)
WORDS = some.text(alphabet="0123456789 -.+()*X（）电话tel张三１３", max_size=60)


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812348000", "138****8000"),
        ("+86 138 1234 8000", "138****8000"),
        ("0086-138-1234-8000", "138****8000"),
        ("8613812348000", "138****8000"),
        ("１３８１２３４８０００", "138****8000"),
        ("0577-86512345", "057****2345"),
        ("(0577) 8651 2345", "057****2345"),
        ("010-62345678", "010****5678"),
        ("86512345", "****"),
        ("110", "****"),
        ("", "****"),
        ("unknown", "****"),
        ("138****8000", "138****8000"),
    ],
)
def test_phones_are_masked(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@given(some.one_of(DIGITS, MOBILES, WORDS))
def test_a_mask_shows_three_digits_in_front_and_four_behind_at_most_and_stays(phone: str) -> None:
    masked = mask_phone(phone)
    assert re.fullmatch(r"[0-9]{0,3}\*{4,}[0-9]{0,4}", masked)
    assert mask_phone(masked) == masked


@given(some.text(max_size=10), MOBILES, some.text(max_size=10))
def test_a_mobile_inside_text_never_stands_there_whole(
    before: str, mobile: str, after: str
) -> None:
    borders = before[-1:].isdecimal() or after[:1].isdecimal() or "*" in (before[-1:], after[:1])
    masked = mask_text(before + mobile + after)
    assert borders or mobile not in masked


@given(some.one_of(JUMBLES, WORDS, some.text()))
def test_masking_text_twice_changes_nothing(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("报警人13812348000称煤气泄漏", "报警人138****8000称煤气泄漏"),
        ("打 138-1234-8000 或 0577-86512345。", "打 138****8000 或 057****2345。"),
        ("138 1234 8000、13987654321", "138****8000、139****4321"),
        ("身份证330327199001011234", "身份证330***********1234"),
        ("33032719900101123X走失", "330***********123X走失"),
        ("电话:86512345", "电话:****"),
        ("手机 +8613812348000", "手机 138****8000"),
        ("手机：１３８１２３４８０００", "手机：138****8000"),
        ("打０５７７－８６５１２３４５", "打057****2345"),
    ],
)
def test_numbers_that_name_a_person_are_masked_in_text(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "案件 3303272026112200017 已立案",
        "120.1234567,27.7654321",
        "2026-11-22 06:03:21",
        "水位 3.25 m,超警 0.25 m,井盖编号 86512345",
        "拨打 119 或 12345",
        "国道 G104 K1380+500",
    ],
)
def test_numbers_that_name_nobody_stay(text: str) -> None:
    assert mask_text(text) == text
