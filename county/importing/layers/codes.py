"""Official names and codes onto the towns: matched by name, 镇, 乡 and 街道 aside, and what stays unmatched told both ways."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import geopandas as gpd

from county.importing.layers import outlines
from county.importing.layers.rows import match
from county.importing.report import LayerReport, Note
from county.importing.sources import texts
from county.importing.sources.found import Source
from county.importing.sources.words import plain

LAST: Final = re.compile(r"(街道办事处|办事处|街道|民族乡|镇|乡|地区)$")
COUNTY_DIGITS, TOWN_DIGITS = 6, 9
MOST_TOLD: Final = 8


@dataclass(frozen=True, slots=True)
class Official:
    """One official division: its code (6 digits for a county, 9 for a town), its names, its parent's code."""

    code: str
    name: str
    name_en: str


def read(source: Source, report: LayerReport) -> list[Official]:
    """Return the divisions of a table of codes; rows whose code is no division's are counted and left out."""
    table = texts.read(source.file)
    report.refuse("uneven", len(table.uneven), table.uneven)
    found = match(source.role, list(table.columns), source.label)
    codes, names = table.column(found["code"]), table.column(found["name"])
    english = table.column(found["name_en"]) if "name_en" in found else [""] * len(codes)
    out = []
    for line, code, name, name_en in zip(table.lines, codes, names, english, strict=True):
        short = shortened(code)
        if short is None or not name:
            report.refuse("bad_code", 1, [line])
        else:
            out.append(Official(short, name, name_en))
    report.accepted += len(out)
    report.sources.append(source.label)
    return out


def shortened(code: str) -> str | None:
    """Return the 6 digits of a county or 9 of a town out of 6, 9 or 12; None for what is no such code."""
    if not (code.isascii() and code.isdigit() and len(code) in {6, 9, 12}):
        return None
    if len(code) == 12 and code[TOWN_DIGITS:] != "000":
        return None
    town = code[:TOWN_DIGITS].ljust(TOWN_DIGITS, "0")
    return town[:COUNTY_DIGITS] if town.endswith("000") else town


def county_code(divisions: list[Official], name: str) -> str | None:
    """Return the code of the county of this name, or of the only county in the table."""
    counties = [each for each in divisions if len(each.code) == COUNTY_DIGITS]
    same = [each.code for each in counties if each.name == name]
    if same:
        return same[0]
    above = {each.code[:COUNTY_DIGITS] for each in divisions}
    return above.pop() if len(above) == 1 else None


def named(
    towns: gpd.GeoDataFrame, divisions: list[Official], county: str | None
) -> tuple[gpd.GeoDataFrame, list[Note]]:
    """Return the towns under their official codes and names, and who has no counterpart, on either side."""
    wanted = [
        each
        for each in divisions
        if len(each.code) == TOWN_DIGITS and (county is None or each.code.startswith(county))
    ]
    by_name, by_stem = _index(wanted)
    found: dict[int, Official] = {}
    for row, name in enumerate(towns["name"]):
        same = by_name[plain(name)] or by_stem[stem(name)]
        if len(same) == 1:
            found[row] = same[0]
    out = towns.copy()
    for row, each in found.items():
        out.loc[out.index[row], ["town_id", "name"]] = [each.code, each.name]
        if each.name_en:
            out.loc[out.index[row], "name_en"] = each.name_en
        out.loc[out.index[row], "kind"] = outlines.kind_of(each.name)
    used = {each.code for each in found.values()}
    without = [name for row, name in enumerate(towns["name"]) if row not in found]
    idle = [each.name for each in wanted if each.code not in used]
    return out, [Note("county.note_codes", {
        "matched": len(found), "towns": len(towns), "without": _told(without), "idle": _told(idle),
    })]  # fmt: skip


def stem(name: str) -> str:
    """Return a town's name without its last word for what it is; a name that is nothing else stays."""
    bare = plain(name).replace(" ", "")
    short = LAST.sub("", bare)
    return short if len(short) > 1 else bare


def _index(
    divisions: list[Official],
) -> tuple[defaultdict[str, list[Official]], defaultdict[str, list[Official]]]:
    by_name: defaultdict[str, list[Official]] = defaultdict(list)
    by_stem: defaultdict[str, list[Official]] = defaultdict(list)
    for each in divisions:
        for word in {plain(each.name), plain(each.name_en)} - {""}:
            by_name[word].append(each)
        by_stem[stem(each.name)].append(each)
    return by_name, by_stem


def _told(names: list[str]) -> str:
    return "、".join(names[:MOST_TOLD]) + ("…" if len(names) > MOST_TOLD else "") or "–"
