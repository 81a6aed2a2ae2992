"""What the case panel knows from the start: the commands with their arguments, the coded words, the filing conditions."""

from typing import Any, Final

from dispatch.kinds import override_reasons
from incidents.command_table import COMMANDS, CommandRow, argument_schema, permissions_needed
from incidents.rulebook import Tables
from views.port import Viewer

# Which coded list an argument of which command is taken from.
CODED_ARGUMENTS: Final = {
    "reject.reason": "reject_reason",
    "close.disposition": "disposition",
    "pass_check.disposition": "disposition",
    "all_clear.disposition": "disposition",
}
CODE_WORDS: Final = {"source": "source", "reason": "reject_reason", "disposition": "disposition"}


def _choices(part: dict[str, Any], definitions: dict[str, Any]) -> list[str] | None:
    if "$ref" in part:
        part = definitions[part["$ref"].rpartition("/")[2]]
    if "enum" in part:
        return [str(value) for value in part["enum"]]
    for option in part.get("anyOf", ()):
        if found := _choices(option, definitions):
            return found
    return None


def _command(row: CommandRow, language: str) -> dict[str, Any]:
    schema = argument_schema(row.name)
    definitions = schema.get("$defs", {})
    arguments: dict[str, Any] = {}
    for name, part in schema["properties"].items():
        values = _choices(part, definitions)
        arguments[name] = {"choices": [{"value": value} for value in values] if values else None}
    return {
        "label": row.en if language == "en" else row.zh,
        "required": schema.get("required", []),
        "arguments": arguments,
    }


def commands(language: str) -> dict[str, Any]:
    """Return every command that has a button: its label, its arguments and their choices."""
    return {row.name: _command(row, language) for row in COMMANDS.values() if row.button}


def code_words(tables: Tables, language: str) -> dict[str, str]:
    """Return the coded words as entries of the page's catalogue, for example `source.phone`."""
    english = language == "en"
    rules = {f"rule.{row.id}": row.en if english else row.zh for row in tables.raise_rules}
    return rules | {
        f"{prefix}.{code.code}": code.en if english else code.zh
        for prefix, name in CODE_WORDS.items()
        for code in tables.codes[name].values()
    }


def _offered(tables: Tables, name: str, language: str) -> list[dict[str, str]]:
    return [
        {"value": code.code, "label": code.en if language == "en" else code.zh}
        for code in tables.codes[name].values()
    ]


def _conditions(tables: Tables, language: str) -> dict[str, list[dict[str, str]]]:
    return {
        row.code: [
            {"value": item.code, "label": f"{item.code} {item.en if language == 'en' else item.zh}"}
            for item in row.filing_conditions
        ]
        for row in tables.categories.current()
    }


# Timers that a form names, with what makes its hours or days the unit in which people say it: days, hours, seconds.
TOLD_TIMERS: Final = {
    "suspend_longest": 1,
    "reopen_window": 1,
    "correct_filed_category": 1,
    "auto_close_grace": 3600,
}


def limits(tables: Tables) -> dict[str, Any]:
    """Return what forms say beforehand: quotas, longest times, and whose voices a hold or an extension needs."""
    timers = {name: round(tables.timers[name].value * per) for name, per in TOLD_TIMERS.items()}
    approvals = {what.value: list(roles) for what, roles in tables.approvals.items()}
    return {**tables.quotas, **timers, "approvals": approvals}


def permitted(viewer: Viewer | None) -> list[str]:
    """Return the commands that somebody may give at all; each case says by itself which it allows now."""
    if viewer is None:
        return []
    return [
        row.name
        for row in COMMANDS.values()
        if row.button and permissions_needed(row, viewer.department) <= viewer.permissions
    ]


def facts(tables: Tables, language: str, viewer: Viewer | None = None) -> dict[str, Any]:
    """Return the boot facts of the case panel and the report form."""
    codes = {
        argument: _offered(tables, name, language) for argument, name in CODED_ARGUMENTS.items()
    }
    return {
        "commands": commands(language),
        "may": permitted(viewer),
        "codes": codes,
        "conditions": _conditions(tables, language),
        "limits": limits(tables),
        "override_reasons": [
            {"value": row.id, "label": row.en if language == "en" else row.zh}
            for row in override_reasons().values()
        ],
    }
