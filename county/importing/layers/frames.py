"""In which frame a file's positions are: what was said of it, what it declares itself, what its name says; or nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from county.datum import BY_ID, PROJECTED_ACCURACY_M, Datum, declared, to_wgs84
from county.importing.sources.found import Source
from vocabulary.errors import Refused

How = Literal["said", "own", "name", "usual", "nothing"]
Shapes = NDArray[np.object_]
IN_NAME: Final = re.compile(
    r"(?<![a-z0-9])(wgs-?84|gcj-?02|bd-?09|cgcs-?2000)(?![a-z0-9])", re.IGNORECASE
)
SAME_SIZE: Final = ("wgs", "worldgeodetic", "china2000", "cgcs2000", "chinageodeticcoordinatesystem2000")  # fmt: skip
# Their parameters are not public and differ from place to place by up to 100 m; PROJ would shift nothing and say so nowhere.
OLD: Final = ("xian", "beijing", "西安", "北京")
CHINA_2000: Final = "EPSG:4490"


@dataclass(frozen=True, slots=True)
class Datums:
    """What was said with --datum: for files that declare nothing, and for single files."""

    usual: str | None = None
    of_file: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, said: str | Mapping[str, str] | None) -> "Datums":
        """Take it as the caller has it, known datums only; the key "" is for every file that declares nothing."""
        if said is None:
            return cls()
        by_file = {"": said} if isinstance(said, str) else dict(said)
        for name in by_file.values():
            declared(name)
        return cls(by_file.pop("", None), by_file)

    def said_of(self, source: Source) -> str | None:
        """Return what was said of this very file or layer."""
        keys = (source.label, source.file.name, str(source.file))
        return next((self.of_file[key] for key in keys if key in self.of_file), None)


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of a file's positions: a datum of ours or a foreign reference system, and how that is known."""

    how: How
    datum: Datum
    crs: CRS | None = None

    @property
    def declared(self) -> bool:
        """Say whether anybody declared anything."""
        return self.how != "nothing"

    def bring(self, shapes: Shapes) -> Shapes:
        """Return shapes in WGS 84."""
        if self.crs is None:
            move = self._by_formula
        else:
            crs, target = self.crs, CHINA_2000 if _is_china_2000(self.crs) else "EPSG:4326"
            way = Transformer.from_crs(crs, target, always_xy=True)

            def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
                return np.stack(way.transform(xy[:, 0], xy[:, 1]), axis=1)

        return np.asarray(shapely.transform(shapes, move), dtype=object)

    def _by_formula(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack(to_wgs84(self.datum.id, xy[:, 0], xy[:, 1]), axis=1)


def frame_of(source: Source, crs: CRS | None, datums: Datums) -> Frame:
    """Return the frame of a file; Refused where its name and its own declaration speak against each other."""
    said = datums.said_of(source)
    if said is not None:
        return Frame("said", declared(said))
    named = IN_NAME.search(source.label)
    own = None if crs is None else _own(crs, source)
    if named is None:
        if own is None and datums.usual is not None:
            return Frame("usual", declared(datums.usual))
        return own or Frame("nothing", BY_ID["wgs84"])
    by_name = Frame("name", declared(named[1]))
    if own is None or own.datum.id == by_name.datum.id:
        return by_name
    if own.crs is not None or by_name.datum.id not in {"wgs84", "cgcs2000"}:
        raise Refused(
            "datum.two_words", file=source.label, name=by_name.datum.name_en, own=own.datum.name_en
        )
    return own


def _own(crs: CRS, source: Source) -> Frame:
    words = _datum_words(crs)
    if any(old in words for old in OLD):
        raise Refused("datum.old_frame", file=source.label, frame=crs.name)
    if crs.is_geographic and any(same in words for same in SAME_SIZE):
        return Frame("own", BY_ID["cgcs2000" if _is_china_2000(crs) else "wgs84"])
    other = Datum(
        id=crs.to_string()[:40],
        name_zh=crs.name,
        name_en=crs.name,
        accuracy_m=PROJECTED_ACCURACY_M,
        source="by PROJ",
    )
    return Frame("own", other, crs)


def _is_china_2000(crs: CRS) -> bool:
    words = _datum_words(crs)
    return "china" in words or "cgcs" in words


def _datum_words(crs: CRS) -> str:
    told = crs.datum.name if crs.datum is not None else crs.name
    return re.sub(r"[^a-z0-9\u4e00-\u9fff]", "", told.casefold().removeprefix("d_"))
