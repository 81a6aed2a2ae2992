"""The import: from a county's files to the county in use, whole or not at all; and the same judgement without importing."""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Final

from county.importing import lock, population, writer
from county.importing.asked import Asked, Sources, only_one_extract, sources_of
from county.importing.edge import WORLD, area_of
from county.importing.gathering import STEPS, Gathered, Gathering, Troubles, seats_promoted
from county.importing.known import Known, in_use
from county.importing.layers import tables
from county.importing.layers.frames import Datums
from county.importing.report import ImportReport
from county.importing.sources import found
from county.store import new_folder, swap_in
from vocabulary.errors import Refused
from vocabulary.ids import new_id

Progress = Callable[[str, int, int], None]
ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL 1.0"
OFFICIAL_ATTRIBUTION: Final = "本县数据 · the county's own data"
TERRAIN_ATTRIBUTION: Final = "terrain: NASA SRTM"
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
REPORT: Final = "report.json"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: whole files that would be refused, and the report on the rows of the others."""

    refused: tuple[Refused, ...]
    report: ImportReport

    @property
    def good(self) -> bool:
        """Say whether nothing would be refused."""
        return not self.refused and not self.report.faults


def import_county(
    sources: Sequence[Path],
    home: Path,
    *,
    name: str | None = None,
    code: str | None = None,
    boundary_name: str | None = None,
    datum: str | Mapping[str, str] | None = None,
    roles: Mapping[str, str] = NOTHING,
    attribution: str | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Make the county of `sources` (files and folders) the one in use; until it is whole the former one stays.

    `datum` is what undeclared positions are in, or one per file name (the key "" is for all others); `roles` names the role of
    `FILE` or `FILE:LAYER`. Refused says what is wrong.
    """
    started = monotonic()
    asked = Asked(name, code, boundary_name, Datums.of(datum), attribution)
    asked.check()
    tell = _Steps(progress)
    listed = sources_of(sources, roles)
    with lock.held(home):
        folder = new_folder(home)
        try:
            work = Gathering(listed, asked, Known(in_use(home)), tell, Troubles(listed=False))
            report = _built(work, folder, started)
            swap_in(folder, home)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    tell.end()
    return report


def _built(work: Gathering, folder: Path, started: float) -> ImportReport:
    """Write the whole county into `folder`, its report with it."""
    gathered = work.gather(None)
    if gathered is None:
        raise Refused("county.no_edge")
    contents = _contents(gathered, work.sources, work.asked)
    work.tell("write")
    writer.write(contents, folder)
    if gathered.people is not None:
        population.write(gathered.people, folder)
    tables.write(gathered.carried, gathered.plans, folder)
    report = _report(work, contents.facts, started)
    text = json.dumps(report.as_json(), ensure_ascii=False, indent=1)
    (folder / REPORT).write_text(text, "utf-8")
    return report


def check_county(
    sources: Sequence[Path],
    home: Path,
    *,
    name: str | None = None,
    code: str | None = None,
    boundary_name: str | None = None,
    datum: str | Mapping[str, str] | None = None,
    roles: Mapping[str, str] = NOTHING,
    progress: Progress | None = None,
) -> Checked:
    """Read and judge `sources` as an import would, and change nothing; the county in use lends its edge where they have none."""
    started = monotonic()
    asked = Asked(name, code, boundary_name, Datums.of(datum))
    asked.check()
    troubles = Troubles(listed=True)
    listed = _recognised(sources, roles, troubles)
    former = in_use(home)
    work = Gathering(listed, asked, Known(former), _Steps(progress), troubles)
    gathered = work.gather(WORLD if former is None else area_of(former))
    facts = _facts(gathered, listed, asked) if gathered is not None else NOBODY
    return Checked(tuple(troubles.refused), _report(work, facts, started))


NOBODY: Final = writer.Facts(code="", name_zh="", name_en="", source="", attribution="", version="")


def _recognised(sources: Sequence[Path], roles: Mapping[str, str], troubles: Troubles) -> Sources:
    listed: list[found.Source] = []
    files: list[Path] = []
    for source in sources:
        with troubles:
            files += found.files_of([source])
    for file in files:
        with troubles:
            listed += found.sources_in(file, roles)
    with troubles:
        return only_one_extract(listed)
    return Sources(())


def _contents(gathered: Gathered, sources: Sources, asked: Asked) -> writer.Contents:
    facts = _facts(gathered, sources, asked)
    if not facts.name_zh:
        raise Refused("county.no_name", file=facts.source)
    contents = writer.Contents(
        facts, gathered.edge.area.shape, gathered.edge.towns, gathered.layers
    )
    towns = set(gathered.edge.towns["name"])
    contents.layers["places"] = seats_promoted(contents.layers["places"], towns)
    if gathered.heights is not None:
        contents.heights = gathered.heights.metres
        contents.heights_transform = gathered.heights.transform
    return contents


def _facts(gathered: Gathered, sources: Sources, asked: Asked) -> writer.Facts:
    edge = gathered.edge
    parts = [
        ATTRIBUTION if sources.extract is not None else "",
        OFFICIAL_ATTRIBUTION if sources.official else "",
        TERRAIN_ATTRIBUTION
        if any(file.name.lower().endswith((".hgt", ".hgt.zip")) for file in sources.files("dem"))
        else "",
    ]
    files = dict.fromkeys(source.file.name for source in sources.all)
    return writer.Facts(
        code=edge.code,
        name_zh=asked.name or edge.area.name,
        name_en=edge.area.name_en or edge.area.name or asked.name or "",
        source=", ".join(files),
        attribution=asked.attribution or "; ".join(filter(None, parts)),
        version=new_id(),
    )


def _report(work: Gathering, facts: writer.Facts, started: float) -> ImportReport:
    return ImportReport(
        facts.code,
        facts.name_zh,
        facts.name_en,
        facts.version,
        work.reports.all,
        tuple(work.notes),
        monotonic() - started,
    )


class _Steps:
    """Tells how far the import has come."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress

    def __call__(self, step: str) -> None:
        if self.progress is not None:
            self.progress(step, STEPS.index(step), len(STEPS))

    def end(self) -> None:
        """Say that all is done."""
        if self.progress is not None:
            self.progress("done", len(STEPS), len(STEPS))
