"""Says what would have been right: pydantic's kinds of mistake, one row each, to a part of a sentence."""

import re
from typing import Any, Final

from vocabulary.errors import codes, sentence

_QUOTED: Final = re.compile(r"'[^']*'|\d+")
# kind of mistake → the part of a sentence that says what would be right
_WANTED: Final = {
    "string_type": "text",
    "string_sub_type": "text",
    "string_unicode": "text",
    "string_too_short": "text_longer",
    "string_too_long": "text_shorter",
    "string_pattern_mismatch": "text_pattern",
    "float_type": "number",
    "float_parsing": "number",
    "int_type": "integer",
    "int_parsing": "integer",
    "int_parsing_size": "integer",
    "int_from_float": "integer",
    "finite_number": "finite",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
    "less_than": "below",
    "greater_than": "above",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "enum": "one_of",
    "literal_error": "one_of",
    "instant": "instant",
    "datetime_type": "instant",
    "datetime_parsing": "instant",
    "datetime_from_date_parsing": "instant",
    "timezone_aware": "instant",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "dataclass_type": "object",
    "list_type": "list",
    "tuple_type": "list",
    "frozen_set_type": "list",
    "set_type": "list",
    "too_long": "list_shorter",
    "too_short": "list_longer",
}


def wanted(error: dict[str, Any], language: str) -> str:
    """Return what would have been right for one of pydantic's errors."""
    part = _WANTED.get(error["type"], "something")
    told = dict(error.get("ctx", {}))
    if part == "one_of":  # pydantic's list ends in an English word
        told["expected"] = ("、" if language == "zh" else ", ").join(
            _QUOTED.findall(told["expected"])
        )
    return sentence(f"exchange.wanted.{part}", language).format(**told)


def parts() -> frozenset[str]:
    """Return the parts the table names (a test holds that each has its sentence)."""
    return frozenset(_WANTED.values()) | {"something"}


def known_parts() -> frozenset[str]:
    """Return the parts that have a sentence."""
    start = "exchange.wanted."
    return frozenset(code.removeprefix(start) for code in codes() if code.startswith(start))
