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


def test_a_mail_as_an_input_method_writes_it_is_read_like_any_other() -> None:
    told = read(
        "发件人：热线平台\n报告人：王五（业主）\n时间：２０２６年１１月２０日 １４：０３\n"
        "地点：武康街道中兴路１２号\n联系电话：１３８００００１２３４\n"
    )
    assert [span.value for span in told.names] == ["王五"]
    assert [span.value for span in told.phones] == ["１３８００００１２３４"]
    assert told.places[0].value == "武康街道中兴路１２号"
    assert told.occurred_at == datetime(2026, 11, 20, 14, 3, tzinfo=ZONE)


def test_labels_that_share_a_line_are_parted() -> None:
    told = read(
        "姓名：李女士，电话：0572-8012345 地址：武康街道中兴路12号；内容：污水冒出来好几天了"
    )
    assert [span.value for span in told.names] == ["李女士"]
    assert told.places[0].value == "武康街道中兴路12号"
    assert told.text.value == "污水冒出来好几天了"


def test_a_letter_of_some_lines_is_taken_whole_without_its_head() -> None:
    told = read(
        "主题：井盖\n您好，我是张三，住在人民路12号。\n昨晚8点左右门口井盖不见了。\n电话：13800001234\n谢谢"
    )
    assert told.text.value == "您好，我是张三，住在人民路12号。\n昨晚8点左右门口井盖不见了。"
    assert [span.value for span in told.names] == ["张三"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("我是张三，路灯坏了", "张三"),
        ("你好我叫欧阳明月,路灯坏了", "欧阳明月"),
        ("本人李四，住幸福小区", "李四"),
        ("我是王女士，路灯坏了", "王女士"),
        ("我是李建国家住人民路", "李建国"),
        ("报告人：王五", "王五"),
        ("报警人赵小军 13800001234", "赵小军"),
        ("联系人是陈静。", "陈静"),
        ("My name is Zhang San, the lamp is dark", "Zhang San"),
        ("我是路过的，看到井盖没了", None),
        ("我是这里的居民，路灯坏了", None),
        ("我是司机，前面堵了", None),
        ("我是高中生，路灯坏了", None),
        ("本人在人民路看到", None),
        ("我是安全员，工地塌了", None),
        ("I am standing at the bridge", None),
    ],
)
def test_a_name_is_read_as_people_give_it_and_none_is_guessed(said: str, name: str | None) -> None:
    assert [span.value for span in read(said).names] == ([name] if name else [])


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ("我是张三，住在人民路12号。路灯坏了", ["人民路12号"]),
        ("昨晚有路灯不亮", []),
    ],
)
def test_a_place_is_named_without_what_leads_to_it(said: str, places: list[str]) -> None:
    assert [span.value for span in read(said).places] == places


@pytest.mark.parametrize("said", ["昨晚", "今天上午", "前天"])
def test_a_time_without_its_hour_is_shown_and_not_filled_in(said: str) -> None:
    told = read(f"{said}路灯就不亮了")
    assert told.occurred_at is None
    assert told.time
    assert told.time.value == said


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
        # The hours of noon and night are those people mean.
        ("今天上午9点半", datetime(2026, 11, 22, 9, 30, tzinfo=ZONE)),
        ("今天上午９：３０", datetime(2026, 11, 22, 9, 30, tzinfo=ZONE)),
        ("中午1点", datetime(2026, 11, 22, 13, 0, tzinfo=ZONE)),
        ("昨晚12点", datetime(2026, 11, 22, 0, 0, tzinfo=ZONE)),
        ("昨晚2点", datetime(2026, 11, 22, 2, 0, tzinfo=ZONE)),
        ("夜里2点", datetime(2026, 11, 22, 2, 0, tzinfo=ZONE)),
        ("昨天晚上十一点", datetime(2026, 11, 21, 23, 0, tzinfo=ZONE)),
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
