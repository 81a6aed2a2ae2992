"""The files that are handed out of a coverage: made beside the event loop, in the asker's language."""

from collections.abc import Sequence
from typing import Any

from county.key_places import KeyPlace
from county.model import County
from exchange import coverage_files
from exchange.coverage_ports import Download
from layers.coverage.atlas import Atlas
from layers.coverage.model import Which
from layers.coverage.verdicts import verdicts
from runtime import coverage_telling as telling
from vocabulary.errors import Refused, sentence

FORMS = ("geojson", "tif", "xlsx")


def download(
    atlas: Atlas,
    which: Which,
    form: str,
    places: Sequence[KeyPlace],
    *,
    county: County,
    language: str,
) -> Download:
    """Return one file."""
    name = f"coverage-{county.code}-{said(which)}.{form}"
    about = {"county": county.name_zh, "carriers": said(which), "version": atlas.version}
    match form:
        case "geojson":
            features = [telling.weak_feature(one, language) for one in atlas.weak_areas(which)]
            content = coverage_files.geojson(features, about)
            return Download(name, coverage_files.GEOJSON, content)
        case "tif":
            atlas.check(which)
            values = atlas.locked(lambda: atlas.map.rsrp_dbm(which))
            content = coverage_files.geotiff(values, atlas.under.grid, about)
            return Download(name, coverage_files.TIFF, content)
        case "xlsx":
            content = coverage_files.workbook(_sheets(atlas, which, places, language))
            return Download(name, coverage_files.XLSX, content)
        case _:
            raise Refused("radio.quantity", value=form, known=", ".join(FORMS))


def said(which: Which) -> str:
    """Return which carriers are meant in a few letters, fit for a file's name."""
    technology = which.technology.generation if which.technology else None
    return "-".join(one or "all" for one in (which.operator, technology, which.band))


def _sheets(
    atlas: Atlas, which: Which, places: Sequence[KeyPlace], language: str
) -> dict[str, tuple[Sequence[str], list[list[Any]]]]:
    made = {
        "towns": _towns(atlas, which, language),
        "weak": _weak(atlas, which, language),
        "places": _places(atlas, places, language),
        "thresholds": _thresholds(atlas, language),
    }
    return {
        _title(name, language): (_title(f"{name}_head", language).split("|"), rows)
        for name, rows in made.items()
    }


def _title(name: str, language: str) -> str:
    return sentence(f"radio.sheet.{name}", language)


def _towns(atlas: Atlas, which: Which, language: str) -> list[list[Any]]:
    keys = ("people", "people_share", "weak_people", "area_km2", "area_share", "weak_area_km2",
            "road_km", "road_share", "weak_road_km")  # fmt: skip
    rows = [telling.figures_row(one, language) for one in atlas.figures(which)]
    county = _title("county", language)
    return [[row["name"] or county, *(row[one] for one in keys)] for row in rows]


def _weak(atlas: Atlas, which: Which, language: str) -> list[list[Any]]:
    keys = ("number", "name", "people", "area_km2", "road_km", "unserved_share", "lon", "lat")
    rows = [telling.weak_feature(one, language)["properties"] for one in atlas.weak_areas(which)]
    return [[row[one] for one in keys] for row in rows]


def _places(atlas: Atlas, places: Sequence[KeyPlace], language: str) -> list[list[Any]]:
    scales = atlas.scales
    found = atlas.locked(lambda: verdicts(atlas.map, places, atlas.operators, scales))
    rows = [telling.verdict_row(one, language, scales) for one in found]
    return [
        [row["name"], row["kind"], row["label"], telling.operator_name(heard["operator"], language), heard["technology"],
         heard["rsrp_dbm"], heard["label"], row["lon"], row["lat"]]
        for row in rows
        for heard in row["heard"]
    ]  # fmt: skip


def _thresholds(atlas: Atlas, language: str) -> list[list[Any]]:
    return [
        [scale.technology, name, grade.at_least_dbm, int(grade.weak), source]
        for scale in atlas.scales.values()
        for grade in scale.grades
        for name, source in (grade.told(language),)
    ]  # fmt: skip
