"""Who may do what: permissions and roles are tables of frozen rows; the three administrators' powers never meet in one hand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from vocabulary.errors import Refused


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing somebody may do, as `room.verb`."""

    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Role:
    """A duty at the centre. `bound` roles belong to one department; a `kiosk` may stay open for weeks, because it only shows."""

    id: str
    zh: str
    en: str
    permissions: frozenset[str]
    bound: bool = False
    kiosk: bool = False


_PERMISSIONS: Final = (
    Permission("report.create", "take a report, which opens a case"),
    Permission("report.import", "take many reports from a file"),
    Permission("category.import", "add versions of categories and their limits from a file"),
    Permission("case.read", "see cases, their timelines and reports (phones masked)"),
    Permission("case.verify", "ask that a report be verified (核实)"),
    Permission("case.file", "file a case (立案) and set its category right"),
    Permission("case.reject", "refuse to file (不予立案)"),
    Permission("case.merge", "merge duplicates and part them again (并案)"),
    Permission("case.dispatch", "send departments and units (派遣)"),
    Permission("case.act", "accept, return, arrive, control and resolve for one's own department"),
    Permission("case.act_for", "record by radio what a department did"),
    Permission("case.check", "order the check of a resolved case and order rework (核查)"),
    Permission("case.close", "close a case with a coded disposition (结案)"),
    Permission("case.reopen", "let a closed case live again"),
    Permission("case.void", "void a case filed by mistake (作废)"),
    Permission("case.supervise", "put a case under supervision (督办), set its level and lane"),
    Permission("case.suspend", "put a case on hold and resume it (挂账)"),
    Permission("case.extend", "grant more time (延期)"),
    Permission("case.approve", "approve or refuse holds and extensions, when it is one's turn"),
    Permission("case.acknowledge", "acknowledge the alert of an urgent case"),
    Permission("case.priority", "change the priority, with a reason"),
    Permission("case.note", "write a fact into the timeline"),
    Permission(
        "case.export", "take a case's timeline along as a paper or a file (each is audited)"
    ),
    Permission(
        "plan.activate", "let a plan (预案) hold for a case, change its level, stand it down"
    ),
    Permission("plan.edit", "write plans, version by version"),
    Permission("shift.read", "see the sheets on which shifts are handed over (交接班)"),
    Permission("shift.hand_over", "sign a shift out, and take one over"),
    Permission("figures.read", "read figures of how well the centre works"),
    Permission(
        "figures.import",
        "bring values of the evaluation sheet, of industry and of the supply chain",
    ),
    Permission("brief.read", "list and take briefs"),
    Permission("brief.make", "order a brief"),
    Permission("personal.read", "see callers' names and unmasked phones (each look is audited)"),
    Permission("events.read", "read the numbered events"),
    Permission("units.read", "see units and where they are"),
    Permission("units.register", "make a unit known to the console"),
    Permission("units.position", "report where a unit is"),
    Permission("sensors.read", "see devices, their histories, alarms and rules"),
    Permission("sensors.view", "open the sensors' page"),
    Permission("alarms.act", "acknowledge, clear and suppress sensors' alarms"),
    Permission("rules.edit", "set the rules by which sensors raise alarms"),
    Permission("roads.close", "close roads, slow them, and open them again"),
    Permission("coverage.read", "see 4G/5G coverage, sites and their outages"),
    Permission("coverage.plan", "try out sites and ask where new ones would help"),
    Permission("coverage.outage", "tell that a site is out of service, and that it is back"),
    Permission("coverage.import", "bring tables of sites and fixed networks"),
    Permission("notify.read", "see what was told to whom outside the screens, and tell it again"),
    Permission("readings.send", "send readings of sensors"),
    Permission("wires.read", "see how the wires of sensors fare, and the frames they refused"),
    Permission("live.listen", "listen to the live feed"),
    Permission("map.read", "see the map, its layers and the county"),
    Permission("desk.view", "open the desk"),
    Permission("replay.view", "look back at any minute of a past day"),
    Permission("field.view", "open the responders' page"),
    Permission("wall.view", "open the wall"),
    Permission("summary.view", "open the leaders' summary"),
    Permission("admin.view", "open the administrators' page"),
    Permission("account.manage", "create, disable and reset accounts"),
    Permission("role.grant", "give roles to accounts and take them away"),
    Permission("key.manage", "issue and revoke API keys"),
    Permission("backup.make", "make backups and see which there are"),
    Permission("audit.read", "read and verify the audit trail"),
    Permission("api.read", "read the API's description (OpenAPI)"),
    Permission("health.detail", "see the console's inner health and metrics"),
)
PERMISSIONS: Final[dict[str, str]] = {row.name: row.purpose for row in _PERMISSIONS}

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
        | {"alarms.act", "rules.edit"}
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
            | {"coverage.read", "coverage.outage", "coverage.import"}
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
