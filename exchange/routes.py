"""Who may ask for what: one row per operation, for the gate and for the API's description."""

from dataclasses import dataclass
from typing import Final

from security.routes import Rule, rule

PREFIX: Final = "/api/v1"


@dataclass(frozen=True, slots=True)
class Route:
    """One operation's address: `{name}` stands for one part of a path; `permission` None is open to all."""

    methods: frozenset[str]
    pattern: str
    permission: str | None


def _row(methods: str, pattern: str, permission: str | None) -> Route:
    return Route(frozenset(methods.split()), pattern, permission)


READ: Final = "GET HEAD"
FILE_MOST: Final = 10_000_000
XML_MOST: Final = 1_000_000
ROUTES: Final[tuple[Route | Rule, ...]] = (
    _row("POST", f"{PREFIX}/reports", "report.create"),
    _row(READ, f"{PREFIX}/reports/priority", "report.create"),
    _row("POST", f"{PREFIX}/reports/parse", "report.create"),
    rule("POST", f"{PREFIX}/reports/import", "report.import", body_limit=FILE_MOST),
    _row(READ, f"{PREFIX}/duplicates", "case.read"),
    # The question in a body, for texts too long for an address: it changes nothing.
    _row("POST", f"{PREFIX}/duplicates", "case.read"),
    _row("POST", f"{PREFIX}/cases/bulk", "case.read"),
    rule("GET", f"{PREFIX}/photos/{{photo_id}}", "case.read", cacheable=True),
    _row(READ, f"{PREFIX}/cases", "case.read"),
    _row(READ, f"{PREFIX}/cases/{{case_id}}", "case.read"),
    _row(READ, f"{PREFIX}/cases/{{case_id}}/export.json", "case.export"),
    _row(READ, f"{PREFIX}/cases/{{case_id}}/export.pdf", "case.export"),
    # Each command asks for a permission of its own as well: the service holds that.
    _row("POST", f"{PREFIX}/cases/{{case_id}}/commands", "case.read"),
    _row(READ, f"{PREFIX}/cases/{{case_id}}/recommendation", "units.read"),
    # What each asks for besides (case.dispatch, plan.activate, case.note) the operation and the service hold.
    _row("POST", f"{PREFIX}/cases/{{case_id}}/recommendation", "case.read"),
    _row(f"{READ} POST", f"{PREFIX}/cases/{{case_id}}/response", "case.read"),
    _row(READ, f"{PREFIX}/plans", "case.read"),
    _row("POST", f"{PREFIX}/plans", "plan.edit"),
    _row(READ, f"{PREFIX}/plans/{{plan_id}}/versions", "case.read"),
    _row(READ, f"{PREFIX}/figures/recommendations", "figures.read"),
    _row(READ, f"{PREFIX}/cover", "units.read"),
    _row(READ, f"{PREFIX}/figures/cover", "figures.read"),
    _row(READ, f"{PREFIX}/shifts/sheet", "shift.read"),
    _row(READ, f"{PREFIX}/shifts", "shift.read"),
    _row(READ, f"{PREFIX}/shifts/{{handover_id}}", "shift.read"),
    _row(READ, f"{PREFIX}/shifts/{{handover_id}}/sheet.pdf", "shift.read"),
    _row("POST", f"{PREFIX}/shifts", "shift.hand_over"),
    _row("POST", f"{PREFIX}/shifts/{{handover_id}}/countersign", "shift.hand_over"),
    _row("POST", f"{PREFIX}/shifts/{{handover_id}}/withdraw", "shift.hand_over"),
    _row(READ, f"{PREFIX}/alerts", "case.acknowledge"),
    _row(READ, f"{PREFIX}/figures/acknowledgement", "figures.read"),
    _row(READ, f"{PREFIX}/briefs", "brief.read"),
    _row("POST", f"{PREFIX}/briefs", "brief.make"),
    _row(READ, f"{PREFIX}/briefs/{{brief_id}}", "brief.read"),
    _row(READ, f"{PREFIX}/briefs/{{brief_id}}/{{form}}", "brief.read"),
    _row(READ, f"{PREFIX}/figures", "figures.read"),
    _row(READ, f"{PREFIX}/figures/imported", "figures.read"),
    rule("POST", f"{PREFIX}/figures/import", "figures.import", body_limit=FILE_MOST),
    rule("POST", f"{PREFIX}/calls/import", "figures.import", body_limit=FILE_MOST),
    rule("POST", f"{PREFIX}/hotline/import", "figures.import", body_limit=FILE_MOST),
    _row(READ, f"{PREFIX}/figures/summary", "figures.read"),
    _row(READ, f"{PREFIX}/figures/{{figure_id}}", "figures.read"),
    # The cases themselves ask for case.read as well: the operation holds that.
    _row(READ, f"{PREFIX}/figures/{{figure_id}}/cases", "figures.read"),
    _row(READ, f"{PREFIX}/events", "events.read"),
    _row(READ, f"{PREFIX}/replay/days", "replay.view"),
    _row(READ, f"{PREFIX}/replay/reel", "replay.view"),
    _row(READ, f"{PREFIX}/replay/clip", "replay.view"),
    _row(READ, f"{PREFIX}/units", "units.read"),
    _row("POST", f"{PREFIX}/units", "units.register"),
    _row(READ, f"{PREFIX}/units/{{unit_id}}", "units.read"),
    _row("POST", f"{PREFIX}/units/{{unit_id}}/position", "units.position"),
    _row("POST", f"{PREFIX}/units/{{unit_id}}/status", "units.position"),
    _row(READ, f"{PREFIX}/notifications", "notify.read"),
    _row("POST", f"{PREFIX}/notifications/{{notification_id}}/again", "notify.read"),
    _row(READ, f"{PREFIX}/field/tasks", "field.view"),
    _row("POST", f"{PREFIX}/field/assignments/{{assignment_id}}/note", "case.note"),
    rule(
        "POST",
        f"{PREFIX}/field/assignments/{{assignment_id}}/photo",
        "case.note",
        body_limit=FILE_MOST,
    ),
    _row("POST", f"{PREFIX}/positions", "units.position"),
    _row(READ, f"{PREFIX}/units/{{unit_id}}/track", "units.read"),
    _row(READ, f"{PREFIX}/terminals", "units.register"),
    _row("POST", f"{PREFIX}/terminals", "units.register"),
    _row(READ, f"{PREFIX}/avl", "units.register"),
    _row(READ, f"{PREFIX}/assignments", "units.read"),
    # Whose unit it is, and whether by radio, asks for more: the service holds that.
    _row("POST", f"{PREFIX}/assignments/{{assignment_id}}/{{step}}", "units.read"),
    _row(READ, f"{PREFIX}/categories", "map.read"),
    _row(READ, f"{PREFIX}/categories/suggest", "map.read"),
    _row(READ, f"{PREFIX}/categories/versions", "category.import"),
    rule("POST", f"{PREFIX}/categories/import", "category.import", body_limit=FILE_MOST),
    _row(READ, f"{PREFIX}/departments", "map.read"),
    _row(READ, f"{PREFIX}/county", "map.read"),
    _row(READ, f"{PREFIX}/county/towns", "map.read"),
    _row(READ, f"{PREFIX}/search", "map.read"),
    _row(READ, f"{PREFIX}/locate", "map.read"),
    _row(READ, f"{PREFIX}/closures", "map.read"),
    _row("POST", f"{PREFIX}/closures", "roads.close"),
    _row("POST", f"{PREFIX}/closures/{{closure_id}}/end", "roads.close"),
    _row(READ, f"{PREFIX}/warnings", "map.read"),
    rule("POST", f"{PREFIX}/warnings", "warnings.issue", body_limit=XML_MOST),
    _row("POST", f"{PREFIX}/warnings/by-hand", "warnings.issue"),
    _row(READ, f"{PREFIX}/warnings/{{identifier}}", "map.read"),
    _row("POST", f"{PREFIX}/warnings/{{identifier}}/cancel", "warnings.issue"),
    _row(READ, f"{PREFIX}/roads/nearest", "map.read"),
    # A case as the goal asks for case.read as well: the service holds that.
    _row(READ, f"{PREFIX}/travel", "units.read"),
    _row(READ, f"{PREFIX}/isochrones", "map.read"),
    _row(READ, f"{PREFIX}/sensors", "sensors.read"),
    _row(READ, f"{PREFIX}/sensors/health", "sensors.read"),
    _row(READ, f"{PREFIX}/sensors/{{device_id}}", "sensors.read"),
    _row(READ, f"{PREFIX}/sensors/{{device_id}}/history", "sensors.read"),
    rule("POST", f"{PREFIX}/devices/import", "devices.import", body_limit=FILE_MOST),
    _row(READ, f"{PREFIX}/alarms", "sensors.read"),
    _row("POST", f"{PREFIX}/alarms/{{alarm_id}}/acknowledge", "alarms.act"),
    _row("POST", f"{PREFIX}/alarms/{{alarm_id}}/clear", "alarms.act"),
    _row("POST", f"{PREFIX}/suppressions", "alarms.act"),
    _row("POST", f"{PREFIX}/suppressions/{{suppression_id}}/end", "alarms.act"),
    _row(READ, f"{PREFIX}/alarm-rules", "sensors.read"),
    _row("POST", f"{PREFIX}/alarm-rules", "rules.edit"),
    # It reads the past and changes nothing.
    _row("POST", f"{PREFIX}/alarm-rules/dry-run", "sensors.read"),
    _row("POST", f"{PREFIX}/readings", "readings.send"),
    _row("POST", f"{PREFIX}/webhooks/{{hook}}", "readings.send"),
    _row(READ, f"{PREFIX}/refused-frames", "wires.read"),
    _row(READ, f"{PREFIX}/wires", "wires.read"),
    _row(READ, f"{PREFIX}/openapi.json", "api.read"),
    _row(READ, "/healthz", None),
    _row(READ, "/readyz", None),
)
