"""The grid's tables as typed rows: how large a cell is where, how its code is built, how communities are numbered."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

FOLDER: Final = Path(__file__).parent / "tables"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """How large cells of a zone are: about `norm_m2`; below `least_m2` they join a neighbour, never beyond `most_m2`."""

    zone: str
    zh: str
    en: str
    norm_m2: float
    least_m2: float
    most_m2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How many digits of a code tell the county, the town, the community and the cell."""

    name: str
    division: int
    town: int
    community: int
    cell: int

    @property
    def digits(self) -> int:
        """Return how long a code is."""
        return self.division + self.town + self.community + self.cell

    @property
    def cells(self) -> int:
        """Return how many cells one community can have."""
        return int(10**self.cell) - 1

    def code(self, division: str, town: int, community: int, cell: int) -> str:
        """Return a code, for example 99000110100103."""
        numbers = f"{town:0{self.town}d}{community:0{self.community}d}{cell:0{self.cell}d}"
        return division.zfill(self.division) + numbers

    def community_of(self, code: str, division: str, town: int) -> int | None:
        """Return the community that a code of this scheme names in a town; None where it is another town's or scheme's."""
        head = f"{division.zfill(self.division)}{town:0{self.town}d}"
        if len(code) != self.digits or not code.isdigit() or not code.startswith(head):
            return None
        return int(code[len(head) : len(head) + self.community])


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityNumbers:
    """Which numbers the communities around settlements of one kind get within their town."""

    kind: str
    first: int
    last: int


@cache
def norms() -> dict[str, Norm]:
    """Return the norms by zone, the densest first."""
    return {norm.zone: norm for norm in _read("norms.csv", _norm)}


@cache
def schemes() -> tuple[Scheme, ...]:
    """Return the code schemes; the first is the one cells are known by."""
    return tuple(_read("code_schemes.csv", _scheme))


@cache
def community_numbers() -> dict[str, CommunityNumbers]:
    """Return the numbers of communities by the kind of their settlement."""
    return {row.kind: row for row in _read("communities.csv", _community)}


def _read(name: str, make: Callable[[dict[str, str]], T]) -> list[T]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return [make(row) for row in csv.DictReader(stream)]


def _norm(row: dict[str, str]) -> Norm:
    return Norm(
        zone=row["zone"], zh=row["zh"], en=row["en"], norm_m2=float(row["norm_m2"]),
        least_m2=float(row["least_m2"]), most_m2=float(row["most_m2"]),
    )  # fmt: skip


def _scheme(row: dict[str, str]) -> Scheme:
    parts = {part: int(row[part]) for part in ("division", "town", "community", "cell")}
    return Scheme(name=row["scheme"], **parts)


def _community(row: dict[str, str]) -> CommunityNumbers:
    return CommunityNumbers(kind=row["kind"], first=int(row["first"]), last=int(row["last"]))
