"""Which path asks for which permission: rooms give their rows, the gate gets one table, and what is in no row does not exist."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from security.permissions import PERMISSIONS

SIGNED_IN: Final = "signed_in"  # whoever is signed in, whatever they may do
WEBSOCKET: Final = "WEBSOCKET"  # stands where a method stands
BODY_LIMIT: Final = 1_048_576
_PARAMETER: Final = re.compile(r"\{([a-z_]+)(:path)?\}")
# What a router might read otherwise than we do is refused before it is matched.
_ODD: Final = re.compile(r"//|\\|[\x00-\x1f\x7f]|/\.{1,2}(?:/|$)")


class Row(Protocol):
    """What a room's own table of routes must tell."""

    @property
    def methods(self) -> frozenset[str]:
        """Return the methods."""
        ...

    @property
    def pattern(self) -> str:
        """Return the path with its parameters."""
        ...

    @property
    def permission(self) -> str | None:
        """Return the permission, None where the path is open to all."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `{name}` stands for one segment, `{name:path}` for one or more; `permission` None is open to all.

    `cacheable` lets the handler's own Cache-Control stand; `background` marks what a page asks by itself, which is no activity.
    """

    methods: frozenset[str]
    pattern: str
    permission: str | None
    body_limit: int = BODY_LIMIT
    cacheable: bool = False
    background: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at a path: the rule for the method asked, and every method that would do."""

    rule: Rule | None
    allowed: frozenset[str]


def rule(
    methods: str,
    pattern: str,
    permission: str | None,
    *,
    body_limit: int = BODY_LIMIT,
    cacheable: bool = False,
    background: bool = False,
) -> Rule:
    """Return a row with its methods written as in `rule("GET POST", "/x/{id}", "case.read")`."""
    named = frozenset(methods.split())
    return Rule(named, pattern, permission, body_limit, cacheable, background)


def rules_of(rows: Iterable[Row]) -> list[Rule]:
    """Return another room's rows as rules."""
    return [
        row if isinstance(row, Rule) else Rule(row.methods, row.pattern, row.permission)
        for row in rows
    ]


class RouteTable:
    """Every rule of the console; exact paths go before patterns, earlier patterns before later ones."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._exact: dict[str, list[Rule]] = {}
        self._patterns: list[tuple[re.Pattern[str], Rule]] = []
        for row in self.rules:
            self._add(row)

    def _add(self, row: Rule) -> None:
        if row.permission not in (None, SIGNED_IN) and row.permission not in PERMISSIONS:
            raise ValueError(f"{row.pattern}: there is no permission {row.permission!r}")
        if any(row.methods & other.methods for other in self.rules if _twin(row, other)):
            raise ValueError(f"{row.pattern}: two rules for one method")
        if _PARAMETER.search(row.pattern):
            self._patterns.append((_compiled(row.pattern), row))
        else:
            self._exact.setdefault(row.pattern, []).append(row)

    def find(self, method: str, path: str) -> Found:
        """Return what stands at `path` for `method` (WEBSOCKET for a socket); HEAD goes where GET goes."""
        if _ODD.search(path):
            return Found(None, frozenset())
        rows = self._exact.get(path, []) + [
            row for pattern, row in self._patterns if pattern.fullmatch(path)
        ]
        first = next((row for row in rows if method in _methods(row)), None)
        return Found(first, frozenset().union(*(_methods(row) for row in rows)))


def _methods(row: Rule) -> frozenset[str]:
    return row.methods | {"HEAD"} if "GET" in row.methods else row.methods


def _twin(row: Rule, other: Rule) -> bool:
    return row is not other and row.pattern == other.pattern


def _compiled(pattern: str) -> re.Pattern[str]:
    parts, end = [], 0
    for parameter in _PARAMETER.finditer(pattern):
        parts.append(re.escape(pattern[end : parameter.start()]))
        parts.append(r"[^\n]+" if parameter[2] else "[^/]+")
        end = parameter.end()
    return re.compile("".join(parts) + re.escape(pattern[end:]))
