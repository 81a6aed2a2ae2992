"""Coverage as the API tells it: figures, weak areas, places and receptions as JSON-ready rows, in the asker's language."""

import base64
from typing import Any, Final

from layers.coverage.atlas import CLASS_COLOURS, Atlas
from layers.coverage.fallbacks import Fallback
from layers.coverage.model import Reception, Sector, Site
from layers.coverage.outages.model import SiteOutage
from layers.coverage.thresholds import Scale, Scales
from layers.coverage.verdicts import Verdict, rank
from layers.coverage.weakness import Figures, WeakArea
from storage.radio_sites import holder

Json = dict[str, Any]
OPERATORS: Final = {
    "CMCC": ("中国移动", "China Mobile"),
    "CTCC": ("中国电信", "China Telecom"),
    "CUCC": ("中国联通", "China Unicom"),
    "CBN": ("中国广电", "China Broadnet"),
}


def operator_name(operator: str, language: str) -> str:
    """Return what people call an operator; one that is not known by its own name."""
    names = OPERATORS.get(operator)
    return operator if names is None else names[language == "en"]


def scale_row(scale: Scale, language: str) -> list[Json]:
    """Return the classes of a scale with their colours and sources, best first."""
    return [
        {
            "name": grade.name,
            "label": grade.told(language)[0],
            "at_least": grade.at_least_dbm if grade.at_least_dbm > -999 else None,
            "weak": grade.weak,
            "colour": colour,
            "source": grade.told(language)[1],
        }
        for grade, colour in zip(scale.grades, CLASS_COLOURS, strict=False)
    ]


def signal_told(atlas: Atlas) -> Json:
    """Return how every cell is covered, as one raster in Web Mercator, packed."""
    laid = atlas.signal_laid()
    high, wide = laid.codes.shape
    packed = base64.b64encode(atlas.signal_packed()).decode()
    return {
        "west_m": laid.west_m, "north_m": laid.north_m, "pixel_m": laid.pixel_m, "wide": wide, "high": high, "codes": packed,
    }  # fmt: skip


def bands_of(atlas: Atlas) -> list[Json]:
    """Return which bands are there, with their technology and whose they are."""
    found: dict[tuple[str, str], set[str]] = {}
    for carrier in atlas.map.carriers():
        key = (carrier.technology.generation, carrier.band)
        found.setdefault(key, set()).add(carrier.operator)
    return [
        {"technology": technology, "band": band, "operators": sorted(operators)}
        for (technology, band), operators in sorted(found.items())
    ]


def figures_row(one: Figures, language: str) -> Json:
    """Return the figures of the county (town null) or of a town."""
    town = one.town
    return {
        "town": None if town is None else town.id,
        "name": "" if town is None else _named(town.name_zh, town.name_en, language),
        "area_km2": round(one.area_km2, 2),
        "people": round(one.people),
        "road_km": round(one.road_km, 1),
        "weak_area_km2": round(one.weak(one.area_of), 2),
        "weak_people": round(one.weak(one.people_of)),
        "weak_road_km": round(one.weak(one.road_of), 1),
        "area_share": _share(one.share(one.area_of)),
        "people_share": _share(one.share(one.people_of)),
        "road_share": _share(one.share(one.road_of)),
        "people_of": [round(value) for value in one.people_of],
    }


def weak_feature(area: WeakArea, language: str) -> Json:
    """Return a weak area as a GeoJSON feature."""
    inside = area.polygon_wgs84.representative_point()
    return {
        "type": "Feature",
        "id": area.number,
        "geometry": area.polygon_wgs84.__geo_interface__,
        "properties": {
            "number": area.number,
            "town": area.town.id,
            "name": _named(area.town.name_zh, area.town.name_en, language),
            "area_km2": round(area.area_km2, 3),
            "people": round(area.people),
            "road_km": round(area.road_km, 2),
            "unserved_share": round(area.unserved_share, 3),
            "lon": round(inside.x, 6),
            "lat": round(inside.y, 6),
        },
    }


def verdict_row(one: Verdict, language: str, scales: Scales) -> Json:
    """Return a key place with its verdict."""
    place, kind = one.place, one.place.kind
    return {
        "name": _named(place.name, place.name_en, language),
        "kind": kind.en if language == "en" else kind.zh,
        "group": kind.group,
        "lon": round(place.place.lon_deg, 6),
        "lat": round(place.place.lat_deg, 6),
        "class": one.grade.name,
        "label": one.grade.en if language == "en" else one.grade.zh,
        "weak": one.grade.weak,
        "heard": [
            {
                "operator": heard.operator,
                "technology": heard.technology,
                "rsrp_dbm": heard.rsrp_dbm,
                "class": heard.grade.name,
                "number": rank(heard.grade, scales) + 1,
                "label": heard.grade.en if language == "en" else heard.grade.zh,
                "weak": heard.grade.weak,
            }
            for heard in one.heard
        ],
    }


def reception_row(one: Reception, language: str, scales: Scales, names: dict[str, str]) -> Json:
    """Return one operator's technology at a place."""
    generation = one.technology.generation
    grade = scales[generation].grade(one.rsrp_dbm)
    return {
        "operator": one.operator,
        "operator_name": operator_name(one.operator, language),
        "technology": generation,
        "band": one.band,
        "arfcn": one.arfcn,
        "site_id": one.site_id,
        "site": names.get(one.site_id, one.site_id),
        "sector_id": one.sector_id,
        "distance_m": round(one.distance_m),
        "rsrp_dbm": round(one.rsrp_dbm, 1),
        "sinr_db": round(one.sinr_db, 1),
        "chance": round(one.chance, 3),
        "extrapolated": one.extrapolated,
        "class": grade.name,
        "label": grade.en if language == "en" else grade.zh,
        "weak": grade.weak,
    }


def way_row(way: Fallback, language: str) -> Json:
    """Return a way to fall back on."""
    return {"code": way.code, "label": way.en if language == "en" else way.zh}


def site_row(site: Site, outage: SiteOutage | None, language: str) -> Json:
    """Return a site in a few words."""
    whose = holder(site)
    working = site.in_service and not (outage and outage.open and not outage.cells)
    return {
        "id": site.id,
        "name": site.name,
        "operator": whose,
        "operator_name": operator_name(whose, language),
        "lon": site.place.lon_deg,
        "lat": site.place.lat_deg,
        "technologies": sorted({one.technology.generation for one in site.sectors}),
        "bands": sorted({one.band for one in site.sectors}),
        "azimuths_deg": sorted({one.azimuth_deg for one in site.sectors if not one.indoor}),
        "cells": len(site.sectors),
        "assumed": sum(bool(one.assumed) for one in site.sectors),
        "indoor": all(one.indoor for one in site.sectors),
        "in_service": working,
        "outage": bool(outage and outage.open),
    }


def cell_row(one: Sector) -> Json:
    """Return a cell as it is planned with; `assumed` names what its table did not say."""
    return {
        "id": one.id,
        "sector": one.name,
        "operator": one.operator,
        "technology": one.technology.generation,
        "band": one.band,
        "arfcn": one.arfcn,
        "pci": one.pci,
        "azimuth_deg": one.azimuth_deg,
        "height_m": one.height_m,
        "tilt_deg": one.electrical_tilt_deg + one.mechanical_tilt_deg,
        "power_dbm": one.power_dbm,
        "bandwidth_mhz": one.bandwidth_mhz,
        "antenna": one.antenna,
        "in_service": one.in_service,
        "indoor": one.indoor,
        "assumed": sorted(one.assumed),
    }


def _named(zh: str, en: str, language: str) -> str:
    return (en or zh) if language == "en" else zh


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
