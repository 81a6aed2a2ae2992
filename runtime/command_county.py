"""`python app.py county …`: bring in your own county, or hear what is wrong with its files."""

import argparse
from pathlib import Path
from typing import Any, TypedDict

from runtime import command_county_render
from runtime.settings import Settings
from vocabulary.errors import sentence

LANGUAGES = ("zh", "en")


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add the command to the parser."""
    text = "the county: import it from its files, check files, or show which one is in use"
    group = commands.add_parser("county", help=text, description=text)
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    text = (
        "import a county from files and folders; the county in use stays until the new one is whole, and a running"
        " console shows it within seconds"
    )
    bring = verbs.add_parser("import", parents=[common], help=text, description=text)
    _add_sources(bring)
    bring.set_defaults(run=run_import, wrong=bring.error)
    text = "read and judge files as an import would, and change nothing; ends with 1 when something would be refused"
    check = verbs.add_parser("check", parents=[common], help=text, description=text)
    _add_sources(check)
    check.set_defaults(run=run_check, wrong=check.error)
    command_county_render.register(verbs, common)
    text = "show the county in use"
    shown = verbs.add_parser("show", parents=[common], help=text, description=text)
    shown.set_defaults(run=run_show)


def _add_sources(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "sources",
        nargs="*",
        type=Path,
        metavar="SOURCE",
        help="a file (.osm.pbf, .gpkg, zipped shapefile, .geojson, .csv, .tif, .hgt, .toml) or a folder of them",
    )
    add(
        "--as",
        dest="roles",
        action="append",
        default=[],
        type=_role,
        metavar="ROLE=FILE[:LAYER]",
        help="what a file or layer is for, where its name does not say so; may be repeated",
    )
    add(
        "--datum",
        action="append",
        default=[],
        metavar="[FILE=]DATUM",
        help="the frame of positions that declare none: wgs84, cgcs2000, gcj02, bd09 or EPSG:n; may be repeated for files",
    )
    add("--boundary", help="name or code of the boundary, where the sources hold several")
    add("--name", help="the county's Chinese name, where it is not the boundary's")
    add("--code", help="its six-digit division code (GB/T 2260)")
    add("--pbf", type=Path, help="an OpenStreetMap extract: the same as naming it as a SOURCE")
    add("--dem", type=Path, action="append", default=[], help="terrain: the same as naming it as a SOURCE")  # fmt: skip


class Asked(TypedDict):
    """What both verbs pass on."""

    sources: list[Path]
    name: str | None
    code: str | None
    boundary_name: str | None
    datum: dict[str, str]
    roles: dict[str, str]


def run_import(given: argparse.Namespace, settings: Settings) -> int:
    """Import, replace the county in use, and print what was taken, mended and refused."""
    from county.importing.run import import_county
    from runtime.home import prepare_home
    from runtime.progress import bar

    asked = _asked(given)
    with bar() as tell:
        report = import_county(home=prepare_home(settings.home), progress=tell, **asked)
    for language in LANGUAGES:
        print("\n".join(report.lines(language)))
    for language in LANGUAGES:
        print(sentence("runtime.county_shown_soon", language))
    return 0


def run_check(given: argparse.Namespace, settings: Settings) -> int:
    """Print what an import would refuse and what it would take; 0 when all is good."""
    from county.importing.run import check_county
    from runtime.progress import bar

    asked = _asked(given)
    with bar() as tell:
        checked = check_county(home=settings.home.expanduser().absolute(), progress=tell, **asked)
    for language in LANGUAGES:
        print(
            "\n".join(
                [each.text(language) for each in checked.refused] + checked.report.lines(language)
            )
        )
    verdict = "runtime.county_good" if checked.good else "runtime.county_not_good"
    for language in LANGUAGES:
        print(sentence(verdict, language))
    return 0 if checked.good else 1


def run_show(_given: argparse.Namespace, settings: Settings) -> int:
    """Print the county's facts."""
    from county.store import load

    county = load(settings.home.expanduser().absolute())
    print(f"{county.code} {county.name_zh} {county.name_en}, {len(county.towns)} towns")
    print(f"source: {county.source}; version {county.version}; terrain: {county.has_terrain}")
    return 0


def _asked(given: argparse.Namespace) -> Asked:
    sources = [*given.sources, *([given.pbf] if given.pbf else []), *given.dem]
    for target, _ in given.roles:
        file = Path(target) if Path(target).exists() else Path(target.rpartition(":")[0] or target)
        if file.exists():
            sources.append(file)
    if not sources:
        given.wrong("name the files or folders to import")
    return {
        "sources": sources, "name": given.name, "code": given.code, "boundary_name": given.boundary,
        "datum": dict(_datum(said) for said in given.datum), "roles": dict(given.roles),
    }  # fmt: skip


def _role(said: str) -> tuple[str, str]:
    """Return the file or layer a role is said of, and the role."""
    role, equals, target = said.partition("=")
    if not (role and equals and target):
        raise argparse.ArgumentTypeError(
            f"{said}: ROLE=FILE[:LAYER] is needed, for example towns=townships.zip"
        )
    return target, role


def _datum(said: str) -> tuple[str, str]:
    """Return the file a datum is said of ("": every one that declares none) and the datum."""
    file, _, datum = said.rpartition("=")
    return file, datum
