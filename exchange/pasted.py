"""Pasted text (a mail, a chat, a note of a call) read into fields: each with where it stands in the text, none guessed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from exchange.pasted_names import names_said
from security.masking import phones_in

MOST_PLACES: Final = 6
# An input method writes ：，（） and 9 as well as :,() and 9: sign by sign, so that all stays where it was.
_HALF_WIDTH: Final = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_LABELS: Final = {
    "text": ("内容", "事由", "问题", "诉求", "诉求内容", "反映内容", "描述", "情况", "情况描述", "正文", "text", "description"),
    "name": ("姓名", "联系人", "来电人", "反映人", "诉求人", "报告人", "报警人", "投诉人", "举报人", "市民", "name", "from"),
    "phone": ("电话", "手机", "联系电话", "联系方式", "来电号码", "手机号", "phone", "tel"),
    "place": ("地点", "地址", "位置", "事发地点", "发生地点", "诉求地址", "place", "address", "location"),
    "time": ("时间", "事发时间", "发生时间", "来电时间", "日期", "time", "date", "sent"),
    # A mail's head: neither what happened nor who says so.
    "head": ("发件人", "收件人", "主题", "抄送", "发送时间", "subject", "to", "cc"),
}  # fmt: skip
_FIELD_OF: Final = {label: field for field, labels in _LABELS.items() for label in labels}
# At a line's beginning, or after a stop within it: 姓名:李女士 电话:0572-8012345
_LABEL: Final = re.compile(
    rf"(?:^|(?<=[\s,;。、|(]))[ \t]*(?P<label>{'|'.join(sorted(_FIELD_OF, key=len, reverse=True))})[ \t]*:[ \t]*",
    re.MULTILINE | re.IGNORECASE,
)
_STOPS: Final = r"[^\s,。.;:!?、()【】\[\]“”\"'<>]"
_PLACE: Final = re.compile(
    rf"(?P<place>{_STOPS}{{1,10}}?[路街道][和与跟及、/]{_STOPS}{{1,10}}?[路街道](?:交叉|的)?(?:路?口|交界|交汇)?"
    rf"|{_STOPS}{{1,14}}?"
    r"(?:交叉路?口|路口|大道|公路|高速|街道|社区|小区|花园|广场|市场|医院|学校|中学|小学|幼儿园|公园|车站|大桥|大厦|商场|超市|银行"
    r"|工业园|开发区|路(?![灯面])|街|巷|弄|村|镇|桥|站|河|湖|山|苑|园)"
    r"(?:\d+(?:-\d+)?号?(?:楼|栋|幢|单元|室)?)?)"
)
_LEADING: Final = re.compile(
    r"^(?:我们|我家|家住|住在|住|有|我|你好|您好|请问|现在|刚才|就|在|位于|到|从|去|那个|这个|靠近|沿|经过|和|与|及)+"
)
_CLOCK: Final = re.compile(
    r"(?:(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|夜间|半夜|今早|今晚|昨晚|昨夜)[ ]*)?"
    r"(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})[ ]*"
    r"(?:[点时][ ]*(?:(?P<half>半)|(?P<quarter>一刻|三刻)|(?P<minute>\d{1,2})[ ]*分?)?"
    r"|:(?P<colon>\d{2})(?::\d{2})?)"
)
_DAY: Final = re.compile(
    r"(?:(?P<year>20\d\d)\s*[年\-/.]\s*)?(?P<month>1[0-2]|0?[1-9])\s*[月\-/.]\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*[日号]?"
    r"|(?P<word>今天|今日|昨天|昨日|前天|今早|今晚|昨晚|昨夜)"
)
_AGO: Final = re.compile(
    r"(?P<just>刚才|刚刚|刚|现在)|(?P<n>\d{1,3}|[一二两三四五六七八九十半]{1,3})\s*个?\s*(?P<unit>分钟|小时|钟头)(?:之?前|以前)"
)
_NAME: Final = re.compile(r"[^\s,。、;:(<\[\d][^,。、;:(<\[\d\n]{0,39}")
_BACK: Final = {"昨天": 1, "昨日": 1, "昨晚": 1, "昨夜": 1, "前天": 2}
_EVENING: Final = frozenset({"下午", "傍晚", "晚上", "夜里", "夜间", "今晚", "昨晚", "昨夜"})
_NIGHT: Final = frozenset({"晚上", "夜里", "夜间", "半夜", "今晚", "昨晚", "昨夜"})
_DEEP: Final = 6  # 夜里2点 is before dawn
_LUNCH: Final = 4  # 中午1点 is after noon
# Said of a time without its hour: shown, so that the caller is asked, and never filled in.
_VAGUE: Final = re.compile(
    r"(?:今天|今日|昨天|昨日|前天)(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里)?|今早|今晚|昨晚|昨夜"
)
_DIGITS: Final = dict(zip("一二两三四五六七八九", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_TOGETHER: Final = 3  # characters that may stand between a day and its hour
NOON: Final = 12


@dataclass(frozen=True, slots=True)
class Span:
    """Something found: what it says and where it stands in the text."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What a text says by its form alone; the county's names and the categories are looked up by others.

    A `time` without `occurred_at` is one whose hour was not said (昨晚).
    """

    text: Span
    phones: tuple[Span, ...]
    names: tuple[Span, ...]
    places: tuple[Span, ...]
    occurred_at: datetime | None
    time: Span | None


def read_pasted(text: str, now: datetime, zone: tzinfo) -> Pasted:
    """Return the fields of a pasted text; instants are those of the county's own clock, none lies after `now`."""
    plain = text.translate(_HALF_WIDTH)
    labelled = list(_labelled(plain))
    phones = tuple(Span(text[start:end], start, end) for start, end in phones_in(text))
    found = _time(plain, now.astimezone(zone))
    vague = _VAGUE.search(plain)
    named = [_name_in(span) for field, span in labelled if field == "name"]
    named += [Span(plain[start:end], start, end) for start, end in names_said(plain)]
    body = next((span for field, span in labelled if field == "text"), None)
    when = found[1] if found else Span("", *vague.span()) if vague else None
    places = _places(_without(plain, [*phones, *([when] if when else [])]), labelled)

    def as_written(span: Span) -> Span:
        return Span(text[span.start : span.end], span.start, span.end)

    return Pasted(
        text=as_written(body or _whole(plain, [span for _, span in labelled])),
        phones=phones,
        names=tuple(as_written(span) for span in _once(named) if not phones_in(span.value)),
        places=tuple(as_written(span) for span in places),
        occurred_at=found[0] if found else None,
        time=as_written(when) if when else None,
    )


def _once(spans: Iterable[Span | None]) -> list[Span]:
    """Return the spans without those that lie in another one."""
    kept: list[Span] = []
    for span in spans:
        if span and not any(span.start < other.end and other.start < span.end for other in kept):
            kept.append(span)
    return kept


def _labelled(text: str) -> Iterator[tuple[str, Span]]:
    """Yield what stands behind each label, to the next one or to its line's end."""
    labels = list(_LABEL.finditer(text))
    for i, label in enumerate(labels):
        line_end = text.find("\n", label.end())
        ends = [label.start() for label in labels[i + 1 : i + 2]] + [line_end, len(text)]
        start, end = label.end(), min(at for at in ends if at >= 0)
        value = text[start:end].strip().rstrip(",;。、|( ")
        if value:
            start += text[start:end].find(value)
            yield _FIELD_OF[label["label"].lower()], Span(value, start, start + len(value))


def _name_in(span: Span) -> Span | None:
    """Return the name at a label's value; what follows it (a phone, an address of a mail) is not a part of it."""
    name = _NAME.match(span.value)
    return Span(name[0].rstrip(), span.start, span.start + len(name[0].rstrip())) if name else None


def _whole(text: str, labelled: list[Span]) -> Span:
    """Return the longest run of lines that no label stands in, for what happened; the whole text where there is none."""
    runs: list[tuple[int, int]] = []
    broken = True
    for line in re.finditer(r"[^\n]+", text):
        if any(line.start() <= span.start < line.end() for span in labelled):
            broken = True
        elif line[0].strip():
            start = line.start() if broken else runs.pop()[0]
            runs.append((start, line.end()))
            broken = False
    if not runs or not labelled:
        runs = [(0, len(text))]
    start, end = max(runs, key=lambda run: len(text[run[0] : run[1]].strip()))
    value = text[start:end].strip()
    start += text[start:end].find(value)
    return Span(value, start, start + len(value))


def _places(text: str, labelled: list[tuple[str, Span]]) -> tuple[Span, ...]:
    found = [span for field, span in labelled if field == "place"]
    for match in _PLACE.finditer(text):
        lead = _LEADING.match(match["place"])
        start = match.start("place") + (lead.end() if lead else 0)
        value = text[start : match.end("place")]
        if len(found) >= MOST_PLACES:
            break
        if len(value) > 1 and all(value not in span.value for span in found):
            found.append(Span(value, start, match.end("place")))
    return tuple(found[:MOST_PLACES])


def _without(text: str, spans: Iterable[Span]) -> str:
    """Return the text with what was read already made to stops, so that all else stays where it was."""
    for span in spans:
        text = text[: span.start] + "," * (span.end - span.start) + text[span.end :]
    return text


def _time(text: str, now: datetime) -> tuple[datetime, Span] | None:
    candidates = [*_dated(text, now), *_ago(text, now)]
    return next(((at, span) for at, span in candidates if at <= now + timedelta(minutes=5)), None)


def _dated(text: str, now: datetime) -> Iterator[tuple[datetime, Span]]:
    days = list(_DAY.finditer(text))
    for clock in _CLOCK.finditer(text):
        near = [day for day in days if -_TOGETHER <= clock.start() - day.end() <= _TOGETHER]
        # 昨晚8点: the word that names the part of the day names the day too.
        near += [day for day in days if clock.start() <= day.start() < clock.end()]
        day = near[0] if near else None
        date = _date(day, now) if day else now
        at = _clocked(clock, date, day) if date else None
        if at is None:
            continue
        start = min(clock.start(), day.start()) if day else clock.start()
        if day is None and at > now:
            continue
        yield at, Span(text[start : clock.end()], start, clock.end())


def _date(day: re.Match[str], now: datetime) -> datetime | None:
    if word := day["word"]:
        return now - timedelta(days=_BACK.get(word, 0))
    try:
        said = now.replace(
            year=int(day["year"] or now.year), month=int(day["month"]), day=int(day["day"])
        )
        # Without a year it is the last such day: in January somebody speaks of 12月31日.
        if not day["year"] and said > now + timedelta(days=1):
            return said.replace(year=said.year - 1)
    except ValueError:  # no such day in that year
        return None
    return said


def _clocked(clock: re.Match[str], date: datetime, day: re.Match[str] | None) -> datetime | None:
    hour, part = _number(clock["hour"]), clock["part"]
    minute = int(clock["minute"] or clock["colon"] or 0)
    minute += 30 if clock["half"] else {"一刻": 15, "三刻": 45}.get(clock["quarter"] or "", 0)
    if hour is None or minute > 59:
        return None
    if part in _NIGHT and (hour == NOON or hour < _DEEP):
        # 昨晚12点, 昨晚2点: of the night that began then; 夜里2点 and 20日夜里2点 are of the day itself.
        date += timedelta(days=1 if day and (hour == NOON or day["word"]) else 0)
        hour %= NOON
    elif (part in _EVENING or (part == "中午" and hour < _LUNCH)) and hour < NOON:
        hour += NOON
    if hour > 23:
        return None
    return date.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _ago(text: str, now: datetime) -> Iterator[tuple[datetime, Span]]:
    for match in _AGO.finditer(text):
        span = Span(match[0], match.start(), match.end())
        if match["just"]:
            yield now, span
            continue
        n = 0.5 if match["n"] == "半" else _number(match["n"])
        if n is not None:
            minutes = n if match["unit"] == "分钟" else 60 * n
            yield now - timedelta(minutes=minutes), span


def _number(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text)
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
