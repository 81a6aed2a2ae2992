"""Bodies of the messages that terminals send: registration, authentication, location, many locations."""

import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from exchange.jt808.frame import bcd, digits_of
from vocabulary.errors import Refused

# The standard's clock: GMT+8, whatever the county's own zone is.
GMT8: Final = timezone(timedelta(hours=8))
_FIX: Final = struct.Struct(">IIIIHHH6s")
_POSITIONED, _SOUTH, _WEST = 1 << 1, 1 << 2, 1 << 3
_CENTURY: Final = 2000
_KMH_TENTHS_PER_MPS: Final = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """0x0100: who built the terminal, and the vehicle it says it is in."""

    province: int
    city: int
    maker: str
    model: str
    device: str
    colour: int
    plate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """0x0102: the code that the platform gave; the 2019 edition adds the device's own numbers."""

    code: str
    imei: str = ""
    software: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """0x0200: where the terminal is, and the items behind it as they came."""

    alarms: int
    status: int
    lon_deg: float
    lat_deg: float
    altitude_m: int
    speed_mps: float
    heading_deg: float
    observed_at: datetime
    extras: dict[int, bytes] = field(default_factory=dict)

    @property
    def positioned(self) -> bool:
        """Say whether the receiver had a fix."""
        return bool(self.status & _POSITIONED)


def text_of(raw: bytes) -> str:
    """Return a text of the standard (GBK, ended or padded with zeros)."""
    plain = raw.strip(b"\x00 ").partition(b"\x00")[0]
    try:
        return plain.decode("gbk")
    except UnicodeDecodeError:
        raise Refused("jt808.bad_text", value=plain.hex()) from None


def read_registration(body: bytes, version: int | None) -> Registration:
    """Return a registration in the widths of the edition."""
    widths = (5, 20, 7) if version is None else (11, 30, 30)
    end = 4 + sum(widths)
    if len(body) < end + 1:
        raise Refused("jt808.body_short", message="0100", n=len(body), least=end + 1)
    province, city = struct.unpack_from(">HH", body)
    texts, at = [], 4
    for width in widths:
        texts.append(text_of(body[at : at + width]))
        at += width
    return Registration(
        province=province,
        city=city,
        maker=texts[0],
        model=texts[1],
        device=texts[2],
        colour=body[end],
        plate=text_of(body[end + 1 :]),
    )


def read_authentication(body: bytes, version: int | None) -> Authentication:
    """Return an authentication."""
    if version is None:
        return Authentication(code=text_of(body))
    if not body or len(body) < 1 + body[0]:
        raise Refused("jt808.body_short", message="0102", n=len(body), least=1 + (body or b"\0")[0])
    end = 1 + body[0]
    return Authentication(
        code=text_of(body[1:end]),
        imei=text_of(body[end : end + 15]),
        software=text_of(body[end + 15 : end + 35]),
    )


def read_instant(packed: bytes) -> datetime:
    """Return YY-MM-DD-hh-mm-ss in BCD, GMT+8, as an instant in UTC."""
    text = digits_of(packed)
    year, *parts = (int(text[at : at + 2]) for at in range(0, 12, 2))
    month, day, hour, minute, second = parts
    try:
        local = datetime(_CENTURY + year, month, day, hour, minute, second, tzinfo=GMT8)
    except ValueError:
        raise Refused("jt808.bad_time", value=text) from None
    return local.astimezone(UTC)


def write_instant(at: datetime) -> bytes:
    """Return an instant as the standard writes it."""
    return bcd(f"{at.astimezone(GMT8):%y%m%d%H%M%S}", 6)


def read_location(body: bytes) -> Location:
    """Return a location; degrees beyond the globe are refused."""
    if len(body) < _FIX.size:
        raise Refused("jt808.body_short", message="0200", n=len(body), least=_FIX.size)
    alarms, status, lat, lon, altitude, speed, heading, packed = _FIX.unpack_from(body)
    lat_deg = lat / 1e6 * (-1 if status & _SOUTH else 1)
    lon_deg = lon / 1e6 * (-1 if status & _WEST else 1)
    if abs(lat_deg) > 90 or abs(lon_deg) > 180:
        raise Refused("jt808.off_the_globe", lon=lon_deg, lat=lat_deg)
    return Location(
        alarms=alarms,
        status=status,
        lon_deg=lon_deg,
        lat_deg=lat_deg,
        altitude_m=altitude,
        speed_mps=speed / _KMH_TENTHS_PER_MPS,
        heading_deg=float(heading % 360),
        observed_at=read_instant(packed),
        extras=_extras(body[_FIX.size :]),
    )


def write_location(location: Location) -> bytes:
    """Return a location as a terminal would send it."""
    extras = b"".join(bytes([id, len(raw)]) + raw for id, raw in location.extras.items())
    fix = _FIX.pack(
        location.alarms,
        location.status,
        round(abs(location.lat_deg) * 1e6),
        round(abs(location.lon_deg) * 1e6),
        location.altitude_m,
        round(location.speed_mps * _KMH_TENTHS_PER_MPS),
        round(location.heading_deg),
        write_instant(location.observed_at),
    )
    return fix + extras


def _extras(raw: bytes) -> dict[int, bytes]:
    found, at = {}, 0
    while at + 2 <= len(raw):
        size = raw[at + 1]
        if at + 2 + size > len(raw):
            raise Refused("jt808.bad_extra", id=f"{raw[at]:02x}", told=size, n=len(raw) - at - 2)
        found[raw[at]] = raw[at + 2 : at + 2 + size]
        at += 2 + size
    return found


def read_batch(body: bytes) -> list[bytes]:
    """Return the bodies of the locations of a 0x0704, each to be read by itself: one that is wrong spoils no other."""
    if len(body) < 3:
        raise Refused("jt808.body_short", message="0704", n=len(body), least=3)
    (count,) = struct.unpack_from(">H", body)
    found, at = [], 3
    for number in range(count):
        size = struct.unpack_from(">H", body, at)[0] if at + 2 <= len(body) else -1
        if size < 0 or at + 2 + size > len(body):
            raise Refused("jt808.batch_short", told=count, n=number)
        found.append(body[at + 2 : at + 2 + size])
        at += 2 + size
    return found
