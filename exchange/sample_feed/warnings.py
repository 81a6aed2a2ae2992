"""The sample county's observatory: made-up warnings as CAP messages, the same at the same hour."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

TABLE: Final = Path(__file__).parent / "tables" / "warnings.csv"
UNIT: Final = "99010141600000"
SENDER: Final = "青岚县气象台(示例)"
EVERY: Final = timedelta(hours=8)
CAP: Final = "urn:oasis:names:tc:emergency:cap:1.2"
NAMES: Final = {"zh": "zh-CN", "en": "en-US"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleWarning:
    """One of the table: what is warned of, for how many hours, where, in both languages."""

    hazard: str
    code: str
    severity: str
    hours: int
    area: str
    polygon: str
    towns: tuple[str, ...]
    text: dict[str, str]
    advice: dict[str, str]


@cache
def sample_warnings() -> tuple[SampleWarning, ...]:
    """Return the table; its first is the one a new county begins with."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return tuple(_read(row) for row in csv.DictReader(stream))


def _read(row: dict[str, str]) -> SampleWarning:
    return SampleWarning(
        hazard=row["hazard"],
        code=row["code"],
        severity=row["severity"],
        hours=int(row["hours"]),
        area=row["area"],
        polygon=row["polygon"],
        towns=tuple(row["towns"].split()),
        text={"zh": row["zh"], "en": row["en"]},
        advice={"zh": row["do_zh"], "en": row["do_en"]},
    )


def turn_at(at: datetime) -> datetime:
    """Return the beginning of the turn of eight hours that an instant lies in."""
    return at - (at - datetime(2026, 1, 1, tzinfo=UTC)) % EVERY


def of_turn(begins_at: datetime) -> SampleWarning:
    """Return what is warned of in a turn: each of the table in its own turn."""
    number = (begins_at - datetime(2026, 1, 1, tzinfo=UTC)) // EVERY
    return sample_warnings()[number % len(sample_warnings())]


def cap_message(told: SampleWarning, sent_at: datetime, zone: ZoneInfo) -> bytes:
    """Return it as a CAP message sent at an instant."""
    local = sent_at.astimezone(zone).replace(microsecond=0)
    infos = "".join(_info(told, language, local) for language in NAMES)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="{CAP}">
  <identifier>{UNIT}_{local:%Y%m%d%H%M%S}</identifier>
  <sender>{SENDER}</sender>
  <sent>{local.isoformat()}</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
{infos}</alert>
""".encode()


def _info(told: SampleWarning, language: str, local: datetime) -> str:
    return f"""  <info>
    <language>{NAMES[language]}</language>
    <category>Met</category>
    <event>{told.hazard}</event>
    <eventType>{told.code}</eventType>
    <urgency>Expected</urgency>
    <severity>{told.severity}</severity>
    <certainty>Likely</certainty>
    <effective>{local.isoformat()}</effective>
    <expires>{(local + timedelta(hours=told.hours)).isoformat()}</expires>
    <description>{escape(told.text[language])}</description>
    <instruction>{escape(told.advice[language])}</instruction>
    <area>
      <areaDesc>{told.area}</areaDesc>
{_where(told)}    </area>
  </info>
"""


def _where(told: SampleWarning) -> str:
    drawn = f"      <polygon>{told.polygon}</polygon>\n" if told.polygon else ""
    codes = "".join(
        f"      <geocode><valueName>code</valueName><value>{code}</value></geocode>\n"
        for code in told.towns
    )
    return drawn + codes
