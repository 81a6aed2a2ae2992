"""Tiles painted beforehand: county/tiles/<theme>.pmtiles or .mbtiles in the home, noticed when they come and change."""

import threading
from pathlib import Path

import structlog

from county.model import County
from layers.archive import SUFFIXES, Archive, open_archive
from layers.tile_grid import EDITION, Key
from vocabulary.errors import Refused

log = structlog.get_logger()
Signature = tuple[str, int, int]


def shelf_folder(home: Path) -> Path:
    """Return where the console looks for tiles painted beforehand."""
    return home / "county" / "tiles"


class Shelf:
    """The files of one home; safe to use from several threads."""

    def __init__(self, home: Path) -> None:
        self._folder = shelf_folder(home)
        self._open: dict[str, tuple[Signature, Archive | None]] = {}
        self._lock = threading.Lock()

    def get(self, county: County, theme: str, key: Key, *, former: bool = False) -> bytes | None:
        """Return a tile of this very county and style; with `former`, of the same county at any time."""
        archive = self._archive(theme)
        if archive is None or archive.facts.get("county_code") != county.code:
            return None
        now = (archive.facts.get("county_version"), archive.facts.get("edition"))
        return archive.get(key) if former or now == (county.version, EDITION) else None

    def close(self) -> None:
        """Close the files."""
        with self._lock:
            for _, archive in self._open.values():
                if archive is not None:
                    archive.close()
            self._open.clear()

    def _archive(self, theme: str) -> Archive | None:
        file, signature = self._found(theme)
        with self._lock:
            known = self._open.get(theme)
            if known is not None and known[0] == signature:
                return known[1]
            # A former file stays open until the end: another thread may be reading it, and files change once a year.
            archive = _opened(file) if file is not None else None
            self._open[theme] = (signature, archive)
            return archive

    def _found(self, theme: str) -> tuple[Path | None, Signature]:
        for suffix in SUFFIXES:
            file = self._folder / f"{theme}{suffix}"
            try:
                facts = file.stat()
            except OSError:
                continue
            return file, (suffix, facts.st_mtime_ns, facts.st_size)
        return None, ("", 0, 0)


def _opened(file: Path) -> Archive | None:
    try:
        archive = open_archive(file)
    except Refused as problem:
        log.warning("tile_file_unusable", file=file.name, problem=problem.text("en"))
        return None
    log.info("tile_file_opened", file=file.name, county_version=archive.facts.get("county_version"))
    return archive
