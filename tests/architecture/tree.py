"""The tree the house rules look at: what is kept under version control or about to be."""

import ast
import gc
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BESIDE_THE_ROOMS = frozenset({"tests", "bench", "docs", "assets"})
TEXT = frozenset(
    [
        ".py",
        ".mjs",
        ".js",
        ".css",
        ".html",
        ".md",
        ".toml",
        ".txt",
        ".yaml",
        ".yml",
        ".json",
        ".csv",
        ".ini",
        ".cfg",
        ".svg",
        ".sh",
        ".mako",
        ".service",
        ".tsv",
    ]
)
NAMED_TEXT = frozenset({"Makefile", "run", "setup", "test-js", "LICENSE", ".gitignore"})


@cache
def files() -> tuple[Path, ...]:
    """Return every file of the tree: tracked, or new and not ignored; all but hidden folders where there is no git."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        found = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    else:
        found = (
            path
            for path in ROOT.rglob("*")
            if ".venv" not in path.parts and "var" not in path.parts
        )
    return tuple(sorted({path for path in found if path.is_file()}))


def python_files(*, tests: bool = True) -> list[Path]:
    """Return the Python files, without tests and benches unless `tests`."""
    return [
        path
        for path in files()
        if path.suffix == ".py"
        and (tests or path.relative_to(ROOT).parts[0] not in {"tests", "bench"})
    ]


def text_files() -> list[Path]:
    """Return the files people can read."""
    return [path for path in files() if path.suffix in TEXT or path.name in NAMED_TEXT]


def rooms() -> list[str]:
    """Return the top-level packages of the product, each a room."""
    return sorted(
        {
            path.parent.name
            for path in files()
            if path.name == "__init__.py" and path.parent.parent == ROOT
        }
        - BESIDE_THE_ROOMS
    )


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    gc.disable()  # CPython 3.11 can fail to build a tree while rubbish is collected (python/cpython#106905)
    try:
        return ast.parse(path.read_text("utf-8"), filename=str(path))
    finally:
        gc.enable()


def name_of(path: Path) -> str:
    """Return the path as the rules print it."""
    return path.relative_to(ROOT).as_posix()
