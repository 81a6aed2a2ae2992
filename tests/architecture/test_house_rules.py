"""The house rules, held over the whole tree; that each can fail is shown in test_house_rules_bite.py."""

import importlib.metadata
import re
import sys
import tomllib
from dataclasses import fields
from pathlib import PurePosixPath
from typing import Any

import pytest

from runtime.settings import Settings
from tests.architecture import code_rules, leaks, licences, told
from tests.architecture.tree import ROOT, files, name_of, parsed, python_files, rooms
from vocabulary.errors import codes


def linter() -> dict[str, Any]:
    """Return the import linter's part of pyproject.toml."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
        "importlinter"
    ]
    return found


def contract(beginning: str) -> dict[str, Any]:
    """Return the contract whose name begins so."""
    found: dict[str, Any] = next(
        one for one in linter()["contracts"] if one["name"].startswith(beginning)
    )
    return found


def shown(lines: list[str]) -> str:
    """Return violations as pytest should print them."""
    return "\n".join(["", *lines])


# --- the street ---


def test_every_room_has_its_place_in_the_street() -> None:
    lines = " | ".join(contract("street")["layers"])
    placed = {name.strip(" ()") for name in lines.split("|")}
    assert set(rooms()) <= placed
    assert set(linter()["root_packages"]) == set(rooms())


def test_every_import_contract_looks_at_every_room() -> None:
    assert set(contract("acyclic")["ancestors"]) == set(rooms())
    assert set(contract("redis")["source_modules"]) == set(rooms()) - {"bus"}
    assert set(contract("dash")["source_modules"]) == set(rooms()) - {"views", "runtime"}


def test_no_room_hides_a_library() -> None:
    taken = set(sys.stdlib_module_names) | set(importlib.metadata.packages_distributions())
    assert not set(rooms()) & taken


def test_nothing_imports_the_command() -> None:
    importers = [
        name_of(path) for path in python_files() if "app" in code_rules.imported(parsed(path))
    ]
    assert not importers, shown(importers)


def test_every_folder_of_code_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in python_files(tests=False)
        if path.name == "__init__.py"
        and not (parsed(path).body and path.read_text("utf-8").startswith('"""'))
    ]
    homeless = {
        name_of(path.parent)
        for path in python_files(tests=False)
        if path.parent != ROOT
        and path.relative_to(ROOT).parts[0] in rooms()
        and path.parent.name != "versions"  # Alembic loads these by path
        and not (path.parent / "__init__.py").exists()
    }
    wrong = [*silent, *homeless]
    assert not wrong, shown(wrong)


# --- the code ---


DECLARATIVE = frozenset({"messages.py", "commands.py"})


def test_files_and_functions_stay_small() -> None:
    wrong = [
        f"{name_of(path)}: {what}"
        for path in python_files()
        if path.name not in DECLARATIVE and "versions" not in path.parts
        for what in code_rules.too_long(path.read_text("utf-8"), parsed(path))
    ]
    assert not wrong, shown(wrong)


def test_no_screen_polls() -> None:
    wrong = [
        f"{name_of(path)}:{what}"
        for path in python_files(tests=False)
        for what in code_rules.pollers(parsed(path))
    ]
    assert not wrong, shown(wrong)


def test_no_callback_blocks_the_event_loop() -> None:
    wrong = [
        f"{name_of(path)}:{what}"
        for path in python_files(tests=False)
        for what in code_rules.blocking_callbacks(parsed(path))
    ]
    assert not wrong, shown(wrong)


def test_no_file_is_a_drawer() -> None:
    wrong = [what for path in files() for what in code_rules.drawers(PurePosixPath(name_of(path)))]
    assert not wrong, shown(wrong)


def test_every_screen_has_its_browser_half_of_the_same_name() -> None:
    screens = [
        path
        for path in python_files()
        if path.parent == ROOT / "views" and code_rules.has_layout(parsed(path))
    ]
    lonely = [
        name_of(path) for path in screens if not (ROOT / "assets" / f"{path.stem}.mjs").exists()
    ]
    assert not lonely, shown(lonely)


def test_nothing_reaches_for_the_outside_world() -> None:
    wrong = [
        f"{name_of(path)}:{line}: {host}"
        for path in python_files(tests=False)
        if path.relative_to(ROOT).parts[0] != "docs"  # a document may link to a standard
        for line, text in code_rules.strings(parsed(path))
        for host in code_rules.outside_hosts(text)
    ]
    wrong += [
        f"{name_of(path)}: {host}"
        for path in files()
        if path.suffix in {".mjs", ".js", ".css", ".html", ".svg"} and "tests" not in path.parts
        for host in code_rules.outside_hosts(path.read_text("utf-8"))
    ]
    assert not wrong, shown(wrong)


def test_every_setting_does_something() -> None:
    read = {
        name
        for path in python_files(tests=False)
        if path != ROOT / "runtime" / "settings.py" and path.relative_to(ROOT).parts[0] != "docs"
        for name in code_rules.attributes(parsed(path))
    }
    dead = [item.name for item in fields(Settings) if item.name not in read]
    assert not dead, shown(dead)


# --- what people are told ---


def test_every_failure_has_a_sentence_with_its_values() -> None:
    wrong = [
        f"{name_of(path)}:{what}"
        for path in python_files(tests=False)
        for what in told.untold(parsed(path), codes())
    ]
    assert not wrong, shown(wrong)


def test_every_sentence_says_the_same_in_both_languages() -> None:
    wrong = list(told.one_sided(codes()))
    assert not wrong, shown(wrong)


def test_no_sentence_is_idle() -> None:
    said = {text for path in python_files(tests=False) for text in told.spoken(parsed(path))}
    idle = told.idle(codes(), said)
    assert not idle, shown(idle)


# --- what we build on, and what we give away ---


def test_every_requirement_names_one_version() -> None:
    wrong = [
        line
        for file in ("requirements.txt", "requirements-dev.txt")
        for line in licences.unpinned((ROOT / file).read_text("utf-8"))
    ]
    assert not wrong, shown(wrong)


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_nothing_under_the_gpl_comes_along(file: str) -> None:
    names = licences.with_what_they_need(licences.required(ROOT / file))
    assert (
        len(names) > 40
    )  # the console stands on more than that: fewer means nothing was looked at
    wrong = [
        f"{name}: {licences.licence(name)}"
        for name in sorted(names)
        if licences.refused(licences.licence(name))
    ]
    assert not wrong, shown(wrong)


# Halves of a library that we do require: pydantic pins its core exactly, affine's one class is in rasterio's own signatures.
COMPANIONS = {"pydantic_core": "pydantic", "affine": "rasterio"}


def test_every_library_used_is_required_by_name() -> None:
    providers = importlib.metadata.packages_distributions()
    running = set(licences.required(ROOT / "requirements.txt"))
    testing = set(licences.required(ROOT / "requirements-dev.txt"))
    wrong = [
        f"{name_of(path)}: {name} (from {', '.join(providers[name])})"
        for path in python_files()
        for name in code_rules.imported(parsed(path)) & set(providers) - set(rooms())
        if not (running if path.relative_to(ROOT).parts[0] in {*rooms(), "app.py"} else testing)
        & {licences.canonical(COMPANIONS.get(provider, provider)) for provider in providers[name]}
    ]
    assert not wrong, shown(wrong)


def test_the_tree_gives_nothing_away() -> None:
    found = leaks.findings()
    assert not found, shown(found)


def test_the_version_is_a_date_and_the_changelog_knows_it() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert re.fullmatch(r"20\d\d\.(1[0-2]|[1-9])\.\d+", version)
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
