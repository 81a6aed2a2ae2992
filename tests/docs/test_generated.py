"""The documents made from the code say what the code says."""

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from docs import generate
from docs.generating import asyncapi, example, messages, schemas, yaml
from runtime.kinds import EVENTS, kind_of
from runtime.settings import PREFIX, Settings
from tests.architecture.tree import files, name_of, text_files

DOCS = Path(generate.__file__).parent


def test_the_documents_are_as_make_docs_would_write_them() -> None:
    assert generate.stale() == []


def test_a_document_that_lags_behind_is_told(tmp_path: Path) -> None:
    for name, render in generate.DOCUMENTS.items():
        (tmp_path / name).write_text(render(), "utf-8")
    assert generate.stale(tmp_path) == []
    (tmp_path / "settings.md").write_text("# Settings\n", "utf-8")
    (tmp_path / "messages.md").unlink()
    assert generate.stale(tmp_path) == ["messages.md", "settings.md"]


def test_every_setting_is_in_the_documents() -> None:
    text = (DOCS / "settings.md").read_text("utf-8")
    assert [
        item.name for item in fields(Settings) if f"`{PREFIX}{item.name.upper()}`" not in text
    ] == []


def test_every_kind_of_message_is_in_the_documents() -> None:
    found, _ = schemas.kinds()
    assert {kind.name for kind in found if kind.is_event} == {kind_of(event) for event in EVENTS}
    for name in ("messages.md", "asyncapi.yaml"):
        text = (DOCS / name).read_text("utf-8")
        wanted = found if name == "messages.md" else [kind for kind in found if kind.is_event]
        assert [kind.name for kind in wanted if kind.name not in text] == []


def test_every_reference_in_the_asyncapi_file_leads_somewhere() -> None:
    document = asyncapi.document()
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)))
    assert len(references) > 5
    for reference in references:
        place: Any = document
        for part in reference.split("/"):
            place = place[part]


def test_the_example_has_exactly_the_members_the_schema_names() -> None:
    told = json.loads(example.envelope())
    message = asyncapi.document()["components"]["messages"][told["type"].replace(".", "_")]
    assert set(told) == set(message["payload"]["properties"])
    assert set(told["data"]) == set(message["payload"]["properties"]["data"]["properties"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": "yes", "b c": [1, None]}, 'a: "yes"\n"b c":\n  - 1\n  - null\n'),
        ({"list": [{"x": 1, "y": []}, ["z"]]}, 'list:\n  - x: 1\n    y: []\n  - - "z"\n'),
        ({"$ref": "#/a", "empty": {}}, '$ref: "#/a"\nempty: {}\n'),
    ],
)
def test_yaml_is_written_so_that_nothing_is_taken_for_something_else(
    value: object, text: str
) -> None:
    assert yaml.written(value) == text


def test_a_type_is_said_in_words() -> None:
    assert (
        messages.words({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]})
        == "instant (RFC 3339) or null"
    )
    assert (
        messages.words({"type": "array", "items": {"$ref": "#/components/schemas/Place"}})
        == "list of [Place](#place)"
    )


LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize(
    "path", sorted([*DOCS.rglob("*.md"), DOCS.parent / "README.md"]), ids=lambda path: path.name
)
def test_every_link_between_documents_leads_to_a_file(path: Path) -> None:
    links = [
        link
        for link in LINK.findall(path.read_text("utf-8"))
        if not link.startswith(("http:", "https:", "mailto:"))
    ]
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_document_the_tree_names_is_there() -> None:
    named = re.compile(r"\b([\w-]+\.md)\b")
    there = {path.name for path in files() if path.suffix == ".md"}
    wrong = [
        f"{name_of(path)}: {name}"
        for path in text_files()
        if "tests" not in path.parts
        for name in named.findall(path.read_text("utf-8"))
        if name not in there
    ]
    assert wrong == []
