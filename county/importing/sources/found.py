"""Which files are there and what each is for: by what was said, by a layer's name, by the file's, by its folder's."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from county.importing.extract import osm
from county.importing.sources import vectors, words
from county.importing.sources.roles import BY_NAME, PLACED, Role, known
from vocabulary.errors import Refused

TILE_NAME: Final = re.compile(r"^[NS]\d{2}[EW]\d{3}", re.IGNORECASE)
RASTERS: Final = frozenset({".tif", ".tiff", ".hgt", ".img", ".asc"})
JSONS: Final = frozenset({".geojson", ".json"})
TEXTS: Final = frozenset({".csv", ".tsv"})
ENDINGS: Final = ".osm.pbf, .gpkg, .zip (shapefile, .hgt), .shp, .geojson, .csv, .tif, .hgt, .toml"
# What lies beside a file without being one of its own: parts of a shapefile, notes, what other programs left.
BESIDE: Final = frozenset({
    ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qmd", ".qml", ".qgz", ".xml", ".tfw", ".ovr", ".md", ".txt",
    ".pdf", ".docx", ".gpkg-wal", ".gpkg-shm", ".sld",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One layer of one file, and what it is for."""

    role: Role
    file: Path
    layer: str | None = None

    @property
    def label(self) -> str:
        """Return how people are told of it."""
        return f"{self.file.name}:{self.layer}" if self.layer else self.file.name

    @property
    def is_text(self) -> bool:
        """Say whether it is a CSV table."""
        return self.file.suffix.lower() in TEXTS

    @property
    def is_raster(self) -> bool:
        """Say whether it is a grid of values."""
        ending = self.file.suffix.lower()
        return ending in RASTERS or (ending == ".zip" and self.layer is None)


def files_of(sources: Sequence[Path]) -> list[Path]:
    """Return every file of `sources` once, folders opened; Refused when one is not there or empty."""
    found: dict[Path, Path] = {}
    for source in sources:
        inside = sorted(_inside(source)) if source.is_dir() else [source]
        if not inside:
            raise Refused("county.folder_empty", file=source)
        for file in inside:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _inside(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.is_file() and not hidden and file.suffix.lower() not in BESIDE:
            yield file


def sources_in(file: Path, roles: Mapping[str, str]) -> list[Source]:
    """Return what `file` brings; Refused when it is missing, empty or not recognised."""
    if not file.is_file():
        raise Refused("county.file_missing", file=file)
    if file.name.lower().endswith(osm.ENDINGS):
        osm.check(file)
        return [Source(BY_NAME["osm"], file)]
    if file.stat().st_size == 0:
        raise Refused("county.file_empty", file=file.name)
    layers = _layers(file)
    if layers is None:
        return _kept([_source(file, None, roles, [file.stem, file.parent.name])])
    if not layers:
        raise Refused("county.no_layer", file=file.name)
    own = [file.stem, file.parent.name] if len(layers) == 1 else []
    return _kept([_source(file, layer, roles, [layer, *own]) for layer in layers])


def _kept(sources: list[Source]) -> list[Source]:
    return [source for source in sources if source.role.shape != "ignore"]


def _layers(file: Path) -> list[str] | None:
    """Return the layers of a file that has some; None where the file itself is the layer."""
    ending = file.suffix.lower()
    if ending == ".gpkg":
        return vectors.layers_of(file)
    if ending == ".zip" and not _is_tile(file):
        return _zipped(file)
    if ending in {".shp", ".toml", ".zip", *RASTERS, *JSONS, *TEXTS}:
        return None
    raise Refused("county.unknown_format", file=file.name, endings=ENDINGS)


def _zipped(file: Path) -> list[str] | None:
    try:
        with zipfile.ZipFile(file) as archive:
            names = vectors.names_in(archive)
    except (zipfile.BadZipFile, OSError) as problem:
        raise Refused("county.zip_unreadable", file=file.name, problem=problem) from problem
    shapes = [name for name in names.values() if name.lower().endswith(".shp")]
    if shapes:
        return [Path(name).stem for name in shapes]
    if any(Path(name).suffix.lower() in RASTERS for name in names.values()):
        return None
    raise Refused("county.unknown_format", file=file.name, endings=ENDINGS)


def _is_tile(file: Path) -> bool:
    return file.name.lower().endswith(".hgt.zip") or bool(TILE_NAME.match(file.stem))


def _source(file: Path, layer: str | None, roles: Mapping[str, str], names: list[str]) -> Source:
    said = next((roles[key] for key in _keys(file, layer) if key in roles), None)
    if said is not None and said not in BY_NAME:
        raise Refused("county.unknown_role", file=file.name, value=said, roles=known())
    name = said or _by_kind_of_file(file) or next(filter(None, map(words.role_of, names)), None)
    label = f"{file.name}:{layer}" if layer else file.name
    if name is None or name == "osm":
        raise Refused("county.unknown_layer", file=label, roles=known())
    source = Source(BY_NAME[name], file, layer)
    _check_shape(source)
    return source


def _keys(file: Path, layer: str | None) -> list[str]:
    names = [str(file), str(file.resolve()), file.name]
    with_layer = [f"{name}:{layer}" for name in names] if layer else []
    return with_layer + names


def _by_kind_of_file(file: Path) -> str | None:
    if file.suffix.lower() == ".hgt" or _is_tile(file):
        return "dem"
    return "plans" if file.suffix.lower() == ".toml" else None


def _check_shape(source: Source) -> None:
    """Refuse a file that cannot be what its name says: towns are no table, heights are no CSV."""
    shape, ending = source.role.shape, source.file.suffix.lower()
    raster = source.is_raster
    fits = {
        "raster": raster or (source.role.name == "population" and ending not in TEXTS),
        "table": source.is_text,
        "plans": ending == ".toml",
        "point": not raster,
        "ignore": True,
    }
    if not fits.get(shape, shape in PLACED and not raster and not source.is_text):
        raise Refused("county.wrong_format", file=source.label, role=source.role.name)
