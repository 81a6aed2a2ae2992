"""Every message kind of every room with its JSON Schema, as the codec writes and reads it."""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from vocabulary.message import Command, Event

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Kind:
    """One message kind; `schema` is that of its fields, `kind` itself left out."""

    name: str
    room: str
    is_event: bool
    text: str
    schema: dict[str, Any]


def kinds() -> tuple[list[Kind], dict[str, Any]]:
    """Return every kind in the order of its room's messages.py and commands.py, and the shapes they share."""
    shared: dict[str, Any] = {}
    found = [
        _kind(message, module.partition(".")[0], shared)
        for module in _modules()
        for message in _messages_of(module)
    ]
    return found, dict(sorted(shared.items()))


def _modules() -> list[str]:
    patterns = ("messages.py", "commands.py", "*/messages.py")  # a room's own, and its parts'
    paths = sorted(
        path.relative_to(ROOT) for one in patterns for path in ROOT.glob(f"[a-z]*/{one}")
    )
    return [".".join(path.with_suffix("").parts) for path in paths if path.parts[0] != "tests"]


def _messages_of(module: str) -> list[type[Event | Command]]:
    values = vars(importlib.import_module(module)).values()
    return [
        value
        for value in values
        if isinstance(value, type)
        and issubclass(value, Event | Command)
        and value.__module__ == module
    ]


def _kind(message: type[Event | Command], room: str, shared: dict[str, Any]) -> Kind:
    schema = TypeAdapter(message).json_schema(ref_template=REFERENCE)
    shared |= schema.pop("$defs", {})
    name = schema["properties"].pop("kind")["const"]
    text = " ".join((message.__doc__ or "").split())
    return Kind(name, room, issubclass(message, Event), text, schema)
