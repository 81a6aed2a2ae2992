"""Pasted text: phones, times, names and places are found where they stand, and nothing that is not there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.pasted import Pasted, read_pasted

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # Sunday, 14:00 at the county
MAIL = """发件人:热线平台
姓名:李女士
时间:2026-11-20 14:03
地点:武康街道中兴路12号
联系电话:0572-8012345
内容:中兴路12号门口污水冒出来好几天了
"""


def read(text: str) -> Pasted:
    return read_pasted(text, NOW, ZONE)


def test_a_mail_with_labels_is_read_line_by_line() -> None:
    told = read(MAIL)
    assert told.text.value == "中兴路12号门口污水冒出来好几天了"
    assert [span.value for span in told.phones] == ["0572-8012345"]
    assert [span.value for span in told.names] == ["李女士"]
    assert told.places[0].value == "武康街道中兴路12号"
    assert told.occurred_at == datetime(2026, 11, 20, 14, 3, tzinfo=ZONE)


def test_a_name_ends_where_its_phone_or_its_mail_begins() -> None:
    told = read("反映人:王芳 <wang@example.cn>\n路口积水很深\n联系人:李明,电话 13800001234")
    assert [span.value for span in told.names] == ["王芳", "李明"]
    assert told.text.value == "路口积水很深"


def test_a_chat_without_labels_is_the_report_itself() -> None:
    text = "你好,我在解放路和人民路路口,昨晚8点半这里有个井盖没了,我的电话是138 0013 8000"
    told = read(text)
    assert told.text.value == text
    assert told.places[0].value == "解放路和人民路路口"
    assert told.occurred_at == datetime(2026, 11, 21, 20, 30, tzinfo=ZONE)
    assert told.phones[0].value == "138 0013 8000"


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("刚才", NOW),
        ("两个小时前", NOW - timedelta(hours=2)),
        ("半小时前", NOW - timedelta(minutes=30)),
        ("15分钟前", NOW - timedelta(minutes=15)),
        ("今天上午9点", datetime(2026, 11, 22, 9, 0, tzinfo=ZONE)),
        ("昨天下午三点一刻", datetime(2026, 11, 21, 15, 15, tzinfo=ZONE)),
        ("11月21日 08:05", datetime(2026, 11, 21, 8, 5, tzinfo=ZONE)),
        ("2026/11/1 7点", datetime(2026, 11, 1, 7, 0, tzinfo=ZONE)),
        ("12月31日晚上十一点半", datetime(2025, 12, 31, 23, 30, tzinfo=ZONE)),
        ("凌晨2点", datetime(2026, 11, 22, 2, 0, tzinfo=ZONE)),
    ],
)
def test_when_it_was_is_read_as_people_say_it(said: str, at: datetime) -> None:
    assert read(f"{said}路灯不亮").occurred_at == at


@pytest.mark.parametrize(
    "said", ["", "明天上午9点", "25点", "13月40日", "3号楼2单元", "18点", "2026-02-30 08:00"]
)
def test_what_is_no_time_that_was_is_not_read_as_one(said: str) -> None:
    told = read(f"{said}路灯不亮").occurred_at
    assert told is None or told <= NOW


def test_a_number_that_is_no_phone_is_none() -> None:
    assert read("工单 20261122000123 表号 88812345").phones == ()


@given(st.text(max_size=200))
def test_whatever_is_pasted_every_span_says_what_stands_there(text: str) -> None:
    told = read(text)
    for span in (
        told.text,
        *told.phones,
        *told.names,
        *told.places,
        *([told.time] if told.time else []),
    ):
        assert text[span.start : span.end] == span.value
    assert told.occurred_at is None or told.occurred_at <= NOW + timedelta(minutes=5)


def test_a_leap_day_that_the_year_before_did_not_have_is_no_time() -> None:
    january = datetime(2028, 1, 5, 6, 0, tzinfo=UTC)
    assert read_pasted("2月29日8点井盖没了", january, ZONE).occurred_at is None
