"""A recommendation as the API tells it: codes and figures for the screens' own words, names in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatch.kinds import skills
from dispatch.model import Unit
from dispatch.plans.model import Plan
from dispatch.recommendation.model import (
    Absent,
    Answer,
    Need,
    Pick,
    Reason,
    Recommendation,
    Shortfall,
)
from incidents.model import Level
from runtime.recommendation_drives import Drives
from vocabulary.clock import to_text
from vocabulary.errors import sentence
from vocabulary.ids import UnitId

Json = dict[str, Any]
Units = Mapping[UnitId, Unit]


@dataclass(frozen=True, slots=True)
class Basis:
    """What the needs were taken from: the plan that holds, the plan that would, or only the lead department."""

    kind: str
    plan: Plan | None
    level: Level | None
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A recommendation with all that is shown beside it."""

    told: Recommendation
    basis: Basis
    drives: Drives
    units: Units
    at: datetime
    took_ms: float


def recommendation_view(proposal_id: str, shown: Shown) -> Json:
    """Return the whole answer."""
    told, scene = shown.told, shown.told.scene
    return {
        "proposal": proposal_id,
        "at": to_text(shown.at),
        "took_ms": round(shown.took_ms, 1),
        "basis": _basis(shown.basis),
        "roads": {
            "closures": shown.drives.closures,
            "walk_m": None if scene.walk_m is None else round(scene.walk_m),
            "estimated": bool(shown.drives.estimated),
            "why": shown.drives.estimated,
        },
        "reach": {
            "known": bool(scene.reach),
            "hole": scene.hole,
            "networks": [
                {
                    "operator": one.operator,
                    "technology": one.technology,
                    "rsrp_dbm": None if one.rsrp_dbm is None else round(one.rsrp_dbm),
                }
                for one in scene.reach
            ],
        },
        "answers": [_answer(answer, shown.units) for answer in told.answers],
        "proposed": list(told.proposed),
        "missing": sum(a.missing for a in told.answers if not a.need.advised),
    }


def _basis(basis: Basis) -> Json:
    plan = basis.plan
    return {
        "kind": basis.kind,
        "plan": plan.id if plan else None,
        "name_zh": plan.name_zh if plan else "",
        "name_en": plan.name_en if plan else "",
        "level": basis.level.value if basis.level else None,
    }


def _answer(answer: Answer, units: Units) -> Json:
    return {
        "need": need_view(answer.need),
        "picks": [_pick(pick, units) for pick in answer.picks],
        "others": [_pick(pick, units) for pick in answer.others],
        "missing": answer.missing,
        "shortfalls": [_shortfall(gap, units) for gap in answer.shortfalls],
    }


def need_view(need: Need) -> Json:
    """Return a need with its skill's names."""
    skill = skills().get(need.skill or "")
    return {
        "count": need.count,
        "kind": need.kind.value if need.kind else None,
        "skill": need.skill,
        "skill_zh": skill.zh if skill else "",
        "skill_en": skill.en if skill else "",
        "department": need.department,
        "role_zh": need.role_zh,
        "role_en": need.role_en,
        "level": need.level,
        "advised": need.advised,
    }


def _pick(pick: Pick, units: Units) -> Json:
    unit = units[pick.unit_id]
    return {
        **_named(unit),
        "seconds": _round(pick.seconds),
        "cost_s": pick.cost_s,
        "on_case": pick.on_case,
        "crew": unit.crew,
        "vehicle": unit.vehicle,
        "reasons": [_reason(reason) for reason in pick.reasons],
    }


def _reason(reason: Reason) -> Json:
    told: Json = {"code": reason.code}
    if reason.cost_s:
        told["cost_s"] = round(reason.cost_s, 1)
    for name in ("n", "seconds", "metres"):
        value = getattr(reason, name)
        if value is not None:
            told[name] = round(value, 1)
    skill = skills().get(reason.word)
    if skill:
        told |= {"word": reason.word, "word_zh": skill.zh, "word_en": skill.en}
    return told


def _shortfall(gap: Shortfall, units: Units) -> Json:
    return {
        "code": gap.code.value,
        "zh": sentence(f"dispatch.gap.{gap.code}", "zh"),
        "en": sentence(f"dispatch.gap.{gap.code}", "en"),
        "n": gap.n,
        "nearest": [_absent(one, units) for one in gap.nearest],
    }


def _absent(one: Absent, units: Units) -> Json:
    return {
        **_named(units[one.unit_id]),
        "seconds": _round(one.seconds),
        "back_at": to_text(one.back_at) if one.back_at else None,
    }


def _named(unit: Unit) -> Json:
    return {
        "unit": unit.id,
        "name": unit.name,
        "name_en": unit.name_en,
        "kind": unit.kind.value,
        "department": unit.department,
    }


def _round(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
