"""Free conditions: JSONLogic over the values of one device's channels, compiled once and safe to take from a form."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
from datalogic_py import DataLogicError, Engine

from vocabulary.errors import Refused

# What an expression may be made of: nothing that loops, throws or builds text.
OPERATORS: Final = frozenset(
    {"and", "or", "!", "!!", ">", ">=", "<", "<=", "==", "!=", "+", "-", "*", "/", "abs", "max", "min", "var", "if"}
)  # fmt: skip
DEEPEST: Final = 12


class Expression:
    """One expression: the channels it names, and whether it holds for their values."""

    def __init__(self, logic: Mapping[str, Any]) -> None:
        """Refuse what is not made of the operators we allow, or does not compile."""
        self.names: frozenset[str] = frozenset(_names(logic))
        if not self.names:
            raise Refused("sensors.logic_names_nothing", value=orjson.dumps(logic).decode())
        try:
            self._rule = Engine().compile(orjson.dumps(logic).decode())
        except DataLogicError as problem:
            raise Refused("sensors.logic_unreadable", problem=str(problem)) from problem

    def holds(self, values: Mapping[str, float]) -> bool:
        """Say whether it holds; what cannot be computed (a division by nothing) does not."""
        try:
            return bool(orjson.loads(self._rule.evaluate_str(orjson.dumps(values).decode())))
        except DataLogicError:
            return False


def _names(logic: object, depth: int = 0) -> Iterator[str]:
    if depth > DEEPEST:
        raise Refused("sensors.logic_too_deep", most=DEEPEST)
    if isinstance(logic, list):
        for each in logic:
            yield from _names(each, depth + 1)
    elif isinstance(logic, Mapping):
        for operator, arguments in logic.items():
            yield from _named(operator, arguments, depth)


def _named(operator: object, arguments: object, depth: int) -> Iterator[str]:
    if operator not in OPERATORS:
        raise Refused("sensors.logic_operator", value=operator, known=", ".join(sorted(OPERATORS)))
    if operator != "var":
        yield from _names(arguments, depth + 1)
    elif isinstance(arguments, str) and arguments:
        yield arguments
    else:
        raise Refused("sensors.logic_names_nothing", value=repr(arguments))
