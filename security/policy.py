"""Who may do what: permissions and roles are tables of frozen rows; the three administrators' powers never meet in one hand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from security.permissions import PERMISSIONS
from vocabulary.errors import Refused


@dataclass(frozen=True, slots=True)
class Role:
    """A duty at the centre. `bound` roles belong to one department; a `kiosk` may stay open for weeks, because it only shows."""

    id: str
    zh: str
    en: str
    permissions: frozenset[str]
    bound: bool = False
    kiosk: bool = False


_SEES: Final = frozenset(
    {
        *("case.read", "units.read", "live.listen", "map.read", "desk.view"),
        *("coverage.read", "sensors.read", "sensors.view"),
    }
)
_TAKES: Final = frozenset(
    {"report.create", "report.import", "case.verify", "case.file", "case.reject", "case.merge"}
)
_DESK: Final = (
    _SEES
    | _TAKES
    | {"case.note", "case.priority", "case.acknowledge", "case.export"}
    | {"shift.read", "personal.read", "events.read", "wall.view", "api.read"}
)
_DISPATCHES: Final = _DESK | {
    "case.dispatch",
    "case.act_for",
    "case.check",
    "case.close",
    "shift.hand_over",
    "units.register",
    "units.position",  # told by radio
    "roads.close",
    "plan.activate",
    "replay.view",
    "coverage.outage",  # told by telephone
    "warnings.issue",
}
_DECIDES: Final = {
    *("case.reopen", "case.void", "case.supervise", "case.suspend", "case.extend"),
    *("case.approve", "figures.read", "summary.view", "brief.read", "brief.make", "figures.import"),
}

_ROLES: Final = (
    Role(
        "operator",
        "大屏值守员",
        "wall operator",
        frozenset(
            {
                *("wall.view", "live.listen", "map.read", "units.read", "figures.read"),
                *("coverage.read", "sensors.read"),
            }
        ),
        kiosk=True,
    ),
    Role("intake", "受理员", "intake officer", _DESK),
    Role("dispatcher", "派遣员", "dispatcher", _DISPATCHES | {"case.suspend", "case.extend"}),
    Role(
        "supervisor",
        "值班长",
        "duty supervisor",
        _DISPATCHES | _DECIDES | {"category.import", "plan.edit", "notify.read", "admin.view"},
    ),
    Role(
        "responder",
        "处置人员",
        "responder",
        _SEES | {"case.act", "case.note", "case.export", "units.position", "field.view"},
        bound=True,
    ),
    Role(
        "leader",
        "领导",
        "leader",
        _SEES
        | {"case.supervise", "case.approve", "case.acknowledge", "case.note", "case.export"}
        | {"shift.read", "figures.read", "wall.view", "api.read", "replay.view"}
        | {"summary.view", "brief.read", "brief.make"},
    ),
    Role(
        "engineer",
        "感知通信工程师",
        "sensing and radio engineer",
        _SEES
        | {"report.create", "wall.view", "events.read", "figures.read"}
        | {"coverage.plan", "coverage.outage", "coverage.import"}
        | {"alarms.act", "rules.edit", "devices.import"}
        | {"report.create", "wall.view", "events.read", "figures.read", "summary.view"}
        | {"api.read", "health.detail", "readings.send", "wires.read", "admin.view"},
    ),
    Role(
        "sysadmin",
        "系统管理员",
        "system administrator",
        frozenset(
            {"account.manage", "category.import", "admin.view", "health.detail", "api.read"}
            | {"backup.make", "wires.read"}
        ),
    ),
    Role(
        "secadmin",
        "安全管理员",
        "security administrator",
        frozenset({"role.grant", "key.manage", "health.detail", "admin.view"}),
    ),
    Role("auditor", "审计管理员", "auditor", frozenset({"audit.read", "admin.view"})),
    Role(
        "integrator",
        "对接系统",
        "integrating system",
        frozenset(
            {
                "report.create",
                "report.import",
                "case.read",
                "events.read",
                "units.read",
                "units.position",
            }
            | {"units.register", "map.read", "live.listen", "api.read", "readings.send"}
            | {"coverage.read", "coverage.outage", "coverage.import", "warnings.issue"}
        ),
    ),
)
ROLES: Final[dict[str, Role]] = {role.id: role for role in _ROLES}

ADMINISTRATORS: Final = ("sysadmin", "secadmin", "auditor")
# What moves a case. Reading one, or reporting what one sees, is nobody's power over it.
DISPATCHING: Final = frozenset(
    name
    for name in PERMISSIONS
    if name.startswith("case.") and name not in ("case.read", "case.export")
)
DEPARTMENT: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")


def _conflicts() -> tuple[tuple[str, str], ...]:
    working = [role.id for role in _ROLES if role.permissions & DISPATCHING]
    pairs = list(combinations(ADMINISTRATORS, 2))
    pairs += [(admin, role) for admin in ADMINISTRATORS for role in working]
    return tuple(pairs)


# Pairs of roles no one account or key may hold together; the store's CHECK constraints are made from the same rows.
CONFLICTS: Final = _conflicts()


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Return everything these roles permit together; an unknown role permits nothing."""
    return frozenset().union(*(ROLES[role].permissions for role in roles if role in ROLES))


def is_kiosk(roles: Iterable[str]) -> bool:
    """Say whether these are the roles of a screen that only shows."""
    held = [ROLES[role] for role in roles if role in ROLES]
    return bool(held) and all(role.kiosk for role in held)


def check_roles(roles: Iterable[str], department: str | None) -> frozenset[str]:
    """Return the roles, or refuse: unknown ones, powers that must not meet, a bound role without its department."""
    held = frozenset(roles)
    for role in sorted(held - ROLES.keys()):
        raise Refused("security.unknown_role", role=role, known=", ".join(ROLES))
    for one, other in CONFLICTS:
        if one in held and other in held:
            raise Refused("security.duties_meet", one=one, other=other)
    if department is not None and not DEPARTMENT.fullmatch(department):
        raise Refused("security.bad_department", department=repr(department))
    for role in sorted(held):
        if ROLES[role].bound and department is None:
            raise Refused("security.department_needed", role=role)
    return held
