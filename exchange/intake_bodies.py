"""What may be sent to intake: questions about duplicates and categories, pasted text, one command for many cases."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from exchange.fields import Flag, Instant, Latitude, Longitude, Strict, Version, text
from exchange.intake_ports import Bulk
from vocabulary.errors import Refused
from vocabulary.place import Place

BULK_MOST = 500


def place_of(lon: float | None, lat: float | None) -> Place | None:
    """Return the place of both coordinates, None of neither; one alone is refused."""
    if lon is not None and lat is not None:
        return Place(lon, lat)
    if lon is not None or lat is not None:
        raise Refused("exchange.half_a_place", field="lat" if lat is None else "lon")
    return None


class DuplicateQuery(Strict):
    """What is being reported, as far as it is known: the text alone, or with place and category."""

    text: Annotated[str, text(2000), Field(examples=["解放路口井盖没了"])]
    lon: Annotated[float | None, Field(ge=-180, le=180, examples=[119.905])] = None
    lat: Annotated[float | None, Field(ge=-90, le=90, examples=[30.612])] = None
    category: Annotated[str | None, text(80, 1)] = None
    limit: Annotated[int, Field(ge=1, le=10)] = 5


class DuplicateBody(Strict):
    """The same, for texts too long for an address."""

    text: Annotated[str, text(2000), Field(examples=["解放路口井盖没了"])]
    lon: Longitude | None = None
    lat: Latitude | None = None
    category: Annotated[str | None, text(80, 1)] = None
    occurred_at: Instant = None
    exercise: Flag | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=10)] = 5


class SuggestQuery(Strict):
    """Whose category is looked for."""

    text: Annotated[str, text(2000), Field(examples=["红绿灯不亮了"])]
    limit: Annotated[int, Field(ge=1, le=10)] = 3


class PriorityQuery(Strict):
    """What a report would be of, and where; the place may be missing."""

    category: Annotated[str, text(40, 1), Field(examples=["E0506"])]
    lon: Annotated[float | None, Field(ge=-180, le=180, examples=[119.905])] = None
    lat: Annotated[float | None, Field(ge=-90, le=90, examples=[30.612])] = None


class PastedBody(Strict):
    """A mail, a chat, a note of a call, as it was pasted."""

    text: Annotated[str, text(8000, 1), Field(examples=["昨晚8点半解放路口井盖没了,13800000000"])]
    lon: Longitude | None = None
    lat: Latitude | None = None


class ImportQuery(Strict):
    """How a file is taken: `dry_run` looks and keeps nothing; `name` is what the file is called."""

    dry_run: bool = False
    name: Annotated[str, text(120)] = "upload"


class BulkBody(Strict):
    """One command for at most 500 cases; without `versions` each is taken as it stands now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ids": ["01KAPZ4Y1QC2VD8H6B7XN0E5RT"],
                    "command": "merge",
                    "arguments": {"master": "01KAPZ7GQZ4T9M3W5J1S8YKD2F"},
                }
            ]
        }
    )

    ids: Annotated[
        tuple[Annotated[str, text(40, 1)], ...], Field(min_length=1, max_length=BULK_MOST)
    ]
    command: Annotated[str, text(40, 1, r"^[a-z][a-z_]*$")]
    arguments: dict[str, Any] = Field(default_factory=dict)
    versions: dict[str, Version] = Field(default_factory=dict, max_length=BULK_MOST)

    def bulk(self) -> Bulk:
        """Return the wish in our own words."""
        return Bulk(
            ids=self.ids, name=self.command, arguments=self.arguments, versions=self.versions
        )
