"""Reads a command's name and arguments into the command itself, by the table of commands: nothing unknown, nothing converted."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime
from functools import cache
from typing import Any, Final, get_type_hints

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from exchange.fields import Instant, RequiredInstant
from incidents.command_table import COMMANDS, argument_schema
from vocabulary.errors import Refused
from vocabulary.message import Command

_ELSEWHERE: Final = frozenset({"receive_report"})  # POST /reports
NAMES: Final = tuple(sorted(COMMANDS.keys() - _ELSEWHERE))
_LONGEST_TEXT: Final = 2000
_MOST_ITEMS: Final = 200


def read_command(name: str, arguments: Mapping[str, Any]) -> Command:
    """Return the command, or refuse with the argument that is wrong, its value and what would be right."""
    if name not in NAMES:
        raise Refused("exchange.command_unknown", value=name, known=", ".join(NAMES))
    try:
        # JSON's own strictness: an instant is a text, a list is a list, a number is no truth.
        shape = _shape(name).model_validate_json(orjson.dumps(arguments), strict=True)
    except ValidationError as error:
        raise RequestValidationError(
            [{**each, "loc": ("body", "arguments", *each["loc"])} for each in error.errors()]
        ) from None
    given = {field: getattr(shape, field) for field in shape.model_fields_set}
    for field, value in given.items():
        if isinstance(value, tuple) and len(value) > _MOST_ITEMS:
            raise Refused("exchange.too_many", field=f"arguments.{field}", limit=_MOST_ITEMS)
    return COMMANDS[name].command(**given)


def describe_commands() -> dict[str, Any]:
    """Return each command's permission, names and the schema of its arguments, for the API's description."""
    rows = ((name, COMMANDS[name]) for name in NAMES)
    return {
        name: {
            "permission": row.permission,
            "zh": row.zh,
            "en": row.en,
            "arguments": argument_schema(name),
        }
        for name, row in rows
    }


@cache
def _shape(name: str) -> type[BaseModel]:
    command = COMMANDS[name].command
    hints = get_type_hints(command)
    shapes: dict[str, Any] = {
        field.name: (_strict_type(hints[field.name]), _default(field))
        for field in fields(command)
        if field.name != "kind"
    }
    strict = ConfigDict(extra="forbid", allow_inf_nan=False, str_max_length=_LONGEST_TEXT)
    return create_model(f"{name}_arguments", __config__=strict, **shapes)


def _strict_type(hint: Any) -> Any:
    if hint is datetime:
        return RequiredInstant
    return Instant if hint == datetime | None else hint


def _default(field: "Field[Any]") -> Any:
    return ... if field.default is MISSING else field.default
