"""The codec: events as JSON and back, by their `kind`; what is unknown, of a wrong type or not finite is refused."""

import math
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from vocabulary.errors import Refused
from vocabulary.message import Event

STRICT: Final = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Codec:
    """Turns the registered events into JSON bytes and back; the registry is given at wiring."""

    def __init__(self, classes: Iterable[type[Event]]) -> None:
        self._classes: dict[str, type[Event]] = {}
        self._adapters: dict[str, TypeAdapter[Any]] = {}
        for one in classes:
            kind = kind_of(one)
            if self._classes.setdefault(kind, one) is not one:
                raise ValueError(
                    f"{one.__name__} and {self._classes[kind].__name__} are both {kind}"
                )

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return every registered kind, sorted."""
        return tuple(sorted(self._classes))

    def encode(self, event: Event) -> bytes:
        """Return `event` as JSON; an event that `decode` would not take back is refused here."""
        _need_sound(event)
        try:
            return self._adapter(event.kind).dump_json(event)
        except PydanticSerializationError as problem:
            raise _unreadable(event.kind, str(problem)) from problem

    def to_dict(self, event: Event) -> dict[str, Any]:
        """Return `event` as the JSON object that `encode` writes."""
        members: dict[str, Any] = orjson.loads(self.encode(event))
        return members

    def decode(self, payload: bytes) -> Event:
        """Return the event that `payload` carries; `Refused("message.unreadable")` names the field and what is wrong."""
        adapter = self._adapter(_kind_within(payload))
        try:
            event: Event = adapter.validate_json(payload)
        except ValidationError as problem:
            first = problem.errors(include_url=False, include_input=False)[0]
            raise _unreadable(".".join(map(str, first["loc"])), first["msg"]) from problem
        except Refused as problem:  # a value that knows its own limits, such as Place
            raise _unreadable(str(problem.values.get("field", "?")), str(problem)) from problem
        _need_sound(event)
        return event

    def from_dict(self, members: dict[str, Any]) -> Event:
        """Return the event that a JSON object carries, as `decode` does."""
        return self.decode(orjson.dumps(members))

    def schemas(self) -> dict[str, dict[str, Any]]:
        """Return the JSON Schema of every kind, for the documents other programs read."""
        return {kind: TypeAdapter(self._classes[kind]).json_schema() for kind in self.kinds}

    def _adapter(self, kind: str) -> TypeAdapter[Any]:
        if kind not in self._classes:
            raise _unreadable("kind", f"{kind!r} is not known here")
        if kind not in self._adapters:
            # pydantic takes a config for a union but not for a bare dataclass; `null` never gets this far.
            shape: Any = self._classes[kind] | None
            self._adapters[kind] = TypeAdapter(shape, config=STRICT)
        return self._adapters[kind]


def kind_of(message: type[Event]) -> str:
    """Return the kind a class of events is tagged with."""
    for field in fields(message):
        if field.name == "kind" and isinstance(field.default, str):
            return field.default
    raise ValueError(f"{message.__name__} has no kind: Literal[...] with that default")


def _kind_within(payload: bytes) -> str:
    try:
        members = orjson.loads(payload)
    except orjson.JSONDecodeError as problem:
        raise _unreadable("message", f"not JSON: {problem}") from problem
    if not isinstance(members, dict):
        raise _unreadable("message", "a JSON object is needed")
    kind = members.get("kind")
    if not isinstance(kind, str):
        raise _unreadable("kind", "a text such as incidents.case_opened.v1 is needed")
    return kind


def _need_sound(event: Event) -> None:
    found = _unsound(event, "")
    if found is not None:
        raise _unreadable(*found)


def _unsound(value: object, path: str) -> tuple[str, str] | None:
    """Return where and what cannot travel: an instant without zone, a number that is not finite."""
    if isinstance(value, float) and not math.isfinite(value):
        return path, "a finite number is needed"
    if isinstance(value, datetime) and value.tzinfo is None:
        return path, "an instant with its zone is needed"
    for name, part in _parts(value):
        found = _unsound(part, f"{path}.{name}" if path else name)
        if found is not None:
            return found
    return None


def _parts(value: object) -> Iterable[tuple[str, object]]:
    if is_dataclass(value):
        return [(field.name, getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, dict):
        return [(str(name), part) for name, part in value.items()]
    if isinstance(value, tuple | list | frozenset):
        return [(str(index), part) for index, part in enumerate(value)]
    return ()


def _unreadable(field: str, problem: str) -> Refused:
    return Refused("message.unreadable", field=field, problem=problem)
