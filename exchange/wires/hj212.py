"""HJ 212 segments, editions 2005, 2017 and 2025: read from plain text, written, split into packets and put together again."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final

from exchange.wires.digits import read_whole
from exchange.wires.hj212_frames import WIRE
from exchange.wires.unreadable import Unreadable

LONGEST_CONTENT: Final = 950  # of CP in one packet (2017, 2025; 2005 allowed 960)
LONGEST: Final = 1024  # of a segment
_START: Final = "CP=&&"
_END: Final = "&&"
_SPLIT_BIT: Final = 0b10
_ACK_BIT: Final = 0b01
_EDITION_SHIFT: Final = 2
_STATION: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}", re.ASCII)
_CODE: Final = re.compile(r"\d{4}", re.ASCII)
_MOST_GROUPS: Final = 2000
_MOST_PACKETS: Final = 99


class Edition(IntEnum):
    """The edition that the upper bits of Flag name."""

    HJ_2005 = 0
    HJ_2017 = 1
    HJ_2025 = 2


Group = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What one packet says; `groups` are the parts of CP between semicolons, each name with its value as it stood."""

    mn: str
    cn: str
    st: str = ""
    qn: str = ""
    pw: str = ""
    flag: int = 0
    packets: int = 1
    packet: int = 1
    resent: bool = False
    groups: tuple[Group, ...] = ()
    further: Mapping[str, str] = field(default_factory=dict)

    @property
    def edition(self) -> Edition:
        """Return the edition; one that is newer than we know is read as the newest we know."""
        return Edition(min(self.flag >> _EDITION_SHIFT, Edition.HJ_2025))

    @property
    def wants_answer(self) -> bool:
        """Say whether the sender waits for an acknowledgement."""
        return bool(self.flag & _ACK_BIT)

    @property
    def is_split(self) -> bool:
        """Say whether this is one of several packets; some senders number them without setting the bit."""
        return self.packets > 1

    def value(self, name: str) -> str:
        """Return the first value of that name in CP, empty where there is none."""
        return next((group[name] for group in self.groups if name in group), "")


def read_segment(plain: bytes) -> Segment:
    """Return what a segment says; Unreadable names the element that is wrong."""
    text = _text(plain)
    head, start, rest = text.partition(_START)
    if not start:
        raise _missing("CP")
    if not rest.endswith(_END):
        raise _bad("CP", rest[-8:], "&&…&&")
    named = _named(head)
    return Segment(
        qn=_matching(named, "QN", re.compile(r"(\d{17})?", re.ASCII), "YYYYMMDDhhmmsszzz"),
        st=_matching(named, "ST", re.compile(r"([A-Z0-9]{2,5})?", re.ASCII), "22"),
        cn=_matching(named, "CN", _CODE, "2011"),
        mn=_matching(named, "MN", _STATION, "1–40 A-Z 0-9"),
        pw=named.pop("PW", ""),
        flag=read_whole(named.pop("Flag", "") or "0", WIRE, "Flag", 0, 255),
        **_packets(named),
        resent=_matching(named, "RF", re.compile("(1)?"), "1") == "1",
        groups=read_content(rest[: -len(_END)]),
        further=named,
    )


def _packets(named: Group) -> dict[str, int]:
    packets = read_whole(named.pop("PNUM", "") or "1", WIRE, "PNUM", 1, _MOST_PACKETS)
    return {
        "packets": packets,
        "packet": read_whole(named.pop("PNO", "") or "1", WIRE, "PNO", 1, packets),
    }


def _text(plain: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return plain.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _bad("segment", plain[:20], "UTF-8, GB 18030")


def _named(head: str) -> Group:
    named: Group = {}
    for part in filter(None, head.split(";")):
        name, equals, value = part.partition("=")
        if not equals or not name:
            raise _bad("segment", part, "NAME=VALUE")
        if name in named:
            raise _bad(name, value, "1×")
        named[name] = value
    return named


def _matching(named: Group, name: str, pattern: re.Pattern[str], wanted: str) -> str:
    value = named.pop(name, "")
    if not value and not pattern.fullmatch(""):
        raise _missing(name)
    if not pattern.fullmatch(value):
        raise _bad(name, value, wanted)
    return value


def read_content(content: str) -> tuple[Group, ...]:
    """Return the groups of CP; an empty one between two semicolons is passed over, as many devices end with one."""
    parts = [part for part in content.split(";") if part]
    if len(parts) > _MOST_GROUPS:
        raise Unreadable(
            "wires.too_long", wire=WIRE, element="CP", value=len(parts), wanted=_MOST_GROUPS
        )
    return tuple(map(_group, parts))


def _group(part: str) -> Group:
    group: Group = {}
    for item in filter(None, part.split(",")):
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise _bad("CP", item, "NAME=VALUE")
        if name in group:
            raise _bad(f"CP.{name}", value, "1×")
        group[name] = value.strip()
    return group


def write_content(groups: tuple[Group, ...]) -> str:
    """Return CP's content as text."""
    return ";".join(",".join(f"{name}={value}" for name, value in g.items()) for g in groups)


def write_segment(segment: Segment) -> bytes:
    """Return a segment's bytes; RF is written where it is 1 and never as 0, packet numbers where there are several."""
    head = [("QN", segment.qn), ("ST", segment.st), ("CN", segment.cn), ("PW", segment.pw)]
    fields = [f"{name}={value}" for name, value in head if value]
    fields += [f"MN={segment.mn}", f"Flag={segment.flag}"]
    if segment.is_split:
        fields += [f"PNUM={segment.packets}", f"PNO={segment.packet}"]
    if segment.resent:
        fields.append("RF=1")
    fields += [f"{name}={value}" for name, value in segment.further.items()]
    return f"{';'.join(fields)};{_START}{write_content(segment.groups)}{_END}".encode()


def split(segment: Segment, longest: int = LONGEST_CONTENT) -> Iterator[Segment]:
    """Yield the packets that carry a segment: cut between groups, each with the DataTime, for a packet may come alone."""
    stamp = tuple(g for g in segment.groups if "DataTime" in g)[:1]
    numbered = replace(segment, groups=(), packets=_MOST_PACKETS, packet=_MOST_PACKETS)
    longest = min(longest, LONGEST - len(write_segment(numbered)))
    packets: list[list[Group]] = [[]]
    for group in (g for g in segment.groups if g not in stamp):
        candidate = (*stamp, *packets[-1], group)
        if packets[-1] and len(write_content(candidate).encode()) > longest:
            packets.append([])
        packets[-1].append(group)
    several = len(packets) > 1
    flag = segment.flag | _SPLIT_BIT if several else segment.flag
    for number, groups in enumerate(packets, 1):
        cut = (*stamp, *groups)
        yield replace(segment, flag=flag, packets=len(packets), packet=number, groups=cut)


def flag_of(edition: Edition, *, answer: bool = False) -> int:
    """Return the Flag of an edition; with `answer` the receiver is asked to acknowledge."""
    return (edition << _EDITION_SHIFT) | (_ACK_BIT if answer else 0)


def _bad(element: str, value: object, wanted: object) -> Unreadable:
    return Unreadable("wires.bad_element", wire=WIRE, element=element, value=value, wanted=wanted)


def _missing(element: str) -> Unreadable:
    return Unreadable("wires.missing_element", wire=WIRE, element=element)
