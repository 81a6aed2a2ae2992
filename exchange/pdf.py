"""Documents: a template of ours and data become one PDF, with the Chinese font that ships, asking nothing of any other host.

    pdf = await print_pdf(template_text("case"), {"title": "…", "rows": […]}, {"photos/1.jpg": jpeg}, at=clock.now())

- `template` is Typst source (docs: typst.app). `template_text(name)` reads `exchange/print/<name>.typ`; another room may hand in
  text of its own.
- `data` is JSON-ready; the template reads it as `json("data.json")`. What people wrote is data and never markup.
- `files` are further files by relative name (photos, charts as SVG), read as `image("photos/1.jpg")`.
- Every document may `#import "house.typ": *` for what ours have in common: page, head and foot, tables, fields, sign-off.
- `at` becomes the date within the file: the same template, data, files and instant give the same bytes.

`compile_pdf` needs about 0.03 s of one core for a short paper and 1 s for seventy pages, and lets the interpreter go
meanwhile; `print_pdf` runs it in a thread, one document at a time, so that the screens never wait for a printer.
"""

import asyncio
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson
import typst

from vocabulary.errors import Unavailable

TEMPLATES: Final = Path(__file__).parent / "print"
_FILE: Final = re.compile(r"(?:[a-z0-9_-]+/)?[A-Za-z0-9_-]+\.[a-z0-9]+")
OURS: Final = frozenset({"main.typ", "house.typ", "data.json"})
_PRINTER: Final = ThreadPoolExecutor(1, "printer")


def compile_pdf(
    template: str,
    data: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
    *,
    at: datetime,
) -> bytes:
    """Return the document as PDF; call it from a thread that may wait, or use `print_pdf`."""
    given = dict(files or {})
    if wrong := [name for name in given if name in OURS or not _FILE.fullmatch(name)]:
        raise ValueError(f"no names for files of a paper: {sorted(wrong)}")
    project = {
        **given,
        "main.typ": template.encode(),
        "house.typ": template_text("house").encode(),
        "data.json": orjson.dumps(data),
    }
    # In a folder of its own, which is all that a template can read of this machine.
    with TemporaryDirectory(prefix="paper-") as folder:
        root = Path(folder)
        for name, content in project.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(content)
        return typst.compile(
            root / "main.typ",
            root=root,
            font_paths=[_fonts()],
            ignore_system_fonts=True,
            timestamp=int(at.timestamp()),
        )


async def print_pdf(
    template: str,
    data: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
    *,
    at: datetime,
) -> bytes:
    """Do as `compile_pdf` does, off the event loop and one document at a time."""
    work = partial(compile_pdf, template, data, files, at=at)
    return await asyncio.get_running_loop().run_in_executor(_PRINTER, work)


@cache
def template_text(name: str) -> str:
    """Return a template of `exchange/print/`."""
    return (TEMPLATES / f"{name}.typ").read_text("utf-8")


@cache
def _fonts() -> Path:
    try:
        import pylopdf_fonts_zh_cn
    except ImportError:
        raise Unavailable("tiles.no_font", problem="pylopdf_fonts_zh_cn") from None
    return Path(str(pylopdf_fonts_zh_cn.__file__)).parent
