"""The fields that bodies and queries are made of: strict types, each with its limits and an example."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import Header, Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt
from pydantic_core import PydanticCustomError

_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)


class Strict(BaseModel):
    """A body of which every field is known: what is not listed is refused, and nothing is converted in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def read_instant(value: Any) -> datetime | None:
    """Return an RFC 3339 instant with its zone, in UTC; anything else is refused."""
    if value is None:
        return None
    wrong = PydanticCustomError("instant", "an instant with its zone, from 1970 to 2100, is needed")
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise wrong
    try:
        instant = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong from None
    if not _FIRST <= instant < _LAST:
        raise wrong
    return instant


def read_required_instant(value: Any) -> datetime:
    """Return an RFC 3339 instant; here it may not be left empty."""
    instant = read_instant(value)
    if instant is None:
        raise PydanticCustomError("instant", "an instant with its zone is needed")
    return instant


def split_list(value: Any) -> Any:
    """Return the items of `a,b` and of repeated parameters as one list without empty ones."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple | set | frozenset):
        return items
    return [part.strip() for item in items for part in str(item).split(",") if part.strip()]


def text(longest: int, shortest: int = 0, pattern: str | None = None) -> Any:
    """Return the declaration of a text field (never a number turned into text)."""
    return Field(strict=True, min_length=shortest, max_length=longest, pattern=pattern)


Instant = Annotated[
    datetime | None,
    BeforeValidator(read_instant, json_schema_input_type=str | None),
    Field(examples=["2026-11-22T14:03:21+08:00"]),
]
RequiredInstant = Annotated[datetime, BeforeValidator(read_required_instant)]
# The globe is checked here, so that the answer names the field; the county is checked by the service.
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180, examples=[119.905])]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90, examples=[30.612])]
Version = Annotated[StrictInt, Field(ge=0, le=10**9, examples=[3])]
Flag = StrictBool

UnitId = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9_.:-]+$", examples=["E32"])]
ClosureId = Annotated[
    str, Path(max_length=40, pattern=r"^[A-Za-z0-9]+$", examples=["01KAMZ6Q9Z0000000000000000"])
]
CaseId = Annotated[str, Path(max_length=40, examples=["01KAMZ6Q9Z0000000000000000"])]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        pattern=r"^[\x21-\x7e]+$",
        description="One key per deed, the same when it is sent again: the deed is done once.",
        examples=["desk-3:01KAMZ6Q9Z0000000000000000"],
    ),
]
