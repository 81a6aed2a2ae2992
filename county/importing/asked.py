"""What an import was asked for, checked before a file is opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from county.importing.layers.frames import Datums
from county.importing.sources import found
from county.importing.sources.found import Source
from county.importing.sources.roles import PLACED
from vocabulary.errors import Refused


@dataclass(frozen=True, slots=True)
class Asked:
    """How the county is called, which boundary is meant, and what was said of frames and roles."""

    name: str | None = None
    code: str | None = None
    boundary_name: str | None = None
    datums: Datums = field(default_factory=Datums)
    attribution: str | None = None

    def check(self) -> None:
        """Refuse a code that is none."""
        code = self.code
        if code is not None and not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise Refused("county.bad_code", value=code)


@dataclass(frozen=True, slots=True)
class Sources:
    """Every layer of every file, by what it is for; one OpenStreetMap extract at most."""

    all: tuple[Source, ...]

    def of(self, role: str) -> list[Source]:
        """Return the files and layers of one role."""
        return [source for source in self.all if source.role.name == role]

    def files(self, role: str) -> list[Path]:
        """Return the files of one role."""
        return [source.file for source in self.of(role)]

    @property
    def extract(self) -> Path | None:
        """Return the OpenStreetMap extract, if there is one."""
        return next(iter(self.files("osm")), None)

    @property
    def official(self) -> list[Source]:
        """Return the county's own map layers."""
        return [source for source in self.all if source.role.shape in PLACED]


def sources_of(paths: Sequence[Path], roles: Mapping[str, str]) -> Sources:
    """Return what the files and folders bring; Refused by the first that is not recognised."""
    listed = [source for file in found.files_of(paths) for source in found.sources_in(file, roles)]
    return only_one_extract(listed)


def only_one_extract(listed: Sequence[Source]) -> Sources:
    """Return the sources; Refused when there are two extracts, which would draw every road twice."""
    extracts = [source.label for source in listed if source.role.name == "osm"]
    if len(extracts) > 1:
        raise Refused("county.two_extracts", files=", ".join(extracts))
    return Sources(tuple(listed))
