"""When one alarm belongs to what is known already: near in space and time, by the category of the sensor. Rows, no branches."""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from sensors.alarm import Alarm
from sensors.kinds import FOLDER
from sensors.messages import AlarmRaised

RULE: Final = "alarm_storm"


@dataclass(frozen=True, slots=True, kw_only=True)
class StormRule:
    """How near an alarm must be to a case of its kind to join it, and how lately that case must have had word."""

    category: str
    within_m: float
    within: timedelta


@cache
def storm_rules() -> dict[str, StormRule]:
    """Return the rules by category."""
    with (FOLDER / "storms.csv").open(encoding="utf-8", newline="") as stream:
        found = [
            StormRule(
                category=row["category"],
                within_m=float(row["within_m"]),
                within=timedelta(minutes=float(row["within_min"])),
            )
            for row in csv.DictReader(stream)
        ]
    return {one.category: one for one in found}


def sentence_of(said: AlarmRaised) -> str:
    """Return an alarm as a report's text, the language being that of the office."""
    beyond = (
        ""
        if said.limit is None or said.value is None
        else _beyond(said.value, said.limit, said.unit)
    )
    value = "" if said.value is None else f" {said.value:g} {said.unit}"
    return f"{said.rule_zh}:{said.device_name}{value}{beyond}"


def _beyond(value: float, limit: float, unit: str) -> str:
    return f"({'高于' if value >= limit else '低于'} {limit:g} {unit})"


def terms(said: AlarmRaised, away_m: float, last_word_at: datetime) -> str:
    """Return the terms by which an alarm joins a case."""
    minutes = max(0.0, (said.raised_at - last_word_at).total_seconds() / 60)
    rule = storm_rules()[said.category]
    return (
        f"{away_m:.0f} m ≤ {rule.within_m:.0f} m, {minutes:.0f} min ≤"
        f" {rule.within.total_seconds() / 60:.0f} min, {said.category}"
    )


def second_kind(said: AlarmRaised, of_case: list[Alarm]) -> bool:
    """Say whether an alarm is the first of a second kind of device in its case: another principle of measurement agrees."""
    kinds = {one.raised.device_kind for one in of_case}
    return len(kinds) == 1 and said.device_kind not in kinds
