"""`python -m docs.generate` writes the documents that are made from the code; `--check` only says which are out of date."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from docs.generating import asyncapi, messages, settings

FOLDER: Final = Path(__file__).parent
DOCUMENTS: Final[dict[str, Callable[[], str]]] = {
    "messages.md": messages.render,
    "asyncapi.yaml": asyncapi.render,
    "settings.md": settings.render,
}


def stale(folder: Path = FOLDER) -> list[str]:
    """Return the names of the documents that do not say what the code says."""
    return [
        name
        for name, render in DOCUMENTS.items()
        if not (folder / name).exists() or (folder / name).read_text("utf-8") != render()
    ]


def main(arguments: list[str]) -> int:
    """Write, or check with `--check`; return the exit status."""
    late = stale()
    if "--check" in arguments:
        sys.stderr.write("".join(f"docs/{name} is out of date: run `make docs`\n" for name in late))
        return bool(late)
    for name in late:
        (FOLDER / name).write_text(DOCUMENTS[name](), "utf-8")
        sys.stdout.write(f"docs/{name} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
