"""A plan as somebody wrote it (TOML in a county's folder, JSON from the editor), read with every mistake named."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dispatch.model import UnitKind
from dispatch.plans.model import RISING, Plan, PlanLevel, Task
from dispatch.recommendation.model import Need
from incidents.model import Level
from vocabulary.errors import Refused

ID: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
NOTIFIED: Final = re.compile(r"(role|department|level):[a-z][a-z0-9_]{1,39}")
UPWARD: Final = ("city", "province")
TEXT_LONGEST: Final = 120
AREA_MOST_M: Final = 20_000
COUNT_MOST: Final = 50
LINES_MOST: Final = 60
MINUTES_MOST: Final = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a plan may name."""

    categories: Collection[str]
    departments: Collection[str]
    skills: Collection[str]
    roles: Collection[str]


def read_toml(text: str, known: Known) -> Plan:
    """Return the plan of a county's file."""
    try:
        return read_plan(tomllib.loads(text), known)
    except tomllib.TOMLDecodeError as problem:
        raise Refused("dispatch.plan_unreadable", problem=problem) from problem


def read_plan(raw: Mapping[str, Any], known: Known, version: int = 1) -> Plan:
    """Return a plan; Refused names the field, its value and what would be right."""
    name = raw.get("name_zh", raw.get("name"))
    levels = raw.get("levels")
    if not isinstance(levels, Mapping):
        raise _wrong("levels", levels, ", ".join(RISING))
    for given in levels:
        if given not in list(RISING):
            raise _wrong("levels", given, ", ".join(RISING))
    if Level.IV not in levels:
        raise _wrong("levels", ", ".join(levels), "IV")
    rising = [level for level in RISING if level in levels]
    if rising != list(RISING[: len(rising)]):
        raise _wrong("levels", ", ".join(rising), "IV, III, II, I")
    return Plan(
        id=_matching("id", raw.get("id"), ID, "a-z, 0-9, _ (2–40)"),
        version=version,
        name_zh=_text("name_zh", name),
        name_en=_text("name_en", raw.get("name_en", ""), empty=True),
        categories=_each("categories", raw.get("categories"), known.categories),
        levels=tuple(_level(level, levels[level], known) for level in rising),
    )


def _level(level: Level, raw: Any, known: Known) -> PlanLevel:
    at = f"levels.{level}"
    if not isinstance(raw, Mapping):
        raise _wrong(at, raw, "area_m, departments, notify, needs, checklist")
    return PlanLevel(
        level=level,
        area_m=_whole(f"{at}.area_m", raw.get("area_m", 0), 0, AREA_MOST_M),
        departments=_each(f"{at}.departments", raw.get("departments", []), known.departments),
        notify=_notified(f"{at}.notify", raw.get("notify", []), known),
        needs=tuple(
            _need(f"{at}.needs.{n}", one, level, known)
            for n, one in enumerate(_list(f"{at}.needs", raw.get("needs", [])), 1)
        ),
        tasks=tuple(
            _task(f"{at}.checklist.{n}", one, f"{level}-{n}", known)
            for n, one in enumerate(_list(f"{at}.checklist", raw.get("checklist", [])), 1)
        ),
    )


def _need(at: str, raw: Any, level: Level, known: Known) -> Need:
    if not isinstance(raw, Mapping):
        raise _wrong(at, raw, "kind, skill, count, role_zh, role_en")
    kind, skill = raw.get("kind") or None, raw.get("skill") or None
    if kind is None and skill is None:
        raise _wrong(at, "kind, skill", ", ".join(UnitKind))
    if kind is not None and kind not in list(UnitKind):
        raise _wrong(f"{at}.kind", kind, ", ".join(UnitKind))
    if skill is not None and skill not in known.skills:
        raise _wrong(f"{at}.skill", skill, ", ".join(sorted(known.skills)))
    return Need(
        count=_whole(f"{at}.count", raw.get("count"), 1, COUNT_MOST),
        kind=UnitKind(kind) if kind else None,
        skill=skill,
        role_zh=_text(f"{at}.role_zh", raw.get("role_zh", raw.get("role"))),
        role_en=_text(f"{at}.role_en", raw.get("role_en", ""), empty=True),
        level=level.value,
    )


def _task(at: str, raw: Any, id: str, known: Known) -> Task:
    if isinstance(raw, str):
        return Task(id=id, zh=_text(at, raw))
    if not isinstance(raw, Mapping):
        raise _wrong(at, raw, "zh, en, department, within_min")
    department, within = raw.get("department") or None, raw.get("within_min")
    if department is not None and department not in known.departments:
        raise _wrong(f"{at}.department", department, ", ".join(sorted(known.departments)))
    return Task(
        id=id,
        zh=_text(f"{at}.zh", raw.get("zh")),
        en=_text(f"{at}.en", raw.get("en", ""), empty=True),
        department=department,
        within_min=None if within is None else _whole(f"{at}.within_min", within, 1, MINUTES_MOST),
    )


def _notified(at: str, raw: Any, known: Known) -> tuple[str, ...]:
    told = tuple(
        _matching(at, one, NOTIFIED, "role:…, department:…, level:…") for one in _list(at, raw)
    )
    there = {"role": known.roles, "department": known.departments, "level": UPWARD}
    for one in told:
        what, _, name = one.partition(":")
        if name not in there[what]:
            raise _wrong(at, one, ", ".join(sorted(there[what])))
    return tuple(dict.fromkeys(told))


def _each(at: str, raw: Any, known: Collection[str]) -> tuple[str, ...]:
    for one in _list(at, raw):
        if one not in known:
            some = sorted(known)
            raise _wrong(at, one, ", ".join(some[:30]) + (" …" if len(some) > 30 else ""))
    return tuple(dict.fromkeys(raw))


def _list(at: str, raw: Any) -> list[Any]:
    if not isinstance(raw, list) or len(raw) > LINES_MOST:
        raise _wrong(
            at, raw if not isinstance(raw, list) else len(raw), f"a list of up to {LINES_MOST}"
        )
    return raw


def _whole(at: str, raw: Any, least: int, most: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= most:
        raise _wrong(at, raw, f"{least}–{most}")
    return raw


def _text(at: str, raw: Any, *, empty: bool = False) -> str:
    said = raw.strip() if isinstance(raw, str) else None
    if said is None or len(said) > TEXT_LONGEST or (not said and not empty):
        raise _wrong(at, raw, f"{0 if empty else 1}–{TEXT_LONGEST}")
    return said


def _matching(at: str, raw: Any, pattern: re.Pattern[str], expected: str) -> str:
    if not isinstance(raw, str) or not pattern.fullmatch(raw):
        raise _wrong(at, raw, expected)
    return raw


def _wrong(field: str, value: object, expected: str) -> Refused:
    return Refused("dispatch.plan_field", field=field, value=repr(value)[:80], expected=expected)
